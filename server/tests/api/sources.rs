//! What sources ask for and send.

use crate::{
    car::{Car, LABEL, record_id, wrap},
    events::{Listening, ticket},
    relay::{By, TestRelay},
};
use carnet_crypto::{
    member::MemberKeys, record::commitment, sealing::SealingSecret, secret::Secret, signature::SigningKey,
};
use carnet_proofs::seal_keys::{Expected, TargetKey, publish, verify_day};
use carnet_protocol::{
    Blob,
    api::{
        ProblemCode,
        body::{DemoMembers, RecordPage, RecordUpload, SealedAnswer, SourceReceipt, SourceUpload, Stored},
        path,
    },
    day::{Day, DayRange, Timestamp},
    id::{OfferId, PairingId},
    key::EncappedKey,
    ledger::{Action, LeafEntry},
    limits::{PAIRING_CODE_MS, QUARANTINE_MAX},
    member::MemberClass,
    pairing::{PairingClaim, PairingState, SealedOffer, WriteGrant, WriteScope},
    record::{RecordHeader, RecordWrap, WrappedKey},
    seal_keys::{DaySealKey, SealKeys},
};
use carnet_server::clock::Clock as _;

const PAIRING: PairingId = PairingId([9; 16]);

async fn member(relay: &TestRelay, class: MemberClass) -> SigningKey {
    let members: DemoMembers = relay.get(path::DEMO_MEMBERS, By::Nobody).await.value();
    let found = members.members.into_iter().find(|known| known.member.class == class).unwrap();
    MemberKeys::from_seed(&Secret::from_slice(&found.seed).unwrap()).sign
}

fn seed(byte: u8) -> Secret<32> {
    Secret::from_slice(&[byte; 32]).unwrap()
}

/// Lets a garage write to days 10 to 20 of a category.
async fn pair(car: &Car<'_>, garage: &SigningKey) {
    let (now, claim) = (car.relay.clock.now(), SigningKey::from_seed(&seed(31)));
    let leave = WriteGrant {
        pairing: PAIRING,
        stream: car.stream,
        claim: claim.verifying_key(),
        scopes: vec![WriteScope { label: LABEL, days: DayRange::new(Day(10), Day(20)).unwrap() }],
        issued_at: now,
        claim_before: now.plus(PAIRING_CODE_MS),
        not_after: now.plus(Timestamp::DAY),
    };
    let (grant, source) = (car.owner.sign(&leave), garage.verifying_key());
    let claim = claim.sign(&PairingClaim { pairing: PAIRING, source });
    as_member(car, garage)
        .act(Action::PairSource { stream: car.stream, grant: grant.into(), claim: claim.into() })
        .await;
}

/// The same car with a member's key in the place of the owner's.
fn as_member<'r>(car: &Car<'r>, member: &SigningKey) -> Car<'r> {
    Car { relay: car.relay, owner: SigningKey::from_seed(&member.seed()), stream: car.stream }
}

fn to_day(header: &RecordHeader, generation: u16) -> RecordWrap {
    let key = WrappedKey::DaySeal { enc: EncappedKey([7; 32]), sealed: Blob(vec![generation.to_be_bytes()[1]; 48]) };
    RecordWrap { record: header.record, generation, key }
}

/// A record of the member's, sealed to the day.
fn written(car: &Car<'_>, source: &SigningKey, id: u8) -> RecordUpload {
    let header = RecordHeader { source: source.verifying_key(), ..car.header(id, LABEL, 10) };
    let wraps = vec![to_day(&header, 1)];
    RecordUpload { wraps, ..car.upload_of(header, 300, id) }
}

fn written_path(car: &Car<'_>, id: u8) -> String {
    path::fill(path::WRITTEN, &[&car.stream, &record_id(id)])
}

fn seal_keys(car: &Car<'_>, signer: &SigningKey) -> SealKeys {
    let keys = (0..30).map(|n| SealingSecret::derive(&seed(n)).public()).collect();
    publish(signer, car.stream, LABEL, 1, Day(0), keys, SealingSecret::derive(&seed(99)).public())
}

#[tokio::test]
async fn a_day_key_comes_with_its_proof_to_members_alone() {
    let relay = TestRelay::start().await;
    let (car, garage) = (Car::open(&relay, 1).await, member(&relay, MemberClass::Garage).await);
    let put = path::fill(path::SEAL_KEYS, &[&car.stream, &LABEL]);
    let ask = |day: u16| path::fill(path::DAY_SEAL_KEY, &[&car.stream, &LABEL, &day]);
    assert_eq!(relay.get(&ask(10), By::Key(&garage)).await.code(), ProblemCode::NotFound);
    let good = seal_keys(&car, &car.owner);
    assert_eq!(relay.put(&put, car.by(), &good).await.value::<Stored>().new, 1);
    assert_eq!(relay.put(&put, car.by(), &good).await.value::<Stored>().new, 0);
    for day in [0, 10, 29, 30] {
        let served: DaySealKey = relay.get(&ask(day), By::Key(&garage)).await.value();
        let owner = car.owner.verifying_key();
        let expected = Expected { owner: &owner, stream: &car.stream, label: &LABEL, day: Day(day), generation: 1 };
        let target = verify_day(&served, &expected).unwrap();
        assert_eq!(matches!(target.key, TargetKey::Inbox(_)), day == 30);
    }
    assert_eq!(relay.get(&ask(10), By::Key(&car.owner)).await.code(), ProblemCode::Forbidden);
    assert_eq!(relay.get(&ask(10), By::Nobody).await.code(), ProblemCode::Unauthenticated);
    // What is not whole or not the owner's does not take its place.
    let mut exchanged = good.clone();
    exchanged.keys.swap(0, 1);
    assert_eq!(relay.put(&put, car.by(), &exchanged).await.code(), ProblemCode::BadRequest);
    assert_eq!(relay.put(&put, car.by(), &seal_keys(&car, &garage)).await.code(), ProblemCode::BadRequest);
    assert_eq!(relay.put(&put, By::Key(&garage), &good).await.code(), ProblemCode::Forbidden);
}

#[tokio::test]
async fn an_offer_is_kept_as_long_as_its_code() {
    let relay = TestRelay::start().await;
    let (car, garage) = (Car::open(&relay, 1).await, member(&relay, MemberClass::Garage).await);
    let path = path::fill(path::OFFER, &[&OfferId([5; 16])]);
    let expires = relay.clock.now().plus(PAIRING_CODE_MS);
    let offer = SealedOffer { stream: car.stream, expires, sealed: Blob(vec![1; 400]) };
    assert_eq!(relay.put(&path, By::Key(&garage), &offer).await.code(), ProblemCode::Forbidden);
    let long = SealedOffer { expires: expires.plus(Timestamp::DAY), ..offer.clone() };
    assert_eq!(relay.put(&path, car.by(), &long).await.code(), ProblemCode::BadRequest);
    assert_eq!(relay.put(&path, car.by(), &offer).await.value::<Stored>().new, 1);
    assert_eq!(relay.get(&path, By::Key(&garage)).await.value::<SealedOffer>(), offer);
    assert_eq!(relay.get(&path, car.by()).await.code(), ProblemCode::Forbidden);
    relay.clock.advance(PAIRING_CODE_MS + 1);
    assert_eq!(relay.get(&path, By::Key(&garage)).await.code(), ProblemCode::Gone);
}

#[tokio::test]
async fn a_paired_source_stores_its_own_records_and_hears_of_them() {
    let relay = TestRelay::start().await;
    let (car, garage) = (Car::open(&relay, 1).await, member(&relay, MemberClass::Garage).await);
    pair(&car, &garage).await;
    let state: PairingState =
        relay.get(&path::fill(path::PAIRING_STATE, &[&car.stream, &PAIRING]), By::Nobody).await.value();
    assert_eq!(state.source, Some(garage.verifying_key()));
    let by = || By::Key(&garage);
    let upload = SourceUpload { pairing: Some(PAIRING), record: written(&car, &garage, 1) };
    let path = written_path(&car, 1);
    assert_eq!(relay.put(&path, by(), &upload).await.value::<Stored>().new, 1);
    assert_eq!(relay.put(&path, by(), &upload).await.value::<Stored>().new, 0);
    let receipt: SourceReceipt = relay.get(&path, by()).await.value();
    assert_eq!((receipt.leaf, receipt.answer), (None, None));

    let entry =
        LeafEntry { record: record_id(1), label: LABEL, day: Day(10), commitment: commitment(&upload.record.record) };
    let entries = vec![entry];
    let append = Action::AppendPaired { stream: car.stream, pairing: PAIRING, entries };
    as_member(&car, &garage).act(append).await;
    let receipt: SourceReceipt = relay.get(&path, by()).await.value();
    assert!(receipt.leaf.is_some_and(|leaf| !leaf.quarantined));
    let answer = SealedAnswer { enc: EncappedKey([3; 32]), sealed: Blob(vec![4; 300]) };
    let answer_path = path::fill(path::WRITTEN_ANSWER, &[&car.stream, &record_id(1)]);
    assert_eq!(relay.put(&answer_path, by(), &answer).await.code(), ProblemCode::Forbidden);
    let heard = ticket(&relay, by(), Vec::new(), true).await;
    let mut desk = Listening::open(&relay, &heard, None).await;
    desk.id().await;
    assert_eq!(relay.put(&answer_path, car.by(), &answer).await.value::<Stored>().new, 1);
    // Its desk is told, so that an open one shows the answer.
    desk.until(&format!("data: {{\"inbox\":\"{}\"}}\n", garage.verifying_key())).await;
    assert_eq!(relay.put(&answer_path, car.by(), &answer).await.value::<Stored>().new, 0);
    assert_eq!(relay.get(&path, by()).await.value::<SourceReceipt>().answer, Some(answer));

    // Nobody else hears of it, and the owner finds it among the others.
    let insurer = member(&relay, MemberClass::Insurer).await;
    assert_eq!(relay.get(&path, By::Key(&insurer)).await.code(), ProblemCode::NotFound);
    let page: RecordPage = relay.get(&car.path(path::RECORDS), car.by()).await.value();
    assert_eq!(page.records.len(), 1);
}

#[tokio::test]
async fn a_source_stores_nothing_in_anothers_name_and_changes_no_wrap() {
    let relay = TestRelay::start().await;
    let (car, garage) = (Car::open(&relay, 1).await, member(&relay, MemberClass::Garage).await);
    let insurer = member(&relay, MemberClass::Insurer).await;
    pair(&car, &garage).await;
    let put = async |key: &SigningKey, id: u8, pairing, record| {
        relay.put(&written_path(&car, id), By::Key(key), &SourceUpload { pairing, record }).await
    };
    let good = || written(&car, &garage, 1);
    assert_eq!(put(&insurer, 1, None, good()).await.code(), ProblemCode::BadRequest);
    assert_eq!(put(&insurer, 2, Some(PAIRING), written(&car, &insurer, 2)).await.code(), ProblemCode::Forbidden);
    assert_eq!(put(&car.owner, 1, None, car.upload(1, 10)).await.code(), ProblemCode::Forbidden);
    assert_eq!(put(&garage, 2, Some(PAIRING), good()).await.code(), ProblemCode::BadRequest);
    let day = RecordUpload { wraps: vec![wrap(record_id(1), 1, 5)], ..good() };
    assert_eq!(put(&garage, 1, Some(PAIRING), day).await.code(), ProblemCode::BadRequest);
    let bare = RecordUpload { wraps: Vec::new(), ..good() };
    assert_eq!(put(&garage, 1, Some(PAIRING), bare).await.code(), ProblemCode::BadRequest);
    put(&garage, 1, Some(PAIRING), good()).await.value::<Stored>();
    // A further generation is added, one that is there stays.
    let mut again = good();
    again.wraps[0].key = WrappedKey::DaySeal { enc: EncappedKey([8; 32]), sealed: Blob(vec![8; 48]) };
    again.wraps.push(RecordWrap { generation: 2, ..again.wraps[0].clone() });
    put(&garage, 1, Some(PAIRING), again).await.value::<Stored>();
    let page: RecordPage = relay.get(&car.path(path::RECORDS), car.by()).await.value();
    assert_eq!(page.records[0].wraps.len(), 2);
    assert_eq!(page.records[0].wraps[0], good().wraps[0]);
    // The owner ends it, and with that the source's way in.
    car.act(Action::EndPairing { stream: car.stream, pairing: PAIRING }).await;
    assert_eq!(put(&garage, 3, Some(PAIRING), written(&car, &garage, 3)).await.code(), ProblemCode::Forbidden);
    car.act(Action::CloseStream { stream: car.stream }).await;
    assert_eq!(put(&garage, 3, None, written(&car, &garage, 3)).await.code(), ProblemCode::Gone);
}

#[tokio::test]
async fn a_member_without_a_pairing_stores_so_much_and_no_more() {
    let relay = TestRelay::start().await;
    let (car, insurer) = (Car::open(&relay, 1).await, member(&relay, MemberClass::Insurer).await);
    let garage = member(&relay, MemberClass::Garage).await;
    let put = async |key: &SigningKey, id: u8| {
        let upload = SourceUpload { pairing: None, record: written(&car, key, id) };
        relay.put(&written_path(&car, id), By::Key(key), &upload).await
    };
    let most = u8::try_from(QUARANTINE_MAX).unwrap();
    for id in 1..=most {
        put(&insurer, id).await.value::<Stored>();
    }
    assert_eq!(put(&insurer, most + 1).await.code(), ProblemCode::QuotaExceeded);
    // A repeat is free, and another member has its own.
    assert_eq!(put(&insurer, 1).await.value::<Stored>().new, 0);
    put(&garage, most + 2).await.value::<Stored>();
}
