//! A sale among the devices of one owner, of which some have not heard of it.

use crate::{
    sale::{KM, draft, hears_of_it, lived_in, offer, sale_answer, sell},
    world::*,
};
use carnet_protocol::category::Category;
use carnet_wallet::{
    command::{Command, Subject},
    error::WalletError,
    view::{RecordState, VehicleStage},
};

/// Another device of somebody's, with all that the relay has of them.
async fn second(world: &World, of: &Person) -> Person {
    let mut device = Person::restore(world, &of.words, PASSPHRASE).await;
    device.settle().await;
    device
}

#[tokio::test]
async fn what_a_device_wrote_after_another_sold_the_car_stays_there_and_says_that_it_came_too_late() {
    let world = World::new().await;
    let (mut seller, mut buyer) = (world.owner().await, world.owner().await);
    let car = lived_in(&mut seller).await;
    seller.settle().await;
    let mut device = second(&world, &seller).await;
    device.wire.cut(true);
    device.add_odometer(car, device.now().day(), KM + 1).await;
    let bought = sell(&mut seller, car, &mut buyer, KM).await;
    hears_of_it(&mut seller, car).await;
    seller.settle().await;

    device.wire.cut(false);
    // It is told, and then nothing waits any more.
    let told = device.sync().await.refused;
    assert!(told.is_some());
    loop {
        let view = device.sync().await;
        if (view.waiting, view.refused) == (0, None) {
            break;
        }
    }
    assert_eq!(device.vehicles().await[0].stage, VehicleStage::Sold);
    let archive = device.passport(Subject::Own(car)).await.unwrap();
    let late: Vec<_> = archive.timeline.entries.iter().filter(|entry| entry.state == RecordState::TooLate).collect();
    assert_eq!(late.len(), 1);
    assert_eq!(archive.completeness.uncommitted, 1);
    let record = late[0].record;
    for (person, vehicle) in [(&mut seller, car), (&mut buyer, bought)] {
        let passport = person.passport(Subject::Own(vehicle)).await.unwrap();
        assert!(passport.timeline.entries.iter().all(|entry| entry.record != record));
    }
}

#[tokio::test]
async fn a_device_that_stopped_anywhere_while_a_sold_car_came_in_has_all_of_it_in_the_end() {
    let world = World::new().await;
    let (mut seller, mut buyer) = (world.owner().await, world.owner().await);
    let car = lived_in(&mut seller).await;
    sell(&mut seller, car, &mut buyer, KM).await;
    hears_of_it(&mut seller, car).await;
    seller.settle().await;
    let whole = seller.passport(Subject::Own(car)).await.unwrap().completeness;
    // It asks for these one after the other: keyring, directory, proof, leaves, records.
    for lost in 0..12 {
        let mut device = Person::restore(&world, &seller.words, PASSPHRASE).await;
        device.wire.lose_answer_after(lost);
        device.sync().await;
        device.settle().await;
        let archive = device.passport(Subject::Own(car)).await.unwrap();
        assert_eq!(archive.completeness, whole, "lost after {lost}");
    }
}

#[tokio::test]
async fn an_offer_taken_back_wherever_its_making_broke_off_leaves_nothing_that_cannot_be_sent() {
    let world = World::new().await;
    for lost in 0..12 {
        let mut seller = world.owner().await;
        let vehicle = lived_in(&mut seller).await;
        seller.settle().await;
        seller.wire.lose_answer_after(lost);
        let _broken = offer(&mut seller, vehicle, draft(KM)).await;
        loop {
            match sale_answer(&mut seller, Command::CancelSale { vehicle }).await {
                // The answer that is lost may be this one's.
                Err(WalletError::Offline) => continue,
                Ok(sale) => assert!(sale.is_none()),
                Err(error) => assert_eq!(error, WalletError::NotFound, "lost after {lost}"),
            }
            break;
        }
        // Or the next one's.
        seller.sync().await;
        seller.settle().await;
        seller.add_odometer(vehicle, seller.now().day(), KM).await;
        seller.settle().await;
    }
}

#[tokio::test]
async fn a_share_of_a_bought_car_is_taken_back_on_a_device_that_has_not_looked_at_it() {
    let world = World::new().await;
    let (mut seller, mut buyer) = (world.owner().await, world.owner().await);
    let car = lived_in(&mut seller).await;
    let bought = sell(&mut seller, car, &mut buyer, KM).await;
    buyer.confirmed(bought).await;
    let shared = buyer.share(bought, by_link(), all_days(&[Category::Mileage])).await;
    let stays = buyer.share(bought, by_link(), all_days(&[Category::Mileage])).await;
    buyer.settle().await;
    let mut device = second(&world, &buyer).await;
    device.settle().await;
    device.wire.cut(true);
    device.ask(Command::Revoke { vehicle: bought, grant: shared.share.grant }).await.unwrap();
    device.wire.cut(false);
    device.settle().await;
    let mut reader = world.person();
    assert_eq!(reader.open(&shared.link.unwrap(), None).await, Err(WalletError::LinkRevoked));
    reader.open(&stays.link.unwrap(), None).await.unwrap();
    let passport = reader.passport(Subject::Link).await.unwrap();
    assert_eq!((passport.owners.read, passport.completeness.missing), (1, 0));
}

#[tokio::test]
async fn a_new_offer_does_not_go_with_the_old_one_that_another_device_still_knows() {
    let world = World::new().await;
    let mut seller = world.owner().await;
    let vehicle = lived_in(&mut seller).await;
    offer(&mut seller, vehicle, draft(KM)).await.unwrap();
    seller.settle().await;
    let mut device = second(&world, &seller).await;
    sale_answer(&mut seller, Command::CancelSale { vehicle }).await.unwrap();
    let code = offer(&mut seller, vehicle, draft(KM)).await.unwrap().code;
    // Both change the keyring before they hear of each other.
    device.add_car().await;
    device.settle().await;
    for _ in 0..2 {
        seller.settle().await;
        device.settle().await;
    }
    for person in [&mut seller, &mut device] {
        let sale = sale_answer(person, Command::Sale { vehicle }).await.unwrap();
        assert!(sale.is_some_and(|sale| sale.code == code));
    }
}

#[tokio::test]
async fn a_share_of_a_car_that_another_device_has_not_sent_yet_is_taken_back_for_good() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    owner.settle().await;
    let mut device = second(&world, &owner).await;
    let car = owner.add_car().await;
    owner.add_odometer(car, owner.now().day(), KM).await;
    let shared = owner.share(car, by_link(), all_days(&[Category::Mileage])).await;
    // The keyring goes out before the lane; of the lane nothing arrives.
    owner.wire.close(Some("/v1/ledger/transactions"));
    let _cut_short = owner.ask(Command::Sync).await;
    owner.wire.close(None);
    device.settle().await;
    device.ask(Command::Revoke { vehicle: car, grant: shared.share.grant }).await.unwrap();
    device.settle().await;
    owner.settle().await;
    let mut reader = world.person();
    assert!(reader.open(&shared.link.unwrap(), None).await.is_err());
}
