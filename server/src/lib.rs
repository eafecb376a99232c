//! The relay: stores and forwards what owners have sealed, runs the embedded ledger, serves the app.
//!
//! It can refuse service; it cannot read, forge, swap, hide or roll back unnoticed: everything it serves is checked by
//! its readers. Interface: `docs/formats/api.md`; running it: `docs/operations.md`. [`serve::start`] runs one.
//!
//! ```text
//! serve (connections, timeouts) -> router (one table) -> limit::gate (quota, body, queue) -> auth -> handler
//!                                                                              store (SQLite) <-+-> ledger (host)
//! ```

pub mod admission;
pub mod auth;
pub mod authority;
pub mod backup;
pub mod clock;
pub mod config;
pub mod demo;
pub mod error;
pub mod events;
pub mod exchange;
pub mod handler;
pub mod headers;
pub mod ledger;
pub mod limit;
pub mod metrics;
pub mod random;
pub mod receipt;
pub mod relay;
pub mod router;
pub mod serve;
pub mod static_files;
pub mod store;
pub mod transparency;
pub mod vin;
