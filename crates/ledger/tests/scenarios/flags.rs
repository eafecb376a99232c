//! Wreck, theft, lien.

use super::{
    host::Host,
    world::{self, START, World},
};
use carnet_crypto::hash;
use carnet_ledger::query;
use carnet_protocol::{
    day::{Day, Timestamp},
    domain::Domain,
    encoding,
    id::{Hash32, StreamId},
    ledger::{Action, FlagKind, Rejection, StandingChange},
    limits::FLAGS_OF_A_KIND_MAX,
    member::MemberClass::{self, Bank, Expert, Garage, Insurer},
};

fn day() -> Day {
    START.day()
}

pub fn declare(stream: StreamId, n: u16, kind: FlagKind) -> Action {
    Action::DeclareFlag { stream, flag: world::flag(n), kind, day: day(), evidence: Hash32([1; 32]) }
}

pub fn report(stream: StreamId, n: u16) -> Action {
    Action::ReportFlag { stream, flag: world::flag(n), day: day(), evidence: Hash32([2; 32]) }
}

pub fn lift(stream: StreamId, n: u16) -> Action {
    Action::LiftFlag { stream, flag: world::flag(n), day: day(), evidence: Hash32([3; 32]) }
}

fn kinds<H: Host>(world: &World<H>) -> Vec<FlagKind> {
    world.standing(&world::stream(1)).flags.iter().map(|flag| flag.kind).collect()
}

pub fn only_those_who_may_declare(host: impl Host) {
    let mut world = World::with_members(host);
    let stream = world::stream(1);
    let may =
        [(FlagKind::Wreck, vec![Insurer, Expert]), (FlagKind::Theft, vec![Insurer]), (FlagKind::Lien, vec![Bank])];
    let mut n = 10;
    for (kind, classes) in may {
        for other in [world::stranger(), world::authority(), world::owner(2)] {
            world.refuses(&other, declare(stream, n, kind), Rejection::NotAllowed);
        }
        for class in MemberClass::ALL {
            n += 1;
            if classes.contains(&class) {
                world.accepts(&world::actor(class, 1), declare(stream, n, kind));
            } else {
                world.refuses(&world::actor(class, 1), declare(stream, n, kind), Rejection::NotAllowed);
            }
        }
    }
    for kind in [FlagKind::Wreck, FlagKind::Lien] {
        world.refuses(&world::owner(1), declare(stream, 1, kind), Rejection::NotAllowed);
    }
    world.accepts(&world::owner(1), declare(stream, 1, FlagKind::Theft));
    assert_eq!(kinds(&world), [FlagKind::Wreck, FlagKind::Wreck, FlagKind::Theft, FlagKind::Lien, FlagKind::Theft]);
    let flags = world.standing(&stream).flags;
    assert_eq!(flags.iter().map(|flag| flag.declared.class).next_back(), Some(None), "the owner has no class");
    let late = Action::DeclareFlag {
        stream,
        flag: world::flag(2),
        kind: FlagKind::Lien,
        day: START.plus(2 * Timestamp::DAY).day(),
        evidence: Hash32([1; 32]),
    };
    world.refuses(&world::actor(Bank, 2), late, Rejection::BadField);
    world.refuses(&world::actor(Bank, 2), declare(world::stream(9), 2, FlagKind::Lien), Rejection::StreamUnknown);
}

pub fn a_wreck_is_lifted_after_a_second_report(host: impl Host) {
    let mut world = World::with_members(host);
    let stream = world::stream(1);
    let (one, two) = (world::actor(Expert, 1), world::actor(Expert, 2));
    world.refuses(&one, lift(stream, 1), Rejection::FlagUnknown);
    world.refuses(&world::actor(Garage, 1), report(stream, 1), Rejection::FlagUnknown);
    world.accepts(&one, declare(stream, 1, FlagKind::Wreck));
    world.accepts_without_effect(&one, declare(stream, 1, FlagKind::Wreck));
    for expert in [&one, &two] {
        world.refuses(expert, lift(stream, 1), Rejection::SecondReportNeeded);
    }
    for other in [&one, &world::owner(1), &world::actor(Bank, 1), &world::stranger()] {
        world.refuses(other, report(stream, 1), Rejection::NotAllowed);
    }
    world.accepts(&two, report(stream, 1));
    world.accepts_without_effect(&two, report(stream, 1));
    world.refuses(&two, lift(stream, 1), Rejection::SecondReportNeeded);
    world.accepts(&world::actor(Garage, 1), report(stream, 1));
    for other in [Garage, Insurer, Bank, MemberClass::Manufacturer] {
        world.refuses(&world::actor(other, 2), lift(stream, 1), Rejection::NotAllowed);
    }
    world.refuses(&world::owner(1), lift(stream, 1), Rejection::NotAllowed);
    world.accepts(&two, lift(stream, 1));
    assert_eq!(kinds(&world), []);
    world.accepts_without_effect(&two, lift(stream, 1));
    world.refuses(&world::stranger(), lift(stream, 1), Rejection::NotAllowed);
    world.refuses(&two, report(stream, 1), Rejection::FlagUnknown);
    // Who declared it may lift it as well, on the report of another.
    world.accepts(&one, declare(stream, 2, FlagKind::Wreck));
    world.accepts(&two, report(stream, 2));
    world.accepts(&one, lift(stream, 2));
}

pub fn a_theft_is_lifted_by_who_may(host: impl Host) {
    let mut world = World::with_members(host);
    let (owner, stream) = (world::owner(1), world::stream(1));
    let (one, two) = (world::actor(Insurer, 1), world::actor(Insurer, 2));
    world.accepts(&one, declare(stream, 1, FlagKind::Theft));
    world.accepts(&owner, declare(stream, 2, FlagKind::Theft));
    for other in [&owner, &two, &world::actor(Expert, 1)] {
        world.refuses(other, lift(stream, 1), Rejection::NotAllowed);
    }
    world.refuses(&world::actor(Garage, 1), report(stream, 1), Rejection::NotAllowed);
    world.accepts(&one, lift(stream, 1));
    for other in [Expert, Bank] {
        world.refuses(&world::actor(other, 1), lift(stream, 2), Rejection::NotAllowed);
    }
    world.accepts(&two, lift(stream, 2));
    world.accepts(&owner, declare(stream, 3, FlagKind::Theft));
    world.accepts(&owner, lift(stream, 3));
    assert_eq!(kinds(&world), []);
}

pub fn a_lien_is_lifted_by_its_bank(host: impl Host) {
    let mut world = World::with_members(host);
    let stream = world::stream(1);
    let (one, two) = (world::actor(Bank, 1), world::actor(Bank, 2));
    world.accepts(&one, declare(stream, 1, FlagKind::Lien));
    world.accepts(&two, declare(stream, 2, FlagKind::Lien));
    for other in [&two, &world::owner(1), &world::actor(Insurer, 1)] {
        world.refuses(other, lift(stream, 1), Rejection::NotAllowed);
    }
    world.accepts(&one, lift(stream, 1));
    assert_eq!(kinds(&world), [FlagKind::Lien]);
}

pub fn declarations_are_bounded_and_their_names_used_once(host: impl Host) {
    let mut world = World::with_members(host);
    let (stream, bank) = (world::stream(1), world::actor(Bank, 1));
    world.accepts(&bank, declare(stream, 1, FlagKind::Lien));
    world.refuses(&bank, declare(stream, 2, FlagKind::Lien), Rejection::FlagStands);
    world.refuses(&world::actor(Bank, 2), declare(stream, 1, FlagKind::Lien), Rejection::FlagConflict);
    world.accepts(&bank, lift(stream, 1));
    world.refuses(&bank, declare(stream, 1, FlagKind::Lien), Rejection::FlagConflict);
    let full = u16::try_from(FLAGS_OF_A_KIND_MAX).unwrap();
    for n in 10..=10 + full {
        world.accepts(&world::authority(), Action::AdmitMember(world::member_of(Bank, n)));
        let action = declare(stream, n, FlagKind::Lien);
        if n < 10 + full {
            world.accepts(&world::actor(Bank, n), action);
        } else {
            world.refuses(&world::actor(Bank, n), action, Rejection::FlagStands);
        }
    }
    world.accepts(&world::actor(Expert, 1), declare(stream, 3, FlagKind::Wreck));
}

pub fn closing_does_not_keep_a_wreck_off(host: impl Host) {
    let mut world = World::with_members(host);
    let (owner, stream) = (world::owner(1), world::stream(1));
    world.accepts(&owner, Action::CloseStream { stream });
    world.accepts(&world::actor(Insurer, 1), declare(stream, 1, FlagKind::Wreck));
    world.refuses(&owner, declare(stream, 2, FlagKind::Theft), Rejection::StreamClosed);
    world.accepts(&world::actor(Expert, 1), report(stream, 1));
    world.accepts(&world::actor(Expert, 2), lift(stream, 1));
}

/// Everything that was said is there, in order, under the chain that the standing ends.
pub fn history_is_whole(host: impl Host) {
    let mut world = World::with_members(host);
    let stream = world::stream(1);
    world.accepts(&world::actor(Insurer, 1), declare(stream, 1, FlagKind::Wreck));
    world.accepts(&world::actor(Bank, 1), declare(stream, 2, FlagKind::Lien));
    world.accepts(&world::actor(Garage, 1), report(stream, 1));
    world.accepts(&world::actor(Expert, 1), lift(stream, 1));
    world.accepts(&world::actor(Bank, 1), lift(stream, 2));
    let (state, standing) = (world.host.state(), world.standing(&stream));
    assert_eq!((standing.events, standing.flags.len()), (5, 0));
    let (mut events, mut after) = (Vec::new(), None);
    loop {
        let page = query::standing_events(&state, &stream, after, 2).unwrap().unwrap();
        events.extend(page.events);
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    let chain = events.iter().fold(Hash32([0; 32]), |end, event| {
        hash::digest(Domain::HASH_STANDING, &[end.as_bytes().as_slice(), &encoding::encode(event)].concat())
    });
    assert_eq!(chain, standing.history);
    assert_eq!(events.len(), 5);
    assert!(matches!(events[3].change, StandingChange::Lifted { kind: FlagKind::Wreck, .. }));
    assert_eq!(
        events.iter().filter_map(|event| event.class).collect::<Vec<_>>(),
        [Insurer, Bank, Garage, Expert, Bank]
    );
    assert_eq!(query::standing_events(&state, &stream, Some(4), 2).unwrap().unwrap().next, None);
    assert_eq!(query::standing_events(&state, &world::stream(9), None, 2), Ok(None));
}
