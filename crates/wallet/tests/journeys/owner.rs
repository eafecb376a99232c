//! An owner alone: wallet, cars, records, files, imports.

use crate::world::*;
use carnet_protocol::{
    category::Category,
    day::Day,
    limits::ATTACHMENT_MAX,
    payload::{DocumentPaper, Fact, VehicleIdentity},
};
use carnet_wallet::{
    command::{Answer, Command, Subject, TimelineFilter},
    error::WalletError,
    store::{StoreError, Table},
    view::{RecordState, WalletState},
};

async fn state(person: &mut Person) -> WalletState {
    let Answer::Status(status) = person.ask(Command::Status).await.unwrap() else { panic!("a status") };
    status.state
}

#[tokio::test]
async fn a_wallet_is_made_locked_and_opened() {
    let world = World::new().await;
    let mut owner = world.person();
    assert_eq!(state(&mut owner).await, WalletState::Absent);
    assert_eq!(owner.ask(Command::Unlock { passphrase: PASSPHRASE.into() }).await.err(), Some(WalletError::NoWallet));
    let name = "early".to_owned();
    let early = owner.ask(Command::AddVehicle { name, identity: VehicleIdentity::default() }).await;
    assert_eq!(early.err(), Some(WalletError::Locked), "no car before the words are confirmed");

    let Answer::Words(words) = owner.ask(Command::DrawWords).await.unwrap() else { panic!("words") };
    assert_eq!(words.len(), 24);
    let create = |word: &str, passphrase: &str| Command::CreateWallet {
        check: vec![(0, words[0].clone()), (5, word.to_owned())],
        passphrase: passphrase.to_owned(),
    };
    let wrong = owner.ask(create("wrong", PASSPHRASE)).await;
    assert_eq!(wrong.err(), Some(WalletError::WrongWord { position: 5 }));
    let short = owner.ask(create(&words[5], "too short")).await;
    assert_eq!(short.err(), Some(WalletError::PassphraseTooShort { length: 9, min: 10 }));
    owner.ask(create(&words[5].to_uppercase(), PASSPHRASE)).await.unwrap();
    assert_eq!(state(&mut owner).await, WalletState::Unlocked);
    assert_eq!(owner.ask(Command::DrawWords).await.err(), Some(WalletError::WalletExists));

    owner.ask(Command::SetIdleLock { minutes: 3 }).await.unwrap();
    let Answer::Status(status) = owner.ask(Command::Lock).await.unwrap() else { panic!("a status") };
    assert_eq!((status.state, status.idle_lock_minutes), (WalletState::Locked, 3));
    assert_eq!(owner.ask(Command::Vehicles).await.err(), Some(WalletError::Locked));
    let wrong = owner.ask(Command::Unlock { passphrase: "wrong passphrase".into() }).await;
    assert_eq!(wrong.err(), Some(WalletError::WrongPassphrase));
    owner.unlock().await;
    owner.ask(Command::RemoveWallet).await.unwrap();
    assert_eq!(state(&mut owner).await, WalletState::Absent);
    assert!(owner.store.dump().is_empty());
}

#[tokio::test]
async fn a_car_and_its_records_are_there_at_once_and_committed_after_a_sync() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.add_odometer(car, Day(20_000), 12_345).await;
    let passport = owner.passport(Subject::Own(car)).await.unwrap();
    assert_eq!(passport.timeline.total, 2);
    assert!(passport.timeline.entries.iter().all(|entry| entry.state == RecordState::Waiting));
    assert_eq!(passport.completeness.uncommitted, 2);

    owner.settle().await;
    let passport = owner.passport(Subject::Own(car)).await.unwrap();
    assert!(passport.timeline.entries.iter().all(|entry| entry.state == RecordState::Committed));
    assert_eq!((passport.completeness.committed, passport.completeness.opened), (2, 2));
    let cards = owner.vehicles().await;
    assert_eq!(cards[0].model.as_deref(), Some("Tesla Model 3"));
    assert_eq!((cards[0].odometer_km, cards[0].records), (Some(12_345), 2));

    owner.ask(Command::RenameVehicle { vehicle: car, name: " Second ".into() }).await.unwrap();
    owner.ask(Command::Lock).await.unwrap();
    owner.unlock().await;
    assert_eq!(owner.vehicles().await[0].name, "Second");
    let filter = TimelineFilter { categories: vec![Category::Mileage], ..TimelineFilter::default() };
    let timeline = Command::Timeline { subject: Subject::Own(car), filter, offset: 0, limit: 10 };
    let Answer::Timeline(page) = owner.ask(timeline).await.unwrap() else { panic!("a timeline") };
    assert_eq!(page.total, 1);
}

#[tokio::test]
async fn files_travel_with_their_record_and_a_withdrawn_one_is_gone() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let large: Vec<u8> = (0..300_000_u32).map(|n| (n % 251) as u8).collect();
    let add = |files| Command::AddRecord {
        vehicle: car,
        day: Day(20_100),
        fact: Fact::Document(DocumentPaper { title: "Invoice".into() }),
        note: None,
        files,
    };
    let too_large = owner.ask(add(vec![text_file("big", &vec![0; ATTACHMENT_MAX + 1])])).await;
    assert!(matches!(too_large.err(), Some(WalletError::FileTooLarge { .. })));
    let files = vec![text_file("small.txt", b"canary file content"), text_file("large.bin", &large)];
    let Answer::Record(record) = owner.ask(add(files)).await.unwrap() else { panic!("a record") };
    owner.settle().await;
    for (n, expected) in [b"canary file content".as_slice(), &large].into_iter().enumerate() {
        let (subject, attachment) = (Subject::Own(car), record.attachments[n].record);
        let command = Command::Attachment { subject, record: record.record, attachment };
        let Answer::File(file) = owner.ask(command).await.unwrap() else { panic!("a file") };
        assert!(file.bytes == expected, "{}", file.name);
    }
    owner.ask(Command::WithdrawRecord { vehicle: car, record: record.record }).await.unwrap();
    owner.settle().await;
    let passport = owner.passport(Subject::Own(car)).await.unwrap();
    assert_eq!(passport.timeline.total, 1);
    assert_eq!((passport.completeness.committed, passport.completeness.withdrawn), (4, 3));
    let gone = Command::Record { subject: Subject::Own(car), record: record.record };
    assert_eq!(owner.ask(gone).await.err(), Some(WalletError::NotFound));
    assert!(owner.store.dump().iter().filter(|(table, ..)| *table == Table::Records).count() == 1);
}

#[tokio::test]
async fn an_import_is_previewed_done_and_undone_as_a_whole() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let csv = "Date,Odometer,Description,Notes,Cost\n2024-01-15,10000,Oil change,fine,79.50\n2024-06-20,15500,Tyres,,412.00\n";
    let file = text_file("service_records.csv", csv.as_bytes());
    let mut answers = carnet_import::Answers {
        distance_unit: Some(carnet_import::DistanceUnit::Kilometres),
        currency: Some("EUR".into()),
        lubelogger_kind: Some(carnet_import::LubeLoggerKind::Service),
        ..carnet_import::Answers::default()
    };
    let preview = |answers: &carnet_import::Answers| Command::DryRun {
        vehicle: car,
        file: file.clone(),
        answers: answers.clone(),
    };
    let Answer::DryRun(found) = owner.ask(preview(&answers)).await.unwrap() else { panic!("a dry run") };
    assert_eq!(found.questions, []);
    assert!(found.drafts.len() >= 2, "{found:?}");
    answers.distance_unit = None;
    let commit = |answers: &carnet_import::Answers| Command::CommitImport {
        vehicle: car,
        file: file.clone(),
        answers: answers.clone(),
    };
    assert_eq!(owner.ask(commit(&answers)).await.err(), Some(WalletError::QuestionsOpen));
    answers.distance_unit = Some(carnet_import::DistanceUnit::Kilometres);
    let Answer::Import(import) = owner.ask(commit(&answers)).await.unwrap() else { panic!("an import") };
    assert_eq!(import.records as usize, found.drafts.len());
    owner.settle().await;
    let Answer::DryRun(again) = owner.ask(preview(&answers)).await.unwrap() else { panic!("a dry run") };
    assert_eq!((again.drafts.len(), again.duplicates.len()), (0, found.drafts.len()));

    owner.ask(Command::UndoImport { vehicle: car, import: import.import }).await.unwrap();
    owner.settle().await;
    let passport = owner.passport(Subject::Own(car)).await.unwrap();
    assert_eq!((passport.timeline.total, passport.completeness.withdrawn), (1, import.records));
    let Answer::Imports(imports) = owner.ask(Command::Imports { vehicle: car }).await.unwrap() else {
        panic!("imports")
    };
    assert!(imports[0].undone);
}

#[tokio::test]
async fn a_full_disk_loses_nothing_and_changes_nothing() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let before = owner.store.dump();
    owner.store.fail_after(0, StoreError::Full);
    let fact = Fact::Document(DocumentPaper { title: "Lost?".into() });
    let add = Command::AddRecord { vehicle: car, day: Day(20_000), fact, note: None, files: Vec::new() };
    assert_eq!(owner.ask(add.clone()).await.err(), Some(WalletError::StorageFull));
    let rename = Command::RenameVehicle { vehicle: car, name: "New".into() };
    assert_eq!(owner.ask(rename).await.err(), Some(WalletError::StorageFull));
    assert_eq!(owner.store.dump(), before);
    owner.store.mend();
    assert_eq!(owner.vehicles().await[0].name, "Canary's car");
    owner.ask(add).await.unwrap();
    assert_eq!(owner.passport(Subject::Own(car)).await.unwrap().timeline.total, 2);
}

#[tokio::test]
async fn damaged_rows_are_reported_and_never_overwritten() {
    let world = World::new().await;
    for table in [Table::Wallet, Table::Keyring, Table::Index] {
        let mut owner = world.owner().await;
        let car = owner.add_car().await;
        owner.ask(Command::Lock).await.unwrap();
        let mut batch = carnet_wallet::store::Batch::default();
        for (place, key, mut value) in owner.store.dump() {
            if place == table && key != b"kept" {
                let last = value.len() - 1;
                value[last] ^= 1;
                batch.put(place, key, value);
            }
        }
        carnet_wallet::store::Store::commit(&owner.store, batch).await.unwrap();
        let damaged = owner.store.dump();
        let result = match owner.ask(Command::Unlock { passphrase: PASSPHRASE.into() }).await {
            Ok(_) => owner.passport(Subject::Own(car)).await.map(drop),
            Err(error) => Err(error),
        };
        // A passphrase envelope that was changed cannot be told from a wrong passphrase.
        let expected = if table == Table::Wallet { WalletError::WrongPassphrase } else { WalletError::Damaged };
        assert_eq!(result, Err(expected), "{}", table.name());
        assert_eq!(owner.store.dump(), damaged);
    }
}

#[tokio::test]
async fn the_sample_car_says_that_it_is_one() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_sample().await;
    let passport = owner.passport(Subject::Own(car)).await.unwrap();
    assert!(passport.sample && passport.timeline.total > 50);
    owner.settle().await;
    let passport = owner.passport(Subject::Own(car)).await.unwrap();
    assert_eq!(passport.completeness.missing + passport.completeness.uncommitted, 0);
}

#[tokio::test]
async fn round_trips_do_not_grow_with_the_number_of_records() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    owner.settle().await;
    let mut counts = Vec::new();
    for records in [10, 1_000] {
        owner.ask(Command::AddBenchVehicle { records }).await.unwrap();
        owner.wire.take_requests();
        owner.settle().await;
        counts.push(owner.wire.take_requests().len());
    }
    // A thousand records are two uploads of 500. The second sync looks at two cars instead of one: at its leaves, their
    // proof, and who looked.
    assert!(counts[1] <= counts[0] + 1 + 3, "{counts:?}");
}
