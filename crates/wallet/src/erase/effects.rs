//! What an erasure changes in store, memory and ledger.

use crate::{
    error::WalletError,
    journal::{Opened, Segment},
    keyring::Keyring,
    outbox::{self, Item},
    row::Space,
    store::{Batch, Store, Table},
    transport::Transport,
    view::ErasurePreview,
    wallet::{Context, Wallet},
};
use carnet_protocol::{
    category::Category,
    day::DayRange,
    erasure::{ErasedRecord, Rewrapped},
    id::{CategoryLabel, RecordId, StreamId},
    key::VerifyingKey,
    ledger::Action,
    limits::BATCH_MAX,
};
use rand_core::CryptoRng;
use std::collections::{HashMap, HashSet};

impl Opened {
    /// The category that a label stands for.
    pub(super) fn category_of(&self, label: &CategoryLabel) -> Option<Category> {
        self.scopes.iter().find(|(known, ..)| known == label).map(|(_, category, _)| *category)
    }

    /// Whether there is a record of a category in these days.
    pub(super) fn has_in(&self, category: Category, days: DayRange) -> bool {
        self.records.iter().any(|record| record.category() == category && days.contains(record.day))
    }

    /// As it will be: what shares are sealed from before the commit.
    pub(super) fn after_erasure(&self, gone: &HashSet<RecordId>, rewrapped: &[Rewrapped]) -> Opened {
        let mut after = Opened::new(self.stream, self.owner);
        after.scopes = self.scopes.clone();
        after.records = self.records.iter().filter(|record| !gone.contains(&record.record)).cloned().collect();
        let kept = self.entries.iter().filter(|(record, _)| !gone.contains(record));
        after.entries = kept.map(|(record, entry)| (*record, entry.clone())).collect();
        after.set_generations(rewrapped);
        after
    }

    pub(super) fn set_generations(&mut self, rewrapped: &[Rewrapped]) {
        for kept in rewrapped {
            if let Some(entry) = self.entries.get_mut(&kept.record) {
                entry.generation = kept.generation;
            }
        }
    }
}

impl ErasurePreview {
    pub(super) fn add<'a>(&mut self, opened: &Opened, records: impl Iterator<Item = &'a RecordId>) {
        for entry in records.filter_map(|record| opened.entries.get(record)) {
            *(if entry.is_attachment() { &mut self.files } else { &mut self.records }) += 1;
            let day = entry.header.day;
            let days = self.days.map_or((day, day), |days| (days.first().min(day), days.last().max(day)));
            self.days = DayRange::new(days.0, days.1).ok();
        }
    }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Records as a receipt names them. Those never sent have no commitment: nothing of them is on the ledger.
    pub(super) async fn erased_records(
        &self,
        vehicle: StreamId,
        records: &HashSet<RecordId>,
    ) -> Result<Vec<ErasedRecord>, WalletError> {
        let space = Space::from(vehicle);
        let unsent: HashSet<RecordId> = outbox::unsent(&self.store, space).await?.records.into_iter().collect();
        let opened = self.opened(space)?;
        let named = |record: &RecordId| {
            let entry = opened.entries.get(record)?;
            let category = opened.category_of(&entry.header.label)?;
            let commitment = (!unsent.contains(record)).then_some(entry.commitment);
            Some(ErasedRecord { record: *record, category, day: entry.header.day, commitment })
        };
        let mut erased: Vec<ErasedRecord> = records.iter().filter_map(named).collect();
        erased.sort_by_key(|record| (record.category, record.day, record.record));
        Ok(erased)
    }

    /// Withdraws the commitments of one's own records, and of co-holders'. What a source committed to is the source's to withdraw: readers
    /// see that it is not there.
    pub(super) fn withdrawals(&self, vehicle: StreamId, erased: &[ErasedRecord]) -> Result<Vec<Item>, WalletError> {
        let opened = self.opened(Space::from(vehicle))?;
        let holders = &self.session.unlocked()?.keyring.vehicle(vehicle)?.holders;
        let of_household = |source: VerifyingKey| {
            source == opened.owner || holders.iter().any(|holder| holder.joined.is_some_and(|one| one.sign == source))
        };
        let ours = |record: &&ErasedRecord| {
            record.commitment.is_some()
                && opened.entries.get(&record.record).is_some_and(|entry| of_household(entry.header.source))
        };
        let records: Vec<RecordId> = erased.iter().filter(ours).map(|record| record.record).collect();
        let act = |part: &[RecordId]| Action::WithdrawRecords { stream: vehicle, records: part.to_vec() };
        Ok(records.chunks(BATCH_MAX).map(|part| Item::Act(act(part))).collect())
    }

    /// Commits the keyring without the keys, with everything that goes or changes here.
    pub(super) async fn commit_erasure<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        next: Keyring,
        gone: &HashSet<RecordId>,
        rewrapped: &[Rewrapped],
        mut batch: Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let space = Space::from(vehicle);
        let segment = self.erase_here(vehicle, gone, rewrapped, &mut batch, cx).await?;
        self.opened(space)?.write(&segment, &self.session.unlocked()?.local, space, &mut batch, cx.rng);
        self.commit_keyring(next, batch, cx).await?;
        let opened = self.opened_mut(space)?;
        opened.written(segment);
        opened.set_generations(rewrapped);
        Ok(())
    }

    /// Adds what goes and changes in this browser: sealed bytes, the journal's rows.
    pub(super) async fn erase_here<R: CryptoRng>(
        &self,
        vehicle: StreamId,
        gone: &HashSet<RecordId>,
        rewrapped: &[Rewrapped],
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<Segment, WalletError> {
        let space = Space::from(vehicle);
        for record in gone {
            batch.delete(Table::Records, space.record(*record));
        }
        let generations: HashMap<RecordId, u16> = rewrapped.iter().map(|kept| (kept.record, kept.generation)).collect();
        let change = |segment: &mut Segment| {
            let before = segment.records.len();
            segment.records.retain(|entry| !gone.contains(&entry.header.record));
            let mut changed = segment.records.len() < before;
            for entry in &mut segment.records {
                if let Some(generation) = generations.get(&entry.header.record) {
                    changed |= entry.generation != *generation;
                    entry.generation = *generation;
                }
            }
            changed
        };
        self.rewrite_journal(space, change, batch, cx).await?;
        let mut withdrawn: Vec<RecordId> = gone.iter().copied().collect();
        withdrawn.sort();
        Ok(Segment { withdrawn, ..Segment::default() })
    }
}
