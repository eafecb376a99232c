//! Joins two keyrings of the same words that were changed on two devices.
//!
//! Nothing that either side holds is lost: secrets are united by the identifiers they belong to, a share taken back on
//! one side is taken back, and a new generation on either side stays. What either side erased stays erased: of a
//! generation that both have, what is left on both.

use super::{Generation, Keyring, PairedCar, VehicleKeys};
use crate::error::WalletError;
use carnet_protocol::{category::Category, id::StreamId};
use core::mem;
use rand_core::CryptoRng;

impl Keyring {
    /// Takes over what `other` has and this has not, and starts a generation in every category in which both sides had
    /// started one: each side's was given to those whom the other may have shut out meanwhile. Answers where; who still
    /// has a share of these categories needs the new keys.
    ///
    /// # Errors
    /// [`WalletError::Damaged`].
    pub fn join(
        &mut self,
        other: Keyring,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<(StreamId, Vec<Category>)>, WalletError> {
        let parted = self.merge(other)?;
        for (stream, categories) in &parted {
            if let Ok(vehicle) = self.vehicle_mut(*stream) {
                vehicle.next_generation(categories, rng);
            }
        }
        Ok(parted)
    }

    fn merge(&mut self, mut other: Keyring) -> Result<Vec<(StreamId, Vec<Category>)>, WalletError> {
        let mut parted = Vec::new();
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
                    let (stream, categories) = (vehicle.stream, ours.merge(vehicle)?);
                    if !categories.is_empty() {
                        parted.push((stream, categories));
                    }
                }
                Err(_) => self.vehicles.push(vehicle),
            }
        }
        self.ending |= other.ending;
        self.merge_erased(other.erased);
        // A takeover that came to nothing on one device is over on the other.
        let forgotten = &self.forgotten;
        self.vehicles.retain(|vehicle| match &vehicle.takeover {
            Some(takeover) => takeover.done || !forgotten.contains(&takeover.sale),
            None => true,
        });
        self.vehicles.sort_by_key(|vehicle| (vehicle.added_at, vehicle.stream));
        parted.retain(|(stream, _)| self.vehicle(*stream).is_ok());
        Ok(parted)
    }
}

impl VehicleKeys {
    /// Answers the categories in which either side had a generation that the other had not.
    fn merge(&mut self, mut other: VehicleKeys) -> Result<Vec<Category>, WalletError> {
        let mut parted = Vec::new();
        for theirs in other.categories_mut() {
            let Some(ours) = self.categories_mut().iter_mut().find(|keys| keys.category == theirs.category) else {
                continue;
            };
            let has_more = |one: &[Generation], other: &[Generation]| {
                one.iter().any(|root| other.iter().all(|other| other.id() != root.id()))
            };
            if has_more(ours.generations(), theirs.generations()) && has_more(theirs.generations(), ours.generations())
            {
                parted.push(ours.category);
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
        Ok(parted)
    }
}
