//! Order and concurrency.

use super::{
    host::Host,
    pairings,
    world::{self, World},
};
use carnet_protocol::{
    ledger::{Action, Transaction},
    signed::Signed,
};

/// What two owners and a source do on two streams.
fn two_lives<H: Host>(world: &World<H>) -> [Vec<Signed<Transaction>>; 2] {
    [1, 2].map(|n| {
        let (owner, stream) = (world::owner(n), world::stream(n));
        vec![
            world.sign(&owner, Action::OpenStream { stream }),
            world.sign(&owner, world::append(stream, &[1, 2])),
            world.sign(&world::source(1), world::append(stream, &[3])),
            world.sign(&owner, world::issue(stream, n)),
            world.sign(&world::acceptor(n), Action::AcceptGrant { stream, grant: world::grant(n) }),
            world.sign(&owner, Action::WithdrawRecords { stream, records: vec![world::record(2)] }),
            world.sign(&owner, Action::RevokeGrant { stream, grant: world::grant(n) }),
            world.sign(&owner, Action::CloseStream { stream }),
        ]
    })
}

/// All of one life before the other, against one step of each in turn.
pub fn independent_streams_may_come_in_any_order(host: impl Host) {
    let mut world = World::new(host);
    world.accepts(&world::authority(), Action::AdmitMember(world::member(1)));
    let [one, other] = two_lives(&world);
    let mut apart = world.host.log();
    apart.extend(other.iter().chain(&one).cloned());
    let apart = carnet_ledger::memory::MemoryLedger::replay(apart).unwrap();
    for (a, b) in one.into_iter().zip(other) {
        assert!(world.host.submit(vec![a, b]).iter().all(world::is_accepted));
    }
    assert!(*apart.state() == world.host.state());
}

/// Batches that touch the same streams, side by side: the outcome is that of the order in the log.
pub fn concurrent_batches_equal_some_order(host: impl Host) {
    let mut world = World::with_stream(host);
    // With leave: without one, what a source may write would depend on the order.
    world.accepts(&world::source(1), pairings::pair(1, &world::source(1)));
    let mut batches = Vec::new();
    for n in 0..40 {
        let (owner, stream) = (world::owner(1), world::stream(1));
        batches.push(vec![
            world.sign(&owner, world::append(stream, &[n, n + 1])),
            world.sign(&world::source(1), pairings::append_paired(1, &[500 + n])),
            world.sign(&owner, world::issue(stream, n % 7)),
            world.sign(&world::owner(100 + n), Action::OpenStream { stream: world::stream(100 + n % 20) }),
        ]);
    }
    let repeated = batches.clone();
    let receipts = world.host.submit_concurrently(batches);
    assert_eq!(receipts.len(), 40);
    assert!(receipts.iter().all(|receipts| receipts.len() == 4 && receipts[..3].iter().all(world::is_accepted)));
    assert_eq!(receipts.iter().filter(|receipts| world::is_accepted(&receipts[3])).count(), 20);
    assert_eq!(world.head(&world::stream(1)).leaves, 41 + 40);
    world::assert_replays(&world.host);
    // All of it again: the same places, no second effect.
    let (state, log) = (world.host.state(), world.host.log());
    let again = world.host.submit_concurrently(repeated);
    assert!(again == receipts);
    assert!(state == world.host.state() && log == world.host.log());
}
