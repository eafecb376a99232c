//! Recording: transactions that were accepted, one after the other, and then the state they led to.

use super::{
    file::{LOG, META},
    head::{committed, touched},
    log::full_node,
    map::{Map, Update},
    stream::{Growth, Streams},
};
use crate::error::BooksError;
use carnet_ledger::{ReadState, query, transaction_hash};
use carnet_proofs::{
    head::{directory_hash, grant_event_hash, head_hash, leaf_hash, withdrawal_hash},
    map::Subject,
    tree::{Peaks, entry_hash},
};
use carnet_protocol::{
    domain::Domain,
    encoding,
    id::{Hash32, StreamId},
    ledger::{Action, Transaction},
    limits::PAGE_MAX,
    proof::{Committed, MapEntry},
    signed::Signed,
};
use redb::{ReadTransaction, ReadableTable, Table, WriteTransaction};
use std::{
    collections::{BTreeMap, btree_map::Entry},
    error::Error,
};

/// In [`META`]: the log's size and the roots of its full subtrees.
const PEAKS: &str = "peaks";

/// The roots after so many transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Recorded {
    pub log: Committed,
    pub map: Hash32,
}

/// The books inside a write transaction.
pub(crate) struct Recorder<'txn> {
    log: Table<'txn, u64, &'static [u8; 32]>,
    meta: Table<'txn, &'static str, &'static [u8]>,
    map: Map<'txn>,
    streams: Streams<'txn>,
    peaks: Peaks,
    touched: BTreeMap<StreamId, Growth>,
    directory: bool,
}

impl<'txn> Recorder<'txn> {
    pub(crate) fn begin(write: &'txn WriteTransaction) -> Result<Self, BooksError> {
        let meta = write.open_table(META)?;
        let peaks = peaks(meta.get(PEAKS)?.map(|kept| kept.value().to_vec()))?;
        Ok(Self {
            log: write.open_table(LOG)?,
            meta,
            map: Map::begin(write)?,
            streams: Streams::begin(write)?,
            peaks,
            touched: BTreeMap::new(),
            directory: false,
        })
    }

    /// The log so far.
    pub(crate) fn log(&self) -> Committed {
        self.peaks.committed()
    }

    /// Takes the next accepted transaction. `state` has it applied already, and perhaps later ones.
    pub(crate) fn take<S: ReadState>(&mut self, signed: &Signed<Transaction>, state: &S) -> Result<(), BooksError>
    where
        S::Error: Error + Send + Sync + 'static,
    {
        let bytes = encoding::encode(signed);
        let last = self.peaks.count();
        let log = &mut self.log;
        let mut stored = Ok(());
        self.peaks.push(entry_hash(Domain::LOG_TRANSACTION, &bytes), |level, hash| {
            if stored.is_ok() {
                stored = log.insert(full_node(level, last), hash.as_bytes()).map(drop);
            }
        });
        stored?;
        let content: Transaction =
            encoding::decode(&signed.body).map_err(|_| BooksError::Damaged("accepted transaction"))?;
        self.directory |= content.action.stream().is_none();
        for stream in touched(&content.action) {
            if let Entry::Vacant(place) = self.touched.entry(stream) {
                place.insert(self.streams.growth(&stream)?);
            }
        }
        self.grow(&content.action, signed, state)
    }

    /// What an action adds to lists that the state does not keep in order.
    fn grow<S: ReadState>(&mut self, action: &Action, signed: &Signed<Transaction>, state: &S) -> Result<(), BooksError>
    where
        S::Error: Error + Send + Sync + 'static,
    {
        let Some((stream, growth)) = action.stream().and_then(|id| Some((id, self.touched.get_mut(&id)?))) else {
            return Ok(());
        };
        match action {
            Action::WithdrawRecords { records, .. } => {
                for record in records {
                    let leaf = query::leaf(state, &stream, record).map_err(BooksError::ledger)?;
                    let index = leaf.ok_or(BooksError::Damaged("withdrawn record"))?.index;
                    if self.streams.withdraw(&stream, growth.withdrawn.count(), index)? {
                        growth.withdrawn.push(withdrawal_hash(index), |_, _| {});
                    }
                }
            }
            Action::IssueGrant { .. }
            | Action::AcceptGrant { .. }
            | Action::RenewGrant { .. }
            | Action::RevokeGrant { .. }
            | Action::OfferSale { .. }
            | Action::CancelSale { .. }
            | Action::AcceptSale(_) => {
                growth.grants.push(grant_event_hash(&transaction_hash(signed)), |_, _| {});
            }
            _ => {}
        }
        Ok(())
    }

    /// Brings the map up to the transactions taken. `state` has exactly these applied. Versions of the map other than
    /// those of the sizes in `keep` and this one are given up.
    pub(crate) fn finish<S: ReadState>(mut self, state: &S, keep: &[u64]) -> Result<Recorded, BooksError>
    where
        S::Error: Error + Send + Sync + 'static,
    {
        let mut updates = Vec::with_capacity(self.touched.len() + 1);
        for (stream, growth) in core::mem::take(&mut self.touched) {
            updates.push(self.head(&stream, growth, state)?);
        }
        if self.directory {
            let directory = query::directory(state).map_err(BooksError::ledger)?;
            let directory = directory.ok_or(BooksError::Damaged("directory of the ledger"))?;
            let entry = MapEntry { key: Subject::Directory.key(), value: directory_hash(&directory) };
            updates.push(Update { entry, content: encoding::encode(&directory) });
        }
        let kept = (self.peaks.count(), self.peaks.hashes());
        self.meta.insert(PEAKS, encoding::encode(&kept).as_slice())?;
        let log = self.peaks.committed();
        let map = self.map.update(log.count, updates)?;
        self.map.keep(keep)?;
        Ok(Recorded { log, map })
    }

    /// Grows a stream to what the state has, and makes its head.
    fn head<S: ReadState>(&mut self, stream: &StreamId, mut growth: Growth, state: &S) -> Result<Update, BooksError>
    where
        S::Error: Error + Send + Sync + 'static,
    {
        let head = query::stream_head(state, stream).map_err(BooksError::ledger)?;
        let head = head.ok_or(BooksError::Damaged("stream of the ledger"))?;
        while growth.records.count() < head.leaves {
            let after = growth.records.count().checked_sub(1);
            let page = query::leaves(state, stream, after, PAGE_MAX).map_err(BooksError::ledger)?;
            let leaves = page.map(|page| page.leaves).filter(|leaves| !leaves.is_empty());
            for leaf in leaves.ok_or(BooksError::Damaged("leaf of the ledger"))? {
                growth.records.push(leaf_hash(&leaf), |_, _| {});
            }
        }
        self.streams.put(stream, &growth)?;
        let standing = query::standing(state, stream).map_err(BooksError::ledger)?;
        let standing = standing.ok_or(BooksError::Damaged("stream of the ledger"))?;
        let head = committed(&head, standing, &growth);
        let entry = MapEntry { key: Subject::Stream(stream).key(), value: head_hash(&head) };
        Ok(Update { entry, content: encoding::encode(&head) })
    }
}

/// Transactions recorded in the books, as of a reading of them.
pub(crate) fn recorded(read: &ReadTransaction) -> Result<u64, BooksError> {
    let kept = read.open_table(META)?.get(PEAKS)?.map(|kept| kept.value().to_vec());
    Ok(peaks(kept)?.count())
}

/// The log as recorded in the books.
pub(crate) fn recorded_log(read: &ReadTransaction) -> Result<Committed, BooksError> {
    let kept = read.open_table(META)?.get(PEAKS)?.map(|kept| kept.value().to_vec());
    Ok(peaks(kept)?.committed())
}

fn peaks(kept: Option<Vec<u8>>) -> Result<Peaks, BooksError> {
    let Some(kept) = kept else { return Ok(Peaks::default()) };
    let parts: Option<(u64, Vec<Hash32>)> = encoding::decode(&kept).ok();
    parts.and_then(|(count, hashes)| Peaks::from_parts(count, hashes)).ok_or(BooksError::Damaged("state of the log"))
}
