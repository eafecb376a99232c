//! What was erased, so that no other device brings it back.

use super::{Keyring, Seed, VehicleKeys};
use crate::error::WalletError;
use carnet_crypto::signature::SigningKey;
use carnet_protocol::{
    category::Category,
    day::{Day, Timestamp},
    id::{GrantId, RecordId, StreamId},
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};

/// A car that was erased.
#[derive(Serialize, Deserialize)]
pub(crate) struct ErasedVehicle {
    /// Its stream.
    pub stream: StreamId,
    /// When.
    pub at: Timestamp,
    /// Signs the removal at relay and ledger until both have confirmed it. It opens nothing.
    sign: Option<Seed>,
}

impl ErasedVehicle {
    /// The key that signs the removal, while it is not confirmed.
    pub fn signing_key(&self) -> Option<SigningKey> {
        self.sign.as_ref().map(|seed| SigningKey::from_seed(seed.secret()))
    }

    /// Forgets the key.
    pub fn confirm(&mut self) {
        self.sign = None;
    }
}

impl Keyring {
    /// Forgets every key of a car but the one that signs its removal.
    ///
    /// # Errors
    /// [`WalletError::NotFound`].
    pub fn erase_vehicle(&mut self, stream: StreamId, now: Timestamp) -> Result<(), WalletError> {
        let position = self.vehicles.iter().position(|vehicle| vehicle.stream == stream);
        let vehicle = self.vehicles.remove(position.ok_or(WalletError::NotFound)?);
        if let Some(takeover) = &vehicle.takeover {
            // What its seller handed over is part of it.
            self.saved.retain(|saved| saved.grant != takeover.sale);
            self.forgotten.push(takeover.sale);
        }
        self.erased.push(ErasedVehicle { stream, at: now, sign: Some(vehicle.into_sign()) });
        self.forget_readings_of(stream);
        Ok(())
    }

    /// Forgets what this wallet holds as a reader of one of its own cars: a link of one's own that one has claimed opens
    /// what was erased as well.
    pub fn forget_readings_of(&mut self, stream: StreamId) {
        let (gone, kept) = core::mem::take(&mut self.saved).into_iter().partition(|saved| saved.stream == stream);
        self.saved = kept;
        self.forgotten.extend(Vec::into_iter(gone).map(|saved: super::SavedPassport| saved.grant));
    }

    /// An erased car.
    pub fn erased_vehicle_mut(&mut self, stream: StreamId) -> Option<&mut ErasedVehicle> {
        self.erased.iter_mut().find(|erased| erased.stream == stream)
    }

    /// Takes over which cars another device erased.
    pub(super) fn merge_erased(&mut self, theirs: Vec<ErasedVehicle>) {
        for erased in theirs {
            match self.erased_vehicle_mut(erased.stream) {
                // Confirmed on either device is confirmed.
                Some(ours) if erased.sign.is_none() => ours.confirm(),
                Some(_) => {}
                None => self.erased.push(erased),
            }
        }
        self.erased.sort_by_key(|erased| (erased.at, erased.stream));
        let gone: BTreeSet<StreamId> = self.erased.iter().map(|erased| erased.stream).collect();
        self.vehicles.retain(|vehicle| !gone.contains(&vehicle.stream));
    }
}

impl VehicleKeys {
    /// Forgets the keys of a category's days, in every generation, and starts another generation for what comes.
    ///
    /// # Errors
    /// [`WalletError::Damaged`].
    pub fn erase_days(
        &mut self,
        category: Category,
        days: &BTreeSet<Day>,
        rng: &mut impl CryptoRng,
    ) -> Result<(), WalletError> {
        let keys = self.category_mut(category)?;
        for generation in keys.generations_mut() {
            generation.puncture(days.iter().copied())?;
        }
        self.renew_inbox(rng);
        self.next_generation(&[category], rng);
        self.forget_links(|scope| scope.category == category && days.iter().any(|day| scope.days.contains(*day)));
        Ok(())
    }

    /// Forgets all keys of a category, and starts another generation for what comes.
    ///
    /// # Errors
    /// [`WalletError::Damaged`].
    pub fn erase_category(&mut self, category: Category, rng: &mut impl CryptoRng) -> Result<(), WalletError> {
        self.category_mut(category)?.generations_mut().iter_mut().for_each(super::Generation::erase);
        self.renew_inbox(rng);
        self.next_generation(&[category], rng);
        self.forget_links(|scope| scope.category == category);
        Ok(())
    }

    /// Forgets the secret of every link, ended ones too, that ever opened such a scope: what the relay keeps, or kept in
    /// a backup, of the grant behind it opens with that secret. Its readers go on reading; it cannot be shown again.
    fn forget_links(&mut self, opened: impl Fn(&crate::command::ShareScope) -> bool) {
        for share in self.shares.iter_mut().filter(|share| share.scopes.iter().any(&opened)) {
            if let Some(link) = &mut share.link {
                link.secret = None;
            }
        }
    }

    /// [`Self::forget_links`] for shares that the device which erased did not know.
    pub fn forget_unknown_links(&mut self, category: Category, known: &HashSet<GrantId>) {
        for share in self.shares.iter_mut().filter(|share| !known.contains(&share.grant)) {
            if share.scopes.iter().any(|scope| scope.category == category)
                && let Some(link) = &mut share.link
            {
                link.secret = None;
            }
        }
    }

    /// Notes records as erased.
    pub fn note_erased(&mut self, records: impl IntoIterator<Item = RecordId>) {
        self.erased.extend(records);
        self.erased.sort();
        self.erased.dedup();
    }
}
