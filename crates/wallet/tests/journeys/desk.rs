//! A member's staff: the demo role, the inbox, accepting, reading, losing access.

use crate::world::*;
use carnet_protocol::{
    api::path,
    category::Category,
    day::Day,
    id::{GrantId, StreamId},
    member::MemberClass,
};
use carnet_wallet::{
    command::{Answer, Audience, Command, Subject},
    error::WalletError,
    view::{InboxState, InboxView, MemberView, ShareState},
};

pub async fn staff(world: &World, class: MemberClass) -> (Person, MemberView) {
    let mut person = world.owner().await;
    let Answer::DemoRoles(roles) = person.ask(Command::DemoRoles).await.unwrap() else { panic!("roles") };
    let role = roles.into_iter().find(|role| role.member.class == class).unwrap();
    let taken = person.ask(Command::TakeDemoRole { member: role.member.sign }).await.unwrap();
    let Answer::Staff(Some(view)) = taken else { panic!("staff") };
    assert!(view.admitted);
    (person, role)
}

pub async fn inbox(person: &mut Person) -> Vec<InboxView> {
    let Answer::Inbox(inbox) = person.ask(Command::Inbox).await.unwrap() else { panic!("an inbox") };
    inbox
}

pub async fn answer(person: &mut Person, grant: GrantId, accept: bool) -> Vec<InboxView> {
    let answered = person.ask(Command::AnswerGrant { grant, accept }).await.unwrap();
    let Answer::Inbox(inbox) = answered else { panic!("an inbox") };
    inbox
}

async fn state_of(owner: &mut Person, vehicle: StreamId) -> ShareState {
    let Answer::Shares(shares) = owner.ask(Command::Shares { vehicle }).await.unwrap() else { panic!("shares") };
    shares[0].state
}

#[tokio::test]
async fn an_insurer_accepts_reads_and_is_shut_out_by_a_revocation() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.add_odometer(car, Day(20_000), 20_000).await;
    let (mut insurer, role) = staff(&world, MemberClass::Insurer).await;
    let audience = Audience::Member(role.member.sign);
    let shared = owner.share(car, audience, all_days(&[Category::Mileage])).await;
    assert_eq!((shared.share.audience.as_str(), shared.link), (role.member.name.as_str(), None));
    owner.settle().await;

    let grant = shared.share.grant;
    let received = inbox(&mut insurer).await;
    assert_eq!((received.len(), received[0].state), (1, InboxState::New));
    assert_eq!(received[0].terms.not_shared, [Category::Identity]);
    assert_eq!(answer(&mut insurer, grant, true).await[0].state, InboxState::Accepted);
    insurer.settle().await;
    let passport = insurer.passport(Subject::Granted(grant)).await.unwrap();
    assert_eq!((passport.timeline.total, passport.completeness.missing), (1, 0));
    assert_eq!(passport.terms.unwrap().grant, grant);
    assert_eq!(state_of(&mut owner, car).await, ShareState::Accepted);

    owner.ask(Command::Revoke { vehicle: car, grant }).await.unwrap();
    owner.settle().await;
    assert_eq!(insurer.passport(Subject::Granted(grant)).await.err(), Some(WalletError::AccessRevoked));
    assert_eq!(inbox(&mut insurer).await[0].state, InboxState::Revoked);
}

#[tokio::test]
async fn a_declined_grant_opens_nothing() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let (mut bank, role) = staff(&world, MemberClass::Bank).await;
    let shared = owner.share(car, Audience::Member(role.member.sign), all_days(&[Category::Identity])).await;
    owner.settle().await;
    inbox(&mut bank).await;
    assert_eq!(answer(&mut bank, shared.share.grant, false).await[0].state, InboxState::Declined);
    bank.settle().await;
    let denied = bank.passport(Subject::Granted(shared.share.grant)).await;
    assert_eq!(denied.err(), Some(WalletError::AccessEnded));
    assert_eq!(state_of(&mut owner, car).await, ShareState::Declined);
}

#[tokio::test]
async fn members_come_from_the_directory_and_unknown_ones_get_nothing() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.confirmed(car).await;
    let Answer::Members(members) = owner.ask(Command::Members).await.unwrap() else { panic!("members") };
    assert!(members.len() >= 4);
    let mut stranger = world.owner().await;
    let request = Command::RequestMembership { name: "Garage Miller".into(), class: MemberClass::Garage };
    let Answer::Staff(Some(view)) = stranger.ask(request).await.unwrap() else { panic!("staff") };
    assert!(!view.admitted);
    let draft = carnet_wallet::command::ShareDraft {
        audience: Audience::Member(view.member.sign),
        purpose: carnet_protocol::grant::Purpose::Service,
        scopes: all_days(&[Category::Identity]),
        not_after: Some(owner.now().plus(1_000_000)),
        message: None,
    };
    assert_eq!(owner.ask(Command::Share { vehicle: car, draft }).await.err(), Some(WalletError::NotFound));
}

#[tokio::test]
async fn offline_an_answer_waits() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let (mut insurer, role) = staff(&world, MemberClass::Insurer).await;
    let shared = owner.share(car, Audience::Member(role.member.sign), all_days(&[Category::Identity])).await;
    owner.settle().await;
    inbox(&mut insurer).await;
    insurer.wire.cut(true);
    assert_eq!(answer(&mut insurer, shared.share.grant, true).await[0].state, InboxState::Accepted);
    assert!(insurer.sync().await.waiting > 0);
    insurer.wire.cut(false);
    insurer.settle().await;
    assert_eq!(state_of(&mut owner, car).await, ShareState::Accepted);
    assert_eq!(insurer.passport(Subject::Granted(shared.share.grant)).await.unwrap().timeline.total, 1);
}

/// Anyone who has opened a stream can address grants to a member. What does not open costs the desk no request, or a
/// thousand of them would cost a thousand at each look.
#[tokio::test]
async fn grants_that_do_not_open_cost_the_desk_no_request() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let (mut bank, to_bank) = staff(&world, MemberClass::Bank).await;
    let (mut insurer, _) = staff(&world, MemberClass::Insurer).await;
    owner.share(car, Audience::Member(to_bank.member.sign), all_days(&[Category::Identity])).await;
    owner.settle().await;
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let keep = seen.clone();
    bank.wire.tamper(move |request, response| {
        if request.path == path::INBOX {
            keep.lock().unwrap().clone_from(&response.body);
        }
        response
    });
    assert_eq!(inbox(&mut bank).await.len(), 1);
    let misplaced = seen.lock().unwrap().clone();
    insurer.wire.tamper(move |request, mut response| {
        if request.path == path::INBOX {
            response.body.clone_from(&misplaced);
        }
        response
    });
    insurer.wire.take_requests();
    assert!(inbox(&mut insurer).await.is_empty());
    assert_eq!(insurer.wire.take_requests(), [format!("GET {}", path::INBOX)]);
}
