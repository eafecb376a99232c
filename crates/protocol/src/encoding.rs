//! The one canonical encoding: deterministic CBOR (the DAG-CBOR profile of RFC 8949 section 4.2), strict on decode.
//!
//! Two different byte strings never decode to the same value: after decoding, the value is encoded again and must
//! give the bytes that came in. JSON is never signed and never hashed.

mod read;
mod write;

use read::Reader;
use serde::{Serialize, de::DeserializeOwned};
use write::Writer;

/// Kinds of items, the three upper bits of their first byte, and the bytes of the simple values (RFC 8949 section 3).
mod kind {
    pub(super) const UNSIGNED: u8 = 0;
    pub(super) const NEGATIVE: u8 = 1;
    pub(super) const BYTES: u8 = 2;
    pub(super) const TEXT: u8 = 3;
    pub(super) const LIST: u8 = 4;
    pub(super) const MAP: u8 = 5;
    pub(super) const TAG: u8 = 6;
    pub(super) const SIMPLE: u8 = 7;
    pub(super) const FALSE: u8 = 0xf4;
    pub(super) const TRUE: u8 = 0xf5;
    pub(super) const NULL: u8 = 0xf6;
}

/// Why bytes were not accepted as a canonical value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not deterministic CBOR, or not the shape of the expected type.
    #[error("the bytes are not a well-formed value of the expected type")]
    Malformed,
    /// The value has another, canonical encoding.
    #[error("the bytes are not in canonical form")]
    NotCanonical,
}

/// Encodes a value canonically.
///
/// Protocol types hold only strings, integers, byte strings, lists and maps with string keys, all of which have a
/// canonical encoding; so this cannot fail for them.
pub fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    let mut writer = Writer::new();
    value.serialize(&mut writer).expect("protocol types always have a canonical encoding");
    writer.bytes
}

/// Decodes a value, refusing every encoding but the canonical one.
///
/// # Errors
/// [`DecodeError`] when the bytes are malformed or not canonical.
pub fn decode<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    let value: T = read(bytes)?;
    if encode(&value) == bytes { Ok(value) } else { Err(DecodeError::NotCanonical) }
}

/// Decodes a value that this very program encoded, such as a message between its own threads. Anything from outside is
/// for [`decode`], which also encodes again and compares.
///
/// # Errors
/// [`DecodeError`] when the bytes are malformed or not canonical.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    let mut reader = Reader::new(bytes);
    let value = T::deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[derive(Debug, PartialEq, Serialize, serde::Deserialize)]
    struct Pair {
        a: u8,
        b: u8,
    }

    #[test]
    fn a_longer_integer_form_is_refused() {
        // 0x18 0x01 is a two-byte form of 1.
        assert!(decode::<u8>(&[0x18, 0x01]).is_err());
        assert_eq!(decode::<u8>(&[0x01]), Ok(1));
    }

    #[test]
    fn unsorted_keys_are_refused() {
        let sorted = encode(&Pair { a: 1, b: 2 });
        assert_eq!(sorted, [0xa2, 0x61, b'a', 1, 0x61, b'b', 2]);
        assert!(decode::<Pair>(&[0xa2, 0x61, b'b', 2, 0x61, b'a', 1]).is_err());
    }

    /// A field that the type does not know is refused before what it holds is looked at; what a known field holds is passed
    /// over before it is read, and that must not follow it to any depth.
    #[test]
    fn a_value_nested_beyond_all_sense_is_refused_and_not_followed() {
        for open in [&[0x81][..], &[0xa1, 0x61, b'a'], &[0xd8, 0x2a]] {
            let field = |name| [&[0xa1, 0x61, name], open.repeat(1_000_000).as_slice()].concat();
            assert_eq!(decode::<Pair>(&field(b'z')), Err(DecodeError::NotCanonical));
            assert_eq!(decode::<Pair>(&field(b'a')), Err(DecodeError::Malformed));
            assert_eq!(decode::<Vec<Pair>>(&open.repeat(1_000_000)), Err(DecodeError::Malformed));
        }
        // A length beyond the bytes reserves nothing.
        assert_eq!(
            decode::<Vec<u64>>(&[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            Err(DecodeError::Malformed)
        );
    }

    #[test]
    fn unknown_fields_trailing_bytes_and_indefinite_lengths_are_refused() {
        assert_eq!(
            decode::<Pair>(&[0xa3, 0x61, b'a', 1, 0x61, b'b', 2, 0x61, b'c', 3]),
            Err(DecodeError::NotCanonical)
        );
        assert!(decode::<u8>(&[0x01, 0x00]).is_err());
        assert!(decode::<Vec<u8>>(&[0x9f, 0x01, 0xff]).is_err());
    }
}
