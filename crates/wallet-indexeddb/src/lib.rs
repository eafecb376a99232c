//! The wallet's store in the browser: IndexedDB.
//!
//! One database, one object store per [`carnet_wallet::store::Table`], binary keys (IndexedDB orders them byte by
//! byte) and binary values. Everything that arrives here is sealed or public; this crate knows no key and no format.
//!
//! Written directly on the platform's interface. The wrappers at hand resolve a failed commit to "aborted" and lose
//! its cause, but a full disk must be told from a broken one; and they complain to the global error handler when a
//! transaction fails with several requests in flight.

mod connection;
mod failure;
mod keys;
mod migration;
mod request;
mod store;
mod transaction;

pub use store::IndexedDbStore;

/// The name of the application's database.
pub const DATABASE: &str = "carnet";
