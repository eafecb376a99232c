//! Joins two keyrings of the same words that were changed on two devices.
//!
//! Nothing that either side holds is lost: secrets are united by the identifiers they belong to, a share taken back on
//! one side is taken back, and a new generation on either side stays. What either side erased stays erased: of a
//! generation that both have, what is left on both.

use super::{Generation, Keyring, PairedCar, Takeover, VehicleKeys};
use crate::error::WalletError;
use carnet_protocol::{category::Category, id::StreamId};
use core::mem;
use rand_core::CryptoRng;

impl Keyring {
    /// Takes over what `other` has and this has not, and starts a generation in every category in which both sides had
    /// started one: each side's was given to those whom the other may have shut out meanwhile. Answers in which categories
    /// who still has a share needs the new keys: in these, and where one side had started a generation while the other
    /// gave a share.
    ///
    /// # Errors
    /// [`WalletError::Damaged`].
    pub fn join(
        &mut self,
        other: Keyring,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<(StreamId, Vec<Category>)>, WalletError> {
        let mut again = Vec::new();
        for (stream, Apart { parted, missed }) in self.merge(other)? {
            if let Ok(vehicle) = self.vehicle_mut(stream) {
                vehicle.next_generation(&parted, rng);
                again.push((stream, parted.into_iter().chain(missed).collect()));
            }
        }
        Ok(again)
    }

    /// See [`VehicleKeys::bound_by`].
    pub fn bound_by(&mut self, epoch: u64) {
        self.vehicles.iter_mut().for_each(|vehicle| vehicle.bound_by(epoch));
    }

    /// Whether all that was erased here is erased in `other`, too.
    pub fn erases_no_more_than(&self, other: &Keyring) -> bool {
        let erased = |vehicle: &VehicleKeys| other.vehicle(vehicle.stream).map_or(usize::MAX, |ours| ours.erased.len());
        self.erased.len() <= other.erased.len()
            && self.vehicles.iter().all(|vehicle| vehicle.erased.len() <= erased(vehicle))
    }

    /// Whether joining `other` to this would add nothing.
    ///
    /// # Errors
    /// [`WalletError::Damaged`].
    pub fn covers(&self, other: &Keyring, rng: &mut impl CryptoRng) -> Result<bool, WalletError> {
        let mut joined = self.duplicate()?;
        joined.join(other.duplicate()?, rng)?;
        Ok(joined.encode() == self.encode())
    }

    fn merge(&mut self, mut other: Keyring) -> Result<Vec<(StreamId, Apart)>, WalletError> {
        let mut apart = Vec::new();
        self.ledger = self.ledger.or(other.ledger);
        // Which of the two is newer is for the caller to find out, who can ask what joins them.
        self.checkpoint = self.checkpoint.take().or(other.checkpoint.take());
        self.staff = match (self.staff.take(), other.staff.take()) {
            (Some(mut ours), Some(theirs)) if ours.seed == theirs.seed => {
                let known = |cars: &[PairedCar], pairing| cars.iter().any(|car: &PairedCar| car.pairing == pairing);
                for car in theirs.cars {
                    if !known(&ours.cars, car.pairing) {
                        ours.cars.push(car);
                    }
                }
                Some(ours)
            }
            (ours, theirs) => ours.or(theirs),
        };
        self.forgotten.append(&mut other.forgotten);
        self.forgotten.sort();
        self.forgotten.dedup();
        for name in other.devices {
            self.name_device(name);
        }
        for saved in other.saved {
            if self.saved(saved.grant).is_none() {
                self.saved.push(saved);
            }
        }
        let forgotten = mem::take(&mut self.forgotten);
        self.saved.retain(|saved| !forgotten.contains(&saved.grant));
        self.forgotten = forgotten;
        // An offer that is over is so on both sides before one of theirs is chosen, or a new one would go with it.
        for vehicle in self.vehicles.iter_mut().chain(&mut other.vehicles) {
            let over = |sale: &mut super::SaleNote| {
                !matches!(sale.stage, super::SaleStage::Sold { .. }) && self.forgotten.contains(&sale.handover.grant)
            };
            vehicle.sale.take_if(over);
        }
        for vehicle in other.vehicles {
            match self.vehicle_mut(vehicle.stream) {
                Ok(ours) => {
                    let (stream, found) = (vehicle.stream, ours.merge(vehicle)?);
                    if !found.parted.is_empty() || !found.missed.is_empty() {
                        apart.push((stream, found));
                    }
                }
                Err(_) => self.vehicles.push(vehicle),
            }
        }
        for joining in other.joining {
            if self.vehicle(joining.stream).is_err() && self.joining.iter().all(|ours| ours.stream != joining.stream) {
                self.joining.push(joining);
            }
        }
        self.left.append(&mut other.left);
        self.left.sort();
        self.left.dedup();
        let left = mem::take(&mut self.left);
        self.vehicles
            .retain(|vehicle| vehicle.held.is_none() || !left.contains(&vehicle.signing_key().verifying_key()));
        let vehicles = &self.vehicles;
        self.joining.retain(|joining| vehicles.iter().all(|vehicle| vehicle.stream != joining.stream));
        self.left = left;
        self.ending |= other.ending;
        self.merge_erased(other.erased);
        // A takeover that came to nothing on one device is over on the other, with what was handed over for it.
        let forgotten = &self.forgotten;
        self.vehicles.retain(|vehicle| match &vehicle.takeover {
            Some(takeover) => takeover.done || !forgotten.contains(&Takeover::name(vehicle.stream)),
            None => true,
        });
        let vehicles = &self.vehicles;
        let taken =
            |sale| vehicles.iter().any(|one| one.takeover.as_ref().is_some_and(|takeover| takeover.sale == sale));
        self.saved.retain(|saved| !saved.handed_over || taken(saved.grant));
        self.vehicles.sort_by_key(|vehicle| (vehicle.added_at, vehicle.stream));
        Ok(apart)
    }
}

/// Where two devices did not know of each other.
#[derive(Default)]
struct Apart {
    /// Categories in which each had a generation that the other had not.
    parted: Vec<Category>,
    /// Categories in which one had, while the other had a share of them.
    missed: Vec<Category>,
}

impl VehicleKeys {
    /// Answers whether somebody was admitted on one side and shut out on the other, or two answered one invitation: whoever
    /// is shut out by joining has keys that were still given out as the newest.
    fn merge_household(&mut self, other: &mut VehicleKeys) -> bool {
        let mut shut_out = false;
        if let (Some(ours), Some(theirs)) = (&mut self.held, &mut other.held) {
            // The owner counts the generations of such a car: the newer list is the whole list.
            if theirs.version > ours.version {
                mem::swap(&mut self.categories, &mut other.categories);
                mem::swap(ours, theirs);
            }
            other.categories.clear();
        }
        for holder in mem::take(&mut other.holders) {
            match self.holders.iter_mut().find(|ours| ours.key == holder.key) {
                Some(ours) => shut_out |= ours.merge(holder),
                None => self.holders.push(holder),
            }
        }
        self.holders.sort_by_key(|holder| (holder.invited_at, holder.key));
        shut_out
    }

    fn merge(&mut self, mut other: VehicleKeys) -> Result<Apart, WalletError> {
        let mut apart = Apart::default();
        self.epoch = self.epoch.max(other.epoch);
        let (ours_alone, theirs_alone) = (shared_alone(self, &other), shared_alone(&other, self));
        if self.merge_household(&mut other) {
            apart.parted.extend(Category::ALL);
        }
        for theirs in other.categories_mut() {
            let Some(ours) = self.categories_mut().iter_mut().find(|keys| keys.category == theirs.category) else {
                continue;
            };
            let has_more = |one: &[Generation], other: &[Generation]| {
                one.iter().any(|root| other.iter().all(|other| other.id() != root.id()))
            };
            let ours_more = has_more(ours.generations(), theirs.generations());
            let theirs_more = has_more(theirs.generations(), ours.generations());
            if ours_more && theirs_more {
                apart.parted.push(ours.category);
            } else if ours_more && theirs_alone.contains(&ours.category)
                || theirs_more && ours_alone.contains(&ours.category)
            {
                apart.missed.push(ours.category);
            }
            // Where both sides started a generation, both stay; opening one's own records tries them all.
            for generation in theirs.generations_mut().drain(..) {
                match ours.generations_mut().iter_mut().find(|ours| ours.id() == generation.id()) {
                    Some(ours) => ours.intersect(&generation)?,
                    None => ours.generations_mut().push(generation),
                }
            }
        }
        self.inboxes.merge(other.inboxes);
        for share in other.shares {
            match self.share_mut(share.grant) {
                Ok(ours) => ours.merge(share),
                Err(_) => self.shares.push(share),
            }
        }
        self.shares.sort_by_key(|share| (share.issued_at, share.grant));
        for pairing in other.pairings {
            match self.pairings.iter_mut().find(|ours| ours.pairing == pairing.pairing) {
                Some(ours) => ours.ended_at = ours.ended_at.or(pairing.ended_at),
                None => self.pairings.push(pairing),
            }
        }
        self.pairings.sort_by_key(|pairing| (pairing.issued_at, pairing.pairing));
        for import in other.imports {
            match self.imports.iter_mut().find(|ours| ours.import == import.import) {
                Some(ours) => ours.undone |= import.undone,
                None => self.imports.push(import),
            }
        }
        self.imports.sort_by_key(|import| (import.at, import.import));
        // The later stage holds; of two offers made at the same time the ledger has one, and that device is further.
        self.sale = match (self.sale.take(), other.sale) {
            (Some(ours), Some(theirs)) if theirs.stage > ours.stage => Some(theirs),
            (ours, theirs) => ours.or(theirs),
        };
        if let (Some(ours), Some(theirs)) = (&mut self.takeover, &other.takeover) {
            ours.done |= theirs.done;
        }
        self.note_erased(other.erased);
        Ok(apart)
    }
}

/// Categories of shares, and of whom a car is held together with, that `one` has and `other` has not.
fn shared_alone(one: &VehicleKeys, other: &VehicleKeys) -> Vec<Category> {
    let admitted = |vehicle: &VehicleKeys, key| vehicle.holders.iter().any(|there| there.key == key && there.stands());
    if one.holders.iter().any(|holder| holder.stands() && !admitted(other, holder.key)) {
        return Category::ALL.to_vec();
    }
    let alone = one.shares.iter().filter(|share| other.share(share.grant).is_err());
    alone.flat_map(|share| &share.scopes).map(|scope| scope.category).collect()
}
