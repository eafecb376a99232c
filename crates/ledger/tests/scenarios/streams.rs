//! Opening and closing.

use super::{
    host::Host,
    world::{self, World, is_accepted},
};
use carnet_protocol::ledger::{Action, Outcome, Rejection, StreamStatus};

pub fn a_stream_belongs_to_whoever_opened_it(host: impl Host) {
    let mut world = World::with_stream(host);
    let stream = world::stream(1);
    let head = world.head(&stream);
    assert_eq!((head.owner, head.status, head.leaves), (world::owner(1).verifying_key(), StreamStatus::Open, 0));
    world.accepts_without_effect(&world::owner(1), Action::OpenStream { stream });
    world.refuses(&world::owner(2), Action::OpenStream { stream }, Rejection::StreamExists);
    for action in [Action::CloseStream { stream }, world::issue(stream, 1), world::append(stream, &[1])] {
        world.refuses(&world::owner(2), action, Rejection::NotAllowed);
    }
}

pub fn a_closed_stream_takes_nothing_more(host: impl Host) {
    let mut world = World::with_stream(host);
    let (owner, stream) = (world::owner(1), world::stream(1));
    world.accepts(&owner, world::append(stream, &[1]));
    world.accepts(&owner, world::issue(stream, 1));
    world.accepts(&owner, Action::CloseStream { stream });
    assert_eq!(world.head(&stream).status, StreamStatus::Closed);
    for action in [
        world::append(stream, &[1]),
        world::append(stream, &[2]),
        Action::WithdrawRecords { stream, records: vec![world::record(1)] },
        world::issue(stream, 2),
        Action::CloseStream { stream },
    ] {
        world.refuses(&owner, action, Rejection::StreamClosed);
    }
    world.refuses(&world::source(1), world::append(stream, &[2]), Rejection::StreamClosed);
    let accept = Action::AcceptGrant { stream, grant: world::grant(1) };
    world.refuses(&world::acceptor(1), accept, Rejection::StreamClosed);
    world.refuses(&owner, Action::OpenStream { stream }, Rejection::StreamExists);
}

/// 500 closings and 500 appends at once: one closing wins, and all appends that were accepted came before it.
pub fn of_many_closings_one_wins(host: impl Host) {
    let mut world = World::with_stream(host);
    let (owner, stream) = (world::owner(1), world::stream(1));
    world.accepts(&owner, world::append(stream, &[1_000]));
    let mut transactions = Vec::new();
    for n in 0..500 {
        transactions.push(world.sign(&owner, world::append(stream, &[n])));
        transactions.push(world.sign(&owner, Action::CloseStream { stream }));
    }
    let receipts: Vec<_> = world.host.submit_concurrently(world::batches(transactions)).into_iter().flatten().collect();
    assert_eq!(receipts.len(), 1_000);
    let closings: Vec<_> = receipts.iter().skip(1).step_by(2).filter(|receipt| is_accepted(receipt)).collect();
    assert_eq!(closings.len(), 1);
    let appended = receipts.iter().step_by(2).filter(|receipt| is_accepted(receipt));
    for receipt in appended.clone() {
        let place = |outcome| match outcome {
            Outcome::Accepted { sequence } => sequence,
            Outcome::Rejected(rejection) => panic!("{rejection}"),
        };
        assert!(place(receipt.outcome) < place(closings[0].outcome));
    }
    assert!(
        receipts
            .iter()
            .all(|receipt| { is_accepted(receipt) || receipt.outcome == Outcome::Rejected(Rejection::StreamClosed) })
    );
    assert_eq!(world.head(&stream).leaves, 1 + appended.count() as u64);
    assert_eq!(world.head(&stream).status, StreamStatus::Closed);
    world::assert_replays(&world.host);
}
