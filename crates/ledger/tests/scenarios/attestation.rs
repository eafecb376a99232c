//! VINs that members have seen, and the passports that stand for them.

use super::{
    flags::{declare, lift},
    host::Host,
    world::{self, World},
};
use carnet_ledger::query;
use carnet_protocol::{
    api::body::TagHolder,
    id::Hash32,
    key::VinKey,
    ledger::{Action, CarStanding, FlagKind, Outcome, Rejection, StandingChange, StreamStatus, VinSighting},
    limits::FLAGS_OF_A_KIND_MAX,
    member::MemberClass::{self, Bank, Expert, Garage, Insurer, Manufacturer},
};

fn attest(stream: u16, car: u16, record: u16) -> Action {
    Action::AttestVin { stream: world::stream(stream), sighting: world::sighting(car, record) }
}

fn reopen(stream: u16, previous: u16, car: u16, record: u16) -> Action {
    let (stream, previous) = (world::stream(stream), world::stream(previous));
    Action::ReopenPassport { stream, previous, sighting: world::sighting(car, record), evidence: Hash32([5; 32]) }
}

/// Owner `n` opens stream `n` with an identity record, which is record `n`.
fn open<H: Host>(world: &mut World<H>, n: u16) {
    world.accepts(&world::owner(n), Action::OpenStream { stream: world::stream(n) });
    world.accepts(&world::owner(n), world::append(world::stream(n), &[n]));
}

fn holder<H: Host>(world: &World<H>, car: u16) -> Option<TagHolder> {
    query::tag_holder(&world.host.state(), &world::tag(car)).unwrap()
}

pub fn a_member_that_sees_the_car_binds_its_tag(host: impl Host) {
    let mut world = World::with_members(host);
    let stream = world::stream(1);
    assert_eq!(world.standing(&stream), CarStanding::UNKNOWN);
    assert_eq!(holder(&world, 1), None);
    let bank = world::actor(Bank, 1);
    for other in [&world::owner(1), &world::stranger(), &world::authority(), &bank] {
        world.refuses(other, attest(1, 1, 1), Rejection::NotAllowed);
    }
    world.refuses(&world::actor(Garage, 1), attest(9, 1, 1), Rejection::StreamUnknown);
    world.accepts(&world::actor(Garage, 1), attest(1, 1, 1));
    let vin = world.standing(&stream).vin.unwrap();
    assert_eq!((vin.sighting, vin.class), (world::sighting(1, 1), Garage));
    assert_eq!(vin.by, world::actor(Garage, 1).verifying_key());
    assert_eq!(holder(&world, 1), Some(TagHolder { stream, status: StreamStatus::Open }));

    world.accepts_without_effect(&world::actor(Garage, 1), attest(1, 1, 1));
    world.refuses(&world::actor(Garage, 2), attest(1, 2, 1), Rejection::VinConflict);
    // A later one by another member is newer, and the first stays in the history.
    for class in [Manufacturer, Insurer, Expert] {
        world.accepts(&world::actor(class, 1), attest(1, 1, 1));
    }
    assert_eq!(world.standing(&stream).vin.unwrap().class, Expert);
    assert_eq!(world.standing(&stream).events, 4);
}

pub fn the_records_of_a_sighting_must_be_there(host: impl Host) {
    let mut world = World::with_members(host);
    let (owner, stream, garage) = (world::owner(1), world::stream(1), world::actor(Garage, 1));
    world.refuses(&garage, attest(1, 1, 2), Rejection::RecordUnknown);
    let odometer = |record| {
        let sighting = VinSighting { odometer: Some(world::record(record)), ..world::sighting(1, 1) };
        Action::AttestVin { stream, sighting }
    };
    world.refuses(&garage, odometer(2), Rejection::RecordUnknown);
    world.accepts(&owner, world::append(stream, &[2, 3]));
    world.accepts(&owner, Action::WithdrawRecords { stream, records: vec![world::record(3)] });
    world.refuses(&garage, odometer(3), Rejection::RecordUnknown);
    world.refuses(&garage, attest(1, 1, 3), Rejection::RecordUnknown);
    world.accepts(&garage, odometer(2));
    world.accepts(&owner, Action::CloseStream { stream });
    world.refuses(&world::actor(Expert, 1), odometer(2), Rejection::StreamClosed);
}

pub fn a_second_passport_for_a_car_is_refused(host: impl Host) {
    let mut world = World::with_members(host);
    open(&mut world, 2);
    world.accepts(&world::actor(Garage, 1), attest(1, 1, 1));
    for class in [Manufacturer, Garage, Insurer, Expert] {
        world.refuses(&world::actor(class, 2), attest(2, 1, 2), Rejection::PassportExists);
    }
    // Closed, it still stands for the car: what stands against it must not be shaken off by closing and opening anew.
    world.accepts(&world::owner(1), Action::CloseStream { stream: world::stream(1) });
    world.refuses(&world::actor(Garage, 2), attest(2, 1, 2), Rejection::PassportExists);
    assert_eq!(holder(&world, 1).unwrap().status, StreamStatus::Closed);
    world.accepts(&world::actor(Garage, 2), reopen(2, 1, 1, 2));
    assert_eq!(holder(&world, 1).unwrap().stream, world::stream(2));
}

pub fn reopening_links_and_carries_over_what_stands(host: impl Host) {
    let mut world = World::with_members(host);
    open(&mut world, 2);
    open(&mut world, 3);
    let (one, two, expert) = (world::stream(1), world::stream(2), world::actor(Expert, 1));
    world.refuses(&expert, reopen(2, 1, 1, 2), Rejection::PassportUnknown);
    world.accepts(&world::actor(Garage, 1), attest(1, 1, 1));
    world.accepts(&expert, declare(one, 1, FlagKind::Wreck));
    world.accepts(&world::actor(Bank, 1), declare(one, 2, FlagKind::Lien));
    world.accepts(&world::actor(Bank, 1), lift(one, 2));
    world.accepts(&world::actor(Bank, 2), declare(one, 3, FlagKind::Lien));
    world.accepts(&world::owner(2), declare(two, 4, FlagKind::Theft));
    for stranger in [world::owner(2), world::stranger(), world::actor(Bank, 1)] {
        world.refuses(&stranger, reopen(2, 1, 1, 2), Rejection::NotAllowed);
    }
    world.refuses(&expert, reopen(1, 1, 1, 1), Rejection::BadField);
    world.refuses(&expert, reopen(2, 1, 1, 9), Rejection::RecordUnknown);
    world.refuses(&expert, reopen(2, 3, 1, 2), Rejection::PassportUnknown);
    open(&mut world, 4);
    world.accepts(&world::owner(4), declare(world::stream(4), 3, FlagKind::Theft));
    world.refuses(&expert, reopen(4, 1, 1, 4), Rejection::FlagConflict);
    let before = world.standing(&one);
    world.accepts(&expert, reopen(2, 1, 1, 2));

    assert_eq!(world.head(&one).status, StreamStatus::Closed);
    let (old, new) = (world.standing(&one), world.standing(&two));
    assert_eq!((old.next, new.previous, new.next), (Some(two), Some(one), None));
    assert_eq!(new.flags[..2], before.flags, "wreck and standing lien came along as they were");
    assert_eq!(new.flags.iter().map(|flag| flag.flag).collect::<Vec<_>>(), [1, 3, 4].map(world::flag));
    assert_eq!(new.vin.unwrap().sighting, world::sighting(1, 2));
    assert_eq!(holder(&world, 1), Some(TagHolder { stream: two, status: StreamStatus::Open }));
    let events = query::standing_events(&world.host.state(), &two, None, 9).unwrap().unwrap().events;
    assert!(matches!(events[1].change, StandingChange::Continues { previous, .. } if previous == one));

    world.accepts_without_effect(&expert, reopen(2, 1, 1, 2));
    // What is said from now on is said of the new one.
    world.refuses(&expert, declare(one, 9, FlagKind::Wreck), Rejection::PassportContinued);
    world.refuses(&world::actor(Bank, 2), lift(one, 3), Rejection::PassportContinued);
    world.refuses(&world::actor(Bank, 1), declare(two, 3, FlagKind::Lien), Rejection::FlagConflict);
    world.accepts(&world::actor(Bank, 2), lift(two, 3));
    // Stream 2 stands for a car and cannot stand for another; stream 3 cannot go on from a link that is no end.
    world.refuses(&expert, reopen(2, 3, 1, 2), Rejection::VinConflict);
    world.refuses(&expert, reopen(3, 1, 1, 3), Rejection::PassportUnknown);
    world.accepts(&world::owner(2), Action::CloseStream { stream: two });
    world.accepts(&world::actor(Garage, 1), reopen(3, 2, 1, 3));
    let flags: Vec<_> = world.standing(&world::stream(3)).flags.iter().map(|flag| flag.flag).collect();
    assert_eq!(flags, [1, 4].map(world::flag), "and on from there");
    world::assert_replays(&world.host);
}

/// From passport to passport, with as many declarations against each as it takes.
pub fn what_is_carried_over_is_bounded(host: impl Host) {
    let mut world = World::with_members(host);
    let full = u16::try_from(FLAGS_OF_A_KIND_MAX).unwrap();
    for n in 3..=full {
        world.accepts(&world::authority(), Action::AdmitMember(world::member_of(Bank, n)));
    }
    world.accepts(&world::actor(Garage, 1), attest(1, 1, 1));
    world.accepts(&world::actor(Expert, 1), declare(world::stream(1), 1, FlagKind::Wreck));
    for passport in 2..=5 {
        open(&mut world, passport);
        for n in 1..=full {
            let lien = declare(world::stream(passport), 100 * passport + n, FlagKind::Lien);
            world.accepts(&world::actor(Bank, n), lien);
        }
        world.accepts(&world::actor(Insurer, 1), reopen(passport, passport - 1, 1, passport));
    }
    let flags = world.standing(&world::stream(5)).flags;
    assert_eq!(flags.iter().filter(|flag| flag.kind == FlagKind::Lien).count(), 2 * FLAGS_OF_A_KIND_MAX);
    assert_eq!(flags[0].kind, FlagKind::Wreck, "what stood against the car first is kept");
    let liens: Vec<_> = flags[1..].iter().map(|flag| flag.flag).collect();
    assert_eq!(liens, (201..=200 + full).chain(301..=300 + full).map(world::flag).collect::<Vec<_>>());
    world::assert_replays(&world.host);
}

pub fn a_garage_does_not_close_anothers_passport(host: impl Host) {
    let mut world = World::with_members(host);
    open(&mut world, 2);
    world.accepts(&world::actor(Garage, 1), attest(1, 1, 1));
    world.refuses(&world::actor(Garage, 1), reopen(2, 1, 1, 2), Rejection::NotAllowed);
    assert_eq!(world.head(&world::stream(1)).status, StreamStatus::Open);
    world.accepts(&world::actor(Insurer, 1), reopen(2, 1, 1, 2));
}

pub fn the_key_for_tags_is_named_once(host: impl Host) {
    let mut world = World::with_members(host);
    let publish = |byte| Action::PublishVinKey { key: VinKey([byte; 32]) };
    assert_eq!(query::vin_key(&world.host.state()), Ok(None));
    world.refuses(&world::actor(MemberClass::Expert, 1), publish(1), Rejection::NotAllowed);
    world.refuses(&world::authority(), publish(0), Rejection::BadField);
    let sequence = world.accepts(&world::authority(), publish(1));
    let log = world.host.log();
    assert_eq!(query::vin_key(&world.host.state()).unwrap().as_ref(), log.get(usize::try_from(sequence).unwrap()));
    world.accepts_without_effect(&world::authority(), publish(1));
    world.refuses(&world::authority(), publish(2), Rejection::VinKeyExists);
}

/// Two hundred passports claim to be the same car at once: one is.
pub fn of_many_attestations_of_a_tag_one_wins(host: impl Host) {
    let mut world = World::with_members(host);
    let claims = 2..202;
    let opened = claims.clone().flat_map(|n| {
        [
            world.sign(&world::owner(n), Action::OpenStream { stream: world::stream(n) }),
            world.sign(&world::owner(n), world::append(world::stream(n), &[n])),
        ]
    });
    let opened: Vec<_> = opened.collect();
    for part in opened.chunks(64) {
        assert!(world.host.submit(part.to_vec()).iter().all(world::is_accepted));
    }
    let attestations = claims.map(|n| world.sign(&world::actor(Garage, 1 + n % 2), attest(n, 1, n))).collect();
    let receipts = world.host.submit_concurrently(world::batches(attestations));
    let (won, lost): (Vec<_>, Vec<_>) = receipts.iter().flatten().partition(|receipt| world::is_accepted(receipt));
    assert_eq!((won.len(), lost.len()), (1, 199));
    assert!(lost.iter().all(|receipt| receipt.outcome == Outcome::Rejected(Rejection::PassportExists)));
    world::assert_replays(&world.host);
}
