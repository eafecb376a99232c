//! Grants.

use super::{
    host::Host,
    world::{self, START, World},
};
use carnet_protocol::{
    day::Timestamp,
    id::Hash32,
    ledger::{Action, Rejection},
};

pub fn a_grant_lives_its_life(host: impl Host) {
    let mut world = World::with_stream(host);
    let (owner, stream, grant) = (world::owner(1), world::stream(1), world::grant(1));
    let accept = Action::AcceptGrant { stream, grant };
    let revoke = Action::RevokeGrant { stream, grant };
    world.refuses(&owner, accept.clone(), Rejection::GrantUnknown);
    world.accepts(&owner, world::issue(stream, 1));
    world.accepts_without_effect(&owner, world::issue(stream, 1));
    let state = world.grant_state(&stream, &grant);
    assert_eq!((state.hash, state.accepted_at, state.revoked_at), (Hash32([8; 32]), None, None));

    world.accepts(&world::acceptor(1), accept.clone());
    let accepted = world.grant_state(&stream, &grant).accepted_at;
    assert!(accepted.is_some());
    world.accepts_without_effect(&world::acceptor(1), accept.clone());

    world.accepts(&owner, revoke.clone());
    let state = world.grant_state(&stream, &grant);
    assert_eq!(state.accepted_at, accepted);
    assert!(state.revoked_at > accepted);
    world.accepts_without_effect(&owner, revoke);
    world.refuses(&world::acceptor(1), accept, Rejection::GrantRevoked);
    world.refuses(&owner, world::issue(stream, 1), Rejection::GrantRevoked);
}

pub fn a_grant_revoked_before_it_is_heard_of_opens_nothing_when_it_comes(host: impl Host) {
    let mut world = World::with_stream(host);
    let (owner, stream, grant) = (world::owner(1), world::stream(1), world::grant(1));
    let revoke = Action::RevokeGrant { stream, grant };
    world.refuses(&world::owner(2), revoke.clone(), Rejection::NotAllowed);
    world.accepts(&owner, revoke.clone());
    world.accepts_without_effect(&owner, revoke);
    world.refuses(&owner, world::issue(stream, 1), Rejection::GrantRevoked);
    world.refuses(&world::acceptor(1), Action::AcceptGrant { stream, grant }, Rejection::GrantRevoked);
    assert!(world.grant_state(&stream, &grant).revoked_at.is_some());
}

pub fn only_the_named_key_accepts(host: impl Host) {
    let mut world = World::with_stream(host);
    let (owner, stream) = (world::owner(1), world::stream(1));
    let accept = |n| Action::AcceptGrant { stream, grant: world::grant(n) };
    world.accepts(&owner, world::issue(stream, 1));
    for other in [&owner, &world::acceptor(2), &world::source(1), &world::authority()] {
        world.refuses(other, accept(1), Rejection::NotAllowed);
    }
    // The hash is bound to stream and grant: that of another grant is of no use.
    let copied = Action::IssueGrant {
        stream,
        grant: world::grant(2),
        hash: Hash32([8; 32]),
        acceptor: Some(world::acceptor_hash(&stream, &world::grant(1), &world::acceptor(1))),
        not_after: START.plus(Timestamp::DAY),
    };
    world.accepts(&owner, copied);
    world.refuses(&world::acceptor(1), accept(2), Rejection::NotAllowed);
    // Behind a link nobody accepts.
    let not_after = START.plus(Timestamp::DAY);
    let link = Action::IssueGrant { stream, grant: world::grant(3), hash: Hash32([8; 32]), acceptor: None, not_after };
    world.accepts(&owner, link);
    world.refuses(&world::acceptor(3), accept(3), Rejection::NotAllowed);
}

pub fn revoking_outlives_the_stream(host: impl Host) {
    let mut world = World::with_stream(host);
    let (owner, stream) = (world::owner(1), world::stream(1));
    world.accepts(&owner, world::issue(stream, 1));
    world.accepts(&owner, Action::CloseStream { stream });
    world.set_now(START.plus(2 * Timestamp::DAY));
    world.accepts(&owner, Action::RevokeGrant { stream, grant: world::grant(1) });
    assert!(world.grant_state(&stream, &world::grant(1)).revoked_at.is_some());
}

pub fn the_end_of_a_grant_moves_ahead_while_it_stands(host: impl Host) {
    let mut world = World::with_stream(host);
    let (owner, stream, grant) = (world::owner(1), world::stream(1), world::grant(1));
    let renew = |n, content, days| Action::RenewGrant {
        stream,
        grant: world::grant(n),
        hash: Hash32([content; 32]),
        not_after: START.plus(days * Timestamp::DAY),
    };
    world.refuses(&owner, renew(1, 9, 2), Rejection::GrantUnknown);
    world.accepts(&owner, world::issue(stream, 1));
    world.accepts(&world::acceptor(1), Action::AcceptGrant { stream, grant });
    for other in [world::acceptor(1), world::source(1), world::authority(), world::owner(2)] {
        world.refuses(&other, renew(1, 9, 2), Rejection::NotAllowed);
    }
    world.accepts(&owner, renew(1, 9, 2));
    world.accepts_without_effect(&owner, renew(1, 9, 2));
    let state = world.grant_state(&stream, &grant);
    assert_eq!((state.hash, state.not_after), (Hash32([9; 32]), START.plus(2 * Timestamp::DAY)));
    assert!(state.accepted_at.is_some(), "what was accepted stays accepted");
    for (content, days) in [(10, 1), (10, 2)] {
        world.refuses(&owner, renew(1, content, days), Rejection::GrantConflict);
    }
    // What has ended stays ended, and so does what was taken back.
    world.set_now(START.plus(2 * Timestamp::DAY + 1));
    world.refuses(&owner, renew(1, 11, 3), Rejection::GrantExpired);
    world.refuses(&owner, renew(1, 11, 1), Rejection::GrantExpired);
    let late = Action::IssueGrant {
        stream,
        grant: world::grant(2),
        hash: Hash32([8; 32]),
        acceptor: None,
        not_after: START.plus(9 * Timestamp::DAY),
    };
    world.accepts(&owner, late);
    world.accepts(&owner, Action::RevokeGrant { stream, grant: world::grant(2) });
    world.refuses(&owner, renew(2, 11, 12), Rejection::GrantRevoked);
    world.accepts(&owner, Action::CloseStream { stream });
    world.refuses(&owner, renew(2, 11, 12), Rejection::StreamClosed);
}
