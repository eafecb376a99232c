//! What members say of a car, and what owner and reader see of it: VIN confirmed or not, wreck, theft, lien.

use crate::world::*;
use carnet_protocol::{
    api::path,
    category::Category,
    day::Day,
    id::{GrantId, RecordId, StreamId},
    ledger::{FlagKind, Rejection},
    member::MemberClass,
    payload::{Fact, VehicleIdentity},
};
use carnet_wallet::{
    command::{Answer, Audience, Command, Subject},
    error::{Distrust, WalletError},
    view::{ShownVin, StandingView, VinConfirmation},
};

const DAY: Day = Day(20_700);

/// A member of a class, with a grant to everything of the car that it has accepted.
pub async fn member(world: &World, owner: &mut Person, car: StreamId, class: MemberClass) -> (Person, GrantId) {
    let mut person = world.owner().await;
    let Answer::DemoRoles(roles) = person.ask(Command::DemoRoles).await.unwrap() else { panic!("roles") };
    let role = roles.into_iter().find(|role| role.member.class == class).unwrap().member.sign;
    person.ask(Command::TakeDemoRole { member: role }).await.unwrap();
    let grant = admit(owner, car, &mut person, role).await;
    (person, grant)
}

/// Grants a car to a member, who accepts.
async fn admit(
    owner: &mut Person,
    car: StreamId,
    person: &mut Person,
    role: carnet_protocol::key::VerifyingKey,
) -> GrantId {
    let scopes = all_days(&[Category::Identity, Category::Mileage]);
    let grant = owner.share(car, Audience::Member(role), scopes).await.share.grant;
    owner.settle().await;
    person.ask(Command::Inbox).await.unwrap();
    person.ask(Command::AnswerGrant { grant, accept: true }).await.unwrap();
    person.settle().await;
    person.passport(Subject::Granted(grant)).await.unwrap();
    grant
}

async fn role_of(person: &mut Person) -> carnet_protocol::key::VerifyingKey {
    let Answer::Staff(Some(staff)) = person.ask(Command::Staff).await.unwrap() else { panic!("staff") };
    staff.member.sign
}

async fn say(person: &mut Person, command: Command) -> Result<StandingView, WalletError> {
    match person.ask(command).await? {
        Answer::Standing(view) => Ok(*view),
        _ => panic!("a standing"),
    }
}

async fn standing(person: &mut Person, subject: Subject) -> StandingView {
    say(person, Command::Standing { subject }).await.unwrap()
}

async fn first_record(person: &mut Person, subject: Subject) -> RecordId {
    person.passport(subject).await.unwrap().timeline.entries[0].record
}

fn refused(reason: Rejection) -> Option<WalletError> {
    Some(WalletError::Rejected { reason })
}

#[tokio::test]
async fn a_vin_is_confirmed_by_a_member_that_saw_the_car() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.add_odometer(car, DAY, 20_000).await;
    owner.settle().await;
    assert_eq!(standing(&mut owner, Subject::Own(car)).await.vin, VinConfirmation::NotConfirmed);
    let (mut garage, grant) = member(&world, &mut owner, car, MemberClass::Garage).await;
    let attested = say(&mut garage, Command::AttestVin { grant, odometer: None }).await.unwrap();
    let VinConfirmation::Confirmed { class, name, shown, .. } = attested.vin.clone() else { panic!("not confirmed") };
    assert_eq!((class, shown), (MemberClass::Garage, ShownVin::Confirmed));
    assert!(name.unwrap().contains("Garage"));
    assert_eq!(standing(&mut owner, Subject::Own(car)).await, attested, "owner and member see the same");
    let traffic = garage.wire.traffic();
    assert!(!traffic.windows(17).any(|window| window == b"5YJ3E7EB0MF000001"), "the relay is not told the VIN");

    // A buyer by link sees it too; one who was not given the identity is told that no more.
    let link = owner.share(car, by_link(), all_days(&[Category::Identity])).await.link.unwrap();
    let partly = owner.share(car, by_link(), all_days(&[Category::Mileage])).await.link.unwrap();
    owner.settle().await;
    let mut buyer = world.person();
    for (link, expected) in [(link, ShownVin::Confirmed), (partly, ShownVin::NotShared)] {
        buyer.open(&link, None).await.unwrap();
        let VinConfirmation::Confirmed { shown, .. } = standing(&mut buyer, Subject::Link).await.vin else {
            panic!("not confirmed")
        };
        assert_eq!(shown, expected);
    }
}

#[tokio::test]
async fn another_vin_put_in_after_the_attestation_is_not_the_confirmed_one() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.settle().await;
    let (mut garage, grant) = member(&world, &mut owner, car, MemberClass::Garage).await;
    say(&mut garage, Command::AttestVin { grant, odometer: None }).await.unwrap();
    let identity = VehicleIdentity { vin: Some("5YJ3E7EB0MF999999".into()), ..VehicleIdentity::default() };
    let day = owner.now().day();
    let fact = Fact::Identity(identity);
    owner.ask(Command::AddRecord { vehicle: car, day, fact, note: None, files: Vec::new() }).await.unwrap();
    owner.settle().await;
    let VinConfirmation::Confirmed { shown, .. } = standing(&mut owner, Subject::Own(car)).await.vin else {
        panic!("not confirmed")
    };
    assert_eq!(shown, ShownVin::Another);
}

#[tokio::test]
async fn a_wreck_stays_with_the_car_under_a_new_owner_until_it_is_let_back() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.settle().await;
    let (mut insurer, grant) = member(&world, &mut owner, car, MemberClass::Insurer).await;
    say(&mut insurer, Command::AttestVin { grant, odometer: None }).await.unwrap();
    let evidence = first_record(&mut insurer, Subject::Granted(grant)).await;
    let declare = Command::DeclareFlag { subject: Subject::Granted(grant), kind: FlagKind::Wreck, day: DAY, evidence };
    let declared = say(&mut insurer, declare).await.unwrap();
    assert_eq!((declared.flags.len(), declared.flags[0].kind), (1, FlagKind::Wreck));
    assert_eq!(declared.flags[0].declared.class, Some(MemberClass::Insurer));
    assert_eq!(declared.flags[0].declared.evidence, Some(evidence));

    // The same car, registered anew by somebody else, as if nothing had happened.
    let mut dealer = world.owner().await;
    let again = dealer.add_car().await;
    dealer.settle().await;
    let (mut expert, grant) = member(&world, &mut dealer, again, MemberClass::Expert).await;
    let attest = say(&mut expert, Command::AttestVin { grant, odometer: None }).await;
    assert_eq!(attest.err(), refused(Rejection::PassportExists));
    let evidence = first_record(&mut expert, Subject::Granted(grant)).await;
    let reopened = say(&mut expert, Command::ReopenPassport { grant, odometer: None, evidence }).await.unwrap();
    assert!(reopened.continues_another);
    assert_eq!(reopened.flags[0].flag, declared.flags[0].flag, "the wreck came along");
    assert!(standing(&mut owner, Subject::Own(car)).await.continued_by_another);

    let link = dealer.share(again, by_link(), all_days(&[Category::Identity])).await.link.unwrap();
    dealer.settle().await;
    let mut buyer = world.person();
    buyer.open(&link, None).await.unwrap();
    assert_eq!(standing(&mut buyer, Subject::Link).await.flags[0].kind, FlagKind::Wreck);

    let mut passport = buyer.passport(Subject::Link).await.unwrap();
    // Until the consortium's next round, the proved head is the one before.
    for _ in 0..2_000 {
        if !passport.synthesis.truth.flags.is_empty() {
            break;
        }
        buyer.open(&link, None).await.unwrap();
        passport = buyer.passport(Subject::Link).await.unwrap();
    }
    assert_eq!(passport.synthesis.whole.proof, carnet_passport::synthesis::ProofStanding::Proved);
    assert_eq!(passport.synthesis.truth.flags[0].kind, carnet_passport::synthesis::FlagKind::Wreck);
    assert_eq!(passport.synthesis.questions[0].severity, carnet_passport::synthesis::Severity::Stop);

    let (flag, subject) = (reopened.flags[0].flag, Subject::Granted(grant));
    let lift = Command::LiftFlag { subject, flag, day: DAY, evidence };
    assert_eq!(say(&mut expert, lift.clone()).await.err(), refused(Rejection::SecondReportNeeded));
    let (mut garage, grant) = member(&world, &mut dealer, again, MemberClass::Garage).await;
    let report = Command::ReportFlag { subject: Subject::Granted(grant), flag, day: DAY, evidence };
    let reported = say(&mut garage, report).await.unwrap();
    assert_eq!(reported.flags[0].report.as_ref().unwrap().class, Some(MemberClass::Garage));
    assert!(say(&mut expert, lift).await.unwrap().flags.is_empty());
    assert!(standing(&mut buyer, Subject::Link).await.flags.is_empty());
}

#[tokio::test]
async fn theft_and_lien_are_declared_and_lifted_by_those_who_may() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.settle().await;
    let (mut bank, grant) = member(&world, &mut owner, car, MemberClass::Bank).await;
    let evidence = first_record(&mut owner, Subject::Own(car)).await;
    let declare = |subject, kind| Command::DeclareFlag { subject, kind, day: DAY, evidence };
    let lien = say(&mut bank, declare(Subject::Granted(grant), FlagKind::Lien)).await.unwrap();
    let attest = say(&mut bank, Command::AttestVin { grant, odometer: None }).await;
    assert_eq!(attest.err(), refused(Rejection::NotAllowed), "a bank sees papers, not cars");
    let wreck = say(&mut owner, declare(Subject::Own(car), FlagKind::Wreck)).await;
    assert_eq!(wreck.err(), refused(Rejection::NotAllowed));
    let stolen = say(&mut owner, declare(Subject::Own(car), FlagKind::Theft)).await.unwrap();
    assert_eq!(stolen.flags.iter().map(|flag| flag.kind).collect::<Vec<_>>(), [FlagKind::Lien, FlagKind::Theft]);
    assert_eq!(stolen.flags[1].declared.class, None, "the owner said so");
    let lift = |subject, flag| Command::LiftFlag { subject, flag, day: DAY, evidence };
    let lifted = say(&mut owner, lift(Subject::Own(car), lien.flags[0].flag)).await;
    assert_eq!(lifted.err(), refused(Rejection::NotAllowed));
    let found = say(&mut owner, lift(Subject::Own(car), stolen.flags[1].flag)).await.unwrap();
    assert_eq!(found.flags.len(), 1);
    assert!(say(&mut bank, lift(Subject::Granted(grant), lien.flags[0].flag)).await.unwrap().flags.is_empty());
}

#[tokio::test]
async fn a_relay_that_evaluates_under_another_key_is_found_out() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.settle().await;
    let (mut garage, grant) = member(&world, &mut owner, car, MemberClass::Garage).await;
    // Another consortium's evaluator and its key, as it would be served in place of ours.
    let other = World::new().await;
    let mut there = other.owner().await;
    let theirs = there.add_car().await;
    there.settle().await;
    let (mut their_garage, their_grant) = member(&other, &mut there, theirs, MemberClass::Garage).await;
    let answers = std::sync::Arc::new(std::sync::Mutex::new(std::collections::HashMap::new()));
    let heard = answers.clone();
    their_garage.wire.tamper(move |request, response| {
        heard.lock().unwrap().insert(request.path.clone(), response.clone());
        response
    });
    say(&mut their_garage, Command::AttestVin { grant: their_grant, odometer: None }).await.unwrap();
    for lie in [path::VIN_EVALUATIONS, path::VIN_KEY] {
        let answers = answers.clone();
        garage.wire.tamper(move |request, response| match answers.lock().unwrap().get(&request.path) {
            Some(lie_told) if request.path == lie => lie_told.clone(),
            _ => response,
        });
        let attested = say(&mut garage, Command::AttestVin { grant, odometer: None }).await;
        assert_eq!(attested.err(), Some(WalletError::Untrusted { what: Distrust::VinKey }), "{lie}");
    }
    garage.wire.honest();
    assert_eq!(standing(&mut owner, Subject::Own(car)).await.vin, VinConfirmation::NotConfirmed);
    let role = role_of(&mut garage).await;
    let grant = admit(&mut owner, car, &mut garage, role).await;
    assert!(say(&mut garage, Command::AttestVin { grant, odometer: None }).await.is_ok());
}
