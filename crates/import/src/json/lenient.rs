//! Values that are missing rather than wrong.

use crate::decimal::Decimal;
use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
    value::MapAccessDeserializer,
};

/// A scalar value of any JSON type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Scalar {
    /// Missing, null, `"<invalid>"`, or a list or object where a scalar belongs.
    #[default]
    None,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(Decimal),
    /// A string, trimmed, not empty; numbers may stand in strings too.
    Text(String),
}

impl Scalar {
    /// The number, also out of a string.
    pub fn decimal(&self) -> Option<Decimal> {
        match self {
            Scalar::Number(number) => Some(*number),
            Scalar::Text(text) => Decimal::parse_plain(text),
            Scalar::Bool(_) | Scalar::None => None,
        }
    }

    /// The text; a number as it is written.
    pub fn text(&self) -> Option<String> {
        match self {
            Scalar::Text(text) => Some(text.clone()),
            Scalar::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// The truth value: a boolean, or the French register's `OUI` and `NON`, or 1 and 0.
    pub fn bool(&self) -> Option<bool> {
        match self {
            Scalar::Bool(value) => Some(*value),
            Scalar::Number(number) => number.to_integer(1, 1).map(|n| n != 0),
            Scalar::Text(text) => match text.to_lowercase().as_str() {
                "oui" | "true" | "vrai" | "yes" | "1" => Some(true),
                "non" | "false" | "faux" | "no" | "0" => Some(false),
                _ => None,
            },
            Scalar::None => None,
        }
    }

    /// Whether the value is there.
    pub fn is_some(&self) -> bool {
        *self != Scalar::None
    }

    fn of_text(text: &str) -> Scalar {
        let text = text.trim();
        if text.is_empty() || text.eq_ignore_ascii_case("<invalid>") || text.eq_ignore_ascii_case("null") {
            return Scalar::None;
        }
        Scalar::Text(text.to_owned())
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str("any JSON value")
    }
    fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar::Number(Decimal::from(value)))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
        Ok(i64::try_from(value).map_or(Scalar::None, |n| Scalar::Number(Decimal::from(n))))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
        // The shortest text that means this number: what the file says, in all but a 17th digit.
        Ok(Decimal::parse_plain(&value.to_string()).map_or(Scalar::None, Scalar::Number))
    }
    fn visit_str<E>(self, value: &str) -> Result<Scalar, E> {
        Ok(Scalar::of_text(value))
    }
    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::None)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::None)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::None)
    }
}

/// An object whose fields are known, or nothing where another type stands in its place.
#[derive(Debug, Clone)]
pub struct Block<T>(pub Option<Box<T>>);

impl<T> Default for Block<T> {
    fn default() -> Self {
        Block(None)
    }
}

impl<T> Block<T> {
    /// The object.
    pub fn get(&self) -> Option<&T> {
        self.0.as_deref()
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Block<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BlockVisitor(core::marker::PhantomData))
    }
}

struct BlockVisitor<T>(core::marker::PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for BlockVisitor<T> {
    type Value = Block<T>;

    fn expecting(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Block<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|value| Block(Some(Box::new(value))))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Block<T>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Block(None))
    }
    fn visit_bool<E>(self, _: bool) -> Result<Block<T>, E> {
        Ok(Block(None))
    }
    fn visit_i64<E>(self, _: i64) -> Result<Block<T>, E> {
        Ok(Block(None))
    }
    fn visit_u64<E>(self, _: u64) -> Result<Block<T>, E> {
        Ok(Block(None))
    }
    fn visit_f64<E>(self, _: f64) -> Result<Block<T>, E> {
        Ok(Block(None))
    }
    fn visit_str<E>(self, _: &str) -> Result<Block<T>, E> {
        Ok(Block(None))
    }
    fn visit_unit<E>(self) -> Result<Block<T>, E> {
        Ok(Block(None))
    }
}
