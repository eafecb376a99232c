//! Why a store could not do something. No row content ever stands in these.

/// A store's own failure.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The queue is full; try again shortly.
    #[error("the store's queue is full")]
    Busy,
    /// The store was closed, or a job of it broke off.
    #[error("the store is closed")]
    Closed,
    /// SQLite refused.
    #[error("the database failed: {0}")]
    Database(#[from] rusqlite::Error),
    /// A stored value does not decode: the file was damaged or written by another program.
    #[error("a stored {0} does not decode")]
    Corrupt(&'static str),
    /// The file was written by a newer version of the relay.
    #[error("the database has version {found}, this relay knows versions up to {known}")]
    Newer {
        /// Version of the file.
        found: u32,
        /// Newest version known.
        known: u32,
    },
}
