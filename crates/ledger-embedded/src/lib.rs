//! The ledger in one file, in the process of the relay.
//!
//! The rules are `carnet-ledger`'s; this crate keeps their state in redb, puts transactions in order and makes them
//! durable. One writer thread takes what is queued, applies it as one group and commits it with one two-phase commit;
//! only then are receipts handed out. Signatures are verified on the callers' threads. Readers have snapshots and wait
//! for nobody. The queue is bounded: beyond it a submission is refused as busy. Runs under any runtime or none.
//!
//! A failure of the file stops the writer for good: what was acknowledged stays, nothing more is taken. Damaged or
//! unknown files are refused at the start, never repaired by guesses.

mod commit;
mod error;
mod file;
mod group;
mod ledger;
mod queue;
mod snapshot;
mod table_state;
mod writer;

pub use commit::Commit;
pub use error::{OpenError, ReadError, SubmitError};
pub use ledger::EmbeddedLedger;
pub use redb::StorageBackend;
pub use snapshot::Snapshot;
pub use table_state::TableState;
