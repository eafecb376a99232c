use crate::{
    car::{Car, HOUR, TOKEN, grant_path, key, link_path},
    client::Answer,
    relay::{By, TestRelay},
};
use carnet_protocol::{
    Blob,
    api::{
        ProblemCode as Code,
        body::{Inbox, LinkNotice, LinkOpen, LinkOpened, RecordPage, Stored, ViewKind, ViewPage},
        path,
    },
    limits::{LINK_FAILURES_MAX, VIEW_MS},
    link::Argon2Params,
};
use std::sync::Arc;

async fn open(relay: &TestRelay, id: u8, token: [u8; 32]) -> Answer {
    relay.post(&link_path(path::LINK_OPEN, id), By::Nobody, &LinkOpen { token: Blob(token.to_vec()) }).await
}

async fn kinds(car: &Car<'_>) -> Vec<ViewKind> {
    let views: ViewPage = car.relay.get(&car.path(path::VIEWS), car.by()).await.value();
    views.views.iter().map(|view| view.kind).collect()
}

async fn filled(relay: &TestRelay) -> Car<'_> {
    let car = Car::open(relay, 1).await;
    car.keep(vec![car.upload(10, 10), car.upload(30, 30)]).await;
    car
}

#[tokio::test]
async fn an_opened_link_reads_its_grant_for_an_hour_at_most() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    car.share(1, Some(2)).await;
    let notice: LinkNotice =
        relay.send(relay.prepare("POST", &link_path(path::LINK_NOTICE, 1), By::Nobody, vec![])).await.value();
    assert_eq!((notice.pin, notice.tries_left), (None, LINK_FAILURES_MAX));
    let opened: LinkOpened = open(&relay, 1, TOKEN).await.value();
    assert_eq!(opened.opens_left, Some(1));
    let records = grant_path(path::GRANT_RECORDS, 1);
    let page: RecordPage = relay.get(&records, By::View(&opened.view_token)).await.value();
    assert_eq!(page.records.len(), 1);
    assert_eq!(relay.get(&records, By::View(&[0; 32])).await.code(), Code::Unauthenticated);
    assert_eq!(relay.get(&records, By::View(&TOKEN)).await.code(), Code::Unauthenticated);
    car.give(2, None).await;
    let other = relay.get(&grant_path(path::GRANT_RECORDS, 2), By::View(&opened.view_token)).await;
    assert_eq!(other.code(), Code::NotFound);
    assert_eq!(kinds(&car).await, [ViewKind::LinkOpened, ViewKind::Fetched]);
    relay.clock.advance(VIEW_MS + 1);
    assert_eq!(relay.get(&records, By::View(&opened.view_token)).await.code(), Code::Unauthenticated);
}

#[tokio::test]
async fn openings_are_used_up_and_scanners_use_none() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    car.share(1, Some(1)).await;
    for _ in 0..5 {
        let notice = relay.prepare("POST", &link_path(path::LINK_NOTICE, 1), By::Nobody, vec![]);
        assert_eq!(relay.send(notice).await.status, 200);
        assert_eq!(relay.get(&link_path(path::LINK_OPEN, 1), By::Nobody).await.status, 405);
    }
    open(&relay, 1, TOKEN).await.value::<LinkOpened>();
    assert_eq!(open(&relay, 1, TOKEN).await.code(), Code::UsedUp);
    assert_eq!(open(&relay, 9, TOKEN).await.code(), Code::NotFound);
}

#[tokio::test]
async fn fifty_readers_at_once_share_the_openings_there_are() {
    let relay = Arc::new(TestRelay::start().await);
    let car = filled(&relay).await;
    car.share(1, Some(7)).await;
    let readers: Vec<_> = (0..50)
        .map(|_| {
            let relay = relay.clone();
            tokio::spawn(async move { open(&relay, 1, TOKEN).await.status })
        })
        .collect();
    let mut opened = 0;
    for reader in readers {
        opened += usize::from(reader.await.unwrap() == 200);
    }
    assert_eq!(opened, 7);
    assert_eq!(kinds(&car).await.len(), 7);
}

#[tokio::test]
async fn wrong_tokens_close_a_link_for_good() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    car.share(1, None).await;
    for _ in 1..LINK_FAILURES_MAX {
        assert_eq!(open(&relay, 1, [1; 32]).await.code(), Code::WrongToken);
    }
    assert_eq!(open(&relay, 1, TOKEN).await.status, 200);
    assert_eq!(open(&relay, 1, [1; 32]).await.code(), Code::UsedUp);
    assert_eq!(open(&relay, 1, TOKEN).await.code(), Code::UsedUp);
    let refused = kinds(&car).await.iter().filter(|kind| **kind == ViewKind::LinkRefused).count();
    assert_eq!(refused, LINK_FAILURES_MAX as usize);
}

#[tokio::test]
async fn an_expired_ended_or_revoked_link_opens_nothing() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    for id in 1..=3 {
        car.share(id, None).await;
    }
    let opened: LinkOpened = open(&relay, 1, TOKEN).await.value();
    let thief = Car::open(&relay, 2).await;
    assert_eq!(relay.delete(&link_path(path::LINK, 1), thief.by()).await.code(), Code::Forbidden);
    relay.delete(&link_path(path::LINK, 1), car.by()).await.done();
    relay.delete(&link_path(path::LINK, 1), car.by()).await.done();
    assert_eq!(open(&relay, 1, TOKEN).await.code(), Code::Revoked);
    let view = relay.get(&grant_path(path::GRANT_RECORDS, 1), By::View(&opened.view_token)).await;
    assert_eq!(view.code(), Code::Unauthenticated);
    let again = car.owner.sign(&car.link_of(1, 1, None));
    assert_eq!(relay.put(&link_path(path::LINK, 1), car.by(), &again).await.code(), Code::Gone);

    let opened: LinkOpened = open(&relay, 2, TOKEN).await.value();
    relay.delete(&grant_path(path::GRANT, 2), car.by()).await.done();
    assert_eq!(open(&relay, 2, TOKEN).await.code(), Code::Revoked);
    let view = relay.get(&grant_path(path::GRANT_RECORDS, 2), By::View(&opened.view_token)).await;
    assert_eq!(view.code(), Code::Unauthenticated);

    relay.clock.advance(HOUR / 2 + 1_000);
    assert_eq!(open(&relay, 3, TOKEN).await.code(), Code::Gone);
    let notice = relay.prepare("POST", &link_path(path::LINK_NOTICE, 3), By::Nobody, vec![]);
    assert_eq!(relay.send(notice).await.code(), Code::Gone);
}

#[tokio::test]
async fn a_claimed_link_dies_and_its_grant_goes_to_the_claimer_alone() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    car.share(1, None).await;
    let opened: LinkOpened = open(&relay, 1, TOKEN).await.value();
    let (buyer, other) = (key(7), key(8));
    let claim_path = link_path(path::LINK_CLAIM, 1);
    let mut wrong = car.claim(1, &buyer);
    wrong.token.0[0] ^= 1;
    assert_eq!(relay.post(&claim_path, By::Nobody, &wrong).await.code(), Code::WrongToken);
    let elsewhere = car.claim(2, &buyer);
    assert_eq!(relay.post(&claim_path, By::Nobody, &elsewhere).await.code(), Code::BadRequest);
    assert_eq!(relay.post(&claim_path, By::Nobody, &car.claim(1, &buyer)).await.value::<Stored>().new, 1);
    assert_eq!(relay.post(&claim_path, By::Nobody, &car.claim(1, &buyer)).await.value::<Stored>().new, 0);
    assert_eq!(relay.post(&claim_path, By::Nobody, &car.claim(1, &other)).await.code(), Code::Claimed);
    assert_eq!(open(&relay, 1, TOKEN).await.code(), Code::Claimed);
    let records = grant_path(path::GRANT_RECORDS, 1);
    assert_eq!(relay.get(&records, By::View(&opened.view_token)).await.code(), Code::Unauthenticated);
    assert_eq!(relay.get(&records, By::Key(&buyer)).await.value::<RecordPage>().records.len(), 1);
    assert_eq!(relay.get(&records, By::Key(&other)).await.code(), Code::NotFound);
    let inbox: Inbox = relay.get(path::INBOX, By::Key(&buyer)).await.value();
    assert_eq!(inbox.grants.len(), 1);
    assert!(kinds(&car).await.contains(&ViewKind::LinkClaimed));
    relay.delete(&grant_path(path::GRANT, 1), car.by()).await.done();
    assert_eq!(relay.get(&records, By::Key(&buyer)).await.code(), Code::Revoked);
}

#[tokio::test]
async fn a_use_limit_cannot_be_passed_by_claiming() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    car.share(1, Some(1)).await;
    let opened: LinkOpened = open(&relay, 1, TOKEN).await.value();
    let buyer = key(7);
    let path = link_path(path::LINK_CLAIM, 1);
    assert_eq!(relay.post(&path, By::Nobody, &car.claim(1, &key(8))).await.code(), Code::UsedUp);
    let by_reader = relay.post(&path, By::View(&opened.view_token), &car.claim(1, &buyer)).await;
    assert_eq!(by_reader.value::<Stored>().new, 1);
}

#[tokio::test]
async fn a_link_is_stored_as_its_owner_signed_it_or_not_at_all() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    let thief = Car::open(&relay, 2).await;
    car.give(1, None).await;
    car.give(2, Some(key(7).verifying_key())).await;
    let path = link_path(path::LINK, 1);
    let mut link = car.link_of(1, 1, None);
    link.pin = Some(Argon2Params { memory_kib: 65_536, passes: 3, lanes: 1 });
    let put = async |by, signer: &carnet_crypto::signature::SigningKey, link: &carnet_protocol::link::Link| {
        relay.put(&path, by, &signer.sign(link)).await
    };
    assert_eq!(put(thief.by(), &thief.owner, &link).await.code(), Code::Forbidden);
    assert_eq!(put(thief.by(), &car.owner, &link).await.code(), Code::Forbidden);
    assert_eq!(put(car.by(), &car.owner, &car.link_of(2, 1, None)).await.code(), Code::BadRequest);
    assert_eq!(put(car.by(), &car.owner, &car.link_of(1, 1, Some(0))).await.code(), Code::BadRequest);
    assert_eq!(put(car.by(), &car.owner, &car.link_of(1, 2, None)).await.code(), Code::BadRequest);
    assert_eq!(put(car.by(), &car.owner, &car.link_of(1, 9, None)).await.code(), Code::NotFound);
    let mut expired = link.clone();
    expired.expires = carnet_protocol::day::Timestamp(1);
    assert_eq!(put(car.by(), &car.owner, &expired).await.code(), Code::Gone);
    assert_eq!(put(car.by(), &car.owner, &link).await.value::<Stored>().new, 1);
    assert_eq!(put(car.by(), &car.owner, &link).await.value::<Stored>().new, 0);
    assert_eq!(put(car.by(), &car.owner, &car.link_of(1, 1, Some(3))).await.code(), Code::Conflict);
    let notice = relay.prepare("POST", &link_path(path::LINK_NOTICE, 1), By::Nobody, vec![]);
    assert_eq!(relay.send(notice).await.value::<LinkNotice>().pin, link.pin);
}

#[tokio::test]
async fn a_grant_stands_behind_a_few_links_only() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    car.give(1, None).await;
    let links: Vec<_> = (1..=17).map(|id| (id, car.owner.sign(&car.link_of(id, 1, None)))).collect();
    let put = async |nth: usize| {
        let (id, link) = &links[nth];
        relay.put(&link_path(path::LINK, *id), car.by(), link).await
    };
    for nth in 0..16 {
        assert_eq!(put(nth).await.value::<Stored>().new, 1);
    }
    assert_eq!(put(16).await.code(), Code::QuotaExceeded);
    assert_eq!(put(15).await.value::<Stored>().new, 0);
}
