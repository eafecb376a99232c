//! Members vote on how much a record of each class counts to begin with.

use crate::world::*;
use carnet_protocol::{ledger::Rejection, member::MemberClass};
use carnet_wallet::{
    command::{Answer, Command},
    error::WalletError,
    view::ClassVotesView,
};

async fn member(world: &World, class: MemberClass) -> Person {
    let mut person = world.owner().await;
    let Answer::DemoRoles(roles) = person.ask(Command::DemoRoles).await.unwrap() else { panic!("roles") };
    let member = roles.into_iter().find(|role| role.member.class == class).unwrap().member.sign;
    person.ask(Command::TakeDemoRole { member }).await.unwrap();
    person
}

async fn votes(person: &mut Person, command: Command) -> Result<ClassVotesView, WalletError> {
    match person.ask(command).await? {
        Answer::ClassVotes(view) => Ok(view),
        _ => panic!("votes"),
    }
}

fn garages(view: &ClassVotesView) -> Option<u8> {
    view.classes.iter().find(|class| class.class == MemberClass::Garage).unwrap().index
}

#[tokio::test]
async fn more_than_half_of_the_members_set_the_base_index_of_a_class() {
    let world = World::new().await;
    let mut bank = member(&world, MemberClass::Bank).await;
    let propose = Command::ProposeClassIndex { class: MemberClass::Garage, index: 55 };
    let proposed = votes(&mut bank, propose).await.unwrap();
    let [proposal] = proposed.proposals.as_slice() else { panic!("one proposal") };
    assert_eq!((proposal.approvals, proposal.refusals, proposal.open), (1, 0, true));
    assert!(proposal.by.as_ref().unwrap().contains("Bank"));
    let (id, mut view) = (proposal.proposal, proposed.clone());
    for class in [MemberClass::Insurer, MemberClass::Expert] {
        assert_eq!(garages(&view), None, "not before more than half of them are for it");
        let mut voter = member(&world, class).await;
        view = votes(&mut voter, Command::VoteClassIndex { proposal: id, approve: true }).await.unwrap();
    }
    assert_eq!(garages(&view), Some(55));
    assert!(view.proposals[0].enacted && !view.proposals[0].open);
    let mut late = member(&world, MemberClass::Manufacturer).await;
    let refused = votes(&mut late, Command::VoteClassIndex { proposal: id, approve: false }).await;
    assert_eq!(refused.err(), Some(WalletError::Rejected { reason: Rejection::ProposalClosed }));
}

#[tokio::test]
async fn who_is_no_member_cannot_vote_and_no_index_is_above_a_hundred() {
    let world = World::new().await;
    let propose = |index| Command::ProposeClassIndex { class: MemberClass::Garage, index };
    let mut owner = world.owner().await;
    assert_eq!(votes(&mut owner, propose(50)).await.err(), Some(WalletError::NotFound));
    let mut bank = member(&world, MemberClass::Bank).await;
    assert_eq!(votes(&mut bank, propose(101)).await.err(), Some(WalletError::BadInput));
    assert!(votes(&mut owner, Command::ClassVotes).await.unwrap().proposals.is_empty());
}
