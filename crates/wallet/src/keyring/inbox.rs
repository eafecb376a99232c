//! The keys to which a source seals what no day seal key serves. They open any day, so an erasure replaces them; the old one
//! stays until nothing more can be sealed to it and what was is taken in (`docs/decisions/erasure.md`).

use super::Seed;
use carnet_crypto::sealing::SealingSecret;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

/// The inbox keys of a stream.
#[derive(Serialize, Deserialize)]
pub(crate) struct Inboxes {
    /// By number; the last one is published.
    kept: Vec<Inbox>,
    /// What has a lower number is forgotten: another device that still has it lets go of it.
    from: u32,
}

#[derive(Serialize, Deserialize)]
struct Inbox {
    /// Grows with each renewal.
    number: u32,
    key: Seed,
}

impl Inboxes {
    /// A first one.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self { kept: vec![Inbox { number: 0, key: Seed::generate(rng) }], from: 0 }
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
        self.kept.push(Inbox { number: self.newest().saturating_add(1), key: Seed::generate(rng) });
    }

    /// Whether one that was replaced is still here.
    pub fn is_ending(&self) -> bool {
        self.kept.iter().any(|inbox| inbox.number < self.newest())
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
            if !self.kept.iter().any(|ours| ours.number == inbox.number && ours.key == inbox.key) {
                self.kept.push(inbox);
            }
        }
        // Where both renewed, both devices publish the same one and take in what was sealed to either.
        self.kept
            .sort_by(|one, two| (one.number, one.key.secret().expose()).cmp(&(two.number, two.key.secret().expose())));
        self.drop_forgotten();
    }

    fn newest(&self) -> u32 {
        self.kept.last().map_or(self.from, |inbox| inbox.number)
    }

    fn drop_forgotten(&mut self) {
        self.kept.retain(|inbox| inbox.number >= self.from);
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
