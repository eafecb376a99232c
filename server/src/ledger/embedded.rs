//! The ledger in one file, in this process.

use super::{CommitListener, LedgerAnswer, LedgerHost, LedgerUnavailable};
use crate::clock::Clock;
use carnet_ledger_embedded::{EmbeddedLedger, OpenError, ReadError, Snapshot, SubmitError};
use carnet_protocol::{
    api::body::LeafPage,
    id::{GrantId, Hash32, RecordId, StreamId},
    key::VerifyingKey,
    ledger::{GrantState, HolderState, MemberDirectory, Receipt, StreamHead, Transaction},
    limits::PAGE_MAX,
    member::GenesisHash,
    proof::CosignRequest,
    signed::Signed,
};
use carnet_transparency::{BooksError, Prover};
use std::{
    collections::HashSet,
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};
use tokio::sync::oneshot;

/// Opens the ledger file. Reads and verifies all of it, so it blocks.
///
/// # Errors
/// [`OpenError`], which says what to do.
pub fn open(file: &Path, clock: Arc<dyn Clock>) -> Result<EmbeddedLedger, OpenError> {
    EmbeddedLedger::open(file, move || clock.now())
}

/// The embedded ledger behind the relay's joint.
pub struct EmbeddedHost {
    genesis: GenesisHash,
    /// `None` once closed.
    ledger: RwLock<Option<Arc<EmbeddedLedger>>>,
}

impl EmbeddedHost {
    /// Takes a ledger that has been made; `None` when it has no first transaction yet.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read.
    pub fn new(ledger: EmbeddedLedger) -> Result<Option<Self>, ReadError> {
        let genesis = ledger.snapshot()?.genesis_hash()?;
        Ok(genesis.map(|genesis| Self { genesis, ledger: RwLock::new(Some(Arc::new(ledger))) }))
    }

    fn ledger(&self) -> Result<Arc<EmbeddedLedger>, LedgerUnavailable> {
        self.ledger.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or(LedgerUnavailable::Fault)
    }

    /// As of now, for a prover.
    fn view(&self) -> Result<Snapshot, BooksError> {
        let ledger = self.ledger().map_err(|error| BooksError::Ledger(Box::new(error)))?;
        ledger.snapshot().map_err(|error| BooksError::Ledger(Box::new(error)))
    }

    /// Reads on a snapshot: a few pages, mostly from the cache, so on the serving thread.
    pub(super) fn read<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Snapshot) -> Result<T, ReadError>,
    ) -> LedgerAnswer<'static, T> {
        let answer =
            self.ledger().and_then(|ledger| ledger.snapshot().and_then(|snapshot| ask(&snapshot)).map_err(fault));
        Box::pin(core::future::ready(answer))
    }
}

fn fault(error: ReadError) -> LedgerUnavailable {
    tracing::error!(%error, "the ledger could not be read");
    LedgerUnavailable::Fault
}

fn refusal(error: SubmitError) -> LedgerUnavailable {
    match error {
        SubmitError::Busy => LedgerUnavailable::Busy,
        error => {
            tracing::error!(%error, "the ledger took no transactions");
            LedgerUnavailable::Fault
        }
    }
}

impl LedgerHost for EmbeddedHost {
    fn genesis(&self) -> GenesisHash {
        self.genesis
    }

    fn submit(&self, transactions: Vec<Signed<Transaction>>) -> LedgerAnswer<'_, Vec<Receipt>> {
        Box::pin(async move {
            let ledger = self.ledger()?;
            let (answer, answered) = oneshot::channel();
            // Verifying signatures takes a thread of its own; the commit is awaited here, on none.
            let queued = tokio::task::spawn_blocking(move || {
                ledger.submit_with(transactions, move |receipts| {
                    let _ = answer.send(receipts);
                })
            });
            queued.await.map_err(|_| LedgerUnavailable::Fault)?.map_err(refusal)?;
            answered.await.map_err(|_| LedgerUnavailable::Fault)?.map_err(refusal)
        })
    }

    fn stream_head(&self, stream: StreamId) -> LedgerAnswer<'_, Option<StreamHead>> {
        self.read(|snapshot| snapshot.stream_head(&stream))
    }

    fn leaves(&self, stream: StreamId, after: Option<u64>) -> LedgerAnswer<'_, Option<LeafPage>> {
        self.read(|snapshot| snapshot.leaves(&stream, after, PAGE_MAX))
    }

    fn committed(&self, stream: StreamId, records: Vec<RecordId>) -> LedgerAnswer<'_, Vec<Option<Hash32>>> {
        self.read(|snapshot| {
            let leaves = records.iter().map(|record| snapshot.leaf(&stream, record));
            leaves.map(|leaf| Ok(leaf?.map(|leaf| leaf.entry.commitment))).collect()
        })
    }

    fn withdrawn(&self, stream: StreamId, records: Vec<RecordId>) -> LedgerAnswer<'_, HashSet<RecordId>> {
        self.read(|snapshot| {
            let mut withdrawn = HashSet::new();
            for record in records {
                if snapshot.leaf(&stream, &record)?.is_some_and(|leaf| leaf.withdrawn) {
                    withdrawn.insert(record);
                }
            }
            Ok(withdrawn)
        })
    }

    fn grant_state(&self, stream: StreamId, grant: GrantId) -> LedgerAnswer<'_, Option<GrantState>> {
        self.read(|snapshot| snapshot.grant_state(&stream, &grant))
    }

    fn holder(&self, stream: StreamId, holder: VerifyingKey) -> LedgerAnswer<'_, Option<HolderState>> {
        self.read(|snapshot| snapshot.holder(&stream, &holder))
    }

    fn directory(&self) -> LedgerAnswer<'_, MemberDirectory> {
        let directory = self.read(Snapshot::directory);
        Box::pin(async move { directory.await?.ok_or(LedgerUnavailable::Fault) })
    }

    fn record(&self, prover: &Prover) -> Result<(), BooksError> {
        prover.follow(&self.view()?)
    }

    fn check(&self, prover: &Prover) -> Result<(), BooksError> {
        prover.check(&self.view()?)
    }

    fn feed(&self, prover: &Prover, from: u64) -> Result<Option<CosignRequest>, BooksError> {
        prover.feed(from, &self.view()?)
    }

    fn subscribe(&self, listener: CommitListener) {
        if let Ok(ledger) = self.ledger() {
            ledger.subscribe(move |commit| listener(&commit.streams));
        }
    }

    fn close(&self) {
        // The last reference finishes what is queued and closes the file.
        let ledger = self.ledger.write().unwrap_or_else(PoisonError::into_inner).take();
        drop(ledger);
    }
}
