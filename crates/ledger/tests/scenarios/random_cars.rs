//! Random lives of three passports and two cars, of which members of every class say everything.

use super::{
    flags,
    host::{Batch, Host},
    random, sales, world,
    world::World,
};
use carnet_ledger::{memory::MemoryState, query};
use carnet_protocol::{
    id::{FlagId, Hash32, StreamId},
    key::VinKey,
    ledger::{Action, CarStanding, FlagKind, StandingChange, StreamStatus},
    member::MemberClass,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

const STREAMS: u16 = 3;

/// The first of three buyers, each with the passport of that number.
const BOUGHT: u16 = 30;

/// Who tries to say what; every number stands for one of a few choices.
pub type Saying = (u16, u8, u16, u16, u16);

pub fn sayings() -> impl Strategy<Value = Vec<Saying>> {
    prop::collection::vec((0..14_u16, 0..32_u8, 0..STREAMS, 0..3_u16, 0..3_u16), 1..80)
}

/// Members of all classes, and the passports with an identity record each.
fn before<H: Host>(world: &World<H>) -> Batch {
    let members = (0..10).map(|n| Action::AdmitMember(world::member_of(class(n), n / 5)));
    let mut all: Batch = members.map(|admit| world.sign(&world::authority(), admit)).collect();
    for n in 0..STREAMS {
        let (owner, stream) = (world::owner(n), world::stream(n));
        all.push(world.sign(&owner, Action::OpenStream { stream }));
        all.push(world.sign(&owner, world::append(stream, &[1])));
    }
    all
}

fn class(n: u16) -> MemberClass {
    MemberClass::ALL[usize::from(n % 5)]
}

fn action(kind: u8, on: u16, a: u16, b: u16) -> Action {
    let (stream, evidence) = (world::stream(on), Hash32([1; 32]));
    match kind {
        0..=4 => flags::declare(stream, a, FlagKind::ALL[usize::from(b)]),
        5..=7 => flags::report(stream, a),
        8..=11 => flags::lift(stream, a),
        12..=14 => Action::AttestVin { stream, sighting: world::sighting(a % 2, 1) },
        15..=18 => {
            let (previous, sighting) = (world::stream(b), world::sighting(a % 2, 1));
            Action::ReopenPassport { stream, previous, sighting, evidence }
        }
        19 => Action::ProposeClassIndex { proposal: world::proposal(a), class: class(b), index: 40 },
        20 | 21 => Action::VoteClassIndex { proposal: world::proposal(a), approve: b != 2 },
        22 => Action::CloseStream { stream },
        24..=26 => sales::offer(stream, 10 * on + a),
        27 => Action::CancelSale { stream, sale: sales::id(10 * on + a) },
        28..=31 => sales::accept(stream, 10 * on + a, BOUGHT + b),
        _ => Action::PublishVinKey { key: VinKey([1 + u8::from(a == 1); 32]) },
    }
}

/// Lives the sayings on all hosts alike, and looks at what came of it.
pub fn agree(sayings: &[Saying], others: &mut [&mut dyn Host]) {
    let make = |world: &World<_>| {
        let said = sayings.iter().map(|(by, kind, stream, a, b)| {
            let key = match by {
                0..10 if *kind < 24 => world::actor(class(*by), by / 5),
                // A buyer signs for the passport it would get; an offer is made by who may.
                _ if (28..=31).contains(kind) => world::owner(BOUGHT + b),
                _ if (24..=27).contains(kind) => world::owner(*stream),
                10 => world::authority(),
                by => world::owner(by - 11),
            };
            world.sign(&key, action(*kind, *stream, *a, *b))
        });
        before(world).into_iter().chain(said).collect()
    };
    let state = random::live(make, others);
    for stream in (0..STREAMS).chain(BOUGHT..BOUGHT + 3).map(world::stream) {
        if query::stream_head(&state, &stream).unwrap().is_some() {
            assert_stands_as_said(&state, &stream);
        }
    }
}

/// A tag stands for one passport, the newest of its car, and no other one of it is open; what was declared in any
/// passport of a car and not lifted stands in the newest.
fn assert_stands_as_said(state: &MemoryState, stream: &StreamId) {
    let standing = |stream: &StreamId| query::standing(state, stream).unwrap().unwrap();
    let CarStanding { vin, flags, next, previous, owners, .. } = standing(stream);
    let before = previous.map_or(0, |previous| standing(&previous).owners.before + 1);
    assert_eq!(owners.before, before, "the chain counts every owner");
    if let Some(next) = next {
        assert_eq!(standing(&next).previous, Some(*stream));
        assert_eq!(query::stream_head(state, stream).unwrap().unwrap().status, StreamStatus::Closed);
        return;
    }
    if let Some(vin) = vin {
        assert_eq!(query::tag_holder(state, &vin.sighting.tag).unwrap().unwrap().stream, *stream);
    }
    let found: Vec<FlagId> = flags.iter().map(|flag| flag.flag).collect();
    let said = said_and_not_lifted(state, *stream);
    assert_eq!(found.len(), said.len());
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), said);
}

/// From the events of a passport and of those before it.
fn said_and_not_lifted(state: &MemoryState, newest: StreamId) -> BTreeSet<FlagId> {
    let mut chain = vec![newest];
    while let Some(previous) = query::standing(state, &chain[chain.len() - 1]).unwrap().unwrap().previous {
        chain.push(previous);
    }
    let mut said = BTreeSet::new();
    for stream in chain.iter().rev() {
        for event in query::standing_events(state, stream, None, usize::MAX).unwrap().unwrap().events {
            match event.change {
                StandingChange::Declared { flag, .. } => assert!(said.insert(flag), "declared twice"),
                StandingChange::Lifted { flag, .. } => assert!(said.remove(&flag), "lifted without standing"),
                _ => {}
            }
        }
    }
    said
}
