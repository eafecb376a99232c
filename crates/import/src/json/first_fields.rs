//! The field names of the first object in a text, by which its format is known.

use super::broken;
use crate::ImportError;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Names kept of one object.
const NAMES_MAX: usize = 200;

/// Lines tried where the first is broken: a log may begin in the middle of one.
const LINES_TRIED: usize = 50;

/// Field names of the first object: of the document itself, of the first element of an array, or of the first whole
/// line of newline-delimited objects. Fields inside an envelope `response` count as the object's own.
///
/// # Errors
/// [`ImportError::BrokenJson`] where no object can be read.
pub fn first_fields(text: &str) -> Result<Vec<String>, ImportError> {
    let first = serde_json::Deserializer::from_str(text).into_iter::<Names>().next();
    let error = match first {
        Some(Ok(names)) => return Ok(names.0),
        Some(Err(error)) => broken(&error),
        None => ImportError::BrokenJson { line: 1, column: 1 },
    };
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .take(LINES_TRIED)
        .find_map(|line| serde_json::from_str::<Names>(line).ok().filter(|names| !names.0.is_empty()))
        .map(|names| names.0)
        .ok_or(error)
}

/// Field names of an object, or of the first object in an array.
#[derive(Default)]
struct Names(Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NamesVisitor)
    }
}

struct NamesVisitor;

impl<'de> Visitor<'de> for NamesVisitor {
    type Value = Names;

    fn expecting(&self, f: &mut core::fmt::Formatter) -> core::fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Names, A::Error> {
        let mut names = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if name == "response" {
                names.extend(map.next_value::<Names>()?.0);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
            if names.len() < NAMES_MAX {
                names.push(name);
            }
        }
        Ok(Names(names))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Names, A::Error> {
        let first = seq.next_element::<Names>()?.unwrap_or_default();
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(first)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Names, E> {
        Ok(Names::default())
    }
    fn visit_i64<E>(self, _: i64) -> Result<Names, E> {
        Ok(Names::default())
    }
    fn visit_u64<E>(self, _: u64) -> Result<Names, E> {
        Ok(Names::default())
    }
    fn visit_f64<E>(self, _: f64) -> Result<Names, E> {
        Ok(Names::default())
    }
    fn visit_str<E>(self, _: &str) -> Result<Names, E> {
        Ok(Names::default())
    }
    fn visit_unit<E>(self) -> Result<Names, E> {
        Ok(Names::default())
    }
}
