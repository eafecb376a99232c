//! What the platform throws, as [`StoreError`].

use carnet_wallet::store::StoreError;
use indexed_db_futures::error::{Error, OpenDbError};
use web_sys::DomException;

/// The error for a failed request or transaction.
pub(crate) fn from_error(error: Error) -> StoreError {
    match error {
        Error::DomException(exception) => from_exception(&exception.into()),
        other => StoreError::Unavailable(other.to_string()),
    }
}

/// The error for a database that did not open.
pub(crate) fn from_open(error: OpenDbError) -> StoreError {
    match error {
        OpenDbError::Base(error) => from_error(error),
        // The library says so of everything that `open` throws; the version is never zero here.
        OpenDbError::VersionZero => StoreError::Unavailable("this browser refuses to open a database".to_owned()),
        OpenDbError::UnsupportedEnvironment | OpenDbError::NullFactory => {
            StoreError::Unavailable("this browser offers no storage".to_owned())
        }
    }
}

fn from_exception(exception: &DomException) -> StoreError {
    match exception.name().as_str() {
        // By name: the class of its own that newer browsers have is derived from DOMException.
        "QuotaExceededError" => StoreError::Full,
        "VersionError" => StoreError::Unavailable("a newer version is in use; reload this page".to_owned()),
        name => StoreError::Unavailable(format!("{name}: {}", exception.message())),
    }
}

/// For an upgrade that an older version in another tab holds up.
pub(crate) fn blocked() -> StoreError {
    StoreError::Unavailable("another tab runs an older version; close it".to_owned())
}

/// For values whose type IndexedDB guarantees, because this crate alone writes to the database.
pub(crate) fn unexpected() -> StoreError {
    StoreError::Unavailable("the database holds something else than expected".to_owned())
}
