//! What holds for every transaction.

use super::{
    host::Host,
    world::{self, START, World, is_accepted},
};
use carnet_ledger::query;
use carnet_protocol::{
    day::Timestamp,
    id::Hash32,
    key::{Signature, VerifyingKey},
    ledger::{Action, Outcome, Rejection, Transaction},
    limits::TRANSACTION_SKEW_MS,
    signed::Signed,
};

pub fn the_first_transaction_makes_the_ledger(mut host: impl Host) {
    host.set_now(START);
    let early = world::owner(1).sign(&Transaction {
        ledger: Some(Hash32([1; 32])),
        at: START,
        action: Action::OpenStream { stream: world::stream(1) },
    });
    assert_eq!(host.submit(vec![early])[0].outcome, Outcome::Rejected(Rejection::WrongLedger));
    assert_eq!(query::genesis_hash(&host.state()), Ok(None));
    let world = World::new(host);
    assert_eq!(query::genesis_hash(&world.host.state()), Ok(Some(world.ledger)));
}

pub fn a_repeated_transaction_keeps_its_place(host: impl Host) {
    let mut world = World::with_stream(host);
    let signed = world.sign(&world::owner(1), world::append(world::stream(1), &[1]));
    let first = world.submit_one(signed.clone());
    world.accepts(&world::owner(1), world::append(world::stream(1), &[2]));
    let before = (world.host.state(), world.host.log());
    assert_eq!(world.submit_one(signed.clone()), first);
    assert_eq!(world.host.submit(vec![signed.clone(), signed]), [first.clone(), first]);
    assert!(before == (world.host.state(), world.host.log()));
}

pub fn a_repeat_is_harmless_at_any_later_time(host: impl Host) {
    let mut world = World::with_stream(host);
    let signed = world.sign(&world::owner(1), world::append(world::stream(1), &[1]));
    let first = world.submit_one(signed.clone());
    assert!(is_accepted(&first));
    world.accepts(&world::owner(1), Action::CloseStream { stream: world::stream(1) });
    world.set_now(START.plus(400 * Timestamp::DAY));
    assert_eq!(world.submit_one(signed), first);
    let genesis = world.host.log()[0].clone();
    assert_eq!(world.submit_one(genesis).outcome, Outcome::Accepted { sequence: 0 });
}

pub fn any_change_of_a_signed_transaction_is_refused(host: impl Host) {
    let mut world = World::new(host);
    let good = world.sign(&world::owner(1), Action::OpenStream { stream: world::stream(1) });
    let mut changed: Vec<Signed<Transaction>> = Vec::new();
    for at in 0..good.body.len() {
        let mut body = good.body.0.clone();
        body[at] ^= 1 << (at % 8);
        changed.push(Signed::from_parts(body, good.key, good.signature));
    }
    for at in 0..64 {
        let mut signature = good.signature.0;
        signature[at] ^= 1 << (at % 8);
        changed.push(Signed::from_parts(good.body.0.clone(), good.key, Signature(signature)));
    }
    changed.push(Signed::from_parts(good.body.0.clone(), world::owner(2).verifying_key(), good.signature));
    // The point of small order under which some verifiers accept anything.
    changed.push(Signed::from_parts(good.body.0.clone(), VerifyingKey([0; 32]), Signature([0; 64])));
    changed.push(Signed::from_parts(Vec::new(), good.key, good.signature));
    let before = world.host.state();
    for part in changed.chunks(64) {
        for receipt in world.host.submit(part.to_vec()) {
            assert_eq!(receipt.outcome, Outcome::Rejected(Rejection::BadSignature));
        }
    }
    assert!(before == world.host.state());
    assert!(is_accepted(&world.submit_one(good)));
}

pub fn each_of_a_batch_stands_alone(host: impl Host) {
    let mut world = World::new(host);
    let batch = vec![
        world.sign(&world::owner(1), Action::OpenStream { stream: world::stream(1) }),
        world.sign(&world::owner(2), Action::OpenStream { stream: world::stream(1) }),
        world.sign(&world::owner(2), Action::OpenStream { stream: world::stream(2) }),
    ];
    let outcomes: Vec<_> = world.host.submit(batch).into_iter().map(|receipt| receipt.outcome).collect();
    assert_eq!(
        outcomes,
        [
            Outcome::Accepted { sequence: 1 },
            Outcome::Rejected(Rejection::StreamExists),
            Outcome::Accepted { sequence: 2 }
        ]
    );
}

pub fn a_batch_sees_its_own_effects(host: impl Host) {
    let mut world = World::new(host);
    let (owner, stream) = (world::owner(1), world::stream(1));
    let batch = vec![
        world.sign(&owner, Action::OpenStream { stream }),
        world.sign(&owner, world::append(stream, &[1, 2])),
        world.sign(&owner, world::append(stream, &[2, 3])),
        world.sign(&owner, world::issue(stream, 1)),
        world.sign(&world::acceptor(1), Action::AcceptGrant { stream, grant: world::grant(1) }),
        world.sign(&owner, Action::CloseStream { stream }),
    ];
    assert!(world.host.submit(batch).iter().all(is_accepted));
    assert_eq!(world.head(&stream).leaves, 3);
    world::assert_replays(&world.host);
}

/// A time just outside what the host takes.
pub fn too_late(now: Timestamp) -> Timestamp {
    now.plus(TRANSACTION_SKEW_MS + 1)
}
