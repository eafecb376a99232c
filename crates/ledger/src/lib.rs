//! The ledger's rule book: which transactions are accepted, and what they change.
//!
//! Pure and deterministic: no clock, no randomness, no floats, no order but that of keys. Time comes with the
//! transaction and is bounded by its host ([`TimeBounds`]); the order of transactions is the host's and is not part of
//! the state. A host gives the rules a [`State`] and calls [`apply`]; the same rules run on one file
//! (`carnet-ledger-embedded`) and as chaincode. Formats: `docs/formats/transaction.md`, `docs/formats/ledger-state.md`.
//!
//! ```text
//! Signed<Transaction> ── CheckedTransaction::check ── apply ── Applied
//!                        signature, stateless checks   checks against the state, then effects
//! ```

mod action;
mod apply;
mod fault;
mod key;
pub mod memory;
mod overlay;
pub mod query;
mod state;
mod stored;
mod transaction;

pub use apply::{Applied, TimeBounds, apply};
pub use fault::{ApplyError, Fault};
pub use overlay::Overlay;
pub use state::{Entry, ReadState, State};
pub use transaction::{CheckedTransaction, transaction_hash};
