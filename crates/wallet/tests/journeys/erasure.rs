//! Erasing for good: whoever has the words, everything that the relay keeps and every record backup it ever made opens
//! nothing of it, and everything else still, byte for byte.

use crate::world::*;
use carnet_protocol::{
    category::Category,
    day::{Day, DayRange},
    erasure::ErasureScope,
    id::{GrantId, RecordId, StreamId},
    key::VerifyingKey,
    payload::{Expense, ExpenseKind, Fact},
    quantity::Money,
};
use carnet_server::{
    backup,
    config::Backups,
    store::{PageBound, Store, sqlite::SqliteBackend},
};
use carnet_wallet::{
    audit::{Kept, all_that_opens},
    command::{Answer, Command, EraseTarget, ShareScope, Subject},
    error::WalletError,
    store::{StoreError, Table},
    view::{ErasurePreview, ErasureView, WalletState},
};
use std::{collections::BTreeMap, path::Path};

const ALL: PageBound = PageBound { records: 10_000, bytes: 1 << 30, inline: 1 << 30, looked_at: 10_000 };

/// Reads what a store's file holds of these cars and shares.
pub async fn read(file: &Path, cars: &[StreamId], shares: &[GrantId], account: Option<VerifyingKey>) -> Kept {
    let store = Store::new(SqliteBackend::open(file, 4).unwrap());
    let (cars, shares) = (cars.to_vec(), shares.to_vec());
    let kept = store.read(move |tables| {
        let mut kept = Kept::default();
        for car in cars {
            let (rows, _) = tables.records(car, 0, ALL, &|_| true)?;
            kept.records.extend(rows.into_iter().map(|row| (row.sealed.unwrap(), row.wraps)));
        }
        for share in shares {
            kept.grants.extend(tables.grant(share)?.map(|row| row.envelope));
        }
        if let Some(account) = account {
            kept.keyrings.extend(tables.keyring(account)?);
        }
        Ok::<_, carnet_server::store::StoreError>(kept)
    });
    let kept = kept.await.unwrap();
    store.close();
    kept
}

/// What the relay's files hold now.
pub async fn relays_database(world: &World, cars: &[StreamId], shares: &[GrantId], account: VerifyingKey) -> Kept {
    let (data, copy) = (world.folder.path().join("data"), tempfile::tempdir().unwrap());
    for name in ["relay.sqlite", "relay.sqlite-wal", "relay.sqlite-shm"] {
        if data.join(name).exists() {
            std::fs::copy(data.join(name), copy.path().join(name)).unwrap();
        }
    }
    read(&copy.path().join("relay.sqlite"), cars, shares, Some(account)).await
}

/// Everything that somebody with the words may have: record backups from before, the relay's files from after.
pub struct Loot {
    pub before: Kept,
    cars: Vec<StreamId>,
    shares: Vec<GrantId>,
}

impl Loot {
    /// Makes a backup of the running relay and keeps its records.
    pub async fn steal(world: &World, cars: &[StreamId], shares: &[GrantId]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let backups = Backups { folder: Some(folder.path().to_owned()), record_days: 30, keyring_days: 0 };
        let now = carnet_protocol::day::Timestamp(1_795_000_000_000);
        let made = backup::make(&backups, &world.folder.path().join("data"), now).unwrap();
        assert_eq!(made.len(), 1, "no keyrings are backed up");
        let before = read(&made[0], cars, shares, None).await;
        assert!(!before.records.is_empty());
        Self { before, cars: cars.to_vec(), shares: shares.to_vec() }
    }

    /// What opens with the words, the backup and a copy of the relay's database as it is now.
    pub async fn opens(&self, world: &World, owner: &Person) -> BTreeMap<RecordId, Vec<u8>> {
        let after = relays_database(world, &self.cars, &self.shares, owner.account()).await;
        let mut all = Kept { keyrings: after.keyrings, ..Kept::default() };
        // Every wrap of every time beside every record.
        let wraps: Vec<_> =
            self.before.records.iter().chain(&after.records).flat_map(|(_, wraps)| wraps.clone()).collect();
        for (sealed, _) in self.before.records.iter().chain(&after.records) {
            all.records.push((sealed.clone(), wraps.clone()));
        }
        all.grants.extend(self.before.grants.iter().chain(&after.grants).cloned());
        all_that_opens(&owner.words.join(" "), &all)
    }
}

impl Person {
    pub fn account(&self) -> VerifyingKey {
        let root = carnet_crypto::words::RecoveryWords::parse(&self.words.join(" ")).unwrap().to_root();
        root.account_key().verifying_key()
    }

    pub async fn erase(&mut self, target: EraseTarget) -> Result<ErasureView, WalletError> {
        let passphrase = Some(PASSPHRASE.to_owned());
        match self.ask(Command::Erase { target, passphrase }).await? {
            Answer::Erasure(view) => Ok(*view),
            _ => panic!("an erasure"),
        }
    }

    pub async fn erasures(&mut self) -> Vec<ErasureView> {
        let Answer::Erasures(views) = self.ask(Command::Erasures).await.unwrap() else { panic!("erasures") };
        views
    }

    async fn records(&mut self, car: StreamId, category: Category) -> Vec<RecordId> {
        let passport = self.passport(Subject::Own(car)).await.unwrap();
        let of = passport.timeline.entries.iter().filter(|entry| entry.category == category);
        of.map(|entry| entry.record).collect()
    }
}

pub async fn expense(owner: &mut Person, vehicle: StreamId, day: Day, files: usize) -> RecordId {
    let cost = Money { minor: 1_000, currency: "EUR".into() };
    let fact = Fact::Expense(Expense { kind: ExpenseKind::Other, description: "canary wash".into(), cost });
    let files = (0..files).map(|n| text_file("canary.txt", format!("canary file {n}").as_bytes())).collect();
    let command = Command::AddRecord { vehicle, day, fact, note: Some("canary note".into()), files };
    let Answer::Record(view) = owner.ask(command).await.unwrap() else { panic!("a record") };
    view.record
}

fn without(all: &BTreeMap<RecordId, Vec<u8>>, gone: &[RecordId]) -> BTreeMap<RecordId, Vec<u8>> {
    all.iter().filter(|(record, _)| !gone.contains(record)).map(|(id, plain)| (*id, plain.clone())).collect()
}

pub fn erased_ids(view: &ErasureView) -> Vec<RecordId> {
    view.receipt.streams.iter().flat_map(|stream| &stream.records).map(|record| record.record).collect()
}

#[tokio::test]
async fn an_erased_record_opens_with_nothing_while_its_day_stays() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let day = Day(20_000);
    let gone = expense(&mut owner, car, day, 2).await;
    let kept = expense(&mut owner, car, day, 1).await;
    expense(&mut owner, car, Day(20_001), 0).await;
    let link = owner.share(car, by_link(), all_days(&[Category::Finance, Category::Identity])).await;
    let mut buyer = world.owner().await;
    owner.settle().await;
    buyer.open(link.link.as_ref().unwrap(), None).await.unwrap();
    let loot = Loot::steal(&world, &[car], &[link.share.grant]).await;
    let all = loot.opens(&world, &owner).await;
    assert_eq!(all.len(), 7, "everything opens before");

    let target = EraseTarget::Record { vehicle: car, record: gone };
    let Answer::ErasurePreview(preview) = owner.ask(Command::PreviewErasure { target }).await.unwrap() else {
        panic!("a preview")
    };
    let days = DayRange::new(day, day).ok();
    assert_eq!(preview, ErasurePreview { records: 1, files: 2, days, ending: 0, narrowed: 1 });
    let view = owner.erase(target).await.unwrap();
    assert!(!view.confirmed && view.receipt.scope == ErasureScope::Record);
    let ids = erased_ids(&view);
    assert_eq!(ids.len(), 3);
    owner.settle().await;
    let view = owner.erasures().await.remove(0);
    assert!(view.confirmed);

    assert_eq!(loot.opens(&world, &owner).await, without(&all, &ids));
    // Neither is it to be seen, nor on the ledger any more than a hash that was withdrawn.
    let passport = owner.confirmed(car).await;
    assert_eq!((passport.completeness.withdrawn, passport.completeness.missing), (3, 0));
    assert!(passport.timeline.entries.iter().all(|entry| entry.record != gone));
    // What stays is whole, files among it, also after the words brought it back.
    let mut device = world.person();
    let restore = Command::RestoreWallet { words: owner.words.join(" "), passphrase: PASSPHRASE.into() };
    device.ask(restore).await.unwrap();
    device.settle().await;
    for person in [&mut owner, &mut device] {
        let subject = Subject::Own(car);
        let Answer::Record(view) = person.ask(Command::Record { subject, record: kept }).await.unwrap() else {
            panic!("a record")
        };
        let attachment = view.attachments[0].record;
        let subject = Subject::Own(car);
        let file = person.ask(Command::Attachment { subject, record: kept, attachment }).await.unwrap();
        let Answer::File(file) = file else { panic!("a file") };
        assert_eq!(file.bytes, b"canary file 0");
    }
    // Who had the link goes on reading what stays; its owner cannot show it again.
    buyer.open(link.link.as_ref().unwrap(), None).await.unwrap();
    let seen = buyer.passport(Subject::Link).await.unwrap();
    assert_eq!(seen.timeline.entries.len(), 3);
    let show = Command::ShowLink { vehicle: car, grant: link.share.grant };
    let Answer::Shared(shown) = owner.ask(show).await.unwrap() else { panic!("a share") };
    assert_eq!(shown.link, None);
}

#[tokio::test]
async fn an_erased_category_opens_with_nothing_and_takes_new_records() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_sample().await;
    let both = owner.share(car, by_link(), all_days(&[Category::Driving, Category::Mileage])).await;
    let alone = owner.share(car, by_link(), all_days(&[Category::Driving])).await;
    owner.settle().await;
    let grants = [both.share.grant, alone.share.grant];
    let loot = Loot::steal(&world, &[car], &grants).await;
    let all = loot.opens(&world, &owner).await;
    let target = EraseTarget::Category { vehicle: car, category: Category::Driving };
    let view = owner.erase(target).await.unwrap();
    let ids = erased_ids(&view);
    assert!(!ids.is_empty());
    assert_eq!(view.receipt.streams[0].grants, [alone.share.grant]);
    owner.settle().await;
    assert!(owner.erasures().await[0].confirmed);
    assert_eq!(loot.opens(&world, &owner).await, without(&all, &ids));
    assert!(owner.records(car, Category::Driving).await.is_empty());
    let mut buyer = world.owner().await;
    let ended = buyer.open(alone.link.as_ref().unwrap(), None).await;
    assert!(ended.is_err());
    buyer.open(both.link.as_ref().unwrap(), None).await.unwrap();
    let seen = buyer.passport(Subject::Link).await.unwrap();
    assert!(seen.timeline.entries.iter().all(|entry| entry.category == Category::Mileage));

    // The category is usable as before, and what is written now opens.
    let again = owner.records(car, Category::Driving).await;
    assert!(again.is_empty());
    let before = loot.opens(&world, &owner).await.len();
    expense(&mut owner, car, Day(20_000), 0).await;
    owner.settle().await;
    assert_eq!(loot.opens(&world, &owner).await.len(), before + 1);
}

#[tokio::test]
async fn an_erased_car_opens_with_nothing_and_asks_for_the_passphrase() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let (car, other) = (owner.add_car().await, owner.add_car().await);
    owner.add_odometer(car, Day(20_000), 1_000).await;
    owner.add_odometer(other, Day(20_000), 2_000).await;
    let link = owner.share(car, by_link(), all_days(&[Category::Mileage])).await;
    owner.settle().await;
    let loot = Loot::steal(&world, &[car, other], &[link.share.grant]).await;
    let all = loot.opens(&world, &owner).await;
    let target = EraseTarget::Vehicle { vehicle: car };
    for passphrase in [None, Some("not the passphrase".to_owned())] {
        let refused = owner.ask(Command::Erase { target, passphrase }).await;
        assert_eq!(refused.err(), Some(WalletError::WrongPassphrase));
    }
    let ids = erased_ids(&owner.erase(target).await.unwrap());
    owner.settle().await;
    let view = owner.erasures().await.remove(0);
    assert!(view.confirmed && view.receipt.statements.len() == 1);
    assert_eq!(loot.opens(&world, &owner).await, without(&all, &ids));
    assert_eq!(owner.vehicles().await.len(), 1);
    // Nothing of the car is left in this browser either.
    let left =
        owner.store.dump().into_iter().filter(|(table, key, _)| *table != Table::Keyring && key.starts_with(&car.0));
    assert_eq!(left.count(), 0);
    let mut buyer = world.owner().await;
    assert!(buyer.open(link.link.as_ref().unwrap(), None).await.is_err());
}

#[tokio::test]
async fn everything_goes_at_the_relay_and_here_and_other_devices_say_so() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.add_odometer(car, Day(20_000), 1_000).await;
    owner.settle().await;
    let mut device = world.person();
    let restore = Command::RestoreWallet { words: owner.words.join(" "), passphrase: PASSPHRASE.into() };
    device.ask(restore.clone()).await.unwrap();
    device.settle().await;
    device.add_odometer(car, Day(20_010), 1_100).await;
    let loot = Loot::steal(&world, &[car], &[]).await;
    assert!(!loot.opens(&world, &owner).await.is_empty());

    // Without the relay the keys go at once, and the wallet says that something is still to be confirmed.
    owner.wire.cut(true);
    let view = owner.erase(EraseTarget::Everything).await.unwrap();
    assert!(!view.confirmed && owner.vehicles().await.is_empty());
    assert!(owner.sync().await.waiting > 0);
    owner.wire.cut(false);
    owner.sync().await;
    let Answer::Status(status) = owner.ask(Command::Status).await.unwrap() else { panic!("a status") };
    assert_eq!(status.state, WalletState::Absent);
    assert!(loot.opens(&world, &owner).await.is_empty());
    let views = owner.erasures().await;
    assert!(views[0].confirmed && views[0].receipt.statements.len() == 2);
    assert_eq!(owner.store.dump().len(), 1, "only the receipt is left");
    owner.ask(Command::ForgetLastReceipt).await.unwrap();
    assert!(owner.store.dump().is_empty());

    assert_eq!(device.ask(Command::Sync).await.err(), Some(WalletError::Erased));
    assert!(device.store.dump().is_empty());
    assert_eq!(device.ask(restore).await.err(), Some(WalletError::Erased));
}

/// No relay can make a device forget: only the account's own word counts.
#[tokio::test]
async fn a_relay_that_says_a_wallet_was_erased_is_not_believed() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.settle().await;
    let before = owner.store.dump();
    owner.wire.tamper(|request, mut response| {
        let of_keyring = request.path.starts_with("/v1/keyrings/");
        let gone = br#"{"type":"urn:carnet:problem:gone","title":"Gone","status":410,"code":"gone"}"#;
        if of_keyring && !request.path.ends_with("/erasure") {
            (response.status, response.body) = (410, gone.to_vec());
        }
        response
    });
    let refused = owner.ask(Command::Sync).await.err();
    assert!(matches!(refused, Some(WalletError::Untrusted { .. })), "{refused:?}");
    assert_eq!(owner.store.dump(), before);
    owner.wire.honest();
    owner.settle().await;
    assert_eq!(owner.passport(Subject::Own(car)).await.unwrap().timeline.entries.len(), 1);
}

/// Another device lets go of the erased record, keeps the rest of the day, and never brings the key back.
#[tokio::test]
async fn another_device_lets_go_of_what_was_erased_and_keeps_what_it_wrote_meanwhile() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let day = Day(20_000);
    let gone = expense(&mut owner, car, day, 1).await;
    expense(&mut owner, car, day, 0).await;
    owner.settle().await;
    let mut device = world.person();
    let restore = Command::RestoreWallet { words: owner.words.join(" "), passphrase: PASSPHRASE.into() };
    device.ask(restore).await.unwrap();
    device.settle().await;
    let loot = Loot::steal(&world, &[car], &[]).await;
    let all = loot.opens(&world, &owner).await;

    // Both before either hears of the other: one erases, the other writes to the same day and shares it.
    let ids = erased_ids(&owner.erase(EraseTarget::Record { vehicle: car, record: gone }).await.unwrap());
    let written = expense(&mut device, car, day, 1).await;
    let shared = device.share(car, by_link(), all_days(&[Category::Finance])).await;
    owner.settle().await;
    device.settle().await;
    assert_eq!(device.records(car, Category::Finance).await.len(), 2);
    assert!(!device.records(car, Category::Finance).await.contains(&gone));
    owner.settle().await;
    device.settle().await;
    while owner.records(car, Category::Finance).await.len() < 2 {
        owner.settle().await;
    }
    for person in [&mut owner, &mut device] {
        assert!(person.records(car, Category::Finance).await.contains(&written));
    }
    let loot = Loot { shares: vec![shared.share.grant], ..loot };
    let opens = loot.opens(&world, &owner).await;
    assert_eq!(without(&opens, &[]).len(), without(&all, &ids).len() + 2, "what was written meanwhile opens");
    assert!(ids.iter().all(|id| !opens.contains_key(id)));
    let mut buyer = world.owner().await;
    buyer.open(shared.link.as_ref().unwrap(), None).await.unwrap();
    assert_eq!(buyer.passport(Subject::Link).await.unwrap().timeline.entries.len(), 2);
}

/// An erasure is one commit here; a lost answer or a crash on the way to the relay only repeats requests.
#[tokio::test]
async fn a_crash_or_a_lost_answer_while_erasing_loses_nothing_and_erases_all() {
    for passing in 0..8 {
        let world = World::new().await;
        let mut owner = world.owner().await;
        let car = owner.add_car().await;
        let gone = expense(&mut owner, car, Day(20_000), 1).await;
        let kept = expense(&mut owner, car, Day(20_000), 0).await;
        owner.settle().await;
        let loot = Loot::steal(&world, &[car], &[]).await;
        let all = loot.opens(&world, &owner).await;
        let ids = erased_ids(&owner.erase(EraseTarget::Record { vehicle: car, record: gone }).await.unwrap());
        if passing % 2 == 0 {
            owner.wire.lose_answer_after(passing);
        } else {
            owner.store.fail_after((passing / 2).into(), StoreError::Unavailable("crash".into()));
        }
        let _broken = owner.ask(Command::Sync).await;
        owner.store.mend();
        // The relay alone never keeps less than what brings the rest back.
        let opens = loot.opens(&world, &owner).await;
        assert!(opens.contains_key(&kept), "after {passing}");
        owner = owner.tab_with_words();
        owner.unlock().await;
        owner.settle().await;
        assert!(owner.erasures().await[0].confirmed, "after {passing}");
        assert_eq!(loot.opens(&world, &owner).await, without(&all, &ids), "after {passing}");
    }
}

/// What was never sent leaves no trace at the relay or on the ledger.
#[tokio::test]
async fn what_was_never_sent_is_erased_without_a_trace() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.settle().await;
    owner.wire.cut(true);
    let gone = expense(&mut owner, car, Day(20_000), 1).await;
    let scopes = vec![ShareScope { category: Category::Finance, days: DayRange::ALL }];
    let link = owner.share(car, by_link(), scopes).await;
    let view = owner.erase(EraseTarget::Record { vehicle: car, record: gone }).await.unwrap();
    assert!(view.receipt.streams[0].records.iter().all(|record| record.commitment.is_none()));
    owner.wire.cut(false);
    owner.settle().await;
    let passport = owner.confirmed(car).await;
    assert_eq!((passport.completeness.committed, passport.completeness.withdrawn), (1, 0));
    let mut buyer = world.owner().await;
    buyer.open(link.link.as_ref().unwrap(), None).await.unwrap();
    assert!(buyer.passport(Subject::Link).await.unwrap().timeline.entries.is_empty());
}

#[tokio::test]
async fn a_share_of_a_car_that_another_device_has_not_sent_yet_ends_with_what_it_shows() {
    for whole in [false, true] {
        let world = World::new().await;
        let mut owner = world.owner().await;
        owner.settle().await;
        let mut device = Person::restore(&world, &owner.words, PASSPHRASE).await;
        device.settle().await;
        // The keyring goes out before the lane; of the lane nothing arrives.
        let car = owner.add_car().await;
        owner.add_odometer(car, owner.now().day(), 40_000).await;
        let shared = owner.share(car, by_link(), all_days(&[Category::Mileage])).await;
        owner.wire.close(Some("/v1/ledger/transactions"));
        let _cut_short = owner.ask(Command::Sync).await;
        owner.wire.close(None);
        device.settle().await;
        let target = if whole {
            EraseTarget::Vehicle { vehicle: car }
        } else {
            EraseTarget::Category { vehicle: car, category: Category::Mileage }
        };
        device.erase(target).await.unwrap();
        device.settle().await;
        owner.settle().await;
        device.settle().await;
        let mut reader = world.person();
        assert!(reader.open(&shared.link.unwrap(), None).await.is_err(), "whole: {whole}");
    }
}
