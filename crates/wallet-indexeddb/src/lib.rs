//! The wallet's store in the browser: IndexedDB.
//!
//! One database, one object store per [`carnet_wallet::store::Table`], binary keys (IndexedDB orders them byte by
//! byte) and binary values. Everything that arrives here is sealed or public; this crate knows no key and no format.
//!
//! Built on `indexed_db_futures`. What is reached past it, on the platform's own objects, is what it has no answer for:
//! why a commit failed, taking back an upgrade, giving the database up to another tab.

mod connection;
mod failure;
mod keys;
mod migration;
mod opening;
mod store;
mod transaction;

pub use store::IndexedDbStore;

/// The name of the application's database.
pub const DATABASE: &str = "carnet";
