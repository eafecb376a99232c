//! What this device does when it hears that another one has erased something.

use super::{removals, rewrap_items};
use crate::{
    command::Notice,
    error::WalletError,
    household::remove_holder,
    journal::{Entry, Segment},
    keyring::{Keyring, VehicleKeys},
    outbox::{self, Item},
    row::Space,
    store::{Batch, Store},
    transport::Transport,
    wallet::{Context, Wallet},
};
use carnet_protocol::{
    category::Category,
    erasure::Rewrapped,
    id::{GrantId, RecordId, StreamId},
    ledger::Action,
};
use rand_core::CryptoRng;
use std::collections::{BTreeSet, HashSet};

/// The number of no receipt: another device has it, or nothing was erased.
const NO_RECEIPT: u64 = u64::MAX;

/// What is to be done in memory once the joined keyring is committed.
pub(crate) enum Followed {
    /// The car is gone.
    Vehicle(StreamId),
    /// Some of its records are.
    Records { stream: StreamId, segment: Segment, rewrapped: Vec<Rewrapped> },
}

/// What a category loses by joining.
#[derive(Default)]
struct Lost {
    gone: HashSet<RecordId>,
    /// Whether records stay whose keys go.
    survivors: bool,
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Adds to a batch what follows from joining: of cars that `next` has no more, everything goes; of records whose keys
    /// it has no more, those that were erased go, and others of the same day are wrapped anew with the keys that are still
    /// in memory, as is what waits to be sent after a device was removed. `known` are the shares that the other device
    /// knew when it erased; in the categories of `again` shares need keys that they have not.
    pub(crate) async fn follow_join<R: CryptoRng>(
        &mut self,
        next: &mut Keyring,
        again: &[(StreamId, Vec<Category>)],
        known: &HashSet<GrantId>,
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<Vec<Followed>, WalletError> {
        let mut followed = Vec::new();
        for stream in self.streams()? {
            if next.vehicle(stream).is_err() {
                self.forget_car(stream, batch).await?;
                followed.push(Followed::Vehicle(stream));
                continue;
            }
            if next.vehicle(stream)?.held.is_some() {
                // Its owner wraps anew what is left of a day; what was erased goes by its leaf.
                continue;
            }
            let shrunk = shrunk(self.session.unlocked()?.keyring.vehicle(stream)?, next.vehicle(stream)?)?;
            let again = again.iter().find(|(of, _)| *of == stream).map(|(_, categories)| categories.as_slice());
            let removal = next.vehicle(stream)?.epoch > self.session.unlocked()?.keyring.vehicle(stream)?.epoch;
            let shut_out = next.vehicle(stream)?.shut_out_since(self.session.unlocked()?.keyring.vehicle(stream)?);
            if !shrunk.is_empty() || again.is_some() || removal || !shut_out.is_empty() {
                let again = again.unwrap_or_default();
                followed.extend(self.follow_vehicle(next, stream, &shrunk, again, known, batch, cx).await?);
            }
        }
        Ok(followed)
    }

    #[expect(clippy::too_many_arguments, reason = "one joint of two; named at the one place of call")]
    async fn follow_vehicle<R: CryptoRng>(
        &mut self,
        next: &mut Keyring,
        stream: StreamId,
        shrunk: &[Category],
        again: &[Category],
        known: &HashSet<GrantId>,
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<Option<Followed>, WalletError> {
        let space = Space::from(stream);
        self.load_own(stream).await?;
        let (mut gone, mut rewrapped) = (HashSet::new(), Vec::new());
        for category in shrunk {
            let lost = self.lost(next.vehicle(stream)?, *category)?;
            if lost.survivors {
                rewrapped.extend(self.rewrap(next, stream, *category, &lost.gone, batch, cx).await?);
            }
            gone.extend(lost.gone);
            next.vehicle_mut(stream)?.forget_unknown_links(*category, known);
        }
        let mut unsent = Vec::new();
        if next.vehicle(stream)?.epoch > self.session.unlocked()?.keyring.vehicle(stream)?.epoch {
            unsent = self.rewrap_unsent(next, stream, shrunk, batch, cx).await?;
            rewrapped.extend(unsent.iter().copied());
        }
        let after = self.opened(space)?.after_erasure(&gone, &rewrapped);
        let again: BTreeSet<Category> = shrunk.iter().chain(again).copied().collect();
        let again: Vec<Category> = again.into_iter().collect();
        let mut items = rewrap_items(&rewrapped);
        // Behind whatever may still let them in from here.
        let shut_out = next.vehicle(stream)?.shut_out_since(self.session.unlocked()?.keyring.vehicle(stream)?);
        items.extend(shut_out.into_iter().flat_map(|holder| remove_holder(stream, holder)));
        items.extend(self.reissue_as(next, stream, &after, &again, batch, cx).await?);
        let records = self.erased_records(stream, &gone).await?;
        // The other device withdraws what it knew; the ledger takes a withdrawal twice.
        items.extend(self.withdrawals(stream, &records)?);
        items.extend(removals(&gone, &unsent, NO_RECEIPT));
        let struck = records.iter().filter(|record| record.commitment.is_none()).map(|record| record.record).collect();
        outbox::strike(&self.store, space, &struck, batch).await?;
        outbox::enqueue(&self.store, space, items, batch).await?;
        if gone.is_empty() && rewrapped.is_empty() {
            return Ok(None);
        }
        let segment = self.erase_here(stream, &gone, &rewrapped, batch, cx).await?;
        self.opened(space)?.write(&segment, &self.session.unlocked()?.local, space, batch, cx.rng);
        Ok(Some(Followed::Records { stream, segment, rewrapped }))
    }

    /// Adds to a batch what follows from renewing the keys of a car after a removal: shares that stand get the new ones, and
    /// what waits to be sent is wrapped under them.
    pub(crate) async fn follow_renewal<R: CryptoRng>(
        &mut self,
        next: &mut Keyring,
        stream: StreamId,
        mut items: Vec<Item>,
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<Option<Followed>, WalletError> {
        let (space, nothing) = (Space::from(stream), HashSet::new());
        self.load_own(stream).await?;
        let rewrapped = self.rewrap_unsent(next, stream, &[], batch, cx).await?;
        let after = self.opened(space)?.after_erasure(&nothing, &rewrapped);
        // The removed device may have added the car and never have sent it; opening it twice is harmless.
        items.insert(0, Item::Act(Action::OpenStream { stream }));
        items.extend(rewrap_items(&rewrapped));
        items.extend(self.reissue_as(next, stream, &after, &Category::ALL, batch, cx).await?);
        items.extend(removals(&nothing, &rewrapped, NO_RECEIPT));
        outbox::enqueue(&self.store, space, items, batch).await?;
        if rewrapped.is_empty() {
            return Ok(None);
        }
        let segment = self.erase_here(stream, &nothing, &rewrapped, batch, cx).await?;
        self.opened(space)?.write(&segment, &self.session.unlocked()?.local, space, batch, cx.rng);
        Ok(Some(Followed::Records { stream, segment, rewrapped }))
    }

    fn lost(&self, next: &VehicleKeys, category: Category) -> Result<Lost, WalletError> {
        let opened = self.opened(Space::from(next.stream))?;
        let before = self.session.unlocked()?.keyring.vehicle(next.stream)?.category(category)?;
        let after = next.category(category)?;
        let of_category = |entry: &&Entry| entry.header.label == after.label;
        let mut lost = Lost::default();
        for entry in opened.entries.values().filter(of_category) {
            let number = usize::from(entry.generation);
            // Joining adds generations behind those that were here, so a number means the same before and after.
            let (was, is) = (before.generations().get(number), after.generations().get(number));
            let day = entry.header.day;
            if is.is_some_and(|is| is.opens(day)) || was.is_none_or(|was| !was.opens(day)) {
                continue;
            }
            if next.has_erased(&entry.header.record) || is.is_none_or(|is| is.is_erased()) {
                lost.gone.insert(entry.header.record);
            } else {
                lost.survivors = true;
            }
        }
        Ok(lost)
    }

    /// Takes over in memory what was committed.
    pub(crate) fn settle_followed<R>(
        &mut self,
        followed: Vec<Followed>,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        if !followed.is_empty() {
            cx.tell(Notice::Changed(None));
        }
        for part in followed {
            match part {
                Followed::Vehicle(stream) => {
                    self.session.unlocked_mut()?.opened.remove(&Space::from(stream));
                }
                Followed::Records { stream, segment, rewrapped } => {
                    let opened = self.opened_mut(Space::from(stream))?;
                    opened.written(segment);
                    opened.set_generations(&rewrapped);
                }
            }
        }
        Ok(())
    }
}

/// Categories in which a generation lost days.
fn shrunk(before: &VehicleKeys, after: &VehicleKeys) -> Result<Vec<Category>, WalletError> {
    let mut shrunk = Vec::new();
    for category in Category::ALL {
        let (before, after) = (before.category(category)?.generations(), after.category(category)?.generations());
        if before.iter().zip(after).any(|(was, is)| was.days_left() != is.days_left()) {
            shrunk.push(category);
        }
    }
    Ok(shrunk)
}
