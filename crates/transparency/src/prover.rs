//! The prover: beside the ledger, it signs checkpoints as the log and proves from them.
//!
//! Two checkpoints live at a time: the *candidate*, which is being cosigned, and the *published* one, which readers get
//! and which all proofs are about. The books keep the map of both.

use crate::{
    books::{self, Found, Log, META, Map, NOTES, Recorder, recorded, withdrawals},
    error::{BooksError, OpenError},
    view::LedgerView,
};
use carnet_crypto::{
    note::NoteKey,
    receipt::{Exchange, sign_receipt},
};
use carnet_proofs::{
    Checkpoint,
    map::Subject,
    note::{Note, NoteSignature},
    sign_checkpoint,
    tree::{Peaks, entry_hash},
};
use carnet_protocol::{
    day::Timestamp,
    domain::Domain,
    encoding,
    id::Hash32,
    limits::PAGE_MAX,
    member::GenesisHash,
    proof::{
        CheckpointProof, CommittedHead, ConsistencyProof, CosignRequest, DirectoryProof, ProofRequest, StreamProof,
    },
};
use redb::{Database, ReadTransaction, ReadableTable};
use std::path::Path;

/// In [`META`]: the size of the published checkpoint.
const PUBLISHED: &str = "published";

/// Bytes of transactions in one request to a cosigner: half of what a body may have, for the rest of it.
const FEED_BYTES: usize = carnet_protocol::limits::BODY_MAX / 2;

/// The log of one ledger.
pub struct Prover {
    database: Database,
    origin: String,
    key: NoteKey,
    ledger: GenesisHash,
}

impl Prover {
    /// Opens the books at `path`, making them when there are none, for the log `origin` of a ledger.
    ///
    /// # Errors
    /// [`OpenError`], which says what to do.
    pub fn open(path: &Path, origin: &str, key: NoteKey, ledger: GenesisHash) -> Result<Self, OpenError> {
        let database = books::open(path, origin, |_| Ok(()))?;
        Ok(Self { database, origin: origin.to_owned(), key, ledger })
    }

    /// The log's word for what the relay answered, as a header's value.
    pub fn receipt(&self, exchange: &Exchange<'_>, at: Timestamp) -> String {
        sign_receipt(&self.key, exchange, at)
    }

    /// Works out the log's root anew from the ledger's own transactions, and holds it against what was recorded and signed
    /// before: for a start, since a file can have been put back or changed while nobody looked. Reads the whole ledger.
    ///
    /// # Errors
    /// [`BooksError::LedgerBehind`], [`BooksError::OtherHistory`].
    pub fn check(&self, view: &impl LedgerView) -> Result<(), BooksError> {
        let read = books::begin_read(&self.database)?;
        let recorded = recorded(&read)?;
        let height = view.height().map_err(BooksError::ledger)?;
        if height < recorded {
            return Err(BooksError::LedgerBehind { ledger: height, recorded });
        }
        let mut signed = Vec::new();
        let notes = read.open_table(NOTES)?;
        for note in notes.iter()? {
            let note = parse(note?.1.value())?;
            signed.push(Checkpoint::parse(note.text()).map_err(|_| BooksError::Damaged("checkpoint"))?.log);
        }
        signed.push(books::recorded_log(&read)?);
        let mut peaks = Peaks::default();
        while peaks.count() < recorded {
            let page = view.transactions(peaks.count(), PAGE_MAX).map_err(BooksError::ledger)?;
            if page.is_empty() {
                return Err(BooksError::LedgerBehind { ledger: peaks.count(), recorded });
            }
            for transaction in page {
                if peaks.count() < recorded {
                    let entry = entry_hash(Domain::LOG_TRANSACTION, &encoding::encode(&transaction));
                    peaks.push(entry, |_, _| {});
                }
                let size = peaks.count();
                if signed.iter().any(|log| log.count == size && *log != peaks.committed()) {
                    return Err(BooksError::OtherHistory { size });
                }
            }
        }
        Ok(())
    }

    /// Records what the ledger has accepted since the last time.
    ///
    /// # Errors
    /// [`BooksError`]; then nothing was recorded.
    pub fn follow(&self, view: &impl LedgerView) -> Result<(), BooksError> {
        let from = recorded(&books::begin_read(&self.database)?)?;
        let height = view.height().map_err(BooksError::ledger)?;
        match height.cmp(&from) {
            core::cmp::Ordering::Less => return Err(BooksError::LedgerBehind { ledger: height, recorded: from }),
            core::cmp::Ordering::Equal => return Ok(()),
            core::cmp::Ordering::Greater => {}
        }
        let write = books::begin_write(&self.database)?;
        let published = size_of(write.open_table(META)?.get(PUBLISHED)?.map(|kept| kept.value().to_vec()))?;
        let mut recorder = Recorder::begin(&write)?;
        let mut next = from;
        while next < height {
            for signed in view.transactions(next, PAGE_MAX).map_err(BooksError::ledger)? {
                if next < height {
                    recorder.take(&signed, view)?;
                    next += 1;
                }
            }
        }
        let roots = recorder.finish(view, published.as_slice())?;
        let checkpoint =
            Checkpoint { origin: self.origin.clone(), log: roots.log, map: roots.map, ledger: self.ledger };
        let note = sign_checkpoint(&checkpoint, &self.key).ok_or(BooksError::Damaged("name of the log"))?;
        {
            let mut notes = write.open_table(NOTES)?;
            notes.retain(|size, _| published == Some(size))?;
            notes.insert(roots.log.count, note.to_string().as_str())?;
        }
        Ok(write.commit()?)
    }

    /// The newest checkpoint as the log has signed it, without cosignatures; `None` before the first transaction was
    /// recorded.
    ///
    /// # Errors
    /// [`BooksError`].
    pub fn candidate(&self) -> Result<Option<Note>, BooksError> {
        let read = books::begin_read(&self.database)?;
        let newest = read.open_table(NOTES)?.last()?.map(|(_, note)| parse(note.value()));
        Ok(newest.transpose()?.map(|note| note.signed_by(&self.origin)))
    }

    /// The published checkpoint; `None` before the first.
    ///
    /// # Errors
    /// [`BooksError`].
    pub fn published(&self) -> Result<Option<String>, BooksError> {
        let read = books::begin_read(&self.database)?;
        Ok(published(&read)?.map(|(_, note)| note))
    }

    /// Adds cosignatures to the candidate, each in the place of an older one by the same key, and publishes it: the
    /// caller has found a quorum among them.
    ///
    /// # Errors
    /// [`BooksError`].
    pub fn publish(&self, cosignatures: Vec<NoteSignature>) -> Result<(), BooksError> {
        let write = books::begin_write(&self.database)?;
        {
            let mut notes = write.open_table(NOTES)?;
            let newest = notes.last()?.map(|(size, note)| (size.value(), note.value().to_owned()));
            let Some((size, note)) = newest else { return Ok(()) };
            let mut note = parse(&note)?;
            cosignatures.into_iter().for_each(|line| note.put(line));
            notes.insert(size, note.to_string().as_str())?;
            notes.retain(|kept, _| kept == size)?;
            write.open_table(META)?.insert(PUBLISHED, encoding::encode(&size).as_slice())?;
            Map::begin(&write)?.keep(&[size])?;
        }
        Ok(write.commit()?)
    }

    /// The next request to a cosigner that has `from` transactions, towards the candidate; `None` when there is no
    /// candidate, or the cosigner is ahead of it.
    ///
    /// # Errors
    /// [`BooksError`].
    pub fn feed(&self, from: u64, view: &impl LedgerView) -> Result<Option<CosignRequest>, BooksError> {
        let Some(note) = self.candidate()? else { return Ok(None) };
        let size = Checkpoint::parse(note.text()).map_err(|_| BooksError::Damaged("checkpoint"))?.log.count;
        let Some(missing) = size.checked_sub(from) else { return Ok(None) };
        let limit = usize::try_from(missing).unwrap_or(PAGE_MAX).min(PAGE_MAX);
        let mut transactions =
            if limit == 0 { Vec::new() } else { view.transactions(from, limit).map_err(BooksError::ledger)? };
        transactions.truncate(limit);
        let mut bytes = 0;
        let fits = transactions.iter().take_while(|signed| {
            bytes += signed.body.len() + 200;
            bytes <= FEED_BYTES
        });
        // One at least: no single transaction is larger than half a body.
        let count = fits.count().max(1);
        transactions.truncate(count);
        let reached = from + transactions.len() as u64;
        let consistency = self.consistency(&books::begin_read(&self.database)?, reached, size)?;
        Ok(Some(CosignRequest { from, transactions, checkpoint: note.to_string(), consistency }))
    }

    /// The published checkpoint, and that it continues what a reader has seen; `None` before the first.
    ///
    /// # Errors
    /// [`BooksError`].
    pub fn checkpoint_proof(&self, seen: Option<u64>) -> Result<Option<CheckpointProof>, BooksError> {
        let read = books::begin_read(&self.database)?;
        let Some((size, checkpoint)) = published(&read)? else { return Ok(None) };
        let consistency = self.consistency_since(&read, seen, size)?;
        Ok(Some(CheckpointProof { checkpoint, consistency }))
    }

    /// The proof of a stream, or that there is none; `None` before the first checkpoint.
    ///
    /// # Errors
    /// [`BooksError`].
    pub fn stream_proof(&self, request: &ProofRequest) -> Result<Option<StreamProof>, BooksError> {
        let read = books::begin_read(&self.database)?;
        let Some((size, checkpoint)) = published(&read)? else { return Ok(None) };
        let Found { proof: map, content } = find(&read, size, Subject::Stream(&request.stream))?;
        let head: Option<CommittedHead> =
            content.map(|content| encoding::decode(&content).map_err(|_| BooksError::Damaged("head"))).transpose()?;
        let withdrawn = match &head {
            Some(head) => withdrawals(&read, &request.stream, head.withdrawn.count)?,
            None => Vec::new(),
        };
        let consistency = self.consistency_since(&read, request.seen, size)?;
        Ok(Some(StreamProof { checkpoint, consistency, map, head, withdrawn }))
    }

    /// The directory of members with its proof; `None` before the first checkpoint.
    ///
    /// # Errors
    /// [`BooksError`].
    pub fn directory_proof(&self, seen: Option<u64>) -> Result<Option<DirectoryProof>, BooksError> {
        let read = books::begin_read(&self.database)?;
        let Some((size, checkpoint)) = published(&read)? else { return Ok(None) };
        let Found { proof: map, content } = find(&read, size, Subject::Directory)?;
        let content = content.ok_or(BooksError::Damaged("directory"))?;
        let directory = encoding::decode(&content).map_err(|_| BooksError::Damaged("directory"))?;
        let consistency = self.consistency_since(&read, seen, size)?;
        Ok(Some(DirectoryProof { checkpoint, consistency, map, directory }))
    }

    /// What joins two sizes of the log; `None` when it is not as long, or the first is the larger one.
    ///
    /// # Errors
    /// [`BooksError`].
    pub fn consistency_proof(&self, from: u64, to: u64) -> Result<Option<ConsistencyProof>, BooksError> {
        let read = books::begin_read(&self.database)?;
        if from > to || to > recorded(&read)? {
            return Ok(None);
        }
        Ok(Some(ConsistencyProof { hashes: self.consistency(&read, from, to)? }))
    }

    /// From what was seen to `size`; empty where there is nothing to join, or no way to.
    fn consistency_since(
        &self,
        read: &ReadTransaction,
        seen: Option<u64>,
        size: u64,
    ) -> Result<Vec<Hash32>, BooksError> {
        match seen.filter(|seen| *seen <= size) {
            Some(seen) => self.consistency(read, seen, size),
            None => Ok(Vec::new()),
        }
    }

    fn consistency(&self, read: &ReadTransaction, from: u64, to: u64) -> Result<Vec<Hash32>, BooksError> {
        Log(read.open_table(books::LOG)?).consistency(from, to)
    }
}

fn find(read: &ReadTransaction, size: u64, subject: Subject<'_>) -> Result<Found, BooksError> {
    Map::find(read, size, &subject.key())?.ok_or(BooksError::Damaged("map of the published checkpoint"))
}

/// Size and note of the published checkpoint.
fn published(read: &ReadTransaction) -> Result<Option<(u64, String)>, BooksError> {
    let size = size_of(read.open_table(META)?.get(PUBLISHED)?.map(|kept| kept.value().to_vec()))?;
    let Some(size) = size else { return Ok(None) };
    let note = read.open_table(NOTES)?.get(size)?.map(|note| note.value().to_owned());
    Ok(Some((size, note.ok_or(BooksError::Damaged("published checkpoint"))?)))
}

fn size_of(kept: Option<Vec<u8>>) -> Result<Option<u64>, BooksError> {
    kept.map(|kept| encoding::decode(&kept).map_err(|_| BooksError::Damaged("size"))).transpose()
}

fn parse(note: &str) -> Result<Note, BooksError> {
    Note::parse(note).map_err(|_| BooksError::Damaged("note"))
}
