//! Public day seal keys: what a source takes, and what it refuses.

#![allow(clippy::unwrap_used, missing_docs)]

use carnet_crypto::{sealing::SealingSecret, secret::Secret, signature::SigningKey};
use carnet_proofs::{
    head::{leaf_hash, leaf_hashes},
    seal_keys::{Expected, SealKeyError, SealTarget, TargetKey, check, prove, publish, verify_day},
};
use carnet_protocol::{
    day::{Day, Timestamp},
    id::{CategoryLabel, Hash32, RecordId, StreamId},
    key::{SealingKey, VerifyingKey},
    ledger::{Leaf, LeafEntry},
    limits::SEAL_KEYS_MAX,
    seal_keys::{DaySealKey, SealKeys},
};

const STREAM: StreamId = StreamId([1; 16]);
const LABEL: CategoryLabel = CategoryLabel([2; 8]);
const FIRST: Day = Day(20_000);

fn owner(n: u8) -> SigningKey {
    SigningKey::from_seed(&Secret::from_slice(&[n; 32]).unwrap())
}

fn point(n: u16) -> SealingKey {
    let mut seed = [7; 32];
    seed[..2].copy_from_slice(&n.to_be_bytes());
    SealingSecret::derive(&Secret::from_slice(&seed).unwrap()).public()
}

fn batch(days: u16) -> SealKeys {
    publish(&owner(1), STREAM, LABEL, 3, FIRST, (0..days).map(point).collect(), point(9_999))
}

fn served(keys: &SealKeys, day: Day) -> DaySealKey {
    prove(keys, &check(keys).unwrap(), day)
}

fn verified(served: &DaySealKey, day: Day) -> Result<SealTarget, SealKeyError> {
    let owner = owner(1).verifying_key();
    verify_day(served, &Expected { owner: &owner, stream: &STREAM, label: &LABEL, day, generation: 3 })
}

#[test]
fn every_day_of_a_batch_is_proved_whatever_its_length() {
    for days in [1, 2, 3, 7, 8, 9, 64, 100] {
        let keys = batch(days);
        for day in 0..days {
            let (day, key) = (Day(FIRST.0 + day), point(day));
            let target = verified(&served(&keys, day), day).unwrap();
            assert_eq!(target, SealTarget { generation: 3, key: TargetKey::Day(key) });
        }
    }
}

#[test]
fn outside_the_batch_a_source_seals_to_the_inbox() {
    let keys = batch(9);
    for day in [Day(FIRST.0 - 1), Day(FIRST.0 + 9), Day::LAST, Day::FIRST] {
        let target = verified(&served(&keys, day), day).unwrap();
        assert_eq!(target.key, TargetKey::Inbox(point(9_999)));
    }
}

#[test]
fn no_key_is_taken_for_another_day_stream_category_generation_or_signer() {
    let keys = batch(9);
    let (today, day) = (served(&keys, FIRST), FIRST);
    let own = owner(1).verifying_key();
    let expected = Expected { owner: &own, stream: &STREAM, label: &LABEL, day, generation: 3 };
    assert!(verify_day(&today, &expected).is_ok());
    let tomorrow = Day(FIRST.0 + 1);
    assert_eq!(verify_day(&today, &Expected { day: tomorrow, ..expected }), Err(SealKeyError::Proof));
    let stream = StreamId([9; 16]);
    assert_eq!(verify_day(&today, &Expected { stream: &stream, ..expected }), Err(SealKeyError::OtherPlace));
    let label = CategoryLabel([9; 8]);
    assert_eq!(verify_day(&today, &Expected { label: &label, ..expected }), Err(SealKeyError::OtherPlace));
    let old = Err(SealKeyError::OldGeneration { found: 3, known: 4 });
    assert_eq!(verify_day(&today, &Expected { generation: 4, ..expected }), old);
    assert!(verify_day(&today, &Expected { generation: 2, ..expected }).is_ok(), "a newer one than known is taken");
    let other = owner(2).verifying_key();
    assert_eq!(verify_day(&today, &Expected { owner: &other, ..expected }), Err(SealKeyError::Signature));
    // The other owner's own batch under this owner's name.
    let mut renamed = served(&publish(&owner(2), STREAM, LABEL, 3, FIRST, vec![point(0)], point(1)), FIRST);
    renamed.batch.key = own;
    assert_eq!(verify_day(&renamed, &expected), Err(SealKeyError::Signature));
}

#[test]
fn a_proof_that_is_cut_lengthened_changed_or_left_out_is_refused() {
    let keys = batch(9);
    let good = served(&keys, FIRST);
    let change = |change: fn(&mut DaySealKey)| {
        let mut changed = good.clone();
        change(&mut changed);
        verified(&changed, FIRST)
    };
    let wrong = Err(SealKeyError::Proof);
    assert_eq!(change(|served| assert!(served.key.as_mut().unwrap().path.pop().is_some())), wrong);
    assert_eq!(change(|served| served.key.as_mut().unwrap().path.push(Hash32([0; 32]))), wrong);
    assert_eq!(change(|served| served.key.as_mut().unwrap().path[0].0[0] ^= 1), wrong);
    assert_eq!(change(|served| served.key.as_mut().unwrap().key = point(1)), wrong);
    assert_eq!(change(|served| served.key = None), wrong, "a relay cannot turn a source to the inbox");
    let beyond = Day(FIRST.0 + 9);
    assert_eq!(verified(&good, beyond), wrong, "nor from the inbox to some key");
}

#[test]
fn small_order_keys_and_wrong_batches_are_refused_where_they_come_in() {
    let weak = SealingKey([0; 32]);
    let with = |keys: Vec<SealingKey>, inbox| publish(&owner(1), STREAM, LABEL, 3, FIRST, keys, inbox);
    assert_eq!(check(&with(vec![point(0), weak], point(1))), Err(SealKeyError::WeakKey));
    assert_eq!(check(&with(vec![point(0)], weak)), Err(SealKeyError::WeakKey));
    assert_eq!(check(&with(Vec::new(), point(1))), Err(SealKeyError::Proof));
    assert_eq!(check(&with(vec![point(0); SEAL_KEYS_MAX + 1], point(1))), Err(SealKeyError::Proof));
    let mut exchanged = batch(9);
    exchanged.keys.swap(0, 1);
    assert_eq!(check(&exchanged), Err(SealKeyError::Proof));
    // A source looks for itself.
    let keys = with(vec![weak], point(1));
    let batch = carnet_protocol::encoding::decode(&keys.batch.body).unwrap();
    assert_eq!(verified(&prove(&keys, &batch, FIRST), FIRST), Err(SealKeyError::WeakKey));
}

#[test]
fn the_mark_of_quarantine_is_part_of_a_leaf() {
    let entry = LeafEntry { record: RecordId([3; 16]), label: LABEL, day: FIRST, commitment: Hash32([4; 32]) };
    let (source, at) = (VerifyingKey([5; 32]), Timestamp(6));
    let leaf = Leaf { index: 0, entry, source, base_quality: 70, at, quarantined: true, withdrawn: false };
    let free = Leaf { quarantined: false, ..leaf };
    assert_ne!(leaf_hash(&leaf), leaf_hash(&free));
    // No base quality passes for the mark.
    let disguised = Leaf { base_quality: 70 | 0x80, ..free };
    assert_ne!(leaf_hash(&disguised), leaf_hash(&leaf));
    assert_ne!(leaf_hash(&Leaf { base_quality: 70 | 0x80, ..leaf }), leaf_hash(&leaf));
    // Nor among many, which are hashed side by side.
    let many = [free, disguised, leaf, Leaf { base_quality: 70 | 0x80, ..leaf }, disguised];
    assert_eq!(leaf_hashes(&many), many.map(|leaf| leaf_hash(&leaf)));
}
