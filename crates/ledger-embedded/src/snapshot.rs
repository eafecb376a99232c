//! Reading: the ledger as of one moment.

mod cars;

use crate::{
    error::ReadError,
    file::{LOG, STATE},
    table_state::TableSnapshot,
};
use carnet_ledger::{Entry, ReadState, query};
use carnet_protocol::{
    api::body::LeafPage,
    encoding,
    id::{GrantId, RecordId, StreamId},
    key::VerifyingKey,
    ledger::{GrantState, HolderState, Leaf, MemberDirectory, StreamHead, Transaction},
    limits::PAGE_MAX,
    member::{GenesisHash, Member},
    signed::Signed,
};
use redb::{Database, ReadOnlyTable, ReadableDatabase, ReadableTable};

/// The ledger as of one moment; later commits do not show. Keep it short: pages it sees cannot be reused meanwhile.
pub struct Snapshot {
    state: TableSnapshot,
    log: ReadOnlyTable<u64, &'static [u8]>,
}

impl Snapshot {
    pub(crate) fn begin(database: &Database) -> Result<Self, ReadError> {
        let read = database.begin_read()?;
        Ok(Self { state: TableSnapshot(read.open_table(STATE)?), log: read.open_table(LOG)? })
    }

    /// Number of accepted transactions, which is the sequence of the next.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn height(&self) -> Result<u64, ReadError> {
        Ok(self.log.last()?.map_or(0, |(sequence, _)| sequence.value() + 1))
    }

    /// At most `limit` accepted transactions (and at most `PAGE_MAX`) in the ledger's order, from a sequence on.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn transactions(&self, from: u64, limit: usize) -> Result<Vec<Signed<Transaction>>, ReadError> {
        let mut found = Vec::new();
        for entry in self.log.range(from..)?.take(limit.min(PAGE_MAX)) {
            let (_, bytes) = entry?;
            found.push(encoding::decode(bytes.value()).map_err(|_| ReadError::Damaged("transaction"))?);
        }
        Ok(found)
    }

    /// The ledger's identity; `None` before its first transaction.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn genesis_hash(&self) -> Result<Option<GenesisHash>, ReadError> {
        query::genesis_hash(self).map_err(ReadError::from_fault)
    }

    /// The head of a stream.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn stream_head(&self, stream: &StreamId) -> Result<Option<StreamHead>, ReadError> {
        query::stream_head(self, stream).map_err(ReadError::from_fault)
    }

    /// Leaves of a stream after an index, see [`query::leaves`]; `None` when there is no such stream.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn leaves(&self, stream: &StreamId, after: Option<u64>, limit: usize) -> Result<Option<LeafPage>, ReadError> {
        query::leaves(self, stream, after, limit).map_err(ReadError::from_fault)
    }

    /// The leaf of a record.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn leaf(&self, stream: &StreamId, record: &RecordId) -> Result<Option<Leaf>, ReadError> {
        query::leaf(self, stream, record).map_err(ReadError::from_fault)
    }

    /// The state of a grant.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn grant_state(&self, stream: &StreamId, grant: &GrantId) -> Result<Option<GrantState>, ReadError> {
        query::grant_state(self, stream, grant).map_err(ReadError::from_fault)
    }

    /// A co-holder of a stream.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn holder(&self, stream: &StreamId, holder: &VerifyingKey) -> Result<Option<HolderState>, ReadError> {
        query::holder(self, stream, holder).map_err(ReadError::from_fault)
    }

    /// A member by its signing key.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn member(&self, sign: &VerifyingKey) -> Result<Option<Member>, ReadError> {
        query::member(self, sign).map_err(ReadError::from_fault)
    }

    /// All members.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn members(&self) -> Result<Vec<Member>, ReadError> {
        query::members(self).map_err(ReadError::from_fault)
    }

    /// The directory of members with its proofs; `None` before the first transaction.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn directory(&self) -> Result<Option<MemberDirectory>, ReadError> {
        query::directory(self).map_err(ReadError::from_fault)
    }
}

impl ReadState for Snapshot {
    type Error = redb::StorageError;

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, redb::StorageError> {
        self.state.get(key)
    }

    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, redb::StorageError> {
        self.state.scan(prefix, after, limit)
    }
}
