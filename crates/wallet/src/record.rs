//! Records of one's own cars: writing, reading, withdrawing.

pub(crate) mod sealing;

use crate::{
    command::{Answer, FileData, Notice, Subject},
    error::WalletError,
    journal::{Entry, Segment},
    outbox::{self, Item},
    row::Space,
    store::{Batch, Store, Table},
    transport::Transport,
    wallet::{Context, Wallet},
};
use carnet_protocol::{
    day::Day,
    id::{RecordId, StreamId},
    ledger::{Action, LeafEntry},
    limits::{ATTACHMENT_MAX, BATCH_MAX},
    payload::{Fact, Method, Origin, OriginKind},
};
use rand_core::CryptoRng;
use sealing::{NewRecord, SealedRecords, Sealer};
use std::collections::HashSet;

/// Characters of a note.
const NOTE_MAX: usize = 10_000;

/// Files of one record.
pub(crate) const FILES_MAX: usize = 20;

/// Records between two notices of progress: about a tenth of a second of sealing.
pub(crate) const PROGRESS: usize = 500;

impl Sealer<'_> {
    /// Writes records in the order of their days and says how far it is.
    pub(crate) fn add_all<R: CryptoRng>(
        &mut self,
        mut records: Vec<NewRecord>,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        records.sort_by_key(|record| record.day);
        let total = u32::try_from(records.len()).unwrap_or(u32::MAX);
        for (done, record) in records.into_iter().enumerate() {
            if done > 0 && done % PROGRESS == 0 {
                cx.tell(Notice::Progress { done: u32::try_from(done).unwrap_or(u32::MAX), total });
            }
            self.add(record, cx.rng)?;
        }
        Ok(())
    }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn add_record<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        day: Day,
        fact: Fact,
        note: Option<String>,
        files: Vec<FileData>,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        check(note.as_deref(), &files)?;
        self.session.unlocked()?.keyring.writable(vehicle)?;
        self.load_own(vehicle).await?;
        let origin = Origin { kind: OriginKind::Manual, import: None };
        let new = NewRecord { day, at: None, method: Method::Typed, origin, fact, note, files };
        let mut sealer = Sealer::new(self.session.unlocked()?.keyring.vehicle(vehicle)?, cx.now);
        let record = sealer.add(new, cx.rng)?;
        let sealed = sealer.finish();
        self.keep_records(vehicle, sealed, cx).await?;
        self.record(&Subject::Own(vehicle), record, cx).await
    }

    /// Commits sealed records with their place in journal and outbox.
    pub(crate) async fn keep_records<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        sealed: SealedRecords,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let mut batch = sealed.batch;
        outbox::enqueue(&self.store, Space::from(vehicle), sealed.items, &mut batch).await?;
        self.write_segment(Space::from(vehicle), sealed.segment, batch, cx).await?;
        self.tell_waiting(cx).await?;
        cx.tell(Notice::Changed(Some(vehicle)));
        Ok(())
    }

    pub(crate) async fn withdraw_record<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        record: RecordId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.session.unlocked()?.keyring.writable(vehicle)?;
        // What a source wrote is its own to withdraw; the owner disputes or rejects it.
        if !self.load_own(vehicle).await?.record(record)?.owner_made {
            return Err(WalletError::BadInput);
        }
        let mut batch = Batch::default();
        let segment = self.withdrawal(vehicle, &[record], &mut batch, cx).await?;
        self.write_segment(Space::from(vehicle), segment, batch, cx).await?;
        self.tell_waiting(cx).await?;
        cx.tell(Notice::Changed(Some(vehicle)));
        Ok(Answer::Done)
    }

    /// What withdrawing records means: their bytes go here and at the relay, their leaves say so on the ledger.
    pub(crate) async fn withdrawal<R: CryptoRng>(
        &self,
        vehicle: StreamId,
        records: &[RecordId],
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<Segment, WalletError> {
        let (space, stream) = (Space::from(vehicle), vehicle);
        let keys = self.session.unlocked()?.keyring.vehicle(vehicle)?;
        let opened = self.opened(space)?;
        let mut withdrawn = Vec::new();
        for record in records {
            let found = opened.record(*record)?;
            if keys.expect_own().is_err() && found.source != opened.own {
                return Err(WalletError::OwnerOnly);
            }
            let files = &found.payload.attachments;
            withdrawn.push(*record);
            withdrawn.extend(files.iter().map(|file| file.record).filter(|file| opened.entries.contains_key(file)));
        }
        for record in &withdrawn {
            if let Some(entry) = opened.entries.get(record) {
                batch.delete(Table::Records, space.record(*record));
                batch.delete(Table::Wraps, space.wrap(*record, entry.generation));
            }
        }
        let mut items = self.left_behind(stream, &withdrawn).await?;
        let chunks = withdrawn.chunks(BATCH_MAX);
        items.extend(chunks.map(|records| Item::Act(Action::WithdrawRecords { stream, records: records.to_vec() })));
        items.extend(withdrawn.chunks(BATCH_MAX).map(|records| Item::Remove(records.to_vec())));
        outbox::enqueue(&self.store, space, items, batch).await?;
        self.forget_opened(space, &withdrawn, batch, cx).await?;
        Ok(Segment { withdrawn, ..Segment::default() })
    }

    /// Commits to those of one's own records that another device uploaded and did not commit to, and may never: the ledger
    /// withdraws only what it knows. Committing twice is harmless.
    async fn left_behind(&self, stream: StreamId, records: &[RecordId]) -> Result<Vec<Item>, WalletError> {
        let opened = self.opened(Space::from(stream))?;
        let known = records.iter().filter_map(|record| opened.entries.get(record));
        let unheard =
            |entry: &&Entry| entry.header.source == opened.own && !opened.leaves.contains_key(&entry.header.record);
        let unheard: Vec<&Entry> = known.filter(unheard).collect();
        if unheard.is_empty() {
            return Ok(Vec::new());
        }
        let waiting: HashSet<RecordId> =
            outbox::unsent(&self.store, Space::from(stream)).await?.records.into_iter().collect();
        let entries: Vec<LeafEntry> = unheard
            .into_iter()
            .filter(|entry| !waiting.contains(&entry.header.record))
            .map(|Entry { header, commitment, .. }| LeafEntry {
                day: header.day,
                label: header.label,
                record: header.record,
                commitment: *commitment,
            })
            .collect();
        let act = |part: &[LeafEntry]| Item::Act(Action::AppendRecords { stream, entries: part.to_vec() });
        Ok(entries.chunks(BATCH_MAX).map(act).collect())
    }
}

pub(crate) fn check(note: Option<&str>, files: &[FileData]) -> Result<(), WalletError> {
    if note.is_some_and(|note| note.chars().count() > NOTE_MAX) || files.len() > FILES_MAX {
        return Err(WalletError::BadInput);
    }
    match files.iter().find(|file| file.bytes.len() > ATTACHMENT_MAX) {
        Some(file) => Err(WalletError::FileTooLarge { bytes: file.bytes.len() as u64, max: ATTACHMENT_MAX as u64 }),
        None => Ok(()),
    }
}
