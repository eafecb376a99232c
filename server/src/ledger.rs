//! The joint between the relay and whatever keeps the ledger: the embedded host today, a network of peers behind the
//! same calls later, which is why they are asynchronous.

mod cars;
mod embedded;

pub use cars::CarLedger;
pub use embedded::{EmbeddedHost, open};

use carnet_protocol::{
    api::body::LeafPage,
    id::{GrantId, Hash32, RecordId, StreamId},
    key::VerifyingKey,
    ledger::{GrantState, HolderState, MemberDirectory, Receipt, StreamHead, Transaction},
    member::GenesisHash,
    proof::CosignRequest,
    signed::Signed,
};
use carnet_transparency::{BooksError, Prover};
use std::{collections::HashSet, pin::Pin};

/// What an asynchronous call answers with.
pub type LedgerAnswer<'a, T> = Pin<Box<dyn Future<Output = Result<T, LedgerUnavailable>> + Send + 'a>>;

/// Who hears of commits, with the streams they concern; quick, for it runs on the ledger's own thread.
pub type CommitListener = Box<dyn Fn(&[StreamId]) + Send>;

/// The ledger could not be asked. A refused transaction is no such failure: its receipt says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LedgerUnavailable {
    /// Too much waits already.
    #[error("the ledger's queue is full")]
    Busy,
    /// It failed; the log says how.
    #[error("the ledger failed")]
    Fault,
}

/// A ledger that orders transactions and answers about accepted ones.
pub trait LedgerHost: CarLedger + Send + Sync + 'static {
    /// The ledger's identity.
    fn genesis(&self) -> GenesisHash;
    /// Applies transactions in order, each by itself; the receipts come once they are durable.
    fn submit(&self, transactions: Vec<Signed<Transaction>>) -> LedgerAnswer<'_, Vec<Receipt>>;
    /// The head of a stream.
    fn stream_head(&self, stream: StreamId) -> LedgerAnswer<'_, Option<StreamHead>>;
    /// At most `PAGE_MAX` of a stream's leaves, those after the index `after`; `None` for an unknown stream.
    fn leaves(&self, stream: StreamId, after: Option<u64>) -> LedgerAnswer<'_, Option<LeafPage>>;
    /// What is committed to under these records' names, in their order; `None` for those without a leaf.
    fn committed(&self, stream: StreamId, records: Vec<RecordId>) -> LedgerAnswer<'_, Vec<Option<Hash32>>>;
    /// Those of these records that were withdrawn.
    fn withdrawn(&self, stream: StreamId, records: Vec<RecordId>) -> LedgerAnswer<'_, HashSet<RecordId>>;
    /// The state of a grant.
    fn grant_state(&self, stream: StreamId, grant: GrantId) -> LedgerAnswer<'_, Option<GrantState>>;
    /// A co-holder of a stream.
    fn holder(&self, stream: StreamId, holder: VerifyingKey) -> LedgerAnswer<'_, Option<HolderState>>;
    /// The members.
    fn directory(&self) -> LedgerAnswer<'_, MemberDirectory>;
    /// Has a prover record what was accepted since the last time. Blocks.
    ///
    /// # Errors
    /// [`BooksError`].
    fn record(&self, prover: &Prover) -> Result<(), BooksError>;
    /// Has a prover hold the whole ledger against what it has signed before. Blocks.
    ///
    /// # Errors
    /// [`BooksError`].
    fn check(&self, prover: &Prover) -> Result<(), BooksError>;
    /// The next request to a cosigner that has `from` transactions. Blocks.
    ///
    /// # Errors
    /// [`BooksError`].
    fn feed(&self, prover: &Prover, from: u64) -> Result<Option<CosignRequest>, BooksError>;
    /// Calls `listener` after each commit with the streams it concerns.
    fn subscribe(&self, listener: CommitListener);
    /// Lets go of the ledger's files once everything submitted is durable. Blocks.
    fn close(&self);
}
