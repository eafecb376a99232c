//! Between columns and values of the protocol.

use crate::store::StoreError;
use carnet_protocol::{BytesError, encoding};
use serde::{Serialize, de::DeserializeOwned};

/// A count or time as SQLite's signed integer.
pub(super) fn integer(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// SQLite's signed integer as a count or time; what this relay wrote is never negative.
pub(super) fn count(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}

/// Decodes a column that holds a canonical value.
pub(super) fn decode<T: Serialize + DeserializeOwned>(bytes: &[u8], what: &'static str) -> Result<T, StoreError> {
    encoding::decode(bytes).map_err(|_| StoreError::Corrupt(what))
}

/// Reads a column that holds an identifier or key.
pub(super) fn id<'a, T>(bytes: &'a [u8], what: &'static str) -> Result<T, StoreError>
where
    T: TryFrom<&'a [u8], Error = BytesError>,
{
    T::try_from(bytes).map_err(|_| StoreError::Corrupt(what))
}
