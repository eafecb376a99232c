//! IndexedDB requests as futures.
//!
//! The promise's own functions serve as event handlers, so nothing has to be kept alive while a request runs. Promise
//! reactions run before the request's event is over, while its transaction is still active: awaiting one request and
//! placing the next in the same transaction is sound, awaiting anything else in between is not.

use crate::failure;
use carnet_wallet::store::StoreError;
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::IdbRequest;

/// A request that was placed.
pub(crate) struct Placed {
    request: IdbRequest,
    settled: JsFuture,
}

/// Follows a request; to be called right after placing it.
pub(crate) fn follow(request: IdbRequest) -> Placed {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    Placed { settled: JsFuture::from(promise), request }
}

impl Placed {
    /// Its result.
    pub(crate) async fn result(self) -> Result<JsValue, StoreError> {
        match self.settled.await {
            Ok(_) => self.request.result().map_err(failure::from_js),
            Err(_) => Err(match self.request.error() {
                Ok(Some(exception)) => failure::from_exception(&exception),
                Ok(None) => failure::unexpected(),
                Err(thrown) => failure::from_js(thrown),
            }),
        }
    }
}
