//! Cars held together: whom an owner let in, and what a co-holder holds.

use super::{CategoryKeys, Generation, Inboxes, Seed, VehicleKeys};
use crate::error::WalletError;
use carnet_crypto::{
    holder::{OpenedBundle, invitation_key},
    signature::SigningKey,
};
use carnet_protocol::{
    day::Timestamp,
    holder::{BundleCategory, BundleSecret},
    id::StreamId,
    key::{SealingKey, VerifyingKey},
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

/// How long an answer that was given in time is waited for, in milliseconds: 30 days.
const LATE_MS: u64 = 30 * Timestamp::DAY;

/// Someone whom the owner invited to hold the car together.
#[derive(Serialize, Deserialize)]
pub(crate) struct Holder {
    /// The secret of the invitation's code.
    pub secret: Seed,
    /// The key that answers it; by it the person is known here.
    pub key: VerifyingKey,
    /// Who it is, in the owner's words.
    pub name: String,
    /// Whether the private categories go along.
    pub private: bool,
    /// When the invitation was made.
    pub invited_at: Timestamp,
    /// Until when it can be answered.
    pub expires: Timestamp,
    /// The answer.
    pub joined: Option<Joined>,
    /// When the owner ended it.
    pub removed_at: Option<Timestamp>,
}

/// The keys with which an invitation was answered.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Joined {
    /// Signs for the co-holder.
    pub sign: VerifyingKey,
    /// Bundles are sealed to this.
    pub seal: SealingKey,
    /// When the owner's wallet admitted it.
    pub at: Timestamp,
    /// Of the newest bundle.
    pub version: u64,
}

impl Holder {
    /// Whether it holds the car now.
    pub fn stands(&self) -> bool {
        self.joined.is_some() && self.removed_at.is_none()
    }

    /// Whether this key was let in and removed again.
    fn is_out(&self, sign: VerifyingKey) -> bool {
        self.removed_at.is_some() && self.signs() == Some(sign)
    }

    /// Whether an answer may still come in: one given in time, while the owner was away.
    pub fn awaits_answer(&self, now: Timestamp) -> bool {
        self.joined.is_none() && self.removed_at.is_none() && now < self.expires.plus(LATE_MS)
    }

    /// Whether it can be answered.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.joined.is_none() && self.removed_at.is_none() && now < self.expires
    }

    /// Answers whether somebody who stood on one side is shut out by it.
    pub(super) fn merge(&mut self, other: Self) -> bool {
        let stood = [(self.stands(), self.joined), (other.stands(), other.joined)];
        self.removed_at = self.removed_at.or(other.removed_at);
        self.joined = match (self.joined, other.joined) {
            (Some(ours), Some(theirs)) => Some(if theirs.version > ours.version { theirs } else { ours }),
            (ours, theirs) => ours.or(theirs),
        };
        // Where one side had let in and removed the same person, it has started the generation already.
        let removed_knowingly = stood.iter().any(|(stands, joined)| !stands && joined.is_some());
        let lost = |joined: Option<Joined>| joined.is_some_and(|joined| Some(joined.sign) != self.signs());
        let shut_out = !self.stands() && (stood[0].0 || stood[1].0);
        lost(stood[0].1) || lost(stood[1].1) || shut_out && !removed_knowingly
    }

    /// The key of who answered.
    pub fn signs(&self) -> Option<VerifyingKey> {
        self.joined.map(|joined| joined.sign)
    }
}

/// That a car is somebody else's, held together.
#[derive(Serialize, Deserialize)]
pub(crate) struct Held {
    /// The stream's owner.
    pub owner: VerifyingKey,
    /// Opens bundles.
    pub seal: Seed,
    /// Of the newest bundle taken over.
    pub version: u64,
    /// Whether the private categories came along.
    pub private: bool,
    /// Whether the owner has ended it.
    pub ended: bool,
}

/// An invitation that was answered and waits for the car's keys.
#[derive(Serialize, Deserialize)]
pub(crate) struct Joining {
    /// The car's stream.
    pub stream: StreamId,
    /// Its owner, by the code.
    pub owner: VerifyingKey,
    /// The secret of the code.
    pub secret: Seed,
    /// Will sign for the stream.
    pub sign: Seed,
    /// Will open bundles.
    pub seal: Seed,
    /// What the owner calls the car.
    pub vehicle_name: String,
    /// Whether the private categories go along.
    pub private: bool,
    /// Until when the invitation can be answered.
    pub expires: Timestamp,
    /// When it was answered.
    pub at: Timestamp,
}

impl Joining {
    /// Whether nothing will come of it any more.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now >= self.expires.plus(LATE_MS)
    }

    /// The key that signs the answer.
    pub fn invitation_key(&self) -> SigningKey {
        invitation_key(self.secret.secret(), &self.stream)
    }
}

impl VehicleKeys {
    /// Ends the invitations that nobody has answered: whoever had this keyring has their secrets. Answers their keys.
    pub fn end_invitations(&mut self, now: Timestamp) -> Vec<VerifyingKey> {
        let open = self.holders.iter_mut().filter(|holder| holder.joined.is_none() && holder.removed_at.is_none());
        open.map(|holder| {
            holder.removed_at = Some(now);
            holder.key
        })
        .collect()
    }

    /// The keys that the ledger may still have as co-holders', and that are shut out here where they were not in `before`.
    pub fn shut_out_since(&self, before: &Self) -> Vec<VerifyingKey> {
        let after = |key| self.holders.iter().find(|holder| holder.key == key);
        let was_out = |key, sign| before.holders.iter().any(|old| old.key == key && old.is_out(sign));
        let removed = self.holders.iter().filter(|holder| holder.removed_at.is_some());
        let removed = removed.filter_map(|holder| holder.signs().filter(|sign| !was_out(holder.key, *sign)));
        let lost = before.holders.iter().filter_map(|old| {
            let kept = after(old.key).and_then(Holder::signs);
            old.signs().filter(|sign| kept != Some(*sign))
        });
        removed.chain(lost).collect()
    }

    /// Refuses what only the car's owner may do.
    ///
    /// # Errors
    /// [`WalletError::OwnerOnly`].
    pub fn expect_own(&self) -> Result<(), WalletError> {
        if self.held.is_none() { Ok(()) } else { Err(WalletError::OwnerOnly) }
    }

    /// Refuses writing to a car that is no longer held together.
    ///
    /// # Errors
    /// [`WalletError::AccessEnded`].
    pub fn expect_standing(&self) -> Result<(), WalletError> {
        if self.held.as_ref().is_some_and(|held| held.ended) { Err(WalletError::AccessEnded) } else { Ok(()) }
    }

    /// The key that owns the stream.
    pub fn owner(&self) -> VerifyingKey {
        self.held.as_ref().map_or_else(|| self.signing_key().verifying_key(), |held| held.owner)
    }

    /// See [`Holder::key`].
    ///
    /// # Errors
    /// [`WalletError::NotFound`].
    pub fn holder_mut(&mut self, key: VerifyingKey) -> Result<&mut Holder, WalletError> {
        self.holders.iter_mut().find(|holder| holder.key == key).ok_or(WalletError::NotFound)
    }

    /// What a co-holder gets: the roots, all generations of them, of all categories or of those that are not private.
    pub fn bundle(&self, private: bool) -> BundleSecret {
        let shared = self.categories.iter().filter(|keys| private || !keys.category.is_private());
        let categories = shared.map(|keys| BundleCategory {
            category: keys.category,
            label: keys.label,
            generations: keys.generations.iter().map(Generation::to_bundle).collect(),
        });
        BundleSecret { vehicle_name: self.name.clone(), sample: self.sample, categories: categories.collect() }
    }

    /// A car held together with its owner, from the first bundle.
    ///
    /// # Errors
    /// [`WalletError::Damaged`] when a root is none.
    pub fn held(
        joining: Joining,
        version: u64,
        bundle: &OpenedBundle,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, WalletError> {
        let Joining { stream, owner, sign, seal, private, at, .. } = joining;
        let secret = bundle.secret();
        let mut vehicle = Self {
            stream,
            epoch: 0,
            name: secret.vehicle_name.clone(),
            sample: secret.sample,
            added_at: at,
            sign,
            // Sources seal to the owner's, which is not handed out: it could not be taken back.
            inboxes: Inboxes::generate(rng),
            categories: Vec::new(),
            shares: Vec::new(),
            pairings: Vec::new(),
            imports: Vec::new(),
            sale: None,
            takeover: None,
            erased: Vec::new(),
            holders: Vec::new(),
            held: Some(Held { owner, seal, version, private, ended: false }),
        };
        vehicle.take_roots(bundle)?;
        Ok(vehicle)
    }

    /// Whether later keys of the same car open fewer days of a generation: something was erased.
    pub fn loses_days(&self, later: &Self) -> bool {
        self.categories.iter().any(|ours| {
            let theirs = later.categories.iter().find(|keys| keys.category == ours.category);
            theirs.is_some_and(|theirs| {
                ours.generations.iter().zip(&theirs.generations).any(|(was, is)| was.days_left() != is.days_left())
            })
        })
    }

    /// Takes over the roots of a bundle.
    ///
    /// # Errors
    /// [`WalletError::Damaged`] when a root is none.
    pub fn take_roots(&mut self, bundle: &OpenedBundle) -> Result<(), WalletError> {
        let categories = bundle.secret().categories.iter().map(|keys| {
            let generations = keys.generations.iter().map(Generation::from_bundle).collect::<Result<_, _>>()?;
            Ok(CategoryKeys { category: keys.category, label: keys.label, generations })
        });
        self.categories = categories.collect::<Result<_, WalletError>>()?;
        Ok(())
    }
}
