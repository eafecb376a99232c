//! Base quality indices of classes, by vote.

use super::{
    host::Host,
    world::{self, START, World},
};
use carnet_ledger::query;
use carnet_protocol::{
    ledger::{Action, ClassIndex, Proposal, ProposalState, Rejection},
    limits::PROPOSAL_MS,
    member::MemberClass,
};

const GARAGE: MemberClass = MemberClass::Garage;

fn propose(n: u16, index: u8) -> Action {
    Action::ProposeClassIndex { proposal: world::proposal(n), class: GARAGE, index }
}

fn vote(n: u16, approve: bool) -> Action {
    Action::VoteClassIndex { proposal: world::proposal(n), approve }
}

/// As many members, the sources 1 to `count`, all of them garages.
fn with_voters<H: Host>(host: H, count: u16) -> World<H> {
    let mut world = World::with_stream(host);
    for n in 2..=count {
        world.accepts(&world::authority(), Action::AdmitMember(world::member(n)));
    }
    world
}

fn proposal_of<H: Host>(world: &World<H>, n: u16) -> Proposal {
    let all = query::class_indices(&world.host.state()).unwrap().proposals;
    all.into_iter().find(|known| known.proposal == world::proposal(n)).unwrap()
}

fn index_of<H: Host>(world: &World<H>) -> Option<ClassIndex> {
    query::class_indices(&world.host.state()).unwrap().indices.into_iter().find(|known| known.class == GARAGE)
}

pub fn members_set_the_index_of_a_class_by_vote(host: impl Host) {
    let mut world = with_voters(host, 4);
    for outsider in [world::stranger(), world::authority(), world::owner(1)] {
        world.refuses(&outsider, propose(1, 60), Rejection::NotAllowed);
    }
    world.refuses(&world::source(1), propose(1, 101), Rejection::BadField);
    world.refuses(&world::source(1), vote(1, true), Rejection::ProposalUnknown);
    world.accepts(&world::source(1), propose(1, 60));
    assert_eq!((proposal_of(&world, 1).approvals, proposal_of(&world, 1).state), (1, ProposalState::Open));
    world.refuses(&world::stranger(), vote(1, true), Rejection::NotAllowed);
    world.accepts(&world::source(2), vote(1, true));
    assert_eq!(index_of(&world), None, "two of four are not more than half");
    world.accepts(&world::source(3), vote(1, true));
    let index = index_of(&world).unwrap();
    assert_eq!((index.index, index.proposal), (60, world::proposal(1)));
    assert_eq!(proposal_of(&world, 1).state, ProposalState::Enacted);
    world.refuses(&world::source(4), vote(1, false), Rejection::ProposalClosed);
    world.accepts_without_effect(&world::source(3), vote(1, true));
    world.accepts_without_effect(&world::source(1), propose(1, 60));
    world.refuses(&world::source(1), propose(1, 61), Rejection::ProposalConflict);
    world.refuses(&world::source(2), propose(1, 60), Rejection::ProposalConflict);
}

pub fn a_record_keeps_the_index_of_its_writing(host: impl Host) {
    let mut world = with_voters(host, 2);
    let (source, stream) = (world::source(1), world::stream(1));
    world.accepts(&source, world::append(stream, &[1]));
    world.accepts(&source, propose(1, 40));
    world.accepts(&source, world::append(stream, &[2]));
    world.accepts(&world::source(2), vote(1, true));
    world.accepts(&source, world::append(stream, &[3]));
    world.accepts(&world::source(2), propose(2, 90));
    world.accepts(&source, vote(2, true));
    world.accepts(&source, world::append(stream, &[4]));
    world.accepts(&world::owner(1), world::append(stream, &[5]));
    let found: Vec<_> = world.leaves(&stream).iter().map(|leaf| leaf.base_quality).collect();
    assert_eq!(found, [70, 70, 40, 90, 0], "at admission; the same; first vote; second vote; the owner");
    let withdraw = Action::WithdrawRecords { stream, records: vec![world::record(1)] };
    world.accepts(&source, withdraw);
    assert_eq!(world.leaves(&stream)[0].base_quality, 70);
    world::assert_replays(&world.host);
}

pub fn a_vote_counts_once_and_stands(host: impl Host) {
    let mut world = with_voters(host, 5);
    world.accepts(&world::source(1), propose(1, 60));
    for _ in 0..3 {
        world.accepts_without_effect(&world::source(1), vote(1, true));
    }
    world.refuses(&world::source(1), vote(1, false), Rejection::VoteConflict);
    world.accepts(&world::source(2), vote(1, false));
    world.refuses(&world::source(2), vote(1, true), Rejection::VoteConflict);
    let proposal = proposal_of(&world, 1);
    assert_eq!((proposal.approvals, proposal.refusals, proposal.state), (1, 1, ProposalState::Open));
}

pub fn a_proposal_falls_or_runs_out(host: impl Host) {
    let mut world = with_voters(host, 4);
    world.accepts(&world::source(1), propose(1, 60));
    world.accepts(&world::source(2), vote(1, false));
    world.accepts(&world::source(3), vote(1, false));
    assert_eq!(proposal_of(&world, 1).state, ProposalState::Refused, "no more than half can be for it");
    world.refuses(&world::source(4), vote(1, true), Rejection::ProposalClosed);

    world.accepts(&world::source(1), propose(2, 60));
    world.accepts(&world::source(2), vote(2, true));
    world.set_now(START.plus(PROPOSAL_MS + 1_000));
    world.refuses(&world::source(3), vote(2, true), Rejection::ProposalClosed);
    world.accepts_without_effect(&world::source(2), vote(2, true));
    assert_eq!(index_of(&world), None);
}

pub fn later_members_count_and_vote(host: impl Host) {
    let mut world = with_voters(host, 2);
    world.accepts(&world::source(1), propose(1, 60));
    world.accepts(&world::authority(), Action::AdmitMember(world::member(3)));
    world.accepts(&world::authority(), Action::AdmitMember(world::member(4)));
    world.accepts(&world::source(2), vote(1, true));
    assert_eq!(index_of(&world), None, "two of four");
    world.accepts(&world::source(4), vote(1, true));
    assert!(index_of(&world).is_some());
}

/// Forty members vote at once, on two proposals for one class: both are counted right.
pub fn concurrent_votes_decide_once(host: impl Host) {
    let mut world = with_voters(host, 40);
    world.accepts(&world::source(1), propose(1, 60));
    world.accepts(&world::source(2), propose(2, 80));
    let votes: Vec<_> = (1..=40)
        .flat_map(|n| {
            [world.sign(&world::source(n), vote(1, true)), world.sign(&world::source(n), vote(2, n % 2 == 0))]
        })
        .collect();
    world.host.submit_concurrently(world::batches(votes));
    let (one, two) = (proposal_of(&world, 1), proposal_of(&world, 2));
    assert_eq!((one.state, one.approvals), (ProposalState::Enacted, 21));
    assert_eq!((two.state, two.refusals), (ProposalState::Refused, 20));
    assert_eq!(index_of(&world).unwrap().index, 60);
    world::assert_replays(&world.host);
}
