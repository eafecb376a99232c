//! What is followed: a ledger as of one moment.

use carnet_ledger::ReadState;
use carnet_ledger_embedded::{ReadError, Snapshot};
use carnet_protocol::{ledger::Transaction, signed::Signed};
use std::error::Error;

/// The accepted transactions of a ledger in order, and the state that they have led to.
pub trait LedgerView: ReadState<Error: Error + Send + Sync + 'static> {
    /// Why transactions cannot be read.
    type Failure: Error + Send + Sync + 'static;

    /// Number of accepted transactions.
    ///
    /// # Errors
    /// The ledger's.
    fn height(&self) -> Result<u64, Self::Failure>;

    /// Accepted transactions in order from a sequence on: at least one when there is one, at most `limit`.
    ///
    /// # Errors
    /// The ledger's.
    fn transactions(&self, from: u64, limit: usize) -> Result<Vec<Signed<Transaction>>, Self::Failure>;
}

impl LedgerView for Snapshot {
    type Failure = ReadError;

    fn height(&self) -> Result<u64, ReadError> {
        Snapshot::height(self)
    }

    fn transactions(&self, from: u64, limit: usize) -> Result<Vec<Signed<Transaction>>, ReadError> {
        Snapshot::transactions(self, from, limit)
    }
}
