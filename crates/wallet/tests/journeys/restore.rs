//! Coming back from the words, and two devices with the same ones.

use crate::world::*;
use carnet_protocol::{category::Category, day::Day, encoding};
use carnet_wallet::{
    command::{Answer, Command, Subject},
    error::WalletError,
    store::StoreError,
    view::PassportView,
};

async fn restored(world: &World, words: &[String]) -> Person {
    let mut device = world.person();
    let command = Command::RestoreWallet { words: words.join("  "), passphrase: "another passphrase".into() };
    device.ask(command).await.unwrap();
    device
}

/// All but when each device checked it.
fn content(mut passport: PassportView) -> PassportView {
    passport.proof.checked_at = None;
    passport.proof.cosigned.clear();
    passport
}

fn bytes(passport: &PassportView) -> Vec<u8> {
    encoding::encode(passport)
}

#[tokio::test]
async fn the_words_bring_everything_back_byte_for_byte() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let sample = owner.add_sample().await;
    owner.add_odometer(car, Day(20_000), 1_000).await;
    let shared = owner.share(car, by_link(), all_days(&[Category::Mileage])).await;
    owner.ask(Command::Revoke { vehicle: car, grant: shared.share.grant }).await.unwrap();
    owner.add_odometer(car, Day(20_100), 2_000).await;
    let kept = owner.share(car, by_link(), all_days(&[Category::Mileage])).await;
    owner.settle().await;

    let mut device = restored(&world, &owner.words).await;
    device.settle().await;
    for car in [car, sample] {
        let before = content(owner.passport(Subject::Own(car)).await.unwrap());
        let after = content(device.verified(Subject::Own(car)).await);
        assert_eq!(after, before);
        assert_eq!(bytes(&after), bytes(&before));
    }
    assert_eq!(device.vehicles().await, owner.vehicles().await);
    let show = Command::ShowLink { vehicle: car, grant: kept.share.grant };
    let Answer::Shared(again) = device.ask(show).await.unwrap() else { panic!("a share") };
    assert_eq!(again.link, kept.link);
}

#[tokio::test]
async fn wrong_words_and_words_without_a_backup_say_so() {
    let world = World::new().await;
    let mut owner = world.person();
    let restore = |words: &str| Command::RestoreWallet { words: words.into(), passphrase: PASSPHRASE.into() };
    let short = owner.ask(restore("abandon ability")).await;
    assert_eq!(short.err(), Some(WalletError::BadWords { position: None }));
    let unknown = format!("abandon carnet {}", "abandon ".repeat(22));
    assert_eq!(owner.ask(restore(&unknown)).await.err(), Some(WalletError::BadWords { position: Some(1) }));
    let valid = format!("{}art", "abandon ".repeat(23));
    assert_eq!(owner.ask(restore(&valid)).await.err(), Some(WalletError::NoBackup));
    owner.wire.cut(true);
    assert_eq!(owner.ask(restore(&valid)).await.err(), Some(WalletError::Offline));
    assert!(owner.store.dump().is_empty());
}

#[tokio::test]
async fn two_devices_join_what_each_did() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.settle().await;
    let mut device = restored(&world, &owner.words).await;
    device.settle().await;

    // Both change the keyring before either hears of the other.
    let second = device.add_sample().await;
    let third = owner.add_sample().await;
    owner.add_odometer(car, Day(20_000), 1_000).await;
    owner.settle().await;
    device.settle().await;
    owner.settle().await;
    device.settle().await;
    let cars = |cards: Vec<carnet_wallet::view::VehicleCard>| {
        let mut cars: Vec<_> = cards.into_iter().map(|card| (card.vehicle, card.records)).collect();
        cars.sort();
        cars
    };
    let (ours, theirs) = (cars(owner.vehicles().await), cars(device.vehicles().await));
    assert_eq!(ours, theirs);
    assert!([car, second, third].iter().all(|car| ours.iter().any(|(known, _)| known == car)));

    // A withdrawal on one is a withdrawal on the other.
    let record = owner.passport(Subject::Own(car)).await.unwrap().timeline.entries[0].record;
    owner.ask(Command::WithdrawRecord { vehicle: car, record }).await.unwrap();
    owner.settle().await;
    device.ask(Command::Lock).await.unwrap();
    device.ask(Command::Unlock { passphrase: "another passphrase".into() }).await.unwrap();
    // Not on the relay's word: it shows once the consortium has confirmed it.
    while device.passport(Subject::Own(car)).await.unwrap().completeness.withdrawn == 0 {
        device.settle().await;
    }
    owner.settle().await;
    let (theirs, ours) = (device.verified(Subject::Own(car)).await, owner.passport(Subject::Own(car)).await);
    assert_eq!(content(theirs), content(ours.unwrap()));
}

/// What the relay is known to keep and what was joined from it stand in one commit: were the first written without the
/// second, the other device's keyring would count as read, and the next version would leave its cars out.
#[tokio::test]
async fn a_crash_while_joining_loses_no_car_of_either_device() {
    for passing in 0..4 {
        let world = World::new().await;
        let mut owner = world.owner().await;
        owner.settle().await;
        let mut device = restored(&world, &owner.words).await;
        device.settle().await;
        let second = owner.add_car().await;
        owner.settle().await;
        let third = device.add_car().await;
        device.store.fail_after(passing, StoreError::Unavailable("crash".into()));
        let _crashed = device.ask(Command::Sync).await;
        device.store.mend();
        device = device.tab();
        device.ask(Command::Unlock { passphrase: "another passphrase".into() }).await.unwrap();
        device.settle().await;
        device.add_odometer(third, Day(20_000), 1_000).await;
        device.settle().await;
        let mut anew = restored(&world, &owner.words).await;
        for known in [device.vehicles().await, anew.vehicles().await] {
            for car in [second, third] {
                assert!(known.iter().any(|card| card.vehicle == car), "a car is lost after {passing} commits");
            }
        }
    }
}
