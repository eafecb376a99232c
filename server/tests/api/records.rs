use crate::{
    car::{Car, LABEL, key, record_id, wrap},
    relay::{By, TestRelay},
};
use carnet_protocol::{
    Blob,
    api::{
        ProblemCode as Code,
        body::{RecordBatch, RecordPage, RecordUpload, Removals, Stored, Wraps},
        path,
    },
    id::StreamId,
    ledger::Action,
    limits::INLINE_RECORD_MAX,
};

#[tokio::test]
async fn records_are_served_byte_for_byte_and_storing_them_again_is_harmless() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    let uploads = vec![car.upload(1, 10), car.upload(2, 11)];
    assert_eq!(car.store(uploads.clone()).await.value::<Stored>().new, 2);
    assert_eq!(car.store(uploads.clone()).await.value::<Stored>().new, 0);
    let page: RecordPage = relay.get(&car.path(path::RECORDS), car.by()).await.value();
    assert_eq!(page.next, None);
    assert_eq!(
        page.records.iter().map(|r| r.record.clone().unwrap()).collect::<Vec<_>>(),
        [uploads[0].record.clone(), uploads[1].record.clone()]
    );
    assert_eq!(page.records[0].wraps, uploads[0].wraps);
    let rest: RecordPage = relay.get(&format!("{}?after=1", car.path(path::RECORDS)), car.by()).await.value();
    assert_eq!(rest.records.len(), 1);
    let one = relay.get(&car.record_path(2), car.by()).await;
    assert_eq!(one.body, uploads[1].record.0);
}

#[tokio::test]
async fn other_bytes_under_the_same_id_are_a_conflict_and_the_whole_batch_is_undone() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    car.store(vec![car.upload(1, 10)]).await.value::<Stored>();
    let other = car.upload_of(car.header(1, LABEL, 10), 300, 0xee);
    assert_eq!(car.store(vec![car.upload(2, 10), other]).await.code(), Code::Conflict);
    let page: RecordPage = relay.get(&car.path(path::RECORDS), car.by()).await.value();
    assert_eq!(page.records.len(), 1);
}

#[tokio::test]
async fn a_large_record_travels_alone() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    let large = car.upload_of(car.header(1, LABEL, 10), 3 * 1024 * 1024, 7);
    assert_eq!(car.store(vec![large.clone()]).await.code(), Code::TooLarge);
    let medium = car.upload_of(car.header(2, LABEL, 10), INLINE_RECORD_MAX + 1, 7);
    assert_eq!(car.store(vec![medium]).await.code(), Code::TooLarge);
    assert_eq!(relay.put(&car.record_path(2), car.by(), &large).await.code(), Code::BadRequest);
    assert_eq!(relay.put(&car.record_path(1), car.by(), &large).await.value::<Stored>().new, 1);
    let page: RecordPage = relay.get(&car.path(path::RECORDS), car.by()).await.value();
    assert_eq!(page.records[0].record, None);
    assert_eq!(page.records[0].size, large.record.len() as u64);
    assert_eq!(relay.get(&car.record_path(1), car.by()).await.body, large.record.0);
}

#[tokio::test]
async fn what_is_no_record_of_this_passport_is_refused() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    let mut elsewhere = car.header(1, LABEL, 10);
    elsewhere.stream = StreamId([9; 16]);
    let mut others_wrap = car.upload(1, 10);
    others_wrap.wraps[0].record = record_id(2);
    let mut long_wrap = car.upload(1, 10);
    long_wrap.wraps[0] = wrap(record_id(1), 0, 1);
    if let carnet_protocol::record::WrappedKey::Day { sealed, .. } = &mut long_wrap.wraps[0].key {
        sealed.0.push(0);
    }
    let mut trailing = car.upload(1, 10);
    trailing.record.0.push(0);
    let bad = [
        car.upload_of(elsewhere, 10, 1),
        others_wrap,
        long_wrap,
        trailing,
        RecordUpload { record: Blob(b"no record".to_vec()), wraps: Vec::new() },
    ];
    for upload in bad {
        assert_eq!(car.store(vec![upload]).await.code(), Code::BadRequest);
    }
    assert_eq!(car.store(Vec::new()).await.code(), Code::BadRequest);
}

#[tokio::test]
async fn only_the_owner_of_a_passport_the_ledger_knows_reads_and_writes() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    let stranger = Car::open(&relay, 2).await;
    car.store(vec![car.upload(1, 10)]).await.value::<Stored>();
    let batch = RecordBatch { records: vec![car.upload(2, 10)] };
    let (records, record) = (car.path(path::RECORDS), car.record_path(1));
    assert_eq!(relay.post(&records, stranger.by(), &batch).await.code(), Code::Forbidden);
    assert_eq!(relay.get(&records, stranger.by()).await.code(), Code::Forbidden);
    assert_eq!(relay.get(&record, stranger.by()).await.code(), Code::Forbidden);
    assert_eq!(relay.put(&record, stranger.by(), &car.upload(1, 10)).await.code(), Code::Forbidden);
    assert_eq!(relay.delete(&record, stranger.by()).await.code(), Code::Forbidden);
    assert_eq!(relay.get(&car.path(path::VIEWS), stranger.by()).await.code(), Code::Forbidden);
    let wraps = Wraps { wraps: vec![wrap(record_id(1), 0, 1)] };
    assert_eq!(relay.post(&car.path(path::WRAPS), stranger.by(), &wraps).await.code(), Code::Forbidden);
    assert_eq!(relay.get(&records, By::Nobody).await.code(), Code::Unauthenticated);
    let unknown = path::fill(path::RECORDS, &[&StreamId([7; 16])]);
    assert_eq!(relay.get(&unknown, car.by()).await.code(), Code::NotFound);
    assert_eq!(relay.get("/v1/streams/nonsense/records", car.by()).await.code(), Code::BadRequest);
    assert_eq!(relay.get(&format!("{records}?before=1"), car.by()).await.code(), Code::BadRequest);
    assert_eq!(relay.get(&record, By::Key(&key(9))).await.code(), Code::Forbidden);
}

#[tokio::test]
async fn wraps_are_replaced_and_those_of_unknown_records_passed_over() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    car.store(vec![car.upload(1, 10)]).await.value::<Stored>();
    let wraps = Wraps { wraps: vec![wrap(record_id(1), 1, 0xaa), wrap(record_id(9), 1, 0xbb)] };
    assert_eq!(relay.post(&car.path(path::WRAPS), car.by(), &wraps).await.value::<Stored>().new, 1);
    let page: RecordPage = relay.get(&car.path(path::RECORDS), car.by()).await.value();
    assert_eq!(page.records[0].wraps, [wrap(record_id(1), 0, 1), wrap(record_id(1), 1, 0xaa)]);
    let none = Wraps { wraps: Vec::new() };
    assert_eq!(relay.post(&car.path(path::WRAPS), car.by(), &none).await.code(), Code::BadRequest);
}

#[tokio::test]
async fn a_removed_record_is_gone_for_good_and_removing_it_again_is_harmless() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    let canary = car.upload_of(car.header(1, LABEL, 10), 4_000, 0xc7);
    car.store(vec![canary, car.upload(2, 10)]).await.value::<Stored>();
    relay.delete(&car.record_path(1), car.by()).await.done();
    relay.delete(&car.record_path(1), car.by()).await.done();
    assert_eq!(relay.get(&car.record_path(1), car.by()).await.code(), Code::NotFound);
    let page: RecordPage = relay.get(&car.path(path::RECORDS), car.by()).await.value();
    assert_eq!(page.records.len(), 1);
    let mut relay = relay;
    relay.stop().await;
    let database = std::fs::read(relay.data().join("relay.sqlite")).unwrap();
    assert!(!database.windows(64).any(|window| window == [0xc7; 64]), "ciphertext left in the file");
}

#[tokio::test]
async fn a_closed_passport_takes_nothing_and_stays_its_owners() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    car.store(vec![car.upload(1, 10)]).await.value::<Stored>();
    car.act(Action::CloseStream { stream: car.stream }).await;
    assert_eq!(car.store(vec![car.upload(2, 10)]).await.code(), Code::Gone);
    let wraps = Wraps { wraps: vec![wrap(record_id(1), 0, 1)] };
    assert_eq!(relay.post(&car.path(path::WRAPS), car.by(), &wraps).await.code(), Code::Gone);
    assert_eq!(relay.get(&car.record_path(1), car.by()).await.status, 200);
    relay.delete(&car.record_path(1), car.by()).await.done();
}

#[tokio::test]
async fn a_passport_takes_up_no_more_than_it_may() {
    let relay = TestRelay::start_with(|config| config.limits.stream_bytes = 1_000).await;
    let car = Car::open(&relay, 1).await;
    car.store(vec![car.upload(1, 10), car.upload(2, 10)]).await.value::<Stored>();
    let refused = car.store(vec![car.upload(3, 10)]).await;
    assert_eq!(refused.code(), Code::QuotaExceeded);
    assert!(refused.headers.contains_key("retry-after"));
    assert_eq!(car.store(vec![car.upload(1, 10)]).await.value::<Stored>().new, 0);
    relay.delete(&car.record_path(1), car.by()).await.done();
    assert_eq!(car.store(vec![car.upload(3, 10)]).await.value::<Stored>().new, 1);
}

#[tokio::test]
async fn a_record_has_no_more_wraps_than_a_page_can_hold() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    car.store(vec![car.upload(1, 10)]).await.value::<Stored>();
    let wraps = |generations: std::ops::Range<u16>| Wraps {
        wraps: generations.map(|generation| wrap(record_id(1), generation, 1)).collect(),
    };
    let path = car.path(path::WRAPS);
    assert_eq!(relay.post(&path, car.by(), &wraps(0..64)).await.value::<Stored>().new, 64);
    assert_eq!(relay.post(&path, car.by(), &wraps(64..65)).await.code(), Code::QuotaExceeded);
    assert_eq!(relay.post(&path, car.by(), &wraps(0..64)).await.value::<Stored>().new, 64);
    let mut again = car.upload(1, 10);
    again.wraps = vec![wrap(record_id(1), 64, 1)];
    assert_eq!(car.store(vec![again]).await.code(), Code::QuotaExceeded);
    let page: RecordPage = relay.get(&car.path(path::RECORDS), car.by()).await.value();
    assert_eq!(page.records[0].wraps.len(), 64);
}

#[tokio::test]
async fn many_records_are_removed_in_one_request() {
    let relay = TestRelay::start().await;
    let (car, stranger) = (Car::open(&relay, 1).await, Car::open(&relay, 2).await);
    car.store((1..=4).map(|id| car.upload(id, 10)).collect()).await.value::<Stored>();
    let removals = Removals { records: [1, 2, 3, 9].map(record_id).to_vec() };
    assert_eq!(relay.post(&car.path(path::REMOVALS), stranger.by(), &removals).await.code(), Code::Forbidden);
    assert_eq!(relay.post(&car.path(path::REMOVALS), car.by(), &removals).await.value::<Stored>().new, 3);
    assert_eq!(relay.post(&car.path(path::REMOVALS), car.by(), &removals).await.value::<Stored>().new, 0);
    let page: RecordPage = relay.get(&car.path(path::RECORDS), car.by()).await.value();
    assert_eq!(page.records.iter().map(|record| record.header.record).collect::<Vec<_>>(), [record_id(4)]);
    for records in [Vec::new(), vec![record_id(4); 501]] {
        let refused = relay.post(&car.path(path::REMOVALS), car.by(), &Removals { records }).await;
        assert_eq!(refused.code(), Code::BadRequest);
    }
}

#[tokio::test]
async fn what_was_withdrawn_is_not_brought_back_by_a_request_that_comes_late() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    let uploads = vec![car.upload(1, 10), car.upload(2, 11)];
    assert_eq!(car.store(uploads.clone()).await.value::<Stored>().new, 2);
    car.commit(&uploads).await;
    car.act(Action::WithdrawRecords { stream: car.stream, records: vec![record_id(1)] }).await;
    let removals = Removals { records: vec![record_id(1)] };
    assert_eq!(relay.post(&car.path(path::REMOVALS), car.by(), &removals).await.value::<Stored>().new, 1);
    // The device that had sent it knows nothing of that, and is told that all is well.
    assert_eq!(car.store(uploads.clone()).await.value::<Stored>().new, 0);
    assert_eq!(car.store(vec![uploads[0].clone()]).await.value::<Stored>().new, 0);
    let page: RecordPage = relay.get(&car.path(path::RECORDS), car.by()).await.value();
    assert_eq!(page.records.len(), 1);
}
