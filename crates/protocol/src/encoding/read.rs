//! Reading canonical CBOR, and nothing but canonical: numbers and lengths in their shortest form, the fields of a struct
//! all there, each once, in their order, and no others.
//!
//! There is one deserializer, for slices. Names of fields and variants are looked up here, in the lists that serde gives
//! along, and types only ever see positions: what is made anew for each type stays small, and some hundred types pass
//! through here in an application that is sent to a browser.

mod variant;

use core::fmt;

use serde::de::{self, Deserializer, Visitor};

use super::{DecodeError, kind};
use variant::Variant;

impl de::Error for DecodeError {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::Malformed
    }

    // Serde would word these; nobody reads it.
    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self::Malformed
    }

    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self::Malformed
    }

    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Self::Malformed
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::Malformed
    }
}

type Result<T> = core::result::Result<T, DecodeError>;

/// Bytes and how far they are read.
pub(super) struct Reader<'de> {
    bytes: &'de [u8],
    at: usize,
    /// Where the fields of the structs that are under way begin, in the order in which their types declare them.
    fields: Vec<usize>,
}

impl<'de> Reader<'de> {
    /// From the first byte.
    pub(super) fn new(bytes: &'de [u8]) -> Self {
        Self { bytes, at: 0, fields: Vec::new() }
    }

    /// Everything was read.
    pub(super) fn end(&self) -> Result<()> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(DecodeError::Malformed) }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline(never)]
    fn take(&mut self, count: u64) -> Result<&'de [u8]> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let count = usize::try_from(count).map_err(|_| DecodeError::Malformed)?;
        let taken = rest.get(..count).ok_or(DecodeError::Malformed)?;
        self.at += count;
        Ok(taken)
    }

    /// Kind and number of the next item. For the kind [`kind::SIMPLE`] the number is the one in the first byte.
    #[inline(never)]
    fn head(&mut self) -> Result<(u8, u64)> {
        let first = self.take(1)?[0];
        let (kind, info) = (first >> 5, first & 0x1f);
        let size = match info {
            0..24 => return Ok((kind, info.into())),
            24..28 if kind != kind::SIMPLE => 1_u64 << (info - 24),
            // Indefinite lengths and floating-point numbers.
            _ => return Err(DecodeError::Malformed),
        };
        let number = self.take(size)?.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        // The shortest form: what fits in half of the bytes, or in the first byte, is written there.
        let shortest = if size == 1 { number >= 24 } else { number >> (4 * size) != 0 };
        if shortest { Ok((kind, number)) } else { Err(DecodeError::Malformed) }
    }

    /// The number of the next item, which is of this kind.
    #[inline(never)]
    fn expect(&mut self, expected: u8) -> Result<u64> {
        match self.head()? {
            (kind, number) if kind == expected => Ok(number),
            _ => Err(DecodeError::Malformed),
        }
    }

    #[inline(never)]
    fn signed(&mut self) -> Result<i64> {
        let (kind, number) = self.head()?;
        let number = i64::try_from(number).map_err(|_| DecodeError::Malformed)?;
        match kind {
            kind::UNSIGNED => Ok(number),
            kind::NEGATIVE => Ok(!number),
            _ => Err(DecodeError::Malformed),
        }
    }

    #[inline(never)]
    fn byte_string(&mut self) -> Result<&'de [u8]> {
        let length = self.expect(kind::BYTES)?;
        self.take(length)
    }

    #[inline(never)]
    fn text(&mut self) -> Result<&'de str> {
        let length = self.expect(kind::TEXT)?;
        core::str::from_utf8(self.take(length)?).map_err(|_| DecodeError::Malformed)
    }

    /// Whether the next item is null; it is passed over then.
    #[inline(never)]
    fn is_null(&mut self) -> bool {
        let null = self.peek() == Some(kind::NULL);
        self.at += usize::from(null);
        null
    }

    /// Passes over the next item with everything in it; the shape of what it holds is checked where it is read.
    #[inline(never)]
    fn skip(&mut self) -> Result<()> {
        let mut open = 1_u64;
        while open > 0 {
            open -= 1;
            let (kind, number) = self.head()?;
            let inside = match kind {
                kind::BYTES | kind::TEXT => self.take(number).map(|_| 0)?,
                kind::LIST => number,
                kind::MAP => number.checked_mul(2).ok_or(DecodeError::Malformed)?,
                kind::TAG => return Err(DecodeError::Malformed),
                _ => 0,
            };
            open = open.checked_add(inside).ok_or(DecodeError::Malformed)?;
        }
        Ok(())
    }

    /// Finds the fields of a struct: notes where each begins, and goes on behind the struct.
    ///
    /// # Errors
    /// There are others, or some are missing, or they are not in canonical order.
    #[inline(never)]
    fn find_fields(&mut self, names: &[&str]) -> Result<Items<'_, 'de>> {
        let count = self.expect(kind::MAP)?;
        let first = self.fields.len();
        self.fields.resize(first + names.len(), MISSING);
        let mut before: &[u8] = &[];
        for _ in 0..count {
            let start = self.at;
            let name = self.text()?;
            let key = &self.bytes[start..self.at];
            // A key begins with its length, so this is the order of keys: the shorter first, then by bytes.
            let position = names.iter().position(|known| *known == name);
            let (Some(position), true) = (position, before < key) else { return Err(DecodeError::NotCanonical) };
            self.fields[first + position] = self.at;
            before = key;
            self.skip()?;
        }
        if self.fields[first..].contains(&MISSING) {
            return Err(DecodeError::Malformed);
        }
        let end = self.at;
        Ok(Items { reader: self, left: names.len() as u64, fields: Some((first, first)), end })
    }

    #[inline(never)]
    fn find_items(&mut self) -> Result<Items<'_, 'de>> {
        let left = self.expect(kind::LIST)?;
        Ok(Items { reader: self, left, fields: None, end: 0 })
    }

    /// The position of the next variant in `names`, and whether data follow.
    #[inline(never)]
    fn variant(&mut self, names: &[&str]) -> Result<(u32, bool)> {
        let data = self.peek().is_some_and(|first| first >> 5 == kind::MAP);
        if data && self.expect(kind::MAP)? != 1 {
            return Err(DecodeError::Malformed);
        }
        let name = self.text()?;
        let position = names.iter().position(|known| *known == name).ok_or(DecodeError::Malformed)?;
        Ok((position as u32, data))
    }
}

/// No field begins here.
const MISSING: usize = usize::MAX;

/// The items of a list, or the values of a struct's fields in the order of their declaration.
struct Items<'r, 'de> {
    reader: &'r mut Reader<'de>,
    left: u64,
    /// For a struct: its first among the reader's fields, and the next.
    fields: Option<(usize, usize)>,
    /// For a struct: where what follows it begins.
    end: usize,
}

impl Items<'_, '_> {
    /// Goes to the next item, if there is one.
    #[inline(never)]
    fn advance(&mut self) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        if let Some((_, next)) = &mut self.fields {
            self.reader.at = self.reader.fields[*next];
            *next += 1;
        }
        true
    }

    /// All were read.
    #[inline(never)]
    fn end(&mut self) -> Result<()> {
        if self.left > 0 {
            return Err(DecodeError::Malformed);
        }
        if let Some((first, _)) = self.fields {
            self.reader.at = self.end;
            self.reader.fields.truncate(first);
        }
        Ok(())
    }
}

impl<'de> de::SeqAccess<'de> for Items<'_, 'de> {
    type Error = DecodeError;

    fn next_element_seed<S: de::DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        if self.advance() { seed.deserialize(&mut *self.reader).map(Some) } else { Ok(None) }
    }
}

/// Numbers by the sign that they may have: the visitor checks the range.
macro_rules! numbers {
    ($($method:ident)* => $read:expr, $visit:ident) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            visitor.$visit($read(self)?)
        }
    )*};
}

/// What no wire type holds, or what only a format that describes itself could tell.
macro_rules! refused {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
            Err(DecodeError::Malformed)
        }
    )*};
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = DecodeError;

    fn is_human_readable(&self) -> bool {
        false
    }

    numbers!(deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 =>
        |reader: Self| reader.expect(kind::UNSIGNED), visit_u64);
    numbers!(deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 => Reader::signed, visit_i64);
    refused!(deserialize_any deserialize_f32 deserialize_f64 deserialize_map deserialize_identifier deserialize_ignored_any);

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.take(1)?[0] {
            kind::FALSE => visitor.visit_bool(false),
            kind::TRUE => visitor.visit_bool(true),
            _ => Err(DecodeError::Malformed),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_borrowed_str(self.text()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_borrowed_str(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_borrowed_str(self.text()?)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_borrowed_bytes(self.byte_string()?)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_borrowed_bytes(self.byte_string()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.is_null() { visitor.visit_unit() } else { Err(DecodeError::Malformed) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let mut items = self.find_items()?;
        let value = visitor.visit_seq(&mut items)?;
        items.end()?;
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _: &'static str, _: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let mut items = self.find_fields(names)?;
        let value = visitor.visit_seq(&mut items)?;
        items.end()?;
        Ok(value)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        let (position, data) = self.variant(names)?;
        visitor.visit_enum(Variant { reader: self, position, data })
    }
}
