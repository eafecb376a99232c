//! Writing with the owner's leave, and without it.

use super::{
    host::Host,
    world::{self, START, World},
};
use carnet_crypto::signature::SigningKey;
use carnet_ledger::query;
use carnet_protocol::{
    day::{Day, DayRange, Timestamp},
    id::{CategoryLabel, PairingId, StreamId},
    ledger::{Action, LeafEntry, Rejection},
    limits::{PAIRING_CODE_MS, QUARANTINE_MAX, QUARANTINE_MS, WRITE_SCOPES_MAX},
    member::MemberClass,
    pairing::{PairingClaim, WriteGrant, WriteScope},
};

/// The key that claims pairing `n`: who has the code has it.
fn code(n: u16) -> SigningKey {
    world::key(13, n)
}

pub fn pairing(n: u16) -> PairingId {
    PairingId([14 + u8::try_from(n).unwrap(); 16])
}

/// Leave `n` for stream 1, of which the entries of [`world::entry`] with content 0 are covered.
fn leave(n: u16) -> WriteGrant {
    WriteGrant {
        pairing: pairing(n),
        stream: world::stream(1),
        claim: code(n).verifying_key(),
        scopes: vec![WriteScope { label: CategoryLabel([0; 8]), days: DayRange::ALL }],
        issued_at: START,
        claim_before: START.plus(PAIRING_CODE_MS),
        not_after: START.plus(90 * Timestamp::DAY),
    }
}

fn claim(n: u16, source: &SigningKey) -> PairingClaim {
    PairingClaim { pairing: pairing(n), source: source.verifying_key() }
}

/// Leave `n` of owner 1, claimed by a source.
pub fn pair(n: u16, source: &SigningKey) -> Action {
    pair_with(&leave(n), n, source)
}

fn pair_with(leave: &WriteGrant, n: u16, source: &SigningKey) -> Action {
    let (grant, claim) = (world::owner(1).sign(leave), code(n).sign(&claim(n, source)));
    Action::PairSource { stream: world::stream(1), grant: grant.into(), claim: claim.into() }
}

pub fn append_paired(n: u16, records: &[u16]) -> Action {
    let entries = records.iter().map(|record| world::entry(*record, 0)).collect();
    Action::AppendPaired { stream: world::stream(1), pairing: pairing(n), entries }
}

fn end(n: u16) -> Action {
    Action::EndPairing { stream: world::stream(1), pairing: pairing(n) }
}

pub fn a_paired_source_writes_and_others_stand_in_quarantine(host: impl Host) {
    let mut world = World::with_members(host);
    let (garage, insurer) = (world::actor(MemberClass::Garage, 1), world::actor(MemberClass::Insurer, 1));
    world.accepts(&garage, pair(1, &garage));
    world.accepts(&garage, append_paired(1, &[2]));
    world.accepts(&insurer, world::append(world::stream(1), &[3]));
    // Paired or not: what is sent without the pairing goes into quarantine.
    world.accepts(&garage, world::append(world::stream(1), &[4]));
    let leaves = world.leaves(&world::stream(1));
    let seen: Vec<_> = leaves.iter().map(|leaf| (leaf.source, leaf.quarantined)).collect();
    let (owner, garage, insurer) = (world::owner(1), garage.verifying_key(), insurer.verifying_key());
    assert_eq!(seen, [(owner.verifying_key(), false), (garage, false), (insurer, true), (garage, true)]);
    let state = query::pairing(&world.host.state(), &world::stream(1), &pairing(1)).unwrap().unwrap();
    assert_eq!((state.source, state.ended_at), (Some(garage), None));
    assert_eq!(query::pairing(&world.host.state(), &world::stream(1), &pairing(2)).unwrap(), None);
}

pub fn repeating_anything_about_a_pairing_is_harmless(host: impl Host) {
    let mut world = World::with_members(host);
    let garage = world::actor(MemberClass::Garage, 1);
    world.accepts(&garage, pair(1, &garage));
    world.accepts_without_effect(&garage, pair(1, &garage));
    world.accepts(&garage, append_paired(1, &[2, 3]));
    world.accepts_without_effect(&garage, append_paired(1, &[3, 2]));
    world.accepts(&world::owner(1), end(1));
    world.accepts_without_effect(&world::owner(1), end(1));
    // The answer to the first attempt was lost; the record is there, and the retry is told so.
    world.accepts_without_effect(&garage, append_paired(1, &[2]));
    world.refuses(&garage, append_paired(1, &[4]), Rejection::PairingEnded);
}

pub fn a_code_serves_the_first_who_claims_it_and_in_time(host: impl Host) {
    let mut world = World::with_members(host);
    let (garage, other) = (world::actor(MemberClass::Garage, 1), world::actor(MemberClass::Garage, 2));
    // Seen on its way, a claim is no good to another member.
    let (grant, theft) = (world::owner(1).sign(&leave(1)), code(1).sign(&claim(1, &garage)));
    let stream = world::stream(1);
    world.refuses(
        &other,
        Action::PairSource { stream, grant: grant.into(), claim: theft.into() },
        Rejection::NotAllowed,
    );
    // Nor can it be made by who has not got the code.
    let (grant, forged) = (world::owner(1).sign(&leave(1)), code(2).sign(&claim(1, &other)));
    world.refuses(
        &other,
        Action::PairSource { stream, grant: grant.into(), claim: forged.into() },
        Rejection::BadSignature,
    );
    world.accepts(&garage, pair(1, &garage));
    world.refuses(&other, pair(1, &other), Rejection::PairingTaken);
    world.refuses(&other, append_paired(1, &[2]), Rejection::PairingUnknown);
    world.refuses(&world::stranger(), pair(2, &world::stranger()), Rejection::NotAllowed);
    world.refuses(&garage, append_paired(3, &[2]), Rejection::PairingUnknown);
    world.set_now(START.plus(PAIRING_CODE_MS + 1));
    world.refuses(&garage, pair(2, &garage), Rejection::PairingEnded);
}

pub fn a_leave_is_the_owners_of_this_stream_and_says_where(host: impl Host) {
    let mut world = World::with_members(host);
    let garage = world::actor(MemberClass::Garage, 1);
    let claim_of = |n| code(n).sign(&claim(n, &garage));
    let stream = world::stream(1);
    let by_other = world::owner(2).sign(&leave(1));
    world.refuses(
        &garage,
        Action::PairSource { stream, grant: by_other.into(), claim: claim_of(1).into() },
        Rejection::NotAllowed,
    );
    let elsewhere = WriteGrant { stream: world::stream(2), ..leave(1) };
    world.refuses(&garage, pair_with(&elsewhere, 1, &garage), Rejection::BadField);
    let (grant, other_claim) =
        (world::owner(1).sign(&WriteGrant { claim: code(2).verifying_key(), ..leave(1) }), claim_of(2));
    world.refuses(
        &garage,
        Action::PairSource { stream, grant: grant.into(), claim: other_claim.into() },
        Rejection::BadField,
    );
    let scope = |n: usize| WriteScope { label: CategoryLabel([u8::try_from(n).unwrap(); 8]), days: DayRange::ALL };
    for scopes in [Vec::new(), (0..=WRITE_SCOPES_MAX).map(scope).collect(), vec![scope(1), scope(1)]] {
        world.refuses(&garage, pair_with(&WriteGrant { scopes, ..leave(1) }, 1, &garage), Rejection::BadList);
    }
    let days = DayRange::new(Day(20_002), Day(20_003)).unwrap();
    let narrow = WriteGrant { scopes: vec![WriteScope { days, ..leave(1).scopes[0] }], ..leave(1) };
    world.accepts(&garage, pair_with(&narrow, 1, &garage));
    world.accepts(&garage, append_paired(1, &[2]));
    // Another day, another category, and a batch of which one entry lies outside.
    world.refuses(&garage, append_paired(1, &[4]), Rejection::OutsidePairing);
    let other_label = LeafEntry { label: CategoryLabel([7; 8]), ..world::entry(3, 0) };
    let entries = vec![other_label];
    world.refuses(&garage, Action::AppendPaired { stream, pairing: pairing(1), entries }, Rejection::OutsidePairing);
    world.refuses(&garage, append_paired(1, &[3, 4]), Rejection::OutsidePairing);
}

pub fn owner_and_source_end_a_pairing_and_nobody_else(host: impl Host) {
    let mut world = World::with_members(host);
    let (garage, other) = (world::actor(MemberClass::Garage, 1), world::actor(MemberClass::Garage, 2));
    world.accepts(&garage, pair(1, &garage));
    world.refuses(&other, end(1), Rejection::NotAllowed);
    world.refuses(&world::owner(2), end(1), Rejection::NotAllowed);
    world.accepts(&garage, end(1));
    world.refuses(&garage, append_paired(1, &[2]), Rejection::PairingEnded);
    world.refuses(&garage, pair(1, &garage), Rejection::PairingEnded);
    // A code that was shown and never used.
    world.refuses(&garage, end(2), Rejection::NotAllowed);
    world.accepts(&world::owner(1), end(2));
    world.refuses(&garage, pair(2, &garage), Rejection::PairingEnded);
    world.set_now(START.plus(91 * Timestamp::DAY));
    world.refuses(&garage, append_paired(1, &[2]), Rejection::PairingEnded);
}

pub fn quarantine_is_bounded_per_member_and_stream(host: impl Host) {
    let mut world = World::with_members(host);
    let (one, two) = (world::actor(MemberClass::Insurer, 1), world::actor(MemberClass::Insurer, 2));
    let stream = world::stream(1);
    let most: Vec<u16> = (100..100 + u16::try_from(QUARANTINE_MAX).unwrap()).collect();
    let write = |records: &[u16]| world::append(stream, records);
    world.refuses(&one, write(&[&most[..], &[99]].concat()), Rejection::QuarantineFull);
    world.accepts(&one, write(&most));
    world.accepts_without_effect(&one, write(&most));
    world.refuses(&one, write(&[99]), Rejection::QuarantineFull);
    // Another member's, another stream, and what is written with leave are counted by themselves.
    world.accepts(&two, write(&[99]));
    world.accepts(&world::owner(2), Action::OpenStream { stream: world::stream(2) });
    world.accepts(&one, world::append(world::stream(2), &[1]));
    world.accepts(&one, pair(1, &one));
    world.accepts(&one, append_paired(1, &[98]));
    world.set_now(START.plus(QUARANTINE_MS + 60_000));
    world.accepts(&one, write(&[97]));
}

pub fn a_closed_stream_takes_nothing_from_sources(host: impl Host) {
    let mut world = World::with_members(host);
    let garage = world::actor(MemberClass::Garage, 1);
    world.accepts(&garage, pair(1, &garage));
    world.accepts(&world::owner(1), Action::CloseStream { stream: world::stream(1) });
    world.refuses(&garage, append_paired(1, &[2]), Rejection::StreamClosed);
    world.refuses(&garage, world::append(world::stream(1), &[2]), Rejection::StreamClosed);
    world.refuses(&garage, pair(2, &garage), Rejection::StreamClosed);
    world.refuses(
        &garage,
        Action::AppendPaired { stream: StreamId([9; 16]), pairing: pairing(1), entries: vec![world::entry(1, 0)] },
        Rejection::StreamUnknown,
    );
    world.accepts(&world::owner(1), end(1));
}
