//! One car from the first record to taking everything back, and then every request of it once more.

use crate::{
    car::{Car, TOKEN, grant_path, key, link_path, record_id, wrap},
    client::send,
    keyrings::{Account, device},
    relay::{By, TestRelay},
};
use carnet_protocol::{
    Blob,
    api::{
        body::{GrantAnswer, LeafPage, LinkOpen, LinkOpened, RecordPage, Stored, Wraps},
        path,
    },
    id::Hash32,
    ledger::{Action, LeafEntry},
};

/// Everything that can be seen of the relay's state.
async fn everything(car: &Car<'_>, grantee: By<'_>) -> Vec<Vec<u8>> {
    let relay = car.relay;
    let account = Account::new(1, 11);
    let mut seen = Vec::new();
    for template in [path::RECORDS, path::VIEWS, path::STREAM, path::LEAVES] {
        seen.push(relay.get(&car.path(template), car.by()).await.body);
    }
    seen.push(relay.get(&account.path(path::KEYRING), By::Key(&account.words)).await.body);
    seen.push(relay.get(path::INBOX, grantee).await.body);
    seen
}

async fn travel(car: &Car<'_>) {
    let relay = car.relay;
    let insurer = key(7);
    let uploads = vec![car.upload(1, 10), car.upload(2, 11), car.upload(3, 12)];
    let entries = uploads
        .iter()
        .zip(1..)
        .map(|(upload, id)| LeafEntry {
            record: record_id(id),
            label: crate::car::LABEL,
            day: carnet_protocol::day::Day(9 + u16::from(id)),
            commitment: carnet_crypto::record::commitment(&upload.record),
        })
        .collect();
    car.store(uploads).await.value::<Stored>();
    car.act(Action::AppendRecords { stream: car.stream, entries }).await;
    let leaves: LeafPage = relay.get(&car.path(path::LEAVES), By::Nobody).await.value();
    assert_eq!(leaves.leaves.len(), 3);

    let wraps = Wraps { wraps: vec![wrap(record_id(1), 1, 0xaa)] };
    relay.post(&car.path(path::WRAPS), car.by(), &wraps).await.value::<Stored>();
    relay.put(&car.record_path(4), car.by(), &car.upload(4, 13)).await.value::<Stored>();
    car.commit(&[car.upload(4, 13)]).await;

    let account = Account::new(1, 11);
    let (keyring_path, device) = (account.path(path::KEYRING), device(11).signing_key());
    relay.put(&keyring_path, By::Key(&device), &account.upload(0, 11, 6, 500)).await.value::<Stored>();

    car.give(1, Some(insurer.verifying_key())).await;
    let hash = Hash32([1; 32]);
    let (grant, not_after) = (carnet_protocol::id::GrantId([1; 16]), car.grant_of(1, None).not_after);
    car.act(Action::IssueGrant { stream: car.stream, grant, hash, not_after, acceptor: None }).await;
    let answer = GrantAnswer { accept: true };
    relay.post(&grant_path(path::GRANT_ANSWER, 1), By::Key(&insurer), &answer).await.value::<Stored>();
    let page: RecordPage = relay.get(&grant_path(path::GRANT_RECORDS, 1), By::Key(&insurer)).await.value();
    assert_eq!(page.records.len(), 4);

    car.share(2, Some(1)).await;
    let body = LinkOpen { token: Blob(TOKEN.to_vec()) };
    let opened: LinkOpened = relay.post(&link_path(path::LINK_OPEN, 2), By::Nobody, &body).await.value();
    assert_eq!(relay.get(&grant_path(path::GRANT_RECORDS, 2), By::View(&opened.view_token)).await.status, 200);
    let claim = car.claim(2, &key(8));
    relay.post(&link_path(path::LINK_CLAIM, 2), By::View(&opened.view_token), &claim).await.value::<Stored>();
    relay.delete(&grant_path(path::GRANT, 1), car.by()).await.done();
    relay.delete(&car.record_path(3), car.by()).await.done();
}

#[tokio::test]
async fn replaying_every_request_changes_nothing() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    travel(&car).await;
    let captured = relay.sent.lock().unwrap().clone();
    let grantee = key(7);
    let before = everything(&car, By::Key(&grantee)).await;
    for sent in &captured {
        let answer = send(relay.address(), sent).await;
        let signed = sent.authorization.as_ref().is_some_and(|value| value.starts_with("Carnet-Key"));
        assert!(!signed || answer.status == 401, "{} {}", sent.method, answer.status);
    }
    assert_eq!(everything(&car, By::Key(&grantee)).await, before);
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_restart() {
    let mut relay = TestRelay::start().await;
    let grantee = key(7);
    let before = {
        let car = Car::open(&relay, 1).await;
        travel(&car).await;
        everything(&car, By::Key(&grantee)).await
    };
    relay.restart().await;
    let car = Car { relay: &relay, owner: key(1), stream: carnet_protocol::id::StreamId([1; 16]) };
    assert_eq!(everything(&car, By::Key(&grantee)).await, before);
}
