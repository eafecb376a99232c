//! Byte strings: fixed-size identifiers and keys, and blobs of any size.
//!
//! serde would encode `[u8; N]` as a list of integers; these encode as CBOR byte strings, and as base64url where
//! people or URLs see them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

/// The text is not the base64url form of the expected number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} bytes in base64url, the text decodes to {found:?}")]
pub struct BytesError {
    /// Bytes the identifier has.
    pub expected: usize,
    /// Bytes found; `None` when the text is no base64url at all.
    pub found: Option<usize>,
}

/// Decodes unpadded base64url into exactly `N` bytes.
pub(crate) fn decode_text<const N: usize>(text: &str) -> Result<[u8; N], BytesError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| BytesError { expected: N, found: None })?;
    let found = Some(bytes.len());
    bytes.try_into().map_err(|_| BytesError { expected: N, found })
}

/// Decodes unpadded base64url into as many bytes as there are; `None` when it is none.
pub(crate) fn decode_any(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

pub(crate) fn encode_text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Defines a newtype over `[u8; N]`: a CBOR byte string on the wire, base64url in text.
macro_rules! byte_newtype {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = $len;

            /// The raw bytes.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(&$crate::bytes::encode_text(&self.0))
            }
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl core::str::FromStr for $name {
            type Err = $crate::BytesError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::bytes::decode_text(text).map(Self)
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = $crate::BytesError;
            fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
                bytes.try_into().map(Self).map_err(|_| $crate::BytesError { expected: $len, found: Some(bytes.len()) })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    serializer.serialize_bytes(&self.0)
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                use serde::de::Error as _;
                if deserializer.is_human_readable() {
                    let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                    text.parse().map_err(D::Error::custom)
                } else {
                    let bytes = <serde_bytes::ByteArray<$len> as serde::Deserialize>::deserialize(deserializer)?;
                    Ok(Self(bytes.into_array()))
                }
            }
        }
    };
}
pub(crate) use byte_newtype;

/// Bytes of any length: a CBOR byte string on the wire. Debug shows the length only.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Blob(#[serde(with = "serde_bytes")] pub Vec<u8>);

impl core::fmt::Debug for Blob {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Blob({} bytes)", self.0.len())
    }
}

impl From<Vec<u8>> for Blob {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl core::ops::Deref for Blob {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}
