//! Erasing for good: keys first, everywhere; then what they opened. See `docs/decisions/erasure.md`.
//!
//! One commit on this device deletes the keys from the keyring, the sealed bytes and what was opened from them, wraps
//! what must stay under fresh keys, and notes what the relay has yet to do. From then on nothing here opens what was
//! erased; the relay's copy of the keyring follows with the next sync, and the ciphertext after it.

mod effects;
mod everything;
mod follow;
mod receipt;
mod rewrap;
mod vehicle;

use crate::{
    command::{Answer, EraseTarget, Notice, ShareScope},
    error::WalletError,
    journal::{Entry, Opened},
    keyring::Keyring,
    outbox::{self, Item},
    row::Space,
    said::statement,
    share::take_back,
    store::{Batch, Store},
    transport::Transport,
    view::ErasurePreview,
    wallet::{Context, Wallet},
};
use carnet_passport::OpenedRecord;
use carnet_protocol::{
    category::Category,
    day::Day,
    erasure::{ErasedStream, ErasureReceipt, ErasureScope, Removal, Rewrapped},
    id::{GrantId, RecordId, StreamId},
    limits::BATCH_MAX,
};
use rand_core::CryptoRng;
use std::collections::{BTreeSet, HashSet};

/// What is to go of one car, looked up in its opened passport.
struct Chosen {
    category: Category,
    /// Records with their files.
    records: HashSet<RecordId>,
    days: BTreeSet<Day>,
}

impl Chosen {
    /// A record with its files and all that was said of it.
    ///
    /// # Errors
    /// [`WalletError::NotFound`].
    fn record(opened: &Opened, record: RecordId) -> Result<Self, WalletError> {
        let found = opened.record(record)?;
        let files = found.payload.attachments.iter().map(|file| file.record);
        let about = |of: &&OpenedRecord| statement(of).is_some_and(|(_, said)| said.about == record);
        let said = opened.records.iter().filter(about).map(|said| said.record);
        let records = files.chain(said).filter(|of| opened.entries.contains_key(of)).chain([record]).collect();
        Ok(Self::of(opened, found.category(), records))
    }

    /// All of a category.
    fn category(opened: &Opened, category: Category) -> Self {
        let of_category = |(record, entry): (&RecordId, &Entry)| {
            (opened.category_of(&entry.header.label) == Some(category)).then_some(*record)
        };
        Self::of(opened, category, opened.entries.iter().filter_map(of_category).collect())
    }

    fn of(opened: &Opened, category: Category, records: HashSet<RecordId>) -> Self {
        let days = records.iter().filter_map(|record| Some(opened.entries.get(record)?.header.day)).collect();
        Self { category, records, days }
    }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// What erasing would do, in figures; changes nothing.
    pub(crate) async fn preview_erasure<R>(
        &mut self,
        target: &EraseTarget,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let mut preview = ErasurePreview::default();
        match target {
            EraseTarget::Record { vehicle, record } => {
                let chosen = Chosen::record(self.load_own(*vehicle).await?, *record)?;
                self.count(*vehicle, &chosen, &mut preview, cx)?;
                preview.ending = 0;
            }
            EraseTarget::Category { vehicle, category } => {
                let chosen = Chosen::category(self.load_own(*vehicle).await?, *category);
                self.count(*vehicle, &chosen, &mut preview, cx)?;
            }
            EraseTarget::Vehicle { vehicle } => self.count_vehicle(*vehicle, &mut preview, cx).await?,
            EraseTarget::Everything => {
                for vehicle in self.own_streams()? {
                    self.count_vehicle(vehicle, &mut preview, cx).await?;
                }
            }
        }
        Ok(Answer::ErasurePreview(preview))
    }

    /// The cars that are this wallet's own.
    fn own_streams(&self) -> Result<Vec<StreamId>, WalletError> {
        let vehicles = &self.session.unlocked()?.keyring.vehicles;
        Ok(vehicles.iter().filter(|vehicle| vehicle.held.is_none()).map(|vehicle| vehicle.stream).collect())
    }

    /// Somebody else's cars that are held together: erasing everything only forgets them.
    fn held_streams(&self) -> Result<Vec<StreamId>, WalletError> {
        let vehicles = &self.session.unlocked()?.keyring.vehicles;
        Ok(vehicles.iter().filter(|vehicle| vehicle.held.is_some()).map(|vehicle| vehicle.stream).collect())
    }

    pub(crate) fn streams(&self) -> Result<Vec<StreamId>, WalletError> {
        Ok(self.session.unlocked()?.keyring.vehicles.iter().map(|vehicle| vehicle.stream).collect())
    }

    fn count<R>(
        &self,
        vehicle: StreamId,
        chosen: &Chosen,
        preview: &mut ErasurePreview,
        cx: &Context<'_, R>,
    ) -> Result<(), WalletError> {
        let opened = self.opened(Space::from(vehicle))?;
        preview.add(opened, chosen.records.iter());
        for share in self.session.unlocked()?.keyring.vehicle(vehicle)?.shares.iter().filter(|s| s.is_live(cx.now)) {
            let (inside, outside): (Vec<&ShareScope>, Vec<&ShareScope>) =
                share.scopes.iter().partition(|scope| scope.category == chosen.category);
            let touched = inside.iter().any(|scope| chosen.days.iter().any(|day| scope.days.contains(*day)));
            preview.ending += u32::from(!inside.is_empty() && outside.is_empty());
            preview.narrowed += u32::from(touched && !outside.is_empty());
        }
        Ok(())
    }

    async fn count_vehicle<R>(
        &mut self,
        vehicle: StreamId,
        preview: &mut ErasurePreview,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let opened = self.load_own(vehicle).await?;
        preview.add(opened, opened.entries.keys());
        let keys = self.session.unlocked()?.keyring.vehicle(vehicle)?;
        // Those of a sold car have ended with the sale.
        let ending = keys.shares.iter().filter(|share| !keys.is_sold() && share.is_live(cx.now));
        preview.ending += u32::try_from(ending.count()).unwrap_or(0);
        Ok(())
    }

    /// Erases; a whole car and everything ask for the passphrase.
    pub(crate) async fn erase<R: CryptoRng>(
        &mut self,
        target: EraseTarget,
        passphrase: Option<&str>,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.expect_erasable(&target)?;
        if matches!(target, EraseTarget::Vehicle { .. } | EraseTarget::Everything) {
            self.open_with_passphrase(passphrase.unwrap_or_default()).await?;
        }
        // What was written to another's car stays its owner's to erase.
        if let EraseTarget::Record { vehicle, .. }
        | EraseTarget::Category { vehicle, .. }
        | EraseTarget::Vehicle { vehicle } = &target
        {
            self.session.unlocked()?.keyring.vehicle(*vehicle)?.expect_own()?;
        }
        let number = match target {
            EraseTarget::Record { vehicle, record } => {
                let chosen = Chosen::record(self.load_own(vehicle).await?, record)?;
                self.erase_chosen(vehicle, ErasureScope::Record, chosen, cx).await?
            }
            EraseTarget::Category { vehicle, category } => {
                let chosen = Chosen::category(self.load_own(vehicle).await?, category);
                self.erase_chosen(vehicle, ErasureScope::Category(category), chosen, cx).await?
            }
            EraseTarget::Vehicle { vehicle } => self.erase_vehicles(ErasureScope::Vehicle, &[vehicle], cx).await?,
            EraseTarget::Everything => self.erase_everything(cx).await?,
        };
        self.tell_waiting(cx).await?;
        cx.tell(Notice::Changed(None));
        Ok(Answer::Erasure(Box::new(self.erasure_view(number).await?)))
    }

    /// What is for sale is frozen. Of a car that was sold the archive goes as a whole: what of it was handed over is the
    /// buyer's, and parts of the rest cannot be wrapped anew in a passport that is closed.
    fn expect_erasable(&self, target: &EraseTarget) -> Result<(), WalletError> {
        let keyring = &self.session.unlocked()?.keyring;
        let whole = |vehicle: StreamId| match keyring.writable(vehicle) {
            Ok(_) | Err(WalletError::CarSold | WalletError::AccessEnded) => Ok(()),
            Err(error) => Err(error),
        };
        match target {
            EraseTarget::Record { vehicle, .. } | EraseTarget::Category { vehicle, .. } => {
                keyring.writable(*vehicle).map(drop)
            }
            EraseTarget::Vehicle { vehicle } => whole(*vehicle),
            EraseTarget::Everything => keyring.vehicles.iter().try_for_each(|vehicle| whole(vehicle.stream)),
        }
    }

    /// Erases records of one category; answers the receipt's number.
    async fn erase_chosen<R: CryptoRng>(
        &mut self,
        vehicle: StreamId,
        scope: ErasureScope,
        chosen: Chosen,
        cx: &mut Context<'_, R>,
    ) -> Result<u64, WalletError> {
        let (space, category) = (Space::from(vehicle), chosen.category);
        let mut next = self.session.unlocked()?.keyring.duplicate()?;
        let keys = next.vehicle_mut(vehicle)?;
        match scope {
            ErasureScope::Record => {
                keys.erase_days(category, &chosen.days, cx.rng)?;
                keys.note_erased(chosen.records.iter().copied());
            }
            _ => keys.erase_category(category, cx.rng)?,
        }
        next.forget_readings_of(vehicle);
        let mut batch = Batch::default();
        let rewrapped = self.rewrap(&next, vehicle, category, &chosen.records, &mut batch, cx).await?;
        let after = self.opened(space)?.after_erasure(&chosen.records, &rewrapped);
        let (grants, ends) = end_shares(&mut next, vehicle, scope, &chosen, &after, cx)?;
        let receipts = self.erasure_receipts().await?;
        let mut items = rewrap_items(&rewrapped);
        if !ends.is_empty() {
            items.extend(self.opening(vehicle)?);
        }
        items.extend(ends);
        items.extend(self.reissue_as(&mut next, vehicle, &after, &[category], &mut batch, cx).await?);
        let records = self.erased_records(vehicle, &chosen.records).await?;
        items.extend(self.withdrawals(vehicle, &records)?);
        let removals = removals(&chosen.records, &rewrapped, receipts.next);
        let awaited = u32::try_from(removals.len()).unwrap_or(u32::MAX);
        items.extend(removals);
        let struck: HashSet<RecordId> =
            records.iter().filter(|record| record.commitment.is_none()).map(|record| record.record).collect();
        outbox::strike(&self.store, space, &struck, &mut batch).await?;
        outbox::enqueue(&self.store, space, items, &mut batch).await?;
        let streams = vec![ErasedStream { stream: vehicle, records, grants }];
        let receipt = ErasureReceipt { scope, at: cx.now, streams, statements: Vec::new() };
        self.keep_erasure_receipt(receipts.next, &receipt, awaited, &mut batch, cx)?;
        self.commit_erasure(vehicle, next, &chosen.records, &rewrapped, batch, cx).await?;
        Ok(receipts.next)
    }
}

/// Ends the shares that open nothing any more, and takes an erased category out of the others. Answers which, and what
/// is to be sent.
fn end_shares<R: CryptoRng>(
    next: &mut Keyring,
    vehicle: StreamId,
    scope: ErasureScope,
    chosen: &Chosen,
    after: &Opened,
    cx: &mut Context<'_, R>,
) -> Result<(Vec<GrantId>, Vec<Item>), WalletError> {
    let (mut ended, mut items) = (Vec::new(), Vec::new());
    for share in next.vehicle_mut(vehicle)?.shares.iter_mut().filter(|share| share.is_live(cx.now)) {
        if share.scopes.iter().all(|scope| scope.category != chosen.category) {
            continue;
        }
        let over = match scope {
            // What may still come is not what was erased: such a share goes on.
            ErasureScope::Record => share.scopes.iter().all(|scope| {
                let past = scope.category == chosen.category && scope.days.last() < cx.now.day();
                past && !after.has_in(scope.category, scope.days)
            }),
            _ => {
                share.scopes.retain(|scope| scope.category != chosen.category);
                share.scopes.is_empty()
            }
        };
        if over {
            ended.push(share.grant);
            items.extend(take_back(vehicle, share, cx.now));
        }
    }
    Ok((ended, items))
}

fn rewrap_items(rewrapped: &[Rewrapped]) -> Vec<Item> {
    rewrapped.chunks(BATCH_MAX).map(|part| Item::Rewrap(part.to_vec())).collect()
}

/// What the relay is to remove, in requests that it takes.
fn removals(records: &HashSet<RecordId>, rewrapped: &[Rewrapped], receipt: u64) -> Vec<Item> {
    let mut records: Vec<RecordId> = records.iter().copied().collect();
    records.sort();
    let (mut removed, mut kept) = (records.chunks(BATCH_MAX), rewrapped.chunks(BATCH_MAX));
    let mut items = Vec::new();
    loop {
        let (records, rewrapped) = (removed.next(), kept.next());
        if records.is_none() && rewrapped.is_none() {
            return items;
        }
        let removal = Removal::Records {
            records: records.unwrap_or_default().to_vec(),
            rewrapped: rewrapped.unwrap_or_default().to_vec(),
        };
        items.push(Item::Removal { receipt, removal });
    }
}
