//! The application in parts: what a first visit does not need is fetched when it is needed.
//!
//! With the feature `parts`, `wasm_split` turns a function into one whose code, with all that only it leads to, lies in a
//! file of its own; `cargo xtask build` cuts the module there (`docs/decisions/app-parts.md`). Without it the application
//! is one module, as for tests and for development. [`fetched!`] calls such a function in either case.
//!
//! What two parts share is fetched with the first of them. A service worker keeps all of it for use offline.

/// Calls a function that may have to be fetched first.
#[cfg(feature = "parts")]
macro_rules! fetched {
    ($call:expr) => {
        $call.await
    };
}

/// Calls a function that is there.
#[cfg(not(feature = "parts"))]
macro_rules! fetched {
    ($call:expr) => {
        $call
    };
}

pub(crate) use fetched;

#[cfg(feature = "parts")]
pub(crate) use wasm_split_helpers::SplitLoaderError as NotFetched;

/// Why a part is not here; cannot be where there are no parts.
#[cfg(not(feature = "parts"))]
#[derive(Debug, Clone)]
pub(crate) enum NotFetched {}
