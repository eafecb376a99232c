//! After a sale: what its two sides can open with everything that they ever had, what each may erase, and what a sale costs.

use crate::{
    erasure::{Loot, erased_ids, read},
    sale::{KM, accept, draft, hears_of_it, lived_in, offer, sale_answer, sell},
    world::*,
};
use carnet_protocol::{
    category::Category,
    day::Day,
    encoding,
    erasure::{ErasureStatement, Removed},
    id::{GrantId, RecordId, StreamId},
};
use carnet_wallet::{
    audit::{Kept, all_that_opens},
    command::{Answer, Command, EraseTarget, Subject},
    error::WalletError,
    store::Table,
    view::VehicleStage,
};
use std::collections::BTreeSet;

/// The relay's whole database, as far as it concerns these cars, with a keyring of these words.
async fn database(world: &World, cars: &[StreamId], grants: &[GrantId], person: &Person) -> Kept {
    let (data, copy) = (world.folder.path().join("data"), tempfile::tempdir().unwrap());
    for name in ["relay.sqlite", "relay.sqlite-wal", "relay.sqlite-shm"] {
        if data.join(name).exists() {
            std::fs::copy(data.join(name), copy.path().join(name)).unwrap();
        }
    }
    read(&copy.path().join("relay.sqlite"), cars, grants, Some(person.account())).await
}

fn of(kept: &Kept, stream: StreamId) -> BTreeSet<RecordId> {
    let headers = kept.records.iter().map(|(sealed, _)| {
        let sealed: carnet_protocol::record::SealedRecord = encoding::decode(sealed).unwrap();
        sealed.header
    });
    headers.filter(|header| header.stream == stream).map(|header| header.record).collect()
}

#[tokio::test]
async fn a_former_owner_with_every_key_of_every_time_opens_nothing_later_in_the_whole_relay() {
    let world = World::new().await;
    let (mut seller, mut buyer) = (world.owner().await, world.owner().await);
    let car = lived_in(&mut seller).await;
    let shared = seller.share(car, by_link(), all_days(&Category::ALL)).await.share.grant;
    seller.settle().await;
    let mut sellers = database(&world, &[], &[], &seller).await.keyrings;
    let note = offer(&mut seller, car, draft(KM)).await.unwrap();
    seller.settle().await;
    sellers.extend(database(&world, &[], &[], &seller).await.keyrings);
    buyer.open(&note.code.unwrap(), None).await.unwrap();
    let bought = accept(&mut buyer, KM).await.unwrap().vehicle;
    buyer.settle().await;
    let mut buyers = database(&world, &[], &[], &buyer).await.keyrings;
    buyer.add_odometer(bought, buyer.now().day(), KM + 10).await;
    let later = buyer.share(bought, by_link(), all_days(&Category::ALL)).await.share.grant;
    buyer.settle().await;
    hears_of_it(&mut seller, car).await;
    seller.settle().await;

    let grants = [shared, later, handover_of(&world, car).await];
    let mut all = database(&world, &[car, bought], &grants, &seller).await;
    assert_eq!(all.grants.len(), 3, "every grant is in the thief's hands");
    sellers.append(&mut all.keyrings);
    assert!(sellers.len() >= 3, "the keyring of every time");
    buyers.extend(database(&world, &[], &[], &buyer).await.keyrings);
    let (sold, kept) = (of(&all, car), of(&all, bought));
    assert_eq!((sold.len(), kept.len()), (9, 3));

    let stolen = Kept { keyrings: sellers, ..all };
    let opened: BTreeSet<RecordId> = all_that_opens(&seller.words.join(" "), &stolen).into_keys().collect();
    assert_eq!(opened, sold, "everything of theirs, and 0 later records");
    let theirs = Kept { keyrings: buyers, ..stolen };
    let opened: BTreeSet<RecordId> = all_that_opens(&buyer.words.join(" "), &theirs).into_keys().collect();
    assert_eq!((opened.intersection(&kept).count(), opened.intersection(&sold).count()), (3, 8), "0 private records");
}

/// The name of the sale, which the ledger tells everybody.
async fn handover_of(world: &World, car: StreamId) -> GrantId {
    use carnet_protocol::{api::path, sale::SaleState};
    use carnet_wallet::transport::{Method, Request, Transport as _};
    let request =
        Request { method: Method::Get, path: path::fill(path::SALE, &[&car]), authorization: None, body: None };
    let answer = world.wire().send(request).await.unwrap();
    encoding::decode::<SaleState>(&answer.body).unwrap().sale
}

#[tokio::test]
async fn a_seller_erases_the_archive_and_the_buyer_keeps_what_was_handed_over() {
    let world = World::new().await;
    let (mut seller, mut buyer) = (world.owner().await, world.owner().await);
    let car = lived_in(&mut seller).await;
    let shared = seller.share(car, by_link(), all_days(&Category::ALL)).await.share.grant;
    seller.settle().await;
    let bought = sell(&mut seller, car, &mut buyer, KM).await;
    buyer.settle().await;
    hears_of_it(&mut seller, car).await;
    let sale = handover_of(&world, car).await;
    let mut device = world.person();
    let words = |person: &Person| person.words.join(" ");
    let restore = Command::RestoreWallet { words: words(&seller), passphrase: PASSPHRASE.into() };
    device.ask(restore).await.unwrap();
    device.settle().await;
    assert_eq!(device.vehicles().await[0].stage, VehicleStage::Sold);
    let loot = Loot::steal(&world, &[car], &[shared, sale]).await;
    assert_eq!(loot.opens(&world, &seller).await.len(), 9);

    // The archive goes as a whole: its parts cannot be wrapped anew in a passport that is closed.
    let record = seller.passport(Subject::Own(car)).await.unwrap().timeline.entries[0].record;
    for target in [
        EraseTarget::Record { vehicle: car, record },
        EraseTarget::Category { vehicle: car, category: Category::Finance },
    ] {
        assert_eq!(seller.erase(target).await.err(), Some(WalletError::CarSold));
    }
    let view = seller.erase(EraseTarget::Vehicle { vehicle: car }).await.unwrap();
    let categories: Vec<_> = view.receipt.streams[0].records.iter().map(|record| record.category).collect();
    assert_eq!(categories, [Category::Finance], "what was handed over is not named as erased");
    seller.settle().await;
    let view = seller.erasures().await.remove(0);
    assert!(view.confirmed && view.receipt.statements.len() == 1);
    let word: ErasureStatement = encoding::decode(&view.receipt.statements[0].body).unwrap();
    assert_eq!(word.removed, Removed::Archive(car), "the relay says what it did not remove");

    // Nothing opens for the seller, with any backup of before; nothing is left in either of their browsers.
    assert!(loot.opens(&world, &seller).await.is_empty());
    device.sync().await;
    device.settle().await;
    for person in [&mut seller, &mut device] {
        assert!(person.vehicles().await.is_empty());
        let rows = person.store.dump().into_iter().filter(|(table, key, _)| {
            *table != Table::Keyring && (key.starts_with(&car.0) || key.starts_with(&sale.0))
        });
        assert_eq!(rows.count(), 0);
    }
    // What was private is gone from the relay as well; what was handed over is there for its buyer, also on a new device.
    let left = database(&world, &[car], &[shared, sale], &seller).await;
    assert_eq!((left.records.len(), left.grants.len()), (8, 1));
    assert!(!of(&left, car).contains(&erased_ids(&view)[0]));
    let mut new = world.person();
    let restore = Command::RestoreWallet { words: words(&buyer), passphrase: PASSPHRASE.into() };
    new.ask(restore).await.unwrap();
    new.settle().await;
    for person in [&mut buyer, &mut new] {
        let passport = person.passport(Subject::Own(bought)).await.unwrap();
        assert_eq!((passport.timeline.total, passport.completeness.missing), (8, 0));
    }
    let link = buyer.share(bought, by_link(), all_days(&[Category::Documents])).await.link.unwrap();
    buyer.settle().await;
    let mut reader = world.person();
    reader.open(&link, None).await.unwrap();
    let seen = reader.passport(Subject::Link).await.unwrap();
    assert_eq!((seen.timeline.total, seen.completeness.missing), (1, 0));
}

#[tokio::test]
async fn what_is_for_sale_is_not_erased_until_the_offer_is_taken_back() {
    let world = World::new().await;
    let mut seller = world.owner().await;
    let vehicle = lived_in(&mut seller).await;
    let record = seller.passport(Subject::Own(vehicle)).await.unwrap().timeline.entries[0].record;
    offer(&mut seller, vehicle, draft(KM)).await.unwrap();
    seller.settle().await;
    let everything = [
        EraseTarget::Record { vehicle, record },
        EraseTarget::Category { vehicle, category: Category::Finance },
        EraseTarget::Vehicle { vehicle },
        EraseTarget::Everything,
    ];
    let before = seller.passport(Subject::Own(vehicle)).await.unwrap().timeline.total;
    for target in everything {
        assert_eq!(seller.erase(target).await.err(), Some(WalletError::SaleOpen));
    }
    assert_eq!(seller.passport(Subject::Own(vehicle)).await.unwrap().timeline.total, before);
    sale_answer(&mut seller, Command::CancelSale { vehicle }).await.unwrap();
    seller.settle().await;
    for target in &everything[..3] {
        seller.erase(*target).await.unwrap();
        seller.settle().await;
    }
    assert!(seller.vehicles().await.is_empty());
    assert!(seller.erasures().await.iter().all(|view| view.confirmed));
}

#[tokio::test]
async fn a_buyer_who_erases_the_car_lets_go_of_what_was_handed_over_and_the_seller_keeps_the_archive() {
    let world = World::new().await;
    let (mut seller, mut buyer) = (world.owner().await, world.owner().await);
    let car = lived_in(&mut seller).await;
    let bought = sell(&mut seller, car, &mut buyer, KM).await;
    buyer.settle().await;
    hears_of_it(&mut seller, car).await;
    let sale = handover_of(&world, car).await;
    let loot = Loot::steal(&world, &[car, bought], &[sale]).await;
    assert_eq!(loot.opens(&world, &buyer).await.len(), 10);
    buyer.erase(EraseTarget::Vehicle { vehicle: bought }).await.unwrap();
    buyer.settle().await;
    assert!(buyer.erasures().await[0].confirmed);
    assert!(loot.opens(&world, &buyer).await.is_empty());
    assert!(buyer.vehicles().await.is_empty());
    let Answer::Saved(saved) = buyer.ask(Command::Saved).await.unwrap() else { panic!("saved") };
    assert!(saved.is_empty());
    let rows = buyer.store.dump().into_iter().filter(|(table, key, _)| {
        *table != Table::Keyring && (key.starts_with(&bought.0) || key.windows(16).any(|part| part == sale.0))
    });
    assert_eq!(rows.count(), 0);
    assert_eq!(loot.opens(&world, &seller).await.len(), 9);
    assert_eq!(seller.passport(Subject::Own(car)).await.unwrap().timeline.total, 7);
}

#[tokio::test]
async fn an_offer_that_was_taken_back_on_one_device_does_not_come_back_from_another() {
    let world = World::new().await;
    let mut seller = world.owner().await;
    let vehicle = lived_in(&mut seller).await;
    offer(&mut seller, vehicle, draft(KM)).await.unwrap();
    seller.settle().await;
    let mut device = Person::restore(&world, &seller.words, PASSPHRASE).await;
    device.settle().await;
    sale_answer(&mut seller, Command::CancelSale { vehicle }).await.unwrap();
    // Both change the keyring before they hear of each other.
    device.add_car().await;
    for _ in 0..2 {
        device.settle().await;
        seller.settle().await;
    }
    for person in [&mut device, &mut seller] {
        let cars = person.vehicles().await;
        assert_eq!(cars.len(), 2);
        assert!(cars.iter().all(|car| car.stage == VehicleStage::Own));
    }
}

/// What a side asks for, without names and without what it reads and checks.
fn asked(person: &Person) -> Vec<String> {
    let requests = person.wire.take_requests();
    // How often checkpoints are compared depends on when one was made.
    let reading = |request: &String| ["/records", "/leaves", "/consistency"].iter().any(|part| request.contains(part));
    let plain = requests.into_iter().filter(|request| !reading(request)).map(|request| {
        let path = request.split('?').next().unwrap_or_default().to_owned();
        let parts = path.split('/').map(|part| if part.len() >= 22 { "*" } else { part });
        parts.collect::<Vec<_>>().join("/")
    });
    plain.collect()
}

#[tokio::test]
async fn a_sale_costs_the_same_over_any_number_of_records() {
    let world = World::new().await;
    let mut costs = Vec::new();
    for records in [5_u16, 400] {
        let (mut seller, mut buyer) = (world.owner().await, world.owner().await);
        let car = seller.add_car().await;
        for n in 0..records {
            seller.add_odometer(car, Day(15_000 + n), 1_000 + u64::from(n)).await;
        }
        seller.confirmed(car).await;
        seller.settle().await;
        seller.wire.take_requests();
        buyer.wire.take_requests();
        let before = seller.wire.traffic().len();
        let code = offer(&mut seller, car, draft(KM)).await.unwrap().code.unwrap();
        let bytes = seller.wire.traffic().len() - before;
        let offering = asked(&seller);
        buyer.open(&code, None).await.unwrap();
        buyer.passport(Subject::Link).await.unwrap();
        buyer.wire.take_requests();
        accept(&mut buyer, KM).await.unwrap();
        costs.push((offering, asked(&buyer), bytes));
    }
    let (few, many) = (&costs[0], &costs[1]);
    assert_eq!(few.0, many.0, "the seller's requests");
    assert_eq!(few.1, many.1, "the buyer's requests, but for the pages that are checked and opened");
    assert!(many.2 < few.2 + 2_000, "{} bytes for few records, {} for many", few.2, many.2);
}
