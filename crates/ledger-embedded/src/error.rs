//! What can go wrong at each boundary: opening, submitting, reading.

use std::sync::Arc;

/// A ledger file is not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("the ledger file is in use: another relay runs on it; stop that one, or give this one a file of its own")]
    InUse,
    /// It is something else.
    #[error(
        "this is no ledger file: check the configured path; to begin a new ledger, name a file that does not exist"
    )]
    NotALedger,
    /// It was written by another version.
    #[error(
        "the ledger file has schema {found}, this version knows schema {known}: run the version that wrote it, or a newer one"
    )]
    UnknownSchema {
        /// In the file.
        found: u64,
        /// Of this version.
        known: u64,
    },
    /// It was changed from outside, or its disk failed.
    #[error(
        "the ledger file is damaged ({0}): keep it for inspection, check the disk, and put the newest backup or another node's copy in its place"
    )]
    Damaged(String),
    /// The file system refuses.
    #[error("the ledger file cannot be opened: {0}")]
    Io(#[from] std::io::Error),
}

impl From<redb::Error> for OpenError {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::DatabaseAlreadyOpen => OpenError::InUse,
            redb::Error::UpgradeRequired(_) => OpenError::NotALedger,
            // What redb says of a file without its magic number.
            redb::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => OpenError::NotALedger,
            redb::Error::Io(error) => OpenError::Io(error),
            other => OpenError::Damaged(other.to_string()),
        }
    }
}

/// A submission was not decided. Submitting the same again is harmless.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SubmitError {
    /// The queue is full.
    #[error("the ledger is busy; try again in a moment")]
    Busy,
    /// The submission is over its limits.
    #[error("the submission has {transactions} transactions of {bytes} bytes, more than is taken at once")]
    TooLarge {
        /// Transactions in it.
        transactions: usize,
        /// Their bytes.
        bytes: usize,
    },
    /// The file failed while this was being written; whether it was is known after a restart.
    #[error("the ledger could not be written: {0}; it takes nothing more until it is restarted")]
    Failed(Arc<ReadError>),
    /// The ledger was closed, or failed before.
    #[error("the ledger is closed")]
    Stopped,
}

/// The file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The storage fails.
    #[error("the ledger file cannot be used: {0}")]
    Storage(Box<redb::Error>),
    /// A stored value makes no sense.
    #[error("the ledger file is damaged: a stored {0} cannot be read")]
    Damaged(&'static str),
}

impl<E: Into<redb::Error>> From<E> for ReadError {
    fn from(error: E) -> Self {
        ReadError::Storage(Box::new(error.into()))
    }
}

impl ReadError {
    /// From what the rules say.
    pub(crate) fn from_fault(fault: carnet_ledger::Fault<redb::StorageError>) -> Self {
        match fault {
            carnet_ledger::Fault::Host(error) => error.into(),
            carnet_ledger::Fault::Damaged(what) => ReadError::Damaged(what),
        }
    }
}
