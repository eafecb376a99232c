//! What can go wrong with the books.

/// The books' file is not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("the file {0} is in use: another process runs on it")]
    InUse(String),
    /// It is something else, or of another version.
    #[error("{0} is no file of this program's version: move it away; it is made again from the ledger")]
    Unknown(String),
    /// The books are not those of this log.
    #[error("{file} holds the books of the log {found}, not of {expected}")]
    OtherLog {
        /// The file.
        file: String,
        /// Its log.
        found: String,
        /// The log asked for.
        expected: String,
    },
    /// It cannot be used.
    #[error(transparent)]
    Books(#[from] BooksError),
}

/// The books cannot be read or written; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BooksError {
    /// The storage fails.
    #[error("the transparency file cannot be used: {0}")]
    Storage(Box<redb::Error>),
    /// A stored value makes no sense.
    #[error("the transparency file is damaged: a stored {0} cannot be read")]
    Damaged(&'static str),
    /// The ledger cannot be read.
    #[error("the ledger cannot be read: {0}")]
    Ledger(Box<dyn std::error::Error + Send + Sync>),
    /// The ledger has fewer transactions than were recorded of it: it was put back to an older copy.
    #[error(
        "the ledger has {ledger} transactions, but {recorded} of it were recorded before: an older copy was put in its place"
    )]
    LedgerBehind {
        /// In the ledger.
        ledger: u64,
        /// Recorded.
        recorded: u64,
    },
    /// The ledger's transactions are not those that a checkpoint was signed for.
    #[error(
        "the ledger's first {size} transactions are not those that its log has signed for: the file was changed or exchanged; restore it from a copy"
    )]
    OtherHistory {
        /// How many.
        size: u64,
    },
}

impl<E: Into<redb::Error>> From<E> for BooksError {
    fn from(error: E) -> Self {
        BooksError::Storage(Box::new(error.into()))
    }
}

impl BooksError {
    /// From what the rules say of a state.
    pub(crate) fn ledger<E: std::error::Error + Send + Sync + 'static>(error: E) -> Self {
        BooksError::Ledger(Box::new(error))
    }
}
