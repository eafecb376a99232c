//! Every refusal, reached at least once.

use super::{
    host::Host,
    transactions::too_late,
    world::{self, START, World},
};
use carnet_protocol::{
    day::Timestamp,
    id::Hash32,
    key::Signature,
    ledger::{Action, Rejection, Transaction},
    member::Member,
    signed::Signed,
};

/// A reason added to the protocol does not compile here until a transaction is given that meets it.
fn provoke<H: Host>(world: &World<H>, rejection: Rejection) -> Signed<Transaction> {
    let (owner, stream) = (world::owner(1), world::stream(1));
    let accept = |n| Action::AcceptGrant { stream, grant: world::grant(n) };
    let (key, action) = match rejection {
        Rejection::BadSignature => {
            let good = world.sign(&owner, world::append(stream, &[5]));
            return Signed::from_parts(good.body.0, good.key, Signature([1; 64]));
        }
        Rejection::WrongLedger => {
            let action = world::append(stream, &[5]);
            return owner.sign(&Transaction { ledger: Some(Hash32([9; 32])), at: world.now, action });
        }
        Rejection::GenesisExists => return world::genesis(world.now.plus(1)),
        Rejection::TimeOutOfBounds => {
            let action = world::append(stream, &[5]);
            return owner.sign(&Transaction { ledger: Some(world.ledger), at: too_late(world.now), action });
        }
        Rejection::NotAllowed => (world::stranger(), Action::AdmitMember(world::member(5))),
        Rejection::BadList => (owner, world::append(stream, &[])),
        Rejection::BadField => {
            (world::authority(), Action::AdmitMember(Member { base_quality: 255, ..world::member(5) }))
        }
        Rejection::MemberExists => {
            (world::authority(), Action::AdmitMember(Member { base_quality: 0, ..world::member(1) }))
        }
        Rejection::StreamExists => (world::stranger(), Action::OpenStream { stream }),
        Rejection::StreamUnknown => (owner, world::append(world::stream(5), &[1])),
        Rejection::StreamClosed => (world::owner(2), world::append(world::stream(2), &[1])),
        Rejection::RecordConflict => (owner, Action::AppendRecords { stream, entries: vec![world::entry(1, 9)] }),
        Rejection::RecordUnknown => (owner, Action::WithdrawRecords { stream, records: vec![world::record(5)] }),
        Rejection::GrantConflict => {
            let not_after = START.plus(Timestamp::DAY);
            let (grant, hash) = (world::grant(1), Hash32([9; 32]));
            (owner, Action::IssueGrant { stream, grant, hash, acceptor: None, not_after })
        }
        Rejection::GrantUnknown => (owner, accept(5)),
        Rejection::GrantRevoked => (world::acceptor(2), accept(2)),
        Rejection::GrantExpired => (world::acceptor(3), accept(3)),
    };
    world.sign(&key, action)
}

pub fn every_refusal_is_reached_and_changes_nothing(host: impl Host) {
    let mut world = World::with_stream(host);
    let (owner, stream) = (world::owner(1), world::stream(1));
    world.accepts(&world::owner(2), Action::OpenStream { stream: world::stream(2) });
    world.accepts(&world::owner(2), Action::CloseStream { stream: world::stream(2) });
    world.accepts(&owner, world::append(stream, &[1]));
    for n in 1..=2 {
        world.accepts(&owner, world::issue(stream, n));
    }
    world.accepts(&owner, Action::RevokeGrant { stream, grant: world::grant(2) });
    let short = Action::IssueGrant {
        stream,
        grant: world::grant(3),
        hash: Hash32([8; 32]),
        acceptor: Some(world::acceptor_hash(&stream, &world::grant(3), &world::acceptor(3))),
        not_after: START.plus(60_000),
    };
    world.accepts(&owner, short.clone());
    world.set_now(START.plus(120_000));
    for rejection in Rejection::ALL {
        let signed = provoke(&world, rejection);
        world.refuses_signed(signed, rejection);
    }
    world.refuses(&owner, short, Rejection::GrantExpired);
}
