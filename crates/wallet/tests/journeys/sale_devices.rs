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
    let mut device = world.person();
    let restore = Command::RestoreWallet { words: of.words.join(" "), passphrase: PASSPHRASE.into() };
    device.ask(restore).await.unwrap();
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
    assert_eq!(reader.open(&shared.link.unwrap(), None).await, Err(WalletError::LinkEnded));
    reader.open(&stays.link.unwrap(), None).await.unwrap();
    let passport = reader.passport(Subject::Link).await.unwrap();
    assert_eq!((passport.owners.read, passport.completeness.missing), (1, 0));
}
