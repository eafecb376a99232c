//! What a member can do with the whole ledger and a list of all VINs: nothing beyond what it may ask.

#![allow(clippy::unwrap_used, missing_docs)]

use carnet_crypto::{hash, sealing::SealingSecret, secret::Secret, signature::SigningKey};
use carnet_ledger::{memory::MemoryLedger, transaction_hash};
use carnet_protocol::{
    day::{Day, Timestamp},
    domain::Domain,
    encoding,
    id::{CategoryLabel, Hash32, RecordId, StreamId, VinTag},
    ledger::{Action, LeafEntry, Outcome, Transaction, VinSighting},
    member::{Member, MemberClass},
    vin::{VinAnswer, VinQuestion},
};
use carnet_vin_tag::{Blinded, Evaluator, Vin, VinTagError};
use core::convert::Infallible;
use proptest::prelude::*;
use rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256, Sha512};
use std::collections::HashSet;

const NOW: Timestamp = Timestamp(1_800_000_000_000);
/// VINs that the member tries; the attested cars are among them.
const VINS: u32 = 1_000_000;
/// Cars on the ledger.
const CARS: u32 = 200;
/// Evaluations that the member is allowed.
const QUOTA: u32 = 25;

/// Repeatable randomness.
struct TestRng(u64);

impl TryRng for TestRng {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|number| number as u32)
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(32) {
            self.0 += 1;
            chunk.copy_from_slice(&Sha256::digest(self.0.to_le_bytes())[..chunk.len()]);
        }
        Ok(())
    }
}
impl TryCryptoRng for TestRng {}

fn evaluator() -> Evaluator {
    Evaluator::from_seed(&Secret::from_slice(&[7; 32]).unwrap()).unwrap()
}

fn vin_text(n: u32) -> String {
    format!("WVWZZZ1KZ6W{n:06}")
}

fn ask(evaluator: &Evaluator, n: u32, rng: &mut TestRng) -> VinTag {
    let blinded = Blinded::new(&Vin::parse(&vin_text(n)).unwrap(), rng).unwrap();
    let answer = evaluator.evaluate(&blinded.question(), rng).unwrap();
    blinded.finish(&answer, &evaluator.key()).unwrap()
}

fn key(seed: u16) -> SigningKey {
    let mut bytes = [3; 32];
    bytes[..2].copy_from_slice(&seed.to_be_bytes());
    SigningKey::from_seed(&Secret::from_slice(&bytes).unwrap())
}

/// A ledger with so many attested cars, as the member has it: every byte of its log and state.
fn ledger_of_cars(tags: &[VinTag]) -> Vec<u8> {
    let mut ledger = MemoryLedger::default();
    let genesis = key(0).sign(&Transaction { ledger: None, at: NOW, action: Action::Genesis { name: "Test".into() } });
    let id = Some(transaction_hash(&genesis));
    let mut all = vec![genesis];
    let mut sign = |by: u16, action| all.push(key(by).sign(&Transaction { ledger: id, at: NOW, action }));
    let seal = SealingSecret::derive(&Secret::from_slice(&[9; 32]).unwrap()).public();
    let (name, class) = ("Garage".to_owned(), MemberClass::Garage);
    let member = Member { sign: key(1).verifying_key(), seal, name, class, base_quality: 80 };
    sign(0, Action::AdmitMember(member));
    for (n, tag) in (2_u16..).zip(tags) {
        let stream = StreamId(Sha256::digest(n.to_be_bytes())[..16].try_into().unwrap());
        let record = RecordId([1; 16]);
        let entry = LeafEntry { record, label: CategoryLabel([2; 8]), day: Day(20_000), commitment: Hash32([3; 32]) };
        sign(n, Action::OpenStream { stream });
        sign(n, Action::AppendRecords { stream, entries: vec![entry] });
        sign(1, Action::AttestVin { stream, sighting: VinSighting { tag: *tag, record, odometer: None } });
    }
    let mut bytes = Vec::new();
    for signed in all {
        bytes.extend(encoding::encode(&signed));
        assert!(matches!(ledger.submit(signed, NOW).outcome, Outcome::Accepted { .. }));
    }
    for (key, value) in ledger.state().entries() {
        bytes.extend_from_slice(key);
        bytes.extend_from_slice(value);
    }
    bytes
}

/// What somebody without the key might try to come to a tag: plain and labelled hashes of the VIN, salted with all that
/// is public.
fn guesses(vin: &str, public: &[u8; 32]) -> [Hash32; 8] {
    let (labelled, raw) = (|domain, data: &[u8]| hash::digest(domain, data), vin.as_bytes());
    let plain = |data: &[u8]| Hash32(Sha256::digest(data).into());
    let long = Sha512::digest([Domain::EVALUATE_VIN.as_bytes(), raw].concat());
    [
        plain(raw),
        plain(vin.to_lowercase().as_bytes()),
        labelled(Domain::HASH_VIN_TAG, raw),
        labelled(Domain::EVALUATE_VIN, raw),
        labelled(Domain::HASH_VIN_TAG, &long),
        labelled(Domain::HASH_VIN_TAG, &[public.as_slice(), raw].concat()),
        labelled(Domain::HASH_VIN_TAG, &[raw, public].concat()),
        Hash32(long[..32].try_into().unwrap()),
    ]
}

#[test]
fn a_member_with_the_ledger_and_a_million_vins_links_none_beyond_its_quota() {
    let (evaluator, mut rng) = (evaluator(), TestRng(1));
    let step = VINS / CARS;
    let tags: Vec<VinTag> = (0..CARS).map(|n| ask(&evaluator, n * step, &mut rng)).collect();
    let ledger = ledger_of_cars(&tags);
    // Every 32 bytes in a row anywhere on the ledger, so that it does not matter where a tag would stand.
    let windows: HashSet<&[u8]> = ledger.windows(32).collect();
    assert!(tags.iter().all(|tag| windows.contains(&tag.as_bytes()[..])), "the search itself works");
    let public = evaluator.key().0;
    let mut linked = 0;
    for n in 0..VINS {
        let vin = vin_text(n);
        linked += guesses(&vin, &public).iter().filter(|guess| windows.contains(&guess.0[..])).count();
    }
    assert_eq!(linked, 0, "without an evaluation no tag can be told");
    // With the evaluations it is allowed, spent as well as can be: each tells of one VIN whether it is there.
    let asked = (0..QUOTA).filter(|n| windows.contains(&ask(&evaluator, n * step, &mut rng).as_bytes()[..])).count();
    assert_eq!(asked, QUOTA as usize);
}

#[test]
fn questions_and_answers_tell_nothing_apart() {
    let (evaluator, mut rng) = (evaluator(), TestRng(2));
    let (mut seen, mut sizes) = (HashSet::new(), HashSet::new());
    for n in [0, 0, 0, 1, 2] {
        let blinded = Blinded::new(&Vin::parse(&vin_text(n)).unwrap(), &mut rng).unwrap();
        let answer = evaluator.evaluate(&blinded.question(), &mut rng).unwrap();
        sizes.insert((encoding::encode(&blinded.question()).len(), encoding::encode(&answer).len()));
        assert!(seen.insert(blinded.question().blinded), "no question is asked twice alike");
    }
    assert_eq!(sizes.len(), 1);
}

#[test]
fn another_key_is_found_out() {
    let (named, other, mut rng) =
        (evaluator(), Evaluator::from_seed(&Secret::from_slice(&[8; 32]).unwrap()).unwrap(), TestRng(3));
    let blinded = Blinded::new(&Vin::parse(&vin_text(5)).unwrap(), &mut rng).unwrap();
    let answer: VinAnswer = other.evaluate(&blinded.question(), &mut rng).unwrap();
    assert_eq!(blinded.finish(&answer, &named.key()), Err(VinTagError::Proof));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// One VIN, one tag, whatever the blinding; other VINs, other tags.
    #[test]
    fn a_tag_is_a_function_of_the_vin_alone(a in 0..1_000_000_u32, b in 0..1_000_000_u32, seed in any::<u32>()) {
        let evaluator = evaluator();
        let (one, again) = (ask(&evaluator, a, &mut TestRng(u64::from(seed))), ask(&evaluator, a, &mut TestRng(u64::from(seed) + 99)));
        prop_assert_eq!(one, again);
        prop_assert_eq!(a == b, one == ask(&evaluator, b, &mut TestRng(5)));
    }

    #[test]
    fn no_bytes_make_the_evaluator_fail(bytes in any::<[u8; 32]>()) {
        let question = VinQuestion { blinded: carnet_protocol::vin::BlindedVin(bytes) };
        let answered = evaluator().evaluate(&question, &mut TestRng(6));
        prop_assert!(answered.is_ok() || answered == Err(VinTagError::Malformed));
    }
}
