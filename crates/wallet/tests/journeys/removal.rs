//! Removing a device, at its edges: what all of its keys open, devices that come back late, that remove each other, and
//! that erase everything.

use crate::{
    erasure::{expense, relays_database},
    sale::{self, sale_answer},
    sources::{paired, service, write},
    world::*,
};
use carnet_crypto::{
    device::DeviceSecret,
    passphrase::{PassphraseEnvelope, open_passphrase},
};
use carnet_protocol::{
    api::body::StoredKeyring,
    category::Category,
    day::Day,
    encoding,
    id::{GrantId, RecordId, StreamId},
};
use carnet_wallet::{
    audit::{Kept, all_that_a_device_opens, all_that_opens},
    command::{Answer, Audience, Command, DeviceCommand, EraseTarget, Subject, Via},
    error::WalletError,
    store::Table,
    view::{ShareState, ShareView, WalletState},
};
use std::collections::{BTreeMap, BTreeSet};

/// All that somebody copied out of a browser: the device's secret, and the keyring as it lay there.
struct Loot {
    device: DeviceSecret,
    keyring: StoredKeyring,
}

impl Loot {
    fn of(person: &Person) -> Self {
        let rows = person.store.dump();
        let row = |table: Table, name: &[u8]| {
            rows.iter().find(|(of, key, _)| *of == table && key == name).map(|(_, _, value)| value.clone()).unwrap()
        };
        let envelope: PassphraseEnvelope = encoding::decode(&row(Table::Wallet, b"passphrase")).unwrap();
        let device = open_passphrase(&envelope, PASSPHRASE).unwrap();
        Self { device, keyring: encoding::decode(&row(Table::Keyring, b"current")).unwrap() }
    }

    /// Every record whose content comes out, with the relay's whole database: every wrap tried on every record.
    async fn opens(&self, world: &World, owner: &Person, cars: &[StreamId], shares: &[GrantId]) -> BTreeSet<RecordId> {
        let mut kept = relays_database(world, cars, shares, owner.account()).await;
        kept.keyrings.push(self.keyring.clone());
        all_that_a_device_opens(&self.device, &kept).into_keys().collect()
    }
}

/// With the words, as a control that there is something to open.
async fn words_open(world: &World, owner: &Person, cars: &[StreamId]) -> BTreeMap<RecordId, Vec<u8>> {
    let kept: Kept = relays_database(world, cars, &[], owner.account()).await;
    all_that_opens(&owner.words.join(" "), &kept)
}

async fn restored(world: &World, owner: &mut Person) -> Person {
    let mut other = Person::restore(world, &owner.words, PASSPHRASE).await;
    other.settle().await;
    owner.settle().await;
    other
}

async fn shares(person: &mut Person, vehicle: StreamId) -> Vec<ShareView> {
    let Answer::Shares(shares) = person.ask(Command::Shares { vehicle }).await.unwrap() else { panic!("shares") };
    shares
}

async fn insurer(owner: &mut Person) -> Audience {
    let Answer::DemoRoles(roles) = owner.ask(Command::DemoRoles).await.unwrap() else { panic!("roles") };
    Audience::Member(roles[0].member.sign)
}

#[tokio::test]
async fn a_removed_devices_whole_key_state_and_the_relays_database_open_nothing_written_after() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    expense(&mut owner, car, Day(20_000), 2).await;
    let link = owner.share(car, by_link(), all_days(&[Category::Finance, Category::Mileage])).await;
    let with_pin = Audience::Link { name: "with a PIN".into(), max_opens: None, pin: Some("4711".into()) };
    let pinned = owner.share(car, with_pin, all_days(&[Category::Finance])).await;
    let member = insurer(&mut owner).await;
    let member = owner.share(car, member, all_days(&[Category::Finance])).await;
    owner.settle().await;
    let mut other = restored(&world, &mut owner).await;
    other.add_odometer(car, Day(20_001), 1_000).await;
    other.settle().await;
    owner.settle().await;
    let loot = Loot::of(&other);
    let grants = [link.share.grant, pinned.share.grant, member.share.grant];
    let before = loot.opens(&world, &owner, &[car], &grants).await;
    assert_eq!(before.len(), 5, "all that was there when it was there: {before:?}");

    // One record waits, written before anybody knew that there would be a removal.
    let device = other.this_device().await;
    let waiting = expense(&mut owner, car, Day(20_000), 1).await;
    owner.remove_device(device).await.unwrap();
    owner.add_odometer(car, Day(20_001), 1_100).await;
    let later = owner.add_car().await;
    let anew = owner.share(car, by_link(), all_days(&[Category::Finance, Category::Mileage])).await;
    owner.settle().await;
    expense(&mut owner, car, Day(20_300), 2).await;
    expense(&mut owner, later, Day(20_300), 1).await;
    owner.settle().await;
    owner.settle().await;

    let (cars, grants) = ([car, later], [grants.as_slice(), &[anew.share.grant]].concat());
    assert_eq!(loot.opens(&world, &owner, &cars, &grants).await, before);
    let all = words_open(&world, &owner, &cars).await;
    assert_eq!(all.len(), 5 + 2 + 1 + 1 + 3 + 2);
    assert!(all.contains_key(&waiting) && !before.contains(&waiting));

    // The links that it knew are taken back, and only they; one made since reads all of it.
    let live = |shares: Vec<ShareView>| -> BTreeSet<GrantId> {
        shares.into_iter().filter(|share| share.state != ShareState::Revoked).map(|share| share.grant).collect()
    };
    assert_eq!(live(shares(&mut owner, car).await), BTreeSet::from([member.share.grant, anew.share.grant]));
    let mut buyer = world.person();
    assert!(buyer.open(link.link.as_ref().unwrap(), None).await.is_err());
    buyer.open(anew.link.as_ref().unwrap(), None).await.unwrap();
    let seen = buyer.passport(Subject::Link).await.unwrap();
    assert_eq!((seen.timeline.total, seen.completeness.missing), (5, 0));
}

/// Neither by the keys of a day nor by the inbox, both of which the removed device had.
#[tokio::test]
async fn what_a_source_writes_after_a_removal_opens_with_nothing_that_the_removed_device_had() {
    let world = World::new().await;
    let (mut owner, car, mut garage, pairing) = paired(&world).await;
    let via = Via::Paired(pairing);
    let (today, long_ago) = (garage.now().day(), Day(garage.now().day().0 - 60));
    owner.settle().await;
    let mut other = restored(&world, &mut owner).await;
    for day in [today, long_ago] {
        write(&mut garage, via, service(day, 30_000)).await;
    }
    garage.settle().await;
    owner.settle().await;
    other.settle().await;
    let loot = Loot::of(&other);
    let before = loot.opens(&world, &owner, &[car], &[]).await;
    assert_eq!(before.len(), 5, "the car, two services and two invoices");

    // The garage wrote both without a connection, and sends them when it comes back.
    garage.wire.cut(true);
    for day in [today, long_ago] {
        write(&mut garage, via, service(day, 40_000)).await;
    }
    let device = other.this_device().await;
    owner.remove_device(device).await.unwrap();
    owner.settle().await;
    garage.wire.cut(false);
    garage.settle().await;
    assert_eq!(loot.opens(&world, &owner, &[car], &[]).await, before);
    // Taken in by the owner, and so wrapped for whoever is given the day.
    owner.settle().await;
    assert_eq!(loot.opens(&world, &owner, &[car], &[]).await, before);
    assert_eq!(words_open(&world, &owner, &[car]).await.len(), 9);
    let passport = owner.passport(Subject::Own(car)).await.unwrap();
    assert_eq!((passport.timeline.total, passport.completeness.missing), (5, 0));
}

/// What is offered is frozen: its keys are renewed once the offer is taken back, and never where the car is sold.
#[tokio::test]
async fn a_removal_waits_for_a_sale_that_is_open_and_leaves_what_was_sold() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let (kept, sold) = (sale::lived_in(&mut owner).await, sale::lived_in(&mut owner).await);
    let mut buyer = world.owner().await;
    sale::sell(&mut owner, sold, &mut buyer, sale::KM).await;
    sale::hears_of_it(&mut owner, sold).await;
    let mut other = restored(&world, &mut owner).await;
    sale::offer(&mut owner, kept, sale::draft(sale::KM)).await.unwrap();
    owner.settle().await;
    other.settle().await;
    let loot = Loot::of(&other);
    let before = loot.opens(&world, &owner, &[kept], &[]).await;
    let device = other.this_device().await;
    owner.remove_device(device).await.unwrap();
    owner.settle().await;
    assert_eq!(owner.sync().await.refused, None);

    sale_answer(&mut owner, Command::CancelSale { vehicle: kept }).await.unwrap();
    owner.settle().await;
    owner.add_odometer(kept, Day(20_600), 70_000).await;
    owner.settle().await;
    assert_eq!(owner.sync().await.refused, None);
    assert_eq!(loot.opens(&world, &owner, &[kept], &[]).await, before);
    assert_eq!(words_open(&world, &owner, &[kept]).await.len(), before.len() + 1);
    for car in [kept, sold] {
        assert_eq!(owner.passport(Subject::Own(car)).await.unwrap().completeness.missing, 0);
    }
}

/// It was in a drawer, with records that it never sent, while another device was removed.
#[tokio::test]
async fn a_device_that_comes_back_late_brings_what_it_wrote_under_keys_that_the_removed_one_has_not() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.settle().await;
    let mut late = restored(&world, &mut owner).await;
    let mut stolen = restored(&world, &mut owner).await;
    late.settle().await;
    let loot = Loot::of(&stolen);
    let before = loot.opens(&world, &owner, &[car], &[]).await;

    late.wire.cut(true);
    late.add_odometer(car, Day(20_050), 1_500).await;
    let file = expense(&mut late, car, Day(20_060), 1).await;
    let second = late.add_car().await;
    late.add_odometer(second, Day(20_050), 10).await;
    let link = late.share(car, by_link(), all_days(&[Category::Mileage])).await;

    let device = stolen.this_device().await;
    owner.remove_device(device).await.unwrap();
    owner.add_odometer(car, Day(20_100), 2_000).await;
    owner.settle().await;
    assert_eq!(stolen.ask(Command::Sync).await.err(), Some(WalletError::DeviceRemoved));
    late.wire.cut(false);
    late.settle().await;
    owner.settle().await;
    late.settle().await;

    let cars = [car, second];
    assert_eq!(loot.opens(&world, &owner, &cars, &[link.share.grant]).await, before);
    let all = words_open(&world, &owner, &cars).await;
    assert!(all.contains_key(&file));
    for person in [&mut owner, &mut late] {
        for (car, records) in [(car, 4), (second, 2)] {
            let passport = person.passport(Subject::Own(car)).await.unwrap();
            assert_eq!((passport.timeline.total, passport.completeness.missing), (records, 0));
        }
        assert_eq!(person.devices().await.len(), 2);
    }
    // What it shared meanwhile stands, and shows what either device wrote.
    let mut buyer = world.person();
    buyer.open(link.link.as_ref().unwrap(), None).await.unwrap();
    let seen = buyer.passport(Subject::Link).await.unwrap();
    assert_eq!((seen.timeline.total, seen.completeness.missing), (2, 0));
}

/// Whichever word reaches the relay first stands; the other device is told by a signed entry and wipes itself.
#[tokio::test]
async fn of_two_devices_that_remove_each_other_at_once_one_stays() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.settle().await;
    let mut other = restored(&world, &mut owner).await;
    let (ours, theirs) = (owner.this_device().await, other.this_device().await);
    let remove = |device| Command::Device(DeviceCommand::Remove { device, passphrase: PASSPHRASE.into() });
    let (first, second) = tokio::join!(owner.ask(remove(theirs)), other.ask(remove(ours)));
    let removed = |result: &Result<Answer, WalletError>| result.as_ref().err() == Some(&WalletError::DeviceRemoved);
    assert_ne!(first.is_ok(), second.is_ok(), "one of them: {:?} {:?}", first.err(), second.err());
    assert!(removed(&first) || removed(&second));
    let (stays, gone) = if first.is_ok() { (&mut owner, &mut other) } else { (&mut other, &mut owner) };
    assert_eq!(gone.store.dump().len(), 1, "nothing but the day of its removal");
    stays.settle().await;
    assert_eq!(stays.devices().await.len(), 1);
    stays.add_odometer(car, Day(20_000), 1_000).await;
    stays.settle().await;
    assert_eq!(stays.passport(Subject::Own(car)).await.unwrap().completeness.missing, 0);
}

/// The same, where each has a third device to remove: both removals stand, whoever was faster.
#[tokio::test]
async fn two_devices_that_remove_others_at_once_both_have_their_way() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.settle().await;
    let mut other = restored(&world, &mut owner).await;
    let (mut one, mut two) = (restored(&world, &mut owner).await, restored(&world, &mut owner).await);
    other.settle().await;
    let (first, second) = (one.this_device().await, two.this_device().await);
    let remove = |device| Command::Device(DeviceCommand::Remove { device, passphrase: PASSPHRASE.into() });
    let (ours, theirs) = tokio::join!(owner.ask(remove(first)), other.ask(remove(second)));
    ours.unwrap();
    theirs.unwrap();
    for _ in 0..2 {
        owner.settle().await;
        other.settle().await;
    }
    for person in [&mut owner, &mut other] {
        assert_eq!(person.devices().await.len(), 2);
        person.add_odometer(car, person.now().day(), 1_000).await;
        person.settle().await;
    }
    for person in [&mut one, &mut two] {
        assert_eq!(person.ask(Command::Sync).await.err(), Some(WalletError::DeviceRemoved));
    }
    owner.settle().await;
    let passport = owner.passport(Subject::Own(car)).await.unwrap();
    assert_eq!((passport.timeline.total, passport.completeness.missing), (3, 0));
}

#[tokio::test]
async fn erasing_everything_ends_every_device_and_one_that_was_removed_before() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.add_odometer(car, Day(20_000), 1_000).await;
    owner.settle().await;
    let mut other = restored(&world, &mut owner).await;
    let mut removed = restored(&world, &mut owner).await;
    let loot = Loot::of(&removed);
    let device = removed.this_device().await;
    other.settle().await;
    owner.remove_device(device).await.unwrap();
    owner.settle().await;
    other.settle().await;
    // Erased on a device that was not the first, while the first has something to send.
    owner.wire.cut(true);
    owner.add_odometer(car, Day(20_010), 1_100).await;
    other.erase(EraseTarget::Everything).await.unwrap();
    other.sync().await;
    owner.wire.cut(false);
    assert_eq!(owner.ask(Command::Sync).await.err(), Some(WalletError::Erased));
    assert_eq!(removed.ask(Command::Sync).await.err(), Some(WalletError::Erased));
    for person in [&mut owner, &mut other, &mut removed] {
        let Answer::Status(status) = person.ask(Command::Status).await.unwrap() else { panic!("a status") };
        assert_eq!(status.state, WalletState::Absent);
    }
    assert!(loot.opens(&world, &other, &[car], &[]).await.is_empty(), "the relay has nothing left that it opens");
    let words = owner.words.join(" ");
    let restore = Command::RestoreWallet { words, passphrase: PASSPHRASE.into() };
    assert_eq!(world.person().ask(restore).await.err(), Some(WalletError::Erased));
}

/// It was erasing everything, offline, when another device removed it: the removal stands, and nothing of the others goes.
#[tokio::test]
async fn a_device_that_was_removed_erases_nothing_any_more() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.settle().await;
    let mut other = restored(&world, &mut owner).await;
    let device = other.this_device().await;
    other.wire.cut(true);
    other.erase(EraseTarget::Everything).await.unwrap();
    owner.remove_device(device).await.unwrap();
    owner.settle().await;
    other.wire.cut(false);
    assert_eq!(other.ask(Command::Sync).await.err(), Some(WalletError::DeviceRemoved));
    assert_eq!(other.store.dump().len(), 1);
    owner.settle().await;
    assert_eq!(owner.passport(Subject::Own(car)).await.unwrap().completeness.missing, 0);
}

/// A device that wrote a reading and was cut off when so many requests were answered; the other has synced since.
async fn broken_off(world: &World, owner: &mut Person, car: StreamId, answered: u32) -> Person {
    let mut phone = restored(world, owner).await;
    phone.wire.cut(true);
    phone.add_odometer(car, Day(20_000), 1_000 + u64::from(answered)).await;
    phone.wire.cut(false);
    phone.wire.lose_answer_after(answered);
    phone.sync().await;
    phone.wire.cut(true);
    owner.settle().await;
    phone
}

/// Withdraws every reading that somebody sees; says how many.
async fn withdraw_readings(owner: &mut Person, car: StreamId) -> usize {
    let mut entries = owner.passport(Subject::Own(car)).await.unwrap().timeline.entries;
    entries.retain(|entry| entry.category == Category::Mileage);
    for entry in &entries {
        owner.ask(Command::WithdrawRecord { vehicle: car, record: entry.record }).await.unwrap();
    }
    owner.settle().await;
    entries.len()
}

/// Wherever it broke off: before its record came to the relay, between that and its commitment, or after.
#[tokio::test]
async fn what_another_device_left_half_sent_is_withdrawn_and_what_comes_after_is_sent() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.settle().await;
    let mut half_sent = 0;
    for lost in 0..12 {
        let mut phone = broken_off(&world, &mut owner, car, lost).await;
        let passport = owner.passport(Subject::Own(car)).await.unwrap();
        half_sent += passport.completeness.uncommitted;
        let device = phone.this_device().await;
        owner.remove_device(device).await.unwrap();
        owner.settle().await;
        for entry in owner.passport(Subject::Own(car)).await.unwrap().timeline.entries {
            owner.ask(Command::WithdrawRecord { vehicle: car, record: entry.record }).await.unwrap();
        }
        owner.add_odometer(car, Day(20_001), 2_000).await;
        owner.settle().await;
        let completeness = owner.confirmed(car).await.completeness;
        assert_eq!((completeness.missing, completeness.uncommitted), (0, 0), "lost after {lost}");
    }
    assert!(half_sent > 0);
}

#[tokio::test]
async fn what_another_device_withdrew_is_not_brought_back_to_the_relay_by_the_one_that_wrote_it() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.settle().await;
    let mut withdrawn = 0;
    for lost in 0..12 {
        let mut phone = broken_off(&world, &mut owner, car, lost).await;
        withdrawn += withdraw_readings(&mut owner, car).await;
        phone.wire.cut(false);
        for _ in 0..2 {
            phone.settle().await;
            owner.settle().await;
        }
        let shown = owner.confirmed(car).await.timeline.entries.len();
        let kept = relays_database(&world, &[car], &[], owner.account()).await;
        assert_eq!(kept.records.len(), shown, "lost after {lost}");
        withdraw_readings(&mut owner, car).await;
    }
    assert!(withdrawn > 0);
}
