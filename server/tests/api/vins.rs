//! Tags of VINs, and what the ledger says of cars.

use crate::{
    car::{Car, LABEL, record_id},
    relay::{By, TestRelay},
};
use carnet_crypto::{member::MemberKeys, secret::Secret, signature::SigningKey};
use carnet_protocol::{
    api::{
        ProblemCode,
        body::{ClassIndices, DemoMembers, EventPage},
        path,
    },
    day::Day,
    encoding,
    id::{Hash32, VinTag},
    key::VinKey,
    ledger::{Action, CarStanding, LeafEntry, Transaction, VinSighting},
    member::MemberClass,
    signed::Signed,
    vin::{BlindedVin, TagLookup, VinAnswer, VinQuestion},
};
use carnet_server::random::Random;
use carnet_vin_tag::{Blinded, Vin};

const VIN: &str = "WVWZZZ1KZ6W000001";

async fn member(relay: &TestRelay, class: MemberClass) -> SigningKey {
    let members: DemoMembers = relay.get(path::DEMO_MEMBERS, By::Nobody).await.value();
    let found = members.members.into_iter().find(|known| known.member.class == class).unwrap();
    MemberKeys::from_seed(&Secret::from_slice(&found.seed).unwrap()).sign
}

async fn vin_key(relay: &TestRelay) -> VinKey {
    let signed: Signed<Transaction> = relay.get(path::VIN_KEY, By::Nobody).await.value();
    match carnet_crypto::signature::verify(&signed).unwrap().action {
        Action::PublishVinKey { key } => key,
        other => unreachable!("{other:?}"),
    }
}

fn blinded(vin: &str) -> Blinded {
    Blinded::new(&Vin::parse(vin).unwrap(), &mut Random::new().unwrap()).unwrap()
}

async fn tag(relay: &TestRelay, vin: &str, key: &SigningKey) -> VinTag {
    let (blinded, named) = (blinded(vin), vin_key(relay).await);
    let answer: VinAnswer = relay.post(path::VIN_EVALUATIONS, By::Key(key), &blinded.question()).await.value();
    blinded.finish(&answer, &named).unwrap()
}

#[tokio::test]
async fn a_member_gets_one_tag_for_a_vin_and_others_get_none() {
    let relay = TestRelay::start().await;
    let (garage, insurer) = (member(&relay, MemberClass::Garage).await, member(&relay, MemberClass::Insurer).await);
    let one = tag(&relay, VIN, &garage).await;
    assert_eq!(tag(&relay, VIN, &garage).await, one);
    assert_eq!(tag(&relay, VIN, &insurer).await, one, "the same for every member");
    assert_ne!(tag(&relay, "WVWZZZ1KZ6W000002", &garage).await, one);

    let stranger = SigningKey::from_seed(&Secret::from_slice(&[77; 32]).unwrap());
    let question = blinded(VIN).question();
    let refused = relay.post(path::VIN_EVALUATIONS, By::Key(&stranger), &question).await;
    assert_eq!(refused.code(), ProblemCode::Forbidden);
    assert_eq!(relay.post(path::VIN_EVALUATIONS, By::Nobody, &question).await.code(), ProblemCode::Unauthenticated);
    let lookup = path::fill(path::VIN_TAG, &[&one]);
    assert_eq!(relay.get(&lookup, By::Key(&stranger)).await.code(), ProblemCode::Forbidden);
    let bad = VinQuestion { blinded: BlindedVin([0xff; 32]) };
    assert_eq!(relay.post(path::VIN_EVALUATIONS, By::Key(&garage), &bad).await.code(), ProblemCode::BadRequest);
}

#[tokio::test]
async fn the_quota_of_a_day_holds_for_each_member_also_over_a_restart() {
    let mut relay = TestRelay::start_with(|config| config.limits.vin_evaluations = 5).await;
    let (garage, insurer) = (member(&relay, MemberClass::Garage).await, member(&relay, MemberClass::Insurer).await);
    let question = blinded(VIN).question();
    for _ in 0..4 {
        relay.post(path::VIN_EVALUATIONS, By::Key(&garage), &question).await.value::<VinAnswer>();
    }
    // What is malformed tells nothing and costs nothing.
    let bad = VinQuestion { blinded: BlindedVin([0; 32]) };
    assert_eq!(relay.post(path::VIN_EVALUATIONS, By::Key(&garage), &bad).await.code(), ProblemCode::BadRequest);
    relay.restart().await;
    relay.clock.advance(1_000);
    relay.post(path::VIN_EVALUATIONS, By::Key(&garage), &question).await.value::<VinAnswer>();
    for _ in 0..3 {
        let refused = relay.post(path::VIN_EVALUATIONS, By::Key(&garage), &question).await;
        assert_eq!(refused.code(), ProblemCode::QuotaExceeded);
        let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=86_400).contains(&wait), "{wait}");
    }
    relay.post(path::VIN_EVALUATIONS, By::Key(&insurer), &question).await.value::<VinAnswer>();
    relay.clock.advance(24 * 60 * 60 * 1_000);
    relay.post(path::VIN_EVALUATIONS, By::Key(&garage), &question).await.value::<VinAnswer>();
}

/// Many at once get no more than one after the other.
#[tokio::test]
async fn questions_at_the_same_time_share_the_quota() {
    let relay = TestRelay::start_with(|config| config.limits.vin_evaluations = 7).await;
    let garage = member(&relay, MemberClass::Garage).await;
    let question = encoding::encode(&blinded(VIN).question());
    let asked = (0..30).map(|_| relay.prepare("POST", path::VIN_EVALUATIONS, By::Key(&garage), question.clone()));
    let mut tasks = tokio::task::JoinSet::new();
    for sent in asked.collect::<Vec<_>>() {
        let address = relay.address();
        tasks.spawn(async move { crate::client::send(address, &sent).await.status });
    }
    let answered = tasks.join_all().await.into_iter().filter(|status| *status == 200).count();
    assert_eq!(answered, 7);
}

#[tokio::test]
async fn a_tag_is_looked_up_in_one_form() {
    let relay = TestRelay::start().await;
    let (car, garage) = (Car::open(&relay, 1).await, member(&relay, MemberClass::Garage).await);
    let (stream, record) = (car.stream, record_id(1));
    let entry = LeafEntry { record, label: LABEL, day: Day(10), commitment: Hash32([9; 32]) };
    car.act(Action::AppendRecords { stream, entries: vec![entry] }).await;
    let tag = tag(&relay, VIN, &garage).await;
    let lookup = path::fill(path::VIN_TAG, &[&tag]);
    let unknown = relay.get(&lookup, By::Key(&garage)).await;
    let none: TagLookup = unknown.value();
    assert!(!none.known && !none.open);

    let standing = path::fill(path::STANDING, &[&stream]);
    assert_eq!(relay.get(&standing, By::Nobody).await.value::<CarStanding>(), CarStanding::UNKNOWN);
    let sighting = VinSighting { tag, record, odometer: None };
    Car { owner: member(&relay, MemberClass::Garage).await, ..car }.act(Action::AttestVin { stream, sighting }).await;

    let known = relay.get(&lookup, By::Key(&garage)).await;
    assert_eq!(known.value::<TagLookup>(), TagLookup { known: true, open: true, stream });
    assert_eq!(known.body.len(), unknown.body.len());
    assert_eq!(relay.get(&standing, By::Nobody).await.value::<CarStanding>().vin.unwrap().sighting, sighting);
    let events: EventPage = relay.get(&path::fill(path::STANDING_EVENTS, &[&stream]), By::Nobody).await.value();
    assert_eq!((events.events.len(), events.next), (1, None));
    let classes: ClassIndices = relay.get(path::CLASSES, By::Nobody).await.value();
    assert!(classes.indices.is_empty() && classes.proposals.is_empty());
}
