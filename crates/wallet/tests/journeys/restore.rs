//! Coming back from the words, and two devices with the same ones.

use crate::world::*;
use carnet_protocol::{
    category::Category,
    day::Day,
    encoding,
    payload::{DocumentPaper, Fact},
};
use carnet_wallet::{
    command::{Answer, Audience, Command, Subject},
    error::WalletError,
    store::StoreError,
    view::PassportView,
};

async fn restored(world: &World, words: &[String]) -> Person {
    Person::restore(world, words, "another passphrase").await
}

/// All but when each device checked it, and how far it is with the signatures.
fn content(mut passport: PassportView) -> PassportView {
    passport.proof.checked_at = None;
    passport.proof.cosigned.clear();
    passport.signatures.checked = 0;
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
        device.confirmed(car).await;
        let before = content(owner.confirmed(car).await);
        let after = content(device.verified(Subject::Own(car)).await);
        assert_eq!(after, before);
        assert_eq!(bytes(&after), bytes(&before));
    }
    assert_eq!(device.vehicles().await, owner.vehicles().await);
    let show = Command::ShowLink { vehicle: car, grant: kept.share.grant };
    let Answer::Shared(again) = device.ask(show).await.unwrap() else { panic!("a share") };
    assert_eq!(again.link, kept.link);
}

/// Records with their files, shares with their links, the member's role with its inbox, and other people's passports.
#[tokio::test]
async fn the_words_bring_back_every_record_file_share_role_and_saved_passport() {
    let world = World::new().await;
    let mut other = world.owner().await;
    let theirs = other.add_car().await;
    let lent = other.share(theirs, by_link(), all_days(&[Category::Mileage, Category::Identity])).await.link.unwrap();
    other.settle().await;

    let mut owner = world.owner().await;
    let Answer::DemoRoles(roles) = owner.ask(Command::DemoRoles).await.unwrap() else { panic!("roles") };
    let member = roles[0].member.sign;
    owner.ask(Command::TakeDemoRole { member }).await.unwrap();
    owner.open(&lent, None).await.unwrap();
    owner.ask(Command::ClaimLink).await.unwrap();
    let car = owner.add_car().await;
    let files = vec![text_file("large.bin", &vec![7; 200_000]), text_file("small.txt", b"small")];
    let fact = Fact::Document(DocumentPaper { title: "Invoice".into() });
    let command = Command::AddRecord { vehicle: car, day: Day(20_004), fact, note: Some("note".into()), files };
    owner.ask(command).await.unwrap();
    owner.add_odometer(car, Day(20_010), 1_000).await;
    owner.share(car, by_link(), all_days(&[Category::Mileage])).await;
    owner.share(car, Audience::Member(member), all_days(&[Category::Documents])).await;
    owner.ask(Command::RenameVehicle { vehicle: car, name: "Another name".into() }).await.unwrap();
    let passport = owner.confirmed(car).await;

    let mut device = restored(&world, &owner.words).await;
    let anew = device.confirmed(car).await;
    assert_eq!(bytes(&content(anew)), bytes(&content(passport.clone())));
    let mut same = vec![
        Command::Vehicles,
        Command::Shares { vehicle: car },
        Command::Saved,
        Command::Staff,
        Command::Inbox,
        Command::Looks { vehicle: car },
    ];
    for entry in &passport.timeline.entries {
        let subject = Subject::Own(car);
        same.push(Command::Record { subject: subject.clone(), record: entry.record });
        for attachment in &entry.attachments {
            let (record, attachment) = (entry.record, attachment.record);
            same.push(Command::Attachment { subject: subject.clone(), record, attachment });
        }
    }
    assert_eq!(same.len(), 6 + 3 + 2);
    for command in same {
        let (ours, theirs) = (owner.ask(command.clone()).await.unwrap(), device.ask(command).await.unwrap());
        assert!(encoding::encode(&ours) == encoding::encode(&theirs));
    }
    let Answer::Saved(saved) = device.ask(Command::Saved).await.unwrap() else { panic!("saved") };
    let subject = Subject::Granted(saved[0].terms.grant);
    let (ours, theirs) = (owner.passport(subject.clone()).await.unwrap(), device.passport(subject).await.unwrap());
    assert_eq!(encoding::encode(&theirs.timeline), encoding::encode(&ours.timeline));
    assert_eq!(theirs.completeness, ours.completeness);
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
    device.confirmed(car).await;
    owner.confirmed(car).await;
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
