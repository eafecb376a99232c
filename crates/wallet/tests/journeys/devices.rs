//! Several devices with one wallet: what each is told of the others, and what one that was removed can still do.

use crate::world::*;
use carnet_protocol::{api::body::StoredKeyring, category::Category, day::Day, encoding, id::StreamId};
use carnet_wallet::{
    command::{Answer, Command, DeviceCommand, Subject},
    error::{Distrust, WalletError},
    store::Table,
    transport::{Request, Response},
    view::{WalletState, WalletStatus},
};
use std::sync::{Arc, Mutex};

async fn two_devices(world: &World) -> (Person, Person, StreamId) {
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.add_odometer(car, Day(20_000), 1_000).await;
    owner.settle().await;
    let mut other = Person::restore(world, &owner.words, PASSPHRASE).await;
    other.settle().await;
    owner.settle().await;
    (owner, other, car)
}

async fn status(person: &mut Person) -> WalletStatus {
    let Answer::Status(status) = person.ask(Command::Status).await.unwrap() else { panic!("a status") };
    status
}

fn is_keyring(request: &Request) -> bool {
    request.method.as_str() == "GET" && request.path.starts_with("/v1/keyrings/") && !request.path.ends_with("devices")
}

/// Hears the keyrings that the relay shows to this person.
fn overhear(person: &Person) -> Arc<Mutex<Vec<u8>>> {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let into = Arc::clone(&heard);
    person.wire.tamper(move |request, response| {
        if is_keyring(request) && response.status == 200 {
            into.lock().unwrap().clone_from(&response.body);
        }
        response
    });
    heard
}

/// The relay shows this person that keyring, whoever asks.
fn show_instead(person: &Person, keyring: Vec<u8>) {
    person.wire.tamper(move |request, response| match is_keyring(request) {
        true => Response { status: 200, body: keyring.clone(), ..response },
        false => response,
    });
}

#[tokio::test]
async fn a_wallet_restored_elsewhere_is_another_device_on_the_list() {
    let world = World::new().await;
    let (mut owner, mut other, car) = two_devices(&world).await;
    let (ours, theirs) = (owner.devices().await, other.devices().await);
    assert_eq!(ours.len(), 2);
    assert!(ours.iter().all(|device| device.seen_at.is_some()));
    assert_eq!(ours.iter().map(|device| device.this).collect::<Vec<_>>(), [true, false]);
    assert_eq!(theirs.iter().map(|device| device.this).collect::<Vec<_>>(), [false, true]);

    let (device, name) = (ours[1].device, "Canary's phone".to_owned());
    owner.ask(Command::Device(DeviceCommand::Rename { device, name: name.clone() })).await.unwrap();
    owner.settle().await;
    other.settle().await;
    assert_eq!(other.devices().await[1].name, name);
    let nameless = DeviceCommand::Rename { device, name: "  ".into() };
    assert_eq!(owner.ask(Command::Device(nameless)).await.err(), Some(WalletError::BadInput));
    // The relay never learns what the devices are called.
    assert!(!owner.wire.traffic().windows(name.len()).any(|part| part == name.as_bytes()));

    // Nothing is written when nothing is new.
    other.settle().await;
    let versions =
        |person: &Person| person.store.dump().into_iter().filter(|row| row.0 == Table::Keyring).collect::<Vec<_>>();
    let before = versions(&other);
    for _ in 0..2 {
        owner.settle().await;
        other.settle().await;
    }
    assert_eq!(versions(&other), before);
    assert_eq!(other.passport(Subject::Own(car)).await.unwrap().timeline.total, 2);
}

#[tokio::test]
async fn removing_a_device_asks_for_the_passphrase_and_the_relay() {
    let world = World::new().await;
    let (mut owner, mut other, _) = two_devices(&world).await;
    let (this, device) = (owner.this_device().await, other.this_device().await);
    let with = |passphrase: &str| Command::Device(DeviceCommand::Remove { device, passphrase: passphrase.into() });
    assert_eq!(owner.ask(with("something else")).await.err(), Some(WalletError::WrongPassphrase));
    assert_eq!(owner.remove_device(this).await.err(), Some(WalletError::BadInput));
    owner.wire.cut(true);
    assert_eq!(owner.remove_device(device).await.err(), Some(WalletError::Offline));
    owner.wire.cut(false);
    assert_eq!(owner.devices().await.len(), 2);
    owner.remove_device(device).await.unwrap();
    assert_eq!(owner.devices().await.len(), 1);
    owner.remove_device(device).await.unwrap();
}

#[tokio::test]
async fn a_removed_device_wipes_itself_and_says_so() {
    let world = World::new().await;
    let (mut owner, mut other, _) = two_devices(&world).await;
    let device = other.this_device().await;
    owner.remove_device(device).await.unwrap();
    assert_eq!(other.ask(Command::Sync).await.err(), Some(WalletError::DeviceRemoved));
    let left = other.store.dump();
    assert_eq!(left.len(), 1, "nothing but the day of its removal");
    let status = status(&mut other).await;
    assert_eq!(status.state, WalletState::Absent);
    assert!(status.removed_at.is_some());
    // The words lead back in, as another device.
    let (words, passphrase) = (owner.words.join(" "), PASSPHRASE.to_owned());
    other.ask(Command::RestoreWallet { words, passphrase }).await.unwrap();
    other.settle().await;
    assert_ne!(other.this_device().await, device);
    assert_eq!(crate::devices::status(&mut other).await.removed_at, None);
}

#[tokio::test]
async fn a_device_is_not_wiped_on_the_relays_word_alone() {
    let world = World::new().await;
    let (mut owner, mut other, car) = two_devices(&world).await;
    let before = other.store.dump().len();
    other.wire.tamper(|request, response| match is_keyring(request) {
        true => Response {
            status: 403,
            body: br#"{"type":"x","title":"x","status":403,"code":"forbidden"}"#.to_vec(),
            ..response
        },
        false => response,
    });
    let untrusted = WalletError::Untrusted { what: Distrust::Keyring };
    assert_eq!(other.ask(Command::Sync).await.err(), Some(untrusted));
    assert_eq!(other.store.dump().len(), before);
    other.wire.honest();
    other.add_odometer(car, Day(20_001), 1_100).await;
    other.settle().await;
    owner.settle().await;
}

/// The thief copied the browser while it was unlocked, and the relay is on their side.
#[tokio::test]
async fn all_that_a_removed_device_had_opens_nothing_written_later() {
    let world = World::new().await;
    let (mut owner, mut other, car) = two_devices(&world).await;
    let buyer_link = owner.share(car, by_link(), all_days(&[Category::Mileage])).await.link.unwrap();
    owner.settle().await;
    other.settle().await;
    let mut thief = other.twin(world.wire()).await;
    thief.unlock().await;
    let heard_before = overhear(&thief);
    thief.settle().await;
    let before = thief.passport(Subject::Own(car)).await.unwrap().completeness;

    let heard = overhear(&owner);
    let device = other.this_device().await;
    owner.remove_device(device).await.unwrap();
    owner.add_odometer(car, Day(20_100), 2_000).await;
    let second = owner.add_sample().await;
    owner.settle().await;
    owner.add_odometer(car, Day(20_200), 3_000).await;
    owner.settle().await;
    owner.settle().await;

    // The newest keyring is not for it.
    let newest = heard.lock().unwrap().clone();
    let stored: StoredKeyring = encoding::decode(&newest).unwrap();
    assert_eq!(stored.wraps.len(), 2, "the words and one device");
    show_instead(&thief, newest);
    let untrusted = WalletError::Untrusted { what: Distrust::Keyring };
    assert_eq!(thief.ask(Command::Sync).await.err(), Some(untrusted));
    // With the keyring it had, it gets the car's ciphertext and opens none of what is new.
    show_instead(&thief, heard_before.lock().unwrap().clone());
    let _refused = thief.ask(Command::Sync).await;
    let after = thief.passport(Subject::Own(car)).await.unwrap().completeness;
    assert_eq!(after.opened, before.opened);
    assert!(thief.vehicles().await.iter().all(|card| card.vehicle != second));
    assert!(thief.passport(Subject::Own(second)).await.is_err());
    // Nor does it write a keyring: the relay asks who is on the list.
    thief.wire.honest();
    thief.wire.tamper(|request, response| match is_keyring(request) {
        true => Response { status: 404, body: Vec::new(), ..response },
        false => response,
    });
    assert!(thief.ask(Command::Sync).await.is_err());

    // Those who stay go on. The link, whose secret the removed device knew, is taken back; another one shows all.
    let mut buyer = world.person();
    assert!(buyer.open(&buyer_link, None).await.is_err());
    let another = owner.share(car, by_link(), all_days(&[Category::Mileage])).await.link.unwrap();
    owner.settle().await;
    buyer.open(&another, None).await.unwrap();
    let shared = buyer.passport(Subject::Link).await.unwrap();
    assert!(shared.timeline.total == 3, "the buyer sees what was written after the removal: {}", shared.timeline.total);
    assert_eq!(owner.passport(Subject::Own(car)).await.unwrap().completeness.missing, 0);
    // And the words bring back all of it.
    let mut anew = Person::restore(&world, &owner.words, PASSPHRASE).await;
    anew.settle().await;
    assert_eq!(anew.vehicles().await.len(), 2);
    assert_eq!(anew.passport(Subject::Own(car)).await.unwrap().completeness.missing, 0);
}

/// The removal reaches the relay, the answer is lost: the next sync of any device that stays does what is left to do.
#[tokio::test]
async fn a_removal_whose_answer_is_lost_is_finished_by_whoever_syncs_next() {
    let world = World::new().await;
    let (mut owner, mut other, car) = two_devices(&world).await;
    let mut third = Person::restore(&world, &owner.words, PASSPHRASE).await;
    third.settle().await;
    owner.settle().await;
    let device = other.this_device().await;
    let mut lost = false;
    owner.wire.tamper(move |request, response| {
        let is_change = request.method.as_str() == "PUT" && request.path.starts_with("/v1/keyrings/");
        if is_change && !std::mem::replace(&mut lost, true) {
            return Response { status: 502, body: Vec::new(), ..response };
        }
        response
    });
    assert!(owner.remove_device(device).await.is_err());
    third.settle().await;
    third.add_odometer(car, Day(20_100), 2_000).await;
    third.settle().await;
    owner.settle().await;
    assert_eq!(owner.devices().await.len(), 2);
    assert_eq!(owner.passport(Subject::Own(car)).await.unwrap().completeness.missing, 0);
    assert_eq!(other.ask(Command::Sync).await.err(), Some(WalletError::DeviceRemoved));
}

#[tokio::test]
async fn a_new_name_reaches_the_other_device_and_stays() {
    let world = World::new().await;
    let (mut owner, mut other, car) = two_devices(&world).await;
    owner.ask(Command::RenameVehicle { vehicle: car, name: "Grandmother's".into() }).await.unwrap();
    for _ in 0..2 {
        owner.settle().await;
        other.settle().await;
    }
    for person in [&mut owner, &mut other] {
        assert_eq!(person.vehicles().await[0].name, "Grandmother's");
    }
}
