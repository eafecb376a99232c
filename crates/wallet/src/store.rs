//! Where a wallet keeps its data: a small transactional key-value store.
//!
//! Everything in it is sealed or public; the store is not trusted with secrets. A commit is atomic and durable when it
//! returns: IndexedDB is asked for strict durability. Conditions make a read-modify-write safe between tabs. One test
//! suite (`carnet_wallet::store::suite`) runs on every implementation.

pub mod memory;
#[cfg(any(test, feature = "suite"))]
pub mod suite;

use core::future::Future;

/// A table of the store. Keys are ordered byte strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    /// Passphrase envelope, settings that must be read before unlocking, versions.
    Wallet,
    /// The sealed keyring, one row.
    Keyring,
    /// Sealed records by stream and record.
    Records,
    /// Wraps by stream, record and generation.
    Wraps,
    /// Leaves of streams by stream and index.
    Leaves,
    /// Sealed index rows: what the wallet notes about its own records, imports, shares.
    Index,
    /// What waits to be sent, in order.
    Outbox,
    /// Where fetching from the relay stands.
    Cursors,
    /// Grants and links as received.
    Grants,
}

impl Table {
    /// All tables.
    pub const ALL: [Table; 9] = [
        Table::Wallet,
        Table::Keyring,
        Table::Records,
        Table::Wraps,
        Table::Leaves,
        Table::Index,
        Table::Outbox,
        Table::Cursors,
        Table::Grants,
    ];

    /// The table's name in a database.
    pub const fn name(self) -> &'static str {
        match self {
            Table::Wallet => "wallet",
            Table::Keyring => "keyring",
            Table::Records => "records",
            Table::Wraps => "wraps",
            Table::Leaves => "leaves",
            Table::Index => "index",
            Table::Outbox => "outbox",
            Table::Cursors => "cursors",
            Table::Grants => "grants",
        }
    }
}

/// One change of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Sets a row.
    Put(Table, Vec<u8>, Vec<u8>),
    /// Removes a row, if there.
    Delete(Table, Vec<u8>),
}

/// What must hold for a commit to happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The table.
    pub table: Table,
    /// The row.
    pub key: Vec<u8>,
    /// Its value now; `None`: there must be no such row.
    pub value: Option<Vec<u8>>,
}

/// Changes that happen together or not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// All must hold, checked in the same transaction.
    pub conditions: Vec<Condition>,
    /// In order.
    pub changes: Vec<Change>,
}

impl Batch {
    /// Adds a put.
    pub fn put(&mut self, table: Table, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) -> &mut Self {
        self.changes.push(Change::Put(table, key.into(), value.into()));
        self
    }

    /// Adds a delete.
    pub fn delete(&mut self, table: Table, key: impl Into<Vec<u8>>) -> &mut Self {
        self.changes.push(Change::Delete(table, key.into()));
        self
    }

    /// Adds a condition.
    pub fn expect(&mut self, table: Table, key: impl Into<Vec<u8>>, value: Option<Vec<u8>>) -> &mut Self {
        self.conditions.push(Condition { table, key: key.into(), value });
        self
    }
}

/// Why the store did not do it. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A condition did not hold: another tab was faster.
    #[error("the stored data was changed by another tab meanwhile")]
    Conflict,
    /// The disk or the browser's quota is full.
    #[error("the storage is full")]
    Full,
    /// The store cannot be used (private browsing, disabled, damaged); the text is the platform's.
    #[error("the storage cannot be used: {0}")]
    Unavailable(String),
}

/// Rows in key order.
pub type Rows = Vec<(Vec<u8>, Vec<u8>)>;

/// A transactional key-value store. Futures need not be `Send`: in the browser they are not.
pub trait Store {
    /// The row's value.
    fn read(&self, table: Table, key: &[u8]) -> impl Future<Output = Result<Option<Vec<u8>>, StoreError>>;

    /// The values of several rows, in the order of `keys`. A store that pays for each transaction reads them in one.
    fn read_all(
        &self,
        table: Table,
        keys: &[Vec<u8>],
    ) -> impl Future<Output = Result<Vec<Option<Vec<u8>>>, StoreError>> {
        async move {
            let mut values = Vec::with_capacity(keys.len());
            for key in keys {
                values.push(self.read(table, key).await?);
            }
            Ok(values)
        }
    }

    /// At most `limit` rows whose key starts with `prefix` and is greater than `after`, in key order.
    fn scan(
        &self,
        table: Table,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> impl Future<Output = Result<Rows, StoreError>>;

    /// The keys that [`Self::scan`] would give rows of. A store that can read them without their values does.
    fn keys(
        &self,
        table: Table,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Vec<u8>>, StoreError>> {
        async move { Ok(self.scan(table, prefix, after, limit).await?.into_iter().map(|(key, _)| key).collect()) }
    }

    /// Applies a batch atomically; durable when it returns.
    fn commit(&self, batch: Batch) -> impl Future<Output = Result<(), StoreError>>;

    /// Removes every row of every table.
    fn erase(&self) -> impl Future<Output = Result<(), StoreError>>;
}
