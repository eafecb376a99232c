//! What the prover serves is what a reader accepts, and what a plain reading of the standards works out.

use crate::{
    reference::{map_proof, map_root, tree_consistency, tree_root},
    world::{NOW, ORIGIN, World, append, issue, key, log_key, record, stream},
};
use carnet_ledger::query;
use carnet_proofs::{
    Checkpoint, Finding, Freshness, Verifier,
    head::{directory_hash, head_hash, leaf_hash},
    map::Subject,
    tree::entry_hash,
};
use carnet_protocol::{
    day::Day,
    domain::Domain,
    encoding,
    id::{FlagId, Hash32, VinTag},
    ledger::{Action, FlagKind, StreamStatus, VinSighting},
    member::MemberClass,
    proof::{MapEntry, ProofRequest},
};
use carnet_transparency::{BooksError, OpenError, Prover};

/// Checks the candidate against all of the ledger, worked out from nothing.
fn assert_as_worked_out(world: &World, cars: u16) {
    let snapshot = world.ledger.snapshot().unwrap();
    let note = world.prover.candidate().unwrap().unwrap();
    let checkpoint = Checkpoint::parse(note.text()).unwrap();
    let transactions = snapshot.transactions(0, usize::MAX).unwrap();
    let log: Vec<_> =
        transactions.iter().map(|one| entry_hash(Domain::LOG_TRANSACTION, &encoding::encode(one))).collect();
    assert_eq!((checkpoint.log.count, checkpoint.log.root), (log.len() as u64, tree_root(&log)));
    let directory = query::directory(&snapshot).unwrap().unwrap();
    let mut entries = vec![MapEntry { key: Subject::Directory.key(), value: directory_hash(&directory) }];
    world.prover.publish(Vec::new()).unwrap();
    for n in 0..cars {
        let request = ProofRequest { stream: stream(n), seen: None };
        let proof = world.prover.stream_proof(&request).unwrap().unwrap();
        let Some(head) = proof.head else { continue };
        let leaves: Vec<_> = world.leaves(n).iter().map(leaf_hash).collect();
        assert_eq!((head.records.count, head.records.root), (leaves.len() as u64, tree_root(&leaves)));
        assert_eq!(head.status, snapshot.stream_head(&stream(n)).unwrap().unwrap().status);
        entries.push(MapEntry { key: Subject::Stream(&stream(n)).key(), value: head_hash(&head) });
    }
    assert_eq!(checkpoint.map, map_root(&entries, 0));
    for n in 0..=cars {
        let proof = world.prover.stream_proof(&ProofRequest { stream: stream(n), seen: None }).unwrap().unwrap();
        assert_eq!(proof.map, map_proof(&entries, &Subject::Stream(&stream(n)).key()));
    }
    for new in 0..=log.len() {
        for old in 0..=new {
            let proof = world.prover.consistency_proof(old as u64, new as u64).unwrap().unwrap();
            assert_eq!(proof.hashes, tree_consistency(old, &log[..new]));
        }
    }
    assert_eq!(world.prover.consistency_proof(1, log.len() as u64 + 1).unwrap(), None);
}

#[test]
fn roots_and_proofs_are_as_worked_out_from_nothing_after_every_step() {
    let world = World::new("one");
    let owner = |n| key(2, n);
    let steps: Vec<Box<dyn Fn()>> = vec![
        Box::new(|| {}),
        Box::new(|| world.car(0, 3)),
        Box::new(|| (1..20).for_each(|n| world.car(n, u32::from(n)))),
        Box::new(|| world.submit(&owner(0), issue(0))),
        Box::new(|| world.submit(&key(3, 1), append(4, 100..107))),
        Box::new(|| {
            let (stream, records) = (stream(3), vec![record(2), record(0)]);
            world.submit(&owner(3), Action::WithdrawRecords { stream, records });
            let records = vec![record(1), record(2)];
            world.submit(&owner(3), Action::WithdrawRecords { stream, records });
        }),
        Box::new(|| world.submit(&owner(5), Action::CloseStream { stream: stream(5) })),
        Box::new(|| world.admit(2)),
    ];
    for step in steps {
        step();
        world.follow();
        assert_as_worked_out(&world, 20);
    }
}

#[test]
fn a_reader_accepts_what_an_honest_consortium_serves() {
    let world = World::new("one");
    world.car(1, 7);
    world.car(2, 0);
    world.publish();
    let first = world.read(None, 1).unwrap();
    assert_eq!((first.head.records.count, first.head.withdrawn.count, first.head.grants.count), (7, 0, 0));
    assert_eq!(world.read(None, 9), Err(Finding::UnknownStream));

    let records = vec![record(6), record(1)];
    world.submit(&key(2, 1), Action::WithdrawRecords { stream: stream(1), records });
    world.submit(&key(2, 1), append(1, 7..12));
    world.submit(&key(2, 1), issue(1));
    world.submit(&key(2, 2), Action::CloseStream { stream: stream(2) });
    // Before anybody has cosigned more, readers get what was cosigned.
    world.follow();
    assert_eq!(world.read(Some(&first.witnessed), 1).unwrap().head, first.head);

    world.publish();
    let second = world.read(Some(&first.witnessed), 1).unwrap();
    assert_eq!((second.head.records.count, second.head.grants.count), (12, 1));
    assert_eq!(second.withdrawn, [1, 6].into());
    let closed = world.read(Some(&second.witnessed), 2).unwrap();
    assert_eq!(closed.head.status, StreamStatus::Closed);

    let policy = world.policy();
    let seen = Some(&first.witnessed);
    let verifier = Verifier { policy: &policy, ledger: None, seen, freshness: Freshness::At(NOW) };
    let size = Some(first.witnessed.checkpoint.log.count);
    let directory = world.prover.directory_proof(size).unwrap().unwrap();
    verifier.directory(&directory).unwrap();
    assert_eq!(directory.directory.admissions.len(), 1);
    verifier.checkpoint(&world.prover.checkpoint_proof(size).unwrap().unwrap()).unwrap();
}

#[test]
fn how_a_car_stands_is_proved_also_where_its_passport_goes_on_in_another() {
    let world = World::new("one");
    let expert = key(3, 5);
    world.admit_as(5, MemberClass::Expert);
    world.car(1, 3);
    world.car(2, 3);
    let sighting = VinSighting { tag: VinTag([9; 32]), record: record(0), odometer: None };
    world.submit(&expert, Action::AttestVin { stream: stream(1), sighting });
    let evidence = Hash32([5; 32]);
    let (flag, kind, day) = (FlagId([4; 16]), FlagKind::Wreck, Day(20_000));
    world.submit(&expert, Action::DeclareFlag { stream: stream(1), flag, kind, day, evidence });
    world.publish();
    let wreck = world.read(None, 1).unwrap();
    assert_eq!(wreck.head.standing.vin.unwrap().sighting, sighting);
    assert_eq!(wreck.head.standing.flags[0].kind, FlagKind::Wreck);

    let (stream, previous) = (stream(2), stream(1));
    world.submit(&expert, Action::ReopenPassport { stream, previous, sighting, evidence });
    world.publish();
    // Both heads changed, by one transaction.
    let (old, new) = (world.read(Some(&wreck.witnessed), 1).unwrap(), world.read(None, 2).unwrap());
    assert_eq!((old.head.status, old.head.standing.next), (StreamStatus::Closed, Some(stream)));
    assert_eq!((new.head.standing.previous, &new.head.standing.flags), (Some(previous), &wreck.head.standing.flags));
}

#[test]
fn the_books_go_on_where_they_were() {
    let mut world = World::new("one");
    world.car(1, 7);
    world.publish();
    let seen = world.witnessed();
    let path = world.folder.path().join("prover");
    // As after a crash: the file as it is, while it is still open.
    let copy = world.folder.path().join("copy");
    std::fs::copy(&path, &copy).unwrap();
    world.prover = Prover::open(&copy, ORIGIN, log_key(), world.genesis).unwrap();
    assert_eq!(world.witnessed(), seen);
    world.car(2, 3);
    world.publish();
    world.read(Some(&seen), 2).unwrap();
    // Books made again from the ledger alone are the same, so nobody sees a fork.
    world.prover = Prover::open(&world.folder.path().join("again"), ORIGIN, log_key(), world.genesis).unwrap();
    world.publish();
    world.read(Some(&seen), 2).unwrap();
}

#[test]
fn old_versions_of_the_map_are_given_up() {
    let world = World::new("one");
    world.car(1, 1);
    world.publish();
    let size = |world: &World| std::fs::metadata(world.folder.path().join("prover")).unwrap().len();
    for n in 2..30 {
        world.submit(&key(2, 1), append(1, n..n + 1));
        world.publish();
    }
    let before = size(&world);
    for n in 30..90 {
        world.submit(&key(2, 1), append(1, n..n + 1));
        world.publish();
    }
    assert!(size(&world) <= 2 * before, "{before} bytes grew to {}", size(&world));
}

#[test]
fn books_are_not_mixed_up() {
    let world = World::new("one");
    world.car(1, 1);
    world.follow();
    let path = world.folder.path().join("prover");
    assert!(matches!(Prover::open(&path, ORIGIN, log_key(), world.genesis), Err(OpenError::InUse(_))));
    let copy = world.folder.path().join("copy");
    std::fs::copy(&path, &copy).unwrap();
    let other = Prover::open(&copy, "example.org/other", log_key(), world.genesis);
    assert!(matches!(other, Err(OpenError::OtherLog { .. })));
    std::fs::write(&copy, b"something else, and long enough to be looked at").unwrap();
    assert!(matches!(Prover::open(&copy, ORIGIN, log_key(), world.genesis), Err(OpenError::Unknown(_))));
    // A ledger that was put back to an older copy.
    let younger = World::new("one");
    let behind = world.prover.follow(&younger.ledger.snapshot().unwrap());
    assert!(matches!(behind, Err(BooksError::LedgerBehind { ledger: 2, recorded: 4 })));
    assert_ne!(world.genesis, Hash32([0; 32]));
}

#[test]
fn a_start_finds_a_ledger_that_was_put_back_or_exchanged() {
    let world = World::new("ledger");
    let check = |of: &World| world.prover.check(&of.ledger.snapshot().unwrap());
    assert!(check(&world).is_ok(), "nothing is recorded yet");
    world.car(1, 5);
    world.publish();
    world.car(2, 3);
    world.follow();
    world.car(3, 1);
    assert!(check(&world).is_ok(), "what is not recorded yet is no fault");
    let shorter = World::new("ledger");
    shorter.car(1, 5);
    assert!(matches!(check(&shorter), Err(BooksError::LedgerBehind { .. })));
    // As long, another transaction after the published checkpoint; and another one before it.
    let (last, first) = (World::new("ledger"), World::new("ledger"));
    last.car(1, 5);
    last.car(2, 4);
    let recorded = Checkpoint::parse(world.prover.candidate().unwrap().unwrap().text()).unwrap().log.count;
    assert!(matches!(check(&last), Err(BooksError::OtherHistory { size }) if size == recorded));
    first.car(1, 4);
    first.car(2, 3);
    let published = world.witnessed().checkpoint.log.count;
    assert!(matches!(check(&first), Err(BooksError::OtherHistory { size }) if size == published));
}
