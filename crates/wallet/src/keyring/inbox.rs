//! The keys to which a source seals what no day seal key serves. They open any day, so an erasure replaces them; the old one
//! stays until nothing more can be sealed to it and what was is taken in (`docs/decisions/erasure.md`).

use super::Seed;
use carnet_crypto::sealing::SealingSecret;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

/// The inbox keys of a stream.
#[derive(Serialize, Deserialize)]
pub(crate) struct Inboxes {
    /// By place; the last one is published.
    kept: Vec<Inbox>,
    /// What has an earlier place is forgotten: another device that still has it lets go of it.
    from: Place,
}

/// Which of two is the later one: by the epoch of the account's devices in which it was put in use, then by a number that
/// grows with each renewal. A device that is removed can put nothing beyond the epochs that it saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Place {
    epoch: u64,
    number: u32,
}

#[derive(Serialize, Deserialize)]
struct Inbox {
    place: Place,
    key: Seed,
}

impl Inboxes {
    /// A first one.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let place = Place { epoch: 0, number: 0 };
        Self { kept: vec![Inbox { place, key: Seed::generate(rng) }], from: place }
    }

    /// The one that is published.
    pub fn current(&self) -> Option<SealingSecret> {
        self.kept.last().map(|inbox| SealingSecret::derive(inbox.key.secret()))
    }

    /// All that still take something in, the newest first.
    pub fn secrets(&self) -> Vec<SealingSecret> {
        self.kept.iter().rev().map(|inbox| SealingSecret::derive(inbox.key.secret())).collect()
    }

    /// Puts a fresh one in use.
    pub fn renew(&mut self, rng: &mut impl CryptoRng) {
        let newest = self.newest();
        self.put(Place { number: newest.number.saturating_add(1), ..newest }, rng);
    }

    /// Puts a fresh one in use for an epoch after a removal.
    pub fn renew_for(&mut self, epoch: u64, rng: &mut impl CryptoRng) {
        self.put(Place { epoch, number: 0 }, rng);
    }

    fn put(&mut self, place: Place, rng: &mut impl CryptoRng) {
        self.kept.push(Inbox { place, key: Seed::generate(rng) });
    }

    /// Drops what claims to be of a later epoch than there was.
    pub fn bound_by(&mut self, epoch: u64) {
        self.kept.retain(|inbox| inbox.place.epoch <= epoch);
        self.from = self.from.min(Place { epoch, number: u32::MAX });
    }

    /// Whether one that was replaced is still here.
    pub fn is_ending(&self) -> bool {
        self.kept.iter().any(|inbox| inbox.place < self.newest())
    }

    /// Forgets those that were replaced.
    pub fn end(&mut self) {
        self.from = self.newest();
        self.drop_forgotten();
    }

    /// Joins with another device's: what either renewed stays, what either forgot is forgotten.
    pub fn merge(&mut self, other: Self) {
        self.from = self.from.max(other.from);
        for inbox in other.kept {
            if !self.kept.iter().any(|ours| ours.place == inbox.place && ours.key == inbox.key) {
                self.kept.push(inbox);
            }
        }
        // Where both renewed, both devices publish the same one and take in what was sealed to either.
        self.kept
            .sort_by(|one, two| (one.place, one.key.secret().expose()).cmp(&(two.place, two.key.secret().expose())));
        self.drop_forgotten();
    }

    fn newest(&self) -> Place {
        self.kept.last().map_or(self.from, |inbox| inbox.place)
    }

    fn drop_forgotten(&mut self) {
        self.kept.retain(|inbox| inbox.place >= self.from);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use carnet_protocol::encoding;
    use getrandom::{SysRng, rand_core::UnwrapErr};

    fn copy(inboxes: &Inboxes) -> Inboxes {
        encoding::decode(&encoding::encode(inboxes)).unwrap()
    }

    fn public(inboxes: &Inboxes) -> carnet_protocol::key::SealingKey {
        inboxes.current().unwrap().public()
    }

    #[test]
    fn a_renewed_key_ends_only_when_it_is_told_to_and_no_device_brings_it_back() {
        let rng = &mut UnwrapErr(SysRng);
        let mut ours = Inboxes::generate(rng);
        let (old, theirs) = (public(&ours), copy(&ours));
        ours.renew(rng);
        assert!(ours.is_ending() && public(&ours) != old);
        assert_eq!(ours.secrets().len(), 2);
        ours.end();
        assert!(!ours.is_ending());
        let renewed = public(&ours);
        let mut joined = copy(&theirs);
        joined.merge(copy(&ours));
        ours.merge(theirs);
        for inboxes in [&ours, &joined] {
            assert_eq!((inboxes.secrets().len(), public(inboxes)), (1, renewed));
        }
    }

    #[test]
    fn what_a_device_planted_gives_way_to_the_renewal_after_its_removal() {
        let rng = &mut UnwrapErr(SysRng);
        let mut ours = Inboxes::generate(rng);
        let mut planted = copy(&ours);
        planted.put(Place { epoch: 0, number: u32::MAX }, rng);
        planted.put(Place { epoch: u64::MAX, number: u32::MAX }, rng);
        planted.from = Place { epoch: u64::MAX, number: u32::MAX };
        planted.bound_by(0);
        ours.merge(planted);
        let before = public(&ours);
        ours.renew_for(1, rng);
        let renewed = public(&ours);
        assert_ne!(renewed, before);
        ours.end();
        assert_eq!((ours.secrets().len(), public(&ours)), (1, renewed));
    }

    #[test]
    fn devices_that_both_renewed_agree_on_one_and_keep_both() {
        let rng = &mut UnwrapErr(SysRng);
        let mut ours = Inboxes::generate(rng);
        let mut theirs = copy(&ours);
        ours.renew(rng);
        theirs.renew(rng);
        let before = copy(&ours);
        ours.merge(copy(&theirs));
        theirs.merge(before);
        assert_eq!(public(&ours), public(&theirs));
        ours.end();
        assert_eq!(ours.secrets().len(), 2, "what was sealed to either is taken in");
    }
}
