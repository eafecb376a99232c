//! What the platform throws, as [`StoreError`].

use carnet_wallet::store::StoreError;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DomException;

/// The error for something that the platform threw or rejected with.
pub(crate) fn from_js(thrown: JsValue) -> StoreError {
    match thrown.dyn_into::<DomException>() {
        Ok(exception) => from_exception(&exception),
        Err(other) => StoreError::Unavailable(format!("{other:?}")),
    }
}

/// The error for a failed request or transaction.
pub(crate) fn from_exception(exception: &DomException) -> StoreError {
    match exception.name().as_str() {
        // By name: the class of its own that newer browsers have is derived from DOMException.
        "QuotaExceededError" => StoreError::Full,
        name => StoreError::Unavailable(format!("{name}: {}", exception.message())),
    }
}

/// For values whose type IndexedDB guarantees, because this crate alone writes to the database.
pub(crate) fn unexpected() -> StoreError {
    StoreError::Unavailable("the database holds something else than expected".to_owned())
}
