//! That the test host is as strict as Fabric: otherwise what runs on it would prove nothing.

#![cfg(test)]

use super::{
    fabric_like::{Committed, FabricLike, Stub},
    host::Host,
    world::{self, World},
};
use carnet_ledger::{ApplyError, CheckedTransaction, ReadState, State, TimeBounds, apply};
use carnet_protocol::ledger::{Action, Outcome, Rejection};

fn commit(committed: &mut Committed, write: impl FnOnce(&mut Stub<'_>)) -> bool {
    let mut stub = Stub::new(committed);
    write(&mut stub);
    let simulated = stub.simulated();
    committed.commit(simulated)
}

#[test]
fn a_read_does_not_see_own_writes() {
    let committed = Committed::default();
    let mut stub = Stub::new(&committed);
    stub.put(b"k".to_vec(), vec![1]).unwrap();
    assert_eq!(stub.get(b"k"), Ok(None));
    assert_eq!(stub.scan(b"", None, 9), Ok(vec![]));
}

#[test]
fn without_an_overlay_a_batch_does_not_see_its_own_effects() {
    let world = World::new(FabricLike::default());
    let owner = world::owner(1);
    let committed = Committed::default();
    let mut stub = Stub::new(&committed);
    let bounds = TimeBounds::of_replay(None);
    let genesis = CheckedTransaction::check(world.host.log()[0].clone()).unwrap();
    assert!(apply(&mut stub, &genesis, bounds).is_ok());
    let open = CheckedTransaction::check(world.sign(&owner, Action::OpenStream { stream: world::stream(1) })).unwrap();
    assert_eq!(apply(&mut stub, &open, bounds), Err(ApplyError::Rejected(Rejection::WrongLedger)));
}

#[test]
fn a_changed_read_a_vanished_key_and_a_phantom_stop_a_commit() {
    let mut committed = Committed::default();
    assert!(commit(&mut committed, |stub| stub.put(b"a1".to_vec(), vec![1]).unwrap()));
    let read = |committed: &Committed| {
        let stub = Stub::new(committed);
        stub.get(b"a1").unwrap();
        stub.simulated()
    };
    let scan = |committed: &Committed| {
        let stub = Stub::new(committed);
        stub.scan(b"a", None, 9).unwrap();
        stub.simulated()
    };
    let (changed, vanished, phantom) = (read(&committed), read(&committed), scan(&committed));
    assert!(commit(&mut committed, |stub| stub.put(b"b".to_vec(), vec![1]).unwrap()));
    let fresh = scan(&committed);
    assert!(committed.commit(fresh), "a key outside the scan is no phantom");
    assert!(commit(&mut committed, |stub| stub.put(b"a2".to_vec(), vec![1]).unwrap()));
    assert!(!committed.commit(phantom));
    assert!(commit(&mut committed, |stub| stub.put(b"a1".to_vec(), vec![1]).unwrap()));
    assert!(!committed.commit(changed), "the same value, written again, is another version");
    assert!(commit(&mut committed, |stub| stub.delete(b"a1").unwrap()));
    assert!(!committed.commit(vanished));
}

#[test]
fn different_streams_never_conflict_and_one_stream_does() {
    let mut world = World::new(FabricLike::default());
    let owners: Vec<_> = (0..8).map(|n| (world::owner(n), world::stream(n))).collect();
    let open = owners.iter().map(|(owner, stream)| vec![world.sign(owner, Action::OpenStream { stream: *stream })]);
    let open = open.collect();
    world.host.submit_concurrently(open);
    assert_eq!(world.host.retries, 0, "keys are narrow");
    let (owner, stream) = &owners[0];
    let appends = (0..8).map(|n| vec![world.sign(owner, world::append(*stream, &[n]))]).collect();
    let receipts = world.host.submit_concurrently(appends);
    assert!(world.host.retries > 0);
    assert!(receipts.iter().flatten().all(|receipt| matches!(receipt.outcome, Outcome::Accepted { .. })));
    assert_eq!(world.head(stream).leaves, 8);
}
