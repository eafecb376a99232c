use crate::{
    car::{Car, HOUR, LABEL, key, record_id},
    relay::{By, TestRelay},
};
use carnet_crypto::{
    holder::{BundleFor, seal_bundle},
    sealing::SealingSecret,
    signature::SigningKey,
};
use carnet_protocol::{
    api::{
        ProblemCode as Code,
        body::{EventTopics, Joins, RecordBatch, RecordPage, Removals, Stored},
        path,
    },
    holder::{BundleEnvelope, BundleSecret, Invitation, Join},
    key::SealingKey,
    ledger::Action,
};
use carnet_server::clock::Clock as _;
use getrandom::{SysRng, rand_core::UnwrapErr};

fn invitation_path(car: &Car<'_>, invitation: &SigningKey) -> String {
    path::fill(path::INVITATION, &[&car.stream, &invitation.verifying_key()])
}

fn join_path(invitation: &SigningKey) -> String {
    path::fill(path::JOIN, &[&invitation.verifying_key()])
}

fn holder_path(car: &Car<'_>, holder: &SigningKey) -> String {
    path::fill(path::HOLDER, &[&car.stream, &holder.verifying_key()])
}

fn join_of(car: &Car<'_>, holder: &SigningKey) -> Join {
    let seal = SealingSecret::generate(&mut UnwrapErr(SysRng)).public();
    Join { stream: car.stream, sign: holder.verifying_key(), seal }
}

fn bundle(car: &Car<'_>, holder: &SigningKey, version: u64, owner: &SigningKey) -> BundleEnvelope {
    let seal = SealingSecret::generate(&mut UnwrapErr(SysRng)).public();
    let to = BundleFor { stream: car.stream, holder: holder.verifying_key(), seal, version };
    let secret = BundleSecret { vehicle_name: "car".into(), sample: false, categories: Vec::new() };
    seal_bundle(&to, secret, owner, &mut UnwrapErr(SysRng)).unwrap()
}

#[tokio::test]
async fn an_invitation_takes_one_answer_from_who_has_its_key() {
    let relay = TestRelay::start().await;
    let (car, stranger) = (Car::open(&relay, 1).await, Car::open(&relay, 2).await);
    let (invitation, holder) = (key(7), key(8));
    let expires = relay.clock.now().plus(HOUR);
    let signed = car.owner.sign(&Invitation { stream: car.stream, key: invitation.verifying_key(), expires });
    let place = invitation_path(&car, &invitation);
    assert_eq!(relay.put(&place, stranger.by(), &signed).await.code(), Code::BadRequest);
    assert_eq!(relay.put(&place, car.by(), &signed).await.value::<Stored>().new, 1);
    assert_eq!(relay.put(&place, car.by(), &signed).await.value::<Stored>().new, 0);

    let answer = invitation.sign(&join_of(&car, &holder));
    let forged = key(9).sign(&join_of(&car, &holder));
    assert_eq!(relay.post(&join_path(&invitation), By::Nobody, &forged).await.code(), Code::Forbidden);
    let weak = invitation.sign(&Join { seal: SealingKey([0; 32]), ..join_of(&car, &holder) });
    assert_eq!(relay.post(&join_path(&invitation), By::Nobody, &weak).await.code(), Code::BadRequest);
    let elsewhere = invitation.sign(&join_of(&stranger, &holder));
    assert_eq!(relay.post(&join_path(&invitation), By::Nobody, &elsewhere).await.code(), Code::BadRequest);
    assert_eq!(relay.post(&join_path(&key(9)), By::Nobody, &forged).await.code(), Code::NotFound);
    assert_eq!(relay.post(&join_path(&invitation), By::Nobody, &answer).await.value::<Stored>().new, 1);
    assert_eq!(relay.post(&join_path(&invitation), By::Nobody, &answer).await.value::<Stored>().new, 0);
    let second = invitation.sign(&join_of(&car, &key(9)));
    assert_eq!(relay.post(&join_path(&invitation), By::Nobody, &second).await.code(), Code::Gone);

    let joins: Joins = relay.get(&car.path(path::JOINS), car.by()).await.value();
    assert_eq!(joins.joins, [answer]);
    assert_eq!(relay.get(&car.path(path::JOINS), stranger.by()).await.code(), Code::Forbidden);
    relay.delete(&place, car.by()).await.done();
    assert_eq!(relay.get(&car.path(path::JOINS), car.by()).await.value::<Joins>().joins, []);
}

#[tokio::test]
async fn an_invitation_that_has_expired_takes_no_answer() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    let invitation = key(7);
    let expires = relay.clock.now().plus(HOUR);
    let signed = car.owner.sign(&Invitation { stream: car.stream, key: invitation.verifying_key(), expires });
    relay.put(&invitation_path(&car, &invitation), car.by(), &signed).await.value::<Stored>();
    relay.clock.advance(2 * HOUR);
    let answer = invitation.sign(&join_of(&car, &key(8)));
    assert_eq!(relay.post(&join_path(&invitation), By::Nobody, &answer).await.code(), Code::Gone);
}

#[tokio::test]
async fn a_co_holder_gets_its_bundle_and_stores_what_it_wrote_until_removed() {
    let relay = TestRelay::start().await;
    let (car, holder) = (Car::open(&relay, 1).await, key(8));
    let by = By::Key(&holder);
    car.store(vec![car.upload(1, 10)]).await.value::<Stored>();
    let place = holder_path(&car, &holder);
    let first = bundle(&car, &holder, 5, &car.owner);
    assert_eq!(relay.put(&place, car.by(), &first).await.value::<Stored>().new, 1);
    assert_eq!(relay.put(&place, car.by(), &bundle(&car, &holder, 5, &car.owner)).await.code(), Code::Conflict);
    assert_eq!(relay.put(&place, by, &bundle(&car, &holder, 6, &holder)).await.code(), Code::Forbidden);
    // Until the ledger knows the co-holder there is nothing for it, nor from it.
    let topics = EventTopics { streams: vec![car.stream], inbox: false };
    let listens = async || relay.post(path::EVENT_TICKETS, by, &topics).await.status == 200;
    assert!(!listens().await);
    assert_eq!(relay.get(&place, by).await.code(), Code::NotFound);
    assert_eq!(relay.get(&car.path(path::RECORDS), by).await.code(), Code::Forbidden);
    car.act(Action::AdmitHolder { stream: car.stream, holder: holder.verifying_key() }).await;
    assert_eq!(relay.get(&place, by).await.value::<BundleEnvelope>(), first);
    assert!(listens().await);
    assert_eq!(relay.get(&place, car.by()).await.code(), Code::Forbidden);
    assert_eq!(relay.get(&car.path(path::RECORDS), by).await.value::<RecordPage>().records.len(), 1);

    let mut header = car.header(2, LABEL, 11);
    header.source = holder.verifying_key();
    let own = RecordBatch { records: vec![car.upload_of(header, 300, 2)] };
    assert_eq!(relay.post(&car.path(path::RECORDS), by, &own).await.value::<Stored>().new, 1);
    let anothers = RecordBatch { records: vec![car.upload(1, 10)] };
    assert_eq!(relay.post(&car.path(path::RECORDS), by, &anothers).await.code(), Code::Forbidden);
    let removals = |ids: &[u8]| Removals { records: ids.iter().map(|id| record_id(*id)).collect() };
    assert_eq!(relay.post(&car.path(path::REMOVALS), by, &removals(&[1, 2])).await.code(), Code::Forbidden);
    assert_eq!(relay.post(&car.path(path::REMOVALS), by, &removals(&[2])).await.value::<Stored>().new, 1);
    for owners in [path::VIEWS, path::JOINS] {
        assert_eq!(relay.get(&car.path(owners), by).await.code(), Code::Forbidden);
    }

    let other = key(9);
    let elsewhere = By::Key(&other);
    car.act(Action::AdmitHolder { stream: car.stream, holder: other.verifying_key() }).await;
    relay.put(&holder_path(&car, &other), car.by(), &bundle(&car, &other, 1, &car.owner)).await.value::<Stored>();
    // One co-holder's bundle is nothing to another.
    assert_eq!(relay.get(&place, elsewhere).await.code(), Code::Forbidden);

    car.act(Action::RemoveHolder { stream: car.stream, holder: holder.verifying_key() }).await;
    assert_eq!(relay.get(&place, by).await.code(), Code::Gone);
    assert!(!listens().await);
    assert_eq!(relay.get(&car.path(path::RECORDS), by).await.code(), Code::Forbidden);
    assert_eq!(relay.post(&car.path(path::RECORDS), by, &own).await.code(), Code::Forbidden);
    // A closed passport is held by nobody.
    car.act(Action::CloseStream { stream: car.stream }).await;
    assert_eq!(relay.get(&holder_path(&car, &other), elsewhere).await.code(), Code::Gone);
    assert_eq!(relay.get(&car.path(path::RECORDS), elsewhere).await.code(), Code::Gone);
}
