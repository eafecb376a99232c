//! Commitments to records.

use super::{
    host::Host,
    world::{self, START, World},
};
use carnet_ledger::query;
use carnet_protocol::{
    ledger::{Action, Rejection},
    limits::BATCH_MAX,
};

pub fn leaves_say_who_committed_what_and_when(host: impl Host) {
    let mut world = World::with_stream(host);
    let stream = world::stream(1);
    world.accepts(&world::owner(1), world::append(stream, &[1]));
    world.accepts(&world::source(1), world::append(stream, &[2]));
    world.refuses(&world::stranger(), world::append(stream, &[3]), Rejection::NotAllowed);
    world.refuses(&world::authority(), world::append(stream, &[3]), Rejection::NotAllowed);
    let leaves = world.leaves(&stream);
    let seen: Vec<_> = leaves.iter().map(|leaf| (leaf.index, leaf.entry, leaf.source, leaf.base_quality)).collect();
    assert_eq!(
        seen,
        [
            (0, world::entry(1, 0), world::owner(1).verifying_key(), 0),
            (1, world::entry(2, 0), world::source(1).verifying_key(), 70)
        ]
    );
    assert!(leaves.iter().all(|leaf| leaf.at > START && !leaf.withdrawn));
    assert_eq!(world.head(&stream).leaves, 2);
}

pub fn leaves_come_in_pages(host: impl Host) {
    let mut world = World::with_stream(host);
    let stream = world::stream(1);
    // A neighbour in the order of keys must not show.
    world.accepts(&world::owner(2), Action::OpenStream { stream: world::stream(2) });
    world.accepts(&world::owner(2), world::append(world::stream(2), &[9]));
    world.accepts(&world::owner(1), world::append(stream, &(0..300).collect::<Vec<_>>()));
    let state = world.host.state();
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = query::leaves(&state, &stream, after, 128).unwrap().unwrap();
        seen.extend(page.leaves.iter().map(|leaf| leaf.index));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, (0..300).collect::<Vec<_>>());
    let empty = query::leaves(&state, &stream, Some(299), 128).unwrap().unwrap();
    assert!(empty.leaves.is_empty() && empty.next.is_none());
    assert_eq!(query::leaves(&state, &world::stream(3), None, 128).unwrap(), None);
}

pub fn an_identical_entry_changes_nothing(host: impl Host) {
    let mut world = World::with_stream(host);
    let stream = world::stream(1);
    world.accepts(&world::owner(1), world::append(stream, &[1, 2]));
    world.accepts_without_effect(&world::owner(1), world::append(stream, &[1, 2]));
    world.accepts(&world::owner(1), world::append(stream, &[2, 3, 1]));
    let records: Vec<_> = world.leaves(&stream).iter().map(|leaf| leaf.entry.record).collect();
    assert_eq!(records, [world::record(1), world::record(2), world::record(3)]);
    // The same record of another stream is another record.
    world.accepts(&world::owner(2), Action::OpenStream { stream: world::stream(2) });
    let entries = vec![world::entry(1, 9)];
    world.accepts(&world::owner(2), Action::AppendRecords { stream: world::stream(2), entries });
}

/// Told that its record stands, a source would leave it at that, and the leaf would be another's for ever.
pub fn who_puts_anothers_record_first_is_found_out(host: impl Host) {
    let mut world = World::with_stream(host);
    let stream = world::stream(1);
    world.accepts(&world::source(1), world::append(stream, &[2]));
    world.refuses(&world::owner(1), world::append(stream, &[2]), Rejection::RecordConflict);
    world.refuses(&world::owner(1), world::append(stream, &[1, 2, 3]), Rejection::RecordConflict);
    world.accepts_without_effect(&world::source(1), world::append(stream, &[2]));
    assert_eq!(world.head(&stream).leaves, 1);
}

pub fn a_conflict_changes_nothing_of_its_batch(host: impl Host) {
    let mut world = World::with_stream(host);
    let stream = world::stream(1);
    world.accepts(&world::owner(1), world::append(stream, &[2]));
    for other in [
        world::entry(2, 1),
        carnet_protocol::ledger::LeafEntry { day: carnet_protocol::day::Day(1), ..world::entry(2, 0) },
    ] {
        let entries = vec![world::entry(1, 0), other, world::entry(3, 0)];
        world.refuses(&world::owner(1), Action::AppendRecords { stream, entries }, Rejection::RecordConflict);
    }
}

pub fn only_the_source_withdraws(host: impl Host) {
    let mut world = World::with_stream(host);
    let stream = world::stream(1);
    let withdraw = |records: &[u16]| Action::WithdrawRecords {
        stream,
        records: records.iter().map(|n| world::record(*n)).collect(),
    };
    world.accepts(&world::owner(1), world::append(stream, &[1, 2]));
    world.accepts(&world::source(1), world::append(stream, &[3]));
    world.refuses(&world::owner(1), withdraw(&[3]), Rejection::NotAllowed);
    world.refuses(&world::source(1), withdraw(&[1]), Rejection::NotAllowed);
    world.refuses(&world::owner(1), withdraw(&[1, 3]), Rejection::NotAllowed);
    world.refuses(&world::owner(1), withdraw(&[1, 4]), Rejection::RecordUnknown);
    world.accepts(&world::owner(1), withdraw(&[1]));
    world.accepts_without_effect(&world::owner(1), withdraw(&[1]));
    world.accepts(&world::source(1), withdraw(&[3]));
    let withdrawn: Vec<_> = world.leaves(&stream).iter().map(|leaf| leaf.withdrawn).collect();
    assert_eq!(withdrawn, [true, false, true]);
    // It does not come back by being committed again.
    world.accepts_without_effect(&world::owner(1), world::append(stream, &[1]));
}

pub fn the_longest_batch_fits(host: impl Host) {
    let mut world = World::with_stream(host);
    let stream = world::stream(1);
    let all: Vec<_> = (0..=u16::try_from(BATCH_MAX).unwrap()).collect();
    world.refuses(&world::owner(1), world::append(stream, &all), Rejection::BadList);
    world.accepts(&world::owner(1), world::append(stream, &all[1..]));
    assert_eq!(world.head(&stream).leaves, BATCH_MAX as u64);
    for bad in [&[][..], &[7, 8, 7]] {
        world.refuses(&world::owner(1), world::append(stream, bad), Rejection::BadList);
        let records = bad.iter().map(|n| world::record(*n)).collect();
        world.refuses(&world::owner(1), Action::WithdrawRecords { stream, records }, Rejection::BadList);
    }
}
