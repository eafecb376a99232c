//! Removing for good, the relay's word for it, and backups.

use crate::{
    car::{Car, key, record_id, wrap},
    keyrings::{Account, device},
    relay::{By, TestRelay},
};
use carnet_crypto::signature::verify_by;
use carnet_protocol::{
    api::{
        ProblemCode as Code,
        body::{RecordPage, RelayInfo, Retention, Stored},
        path,
    },
    day::Timestamp,
    erasure::{ErasureStatement, Removal, Removed, Rewrapped, WalletErasure},
    id::RecordId,
    limits::BATCH_MAX,
    signed::Signed,
};
use carnet_server::{backup, clock::Clock as _};
use std::path::Path;

fn records(records: &[u8]) -> Removal {
    Removal::Records { records: records.iter().map(|id| record_id(*id)).collect(), rewrapped: Vec::new() }
}

async fn remove(car: &Car<'_>, removal: &Removal) -> ErasureStatement {
    let signed: Signed<ErasureStatement> = car.relay.post(&car.path(path::ERASURES), car.by(), removal).await.value();
    let info: RelayInfo = car.relay.get(path::INFO, By::Nobody).await.value();
    verify_by(&signed, &info.key).unwrap()
}

fn in_files(folder: &Path, needle: &[u8]) -> bool {
    let mut files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.any(|file| {
        let bytes = if file.is_dir() { Vec::new() } else { std::fs::read(file).unwrap() };
        bytes.windows(needle.len()).any(|window| window == needle)
    })
}

#[tokio::test]
async fn a_removal_leaves_no_byte_in_the_relays_files() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    let upload = |id: u8| car.upload_of(car.header(id, crate::car::LABEL, 10), 9_000, id);
    car.store(vec![upload(0xa1), upload(0xa2), upload(0xa3)]).await.value::<Stored>();
    assert!(in_files(&relay.data(), &[0xa1; 500]) && in_files(&relay.data(), &[0xa1; 48]));
    let statement = remove(&car, &records(&[0xa1])).await;
    assert_eq!(statement.removed, Removed::Records { stream: car.stream, records: vec![record_id(0xa1)] });
    let month = statement.at.plus(30 * Timestamp::DAY);
    assert!(statement.records_until > month && statement.keyrings_until < month);
    // At once, while it runs: neither in the database nor in its write-ahead log.
    assert!(!in_files(&relay.data(), &[0xa1; 48]) && in_files(&relay.data(), &[0xa2; 500]));
    // Asked again, it answers again.
    remove(&car, &records(&[0xa1])).await;

    let rewrapped = vec![Rewrapped { record: record_id(0xa2), generation: 7 }];
    let nothing = Removal::Records { records: Vec::new(), rewrapped };
    remove(&car, &nothing).await;
    let page: RecordPage = relay.get(&car.path(path::RECORDS), car.by()).await.value();
    assert_eq!(page.records[0].wraps.len(), 2, "a wrap that is not there leaves the others");
    let new = carnet_protocol::api::body::Wraps { wraps: vec![wrap(record_id(0xa2), 7, 0xbb)] };
    relay.post(&car.path(path::WRAPS), car.by(), &new).await.value::<Stored>();
    remove(&car, &nothing).await;
    let page: RecordPage = relay.get(&car.path(path::RECORDS), car.by()).await.value();
    assert_eq!(page.records[0].wraps, new.wraps);

    assert_eq!(remove(&car, &Removal::Stream).await.removed, Removed::Stream(car.stream));
    assert!(!in_files(&relay.data(), &[0xa3; 48]));
    let page: RecordPage = relay.get(&car.path(path::RECORDS), car.by()).await.value();
    assert!(page.records.is_empty());
}

#[tokio::test]
async fn a_stream_goes_with_its_grants_links_and_looks_and_no_other() {
    let relay = TestRelay::start().await;
    let (car, other) = (Car::open(&relay, 1).await, Car::open(&relay, 2).await);
    for car in [&car, &other] {
        let id = car.stream.0[0];
        car.store(vec![car.upload(id, 10)]).await.value::<Stored>();
        car.share(id, None).await;
    }
    remove(&car, &Removal::Stream).await;
    for (car, there) in [(&car, false), (&other, true)] {
        let page: RecordPage = relay.get(&car.path(path::RECORDS), car.by()).await.value();
        assert_eq!(!page.records.is_empty(), there);
        let grant = crate::car::grant_path(path::GRANT, car.stream.0[0]);
        assert_eq!(relay.get(&grant, car.by()).await.status == 200, there);
        let notice = crate::car::link_path(path::LINK_NOTICE, car.stream.0[0]);
        assert_eq!(relay.post(&notice, By::Nobody, &()).await.status == 404, !there);
    }
}

#[tokio::test]
async fn only_the_owner_removes_and_only_so_much_at_a_time() {
    let relay = TestRelay::start().await;
    let (car, thief) = (Car::open(&relay, 1).await, key(9));
    car.store(vec![car.upload(1, 10)]).await.value::<Stored>();
    let path = car.path(path::ERASURES);
    assert_eq!(relay.post(&path, By::Key(&thief), &Removal::Stream).await.code(), Code::Forbidden);
    assert_eq!(relay.post(&path, By::Nobody, &Removal::Stream).await.code(), Code::Unauthenticated);
    let many = Removal::Records { records: vec![RecordId([1; 16]); BATCH_MAX + 1], rewrapped: Vec::new() };
    assert_eq!(relay.post(&path, car.by(), &many).await.code(), Code::BadRequest);
    assert_eq!(relay.post(&path, car.by(), &records(&[])).await.code(), Code::BadRequest);
}

#[tokio::test]
async fn nothing_is_kept_of_a_keyring_that_was_replaced_or_erased() {
    let relay = TestRelay::start().await;
    let (account, other) = (Account::new(1, 11), Account::new(2, 12));
    let (first, thief) = (device(11).signing_key(), device(12).signing_key());
    let (ring, erasure) = (account.path(path::KEYRING), account.path(path::KEYRING_ERASURE));
    let by = By::Key(&first);
    for version in 0..4_u8 {
        let upload = account.upload(version.into(), 11, 0xc0 + version, 500);
        relay.put(&ring, by, &upload).await.value::<Stored>();
    }
    assert!((0xc0..0xc3).all(|fill| !in_files(&relay.data(), &[fill; 500])));
    assert!(in_files(&relay.data(), &[0xc3; 500]));

    let at = relay.clock.now();
    let word = |account: &Account| WalletErasure {
        account: account.words.verifying_key(),
        devices: account.list.entries().to_vec(),
        at,
    };
    assert_eq!(relay.get(&erasure, by).await.code(), Code::NotFound);
    assert_eq!(relay.put(&erasure, By::Key(&thief), &thief.sign(&word(&account))).await.code(), Code::Forbidden);
    assert_eq!(relay.put(&erasure, By::Key(&thief), &first.sign(&word(&account))).await.code(), Code::Forbidden);
    assert_eq!(relay.put(&erasure, by, &first.sign(&word(&other))).await.code(), Code::BadRequest);
    let made_up = WalletErasure { devices: Account::new(1, 12).list.entries().to_vec(), ..word(&account) };
    assert_eq!(relay.put(&erasure, By::Key(&thief), &thief.sign(&made_up)).await.code(), Code::Forbidden);
    let signed = first.sign(&word(&account));
    for _ in 0..2 {
        relay.put(&erasure, by, &signed).await.value::<Signed<ErasureStatement>>();
    }
    assert!(!in_files(&relay.data(), &[0xc3; 500]));
    assert_eq!(relay.get(&ring, by).await.code(), Code::Gone);
    assert_eq!(relay.put(&ring, by, &account.upload(0, 11, 1, 50)).await.code(), Code::Gone);
    for reader in [By::Key(&first), By::Key(&account.words)] {
        assert_eq!(relay.get(&erasure, reader).await.value::<Signed<WalletErasure>>(), signed);
    }
    assert_eq!(relay.get(&erasure, By::Key(&thief)).await.code(), Code::Forbidden);
}

#[tokio::test]
async fn a_backup_of_a_running_relay_keeps_keyrings_apart_and_goes_when_it_is_too_old() {
    let relay =
        TestRelay::start_with(|config| (config.backups.record_days, config.backups.keyring_days) = (3, 1)).await;
    let info: RelayInfo = relay.get(path::INFO, By::Nobody).await.value();
    assert_eq!(info.retention, Retention { records: 3, keyrings: 1 });
    let car = Car::open(&relay, 1).await;
    car.store(vec![car.upload_of(car.header(1, crate::car::LABEL, 10), 9_000, 0xa1)]).await.value::<Stored>();
    let account = Account::new(1, 11);
    let upload = account.upload(0, 11, 0xc1, 500);
    relay.put(&account.path(path::KEYRING), By::Key(&device(11).signing_key()), &upload).await.value::<Stored>();
    let (config, now) = (&relay.config, relay.clock.now());
    let made = backup::make(&config.backups, &config.data_dir, now).unwrap();
    let names: Vec<_> = made.iter().map(|file| file.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert!(names[0].starts_with("records-") && names[1].starts_with("keyrings-"));
    let has = |file: &Path, needle: &[u8]| std::fs::read(file).unwrap().windows(needle.len()).any(|w| w == needle);
    assert!(has(&made[0], &[0xa1; 500]) && !has(&made[0], &[0xc1; 500]));
    assert!(has(&made[1], &[0xc1; 500]) && !has(&made[1], &[0xa1; 500]));
    for (days, left) in [(0, 2), (1, 1), (3, 0)] {
        backup::sweep(&config.backups, &config.data_dir, now.plus(days * Timestamp::DAY)).unwrap();
        assert_eq!(made.iter().filter(|file| file.exists()).count(), left);
    }
    // The relay goes on meanwhile.
    car.store(vec![car.upload(2, 10)]).await.value::<Stored>();
}
