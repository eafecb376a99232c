//! Writing canonical CBOR. There is one serializer, and it does all it can outside of what is made anew for each type:
//! the whole application is sent to a browser, and some hundred types pass through here.

use core::fmt;

use serde::ser::{self, Impossible, Serialize, Serializer};

use super::kind;

/// The value has no canonical encoding here: a floating-point number, a map that is no struct, a list of unknown length.
#[derive(Debug)]
pub(super) struct Unencodable;

impl fmt::Display for Unencodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value has no canonical encoding")
    }
}

impl core::error::Error for Unencodable {}

impl ser::Error for Unencodable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

type Result<T = ()> = core::result::Result<T, Unencodable>;

/// The encoding so far.
pub(super) struct Writer {
    /// What is written.
    pub(super) bytes: Vec<u8>,
    /// Where the fields of the structs that are under way begin, those of the outermost first.
    fields: Vec<usize>,
}

impl Writer {
    /// With room for most values, which are encoded by the thousand.
    pub(super) fn new() -> Self {
        Self { bytes: Vec::with_capacity(256), fields: Vec::with_capacity(16) }
    }

    /// The kind of an item and a number in its shortest form.
    #[inline(never)]
    fn head(&mut self, kind: u8, number: u64) {
        let (info, size) = match number {
            0..24 => (number as u8, 0),
            24..0x100 => (24, 1),
            0x100..0x1_0000 => (25, 2),
            0x1_0000..0x1_0000_0000 => (26, 4),
            _ => (27, 8),
        };
        self.bytes.push(kind << 5 | info);
        self.bytes.extend_from_slice(&number.to_be_bytes()[8 - size..]);
    }

    #[inline(never)]
    fn string(&mut self, kind: u8, bytes: &[u8]) {
        self.head(kind, bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }

    #[inline(never)]
    fn signed(&mut self, number: i64) {
        if number < 0 {
            self.head(kind::NEGATIVE, !number as u64);
        } else {
            self.head(kind::UNSIGNED, number as u64);
        }
    }

    #[inline(never)]
    fn field(&mut self, name: &str) {
        self.fields.push(self.bytes.len());
        self.string(kind::TEXT, name.as_bytes());
    }

    /// A variant with data is a map of one entry.
    #[inline(never)]
    fn variant(&mut self, name: &str) {
        self.head(kind::MAP, 1);
        self.string(kind::TEXT, name.as_bytes());
    }

    #[inline(never)]
    fn begin(&mut self, kind: u8, count: usize) -> Compound<'_> {
        self.head(kind, count as u64);
        let first = self.fields.len();
        Compound { writer: self, first }
    }

    /// Puts the fields of the innermost struct in canonical order: that of their names, the shorter first, then by bytes.
    /// Every field begins with the length of its name, so comparing fields whole compares their names alone. Types that are
    /// encoded for every record declare their fields in this order.
    #[inline(never)]
    fn sort(&mut self, first: usize) {
        let starts = &self.fields[first..];
        let Some(start) = starts.first().copied() else { return };
        if !starts.is_sorted_by(|one, next| self.bytes[*one..*next] < self.bytes[*next..]) {
            let ends = starts.iter().copied().skip(1).chain([self.bytes.len()]);
            let mut fields: Vec<&[u8]> = starts.iter().zip(ends).map(|(start, end)| &self.bytes[*start..end]).collect();
            fields.sort_unstable();
            let sorted = fields.concat();
            self.bytes.truncate(start);
            self.bytes.extend_from_slice(&sorted);
        }
        self.fields.truncate(first);
    }
}

/// A list or a struct under way.
pub(super) struct Compound<'w> {
    writer: &'w mut Writer,
    /// Where its fields begin among those of the writer.
    first: usize,
}

impl<'w> Serializer for &'w mut Writer {
    type Ok = ();
    type Error = Unencodable;
    type SerializeSeq = Compound<'w>;
    type SerializeTuple = Compound<'w>;
    type SerializeTupleStruct = Compound<'w>;
    type SerializeTupleVariant = Compound<'w>;
    type SerializeMap = Impossible<(), Unencodable>;
    type SerializeStruct = Compound<'w>;
    type SerializeStructVariant = Compound<'w>;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_bool(self, value: bool) -> Result {
        self.bytes.push(if value { kind::TRUE } else { kind::FALSE });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result {
        self.signed(value);
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result {
        self.head(kind::UNSIGNED, value);
        Ok(())
    }

    fn serialize_f32(self, _: f32) -> Result {
        Err(Unencodable)
    }

    fn serialize_f64(self, _: f64) -> Result {
        Err(Unencodable)
    }

    fn serialize_char(self, value: char) -> Result {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result {
        self.string(kind::TEXT, value.as_bytes());
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result {
        self.string(kind::BYTES, value);
        Ok(())
    }

    fn serialize_none(self) -> Result {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result {
        self.bytes.push(kind::NULL);
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result {
        self.variant(variant);
        value.serialize(self)
    }

    fn serialize_seq(self, count: Option<usize>) -> Result<Compound<'w>> {
        Ok(self.begin(kind::LIST, count.ok_or(Unencodable)?))
    }

    fn serialize_tuple(self, count: usize) -> Result<Compound<'w>> {
        Ok(self.begin(kind::LIST, count))
    }

    fn serialize_tuple_struct(self, _: &'static str, count: usize) -> Result<Compound<'w>> {
        Ok(self.begin(kind::LIST, count))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        count: usize,
    ) -> Result<Compound<'w>> {
        self.variant(variant);
        Ok(self.begin(kind::LIST, count))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap> {
        Err(Unencodable)
    }

    fn serialize_struct(self, _: &'static str, count: usize) -> Result<Compound<'w>> {
        Ok(self.begin(kind::MAP, count))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        count: usize,
    ) -> Result<Compound<'w>> {
        self.variant(variant);
        Ok(self.begin(kind::MAP, count))
    }
}

/// What has items one after the other.
macro_rules! list {
    ($($kind:ident $add:ident),*) => {$(
        impl ser::$kind for Compound<'_> {
            type Ok = ();
            type Error = Unencodable;

            fn $add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
                value.serialize(&mut *self.writer)
            }

            fn end(self) -> Result {
                Ok(())
            }
        }
    )*};
}

list!(
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
);

/// What has fields with names.
macro_rules! fields {
    ($($kind:ident),*) => {$(
        impl ser::$kind for Compound<'_> {
            type Ok = ();
            type Error = Unencodable;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result {
                self.writer.field(name);
                value.serialize(&mut *self.writer)
            }

            fn end(self) -> Result {
                self.writer.sort(self.first);
                Ok(())
            }
        }
    )*};
}

fields!(SerializeStruct, SerializeStructVariant);
