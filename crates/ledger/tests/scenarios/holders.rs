//! Co-holders.

use super::{
    host::Host,
    sales,
    world::{self, World},
};
use carnet_protocol::ledger::{Action, Rejection};

pub fn a_co_holder_writes_as_the_owner_until_removed(host: impl Host) {
    let mut world = World::with_stream(host);
    let (owner, stream, partner) = (world::owner(1), world::stream(1), world::acceptor(1));
    let holder = partner.verifying_key();
    let (admit, remove) = (Action::AdmitHolder { stream, holder }, Action::RemoveHolder { stream, holder });
    world.refuses(&partner, world::append(stream, &[1]), Rejection::NotAllowed);
    for other in [&partner, &world::source(1), &world::authority(), &world::owner(2)] {
        world.refuses(other, admit.clone(), Rejection::NotAllowed);
    }
    world.refuses(&owner, remove.clone(), Rejection::HolderUnknown);
    world.accepts(&owner, admit.clone());
    world.accepts_without_effect(&owner, admit.clone());
    world.accepts(&partner, world::append(stream, &[1]));
    let leaf = world.leaves(&stream)[0];
    assert_eq!((leaf.source, leaf.base_quality), (holder, 0));
    world.accepts(&owner, world::append(stream, &[2]));
    // The owner's alone: grants, people, the end.
    for action in [world::issue(stream, 1), admit.clone(), Action::CloseStream { stream }] {
        world.refuses(&partner, action, Rejection::NotAllowed);
    }
    let withdraw = |record| Action::WithdrawRecords { stream, records: vec![world::record(record)] };
    world.refuses(&partner, withdraw(2), Rejection::NotAllowed);
    world.accepts(&partner, world::append(stream, &[3]));
    world.accepts(&partner, withdraw(3));

    world.accepts(&owner, remove.clone());
    world.accepts_without_effect(&owner, remove);
    for action in [world::append(stream, &[4]), withdraw(1)] {
        world.refuses(&partner, action, Rejection::NotAllowed);
    }
    world.refuses(&owner, admit, Rejection::HolderRemoved);
    // What the co-holder wrote stays, and is the owner's to withdraw.
    world.accepts(&owner, withdraw(1));
    let other = world::acceptor(2);
    world.accepts(&owner, Action::AdmitHolder { stream, holder: other.verifying_key() });
    world.accepts(&other, Action::RemoveHolder { stream, holder: other.verifying_key() });
    world.refuses(&other, world::append(stream, &[5]), Rejection::NotAllowed);
    // Members' records stay their own.
    world.accepts(&world::source(1), world::append(stream, &[6]));
    world.refuses(&owner, withdraw(6), Rejection::NotAllowed);
}

pub fn co_holders_are_bounded_and_somebody_else(host: impl Host) {
    let mut world = World::with_stream(host);
    let (owner, stream) = (world::owner(1), world::stream(1));
    let admit = |n| Action::AdmitHolder { stream, holder: world::acceptor(n).verifying_key() };
    for holder in [owner.verifying_key(), world::source(1).verifying_key(), carnet_protocol::key::VerifyingKey([0; 32])]
    {
        world.refuses(&owner, Action::AdmitHolder { stream, holder }, Rejection::BadField);
    }
    for n in 1..=32 {
        world.accepts(&owner, admit(n));
    }
    world.refuses(&owner, admit(33), Rejection::TooManyHolders);
    let gone = world::acceptor(1).verifying_key();
    world.accepts(&owner, Action::RemoveHolder { stream, holder: gone });
    world.refuses(&owner, admit(33), Rejection::TooManyHolders);
    // A co-holder of one passport is nobody in another.
    world.accepts(&world::owner(2), Action::OpenStream { stream: world::stream(2) });
    world.refuses(&world::acceptor(2), world::append(world::stream(2), &[1]), Rejection::NotAllowed);
    world.accepts(&owner, Action::CloseStream { stream });
    world.refuses(&world::acceptor(2), world::append(stream, &[9]), Rejection::StreamClosed);
    let holder = world::acceptor(2).verifying_key();
    world.accepts(&owner, Action::RemoveHolder { stream, holder });
}

pub fn a_sale_is_the_owners_and_ends_holding_together(host: impl Host) {
    let mut world = World::with_stream(host);
    let (owner, buyer, one, two) = (world::owner(1), world::owner(2), world::stream(1), world::stream(2));
    let (partner, late) = (world::acceptor(1), world::acceptor(2).verifying_key());
    let holder = partner.verifying_key();
    world.accepts(&owner, Action::AdmitHolder { stream: one, holder });
    world.accepts(&partner, world::append(one, &[1]));
    world.refuses(&partner, sales::offer(one, 1), Rejection::NotAllowed);
    world.accepts(&owner, sales::offer(one, 1));
    // What is for sale is frozen, whoever of the owner's side writes; who is to be shut out is.
    let withdraw = Action::WithdrawRecords { stream: one, records: vec![world::record(1)] };
    for action in [world::append(one, &[2]), withdraw.clone()] {
        world.refuses(&partner, action, Rejection::SaleOffered);
    }
    world.refuses(&owner, withdraw.clone(), Rejection::SaleOffered);
    world.refuses(&owner, Action::AdmitHolder { stream: one, holder: late }, Rejection::SaleOffered);
    world.refuses(&partner, Action::CancelSale { stream: one, sale: sales::id(1) }, Rejection::NotAllowed);
    world.accepts(&buyer, sales::accept(one, 1, 2));
    for action in [world::append(one, &[3]), withdraw] {
        world.refuses(&partner, action, Rejection::StreamClosed);
    }
    world.refuses(&partner, world::append(two, &[1]), Rejection::NotAllowed);
    world.refuses(&owner, Action::AdmitHolder { stream: one, holder: late }, Rejection::StreamClosed);
    world.accepts(&owner, Action::RemoveHolder { stream: one, holder });
    world::assert_replays(&world.host);
}
