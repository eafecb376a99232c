//! Two tabs of one browser on one store.

use crate::world::*;
use carnet_protocol::{day::Day, payload::VehicleIdentity};
use carnet_wallet::{
    command::{Command, Subject},
    error::WalletError,
    view::VehicleCard,
};

fn names(cards: Vec<VehicleCard>) -> Vec<String> {
    cards.into_iter().map(|card| card.name).collect()
}

#[tokio::test]
async fn each_tab_sees_and_keeps_what_the_other_did() {
    let world = World::new().await;
    let mut one = world.owner().await;
    let mut other = one.tab();
    other.unlock().await;
    let car = one.add_car().await;
    let add = |name: &str| Command::AddVehicle { name: name.into(), identity: VehicleIdentity::default() };
    other.ask(add("second")).await.unwrap();
    one.ask(add("third")).await.unwrap();
    assert_eq!(names(one.vehicles().await), ["Canary's car", "second", "third"]);
    assert_eq!(names(other.vehicles().await), ["Canary's car", "second", "third"]);

    one.add_odometer(car, Day(20_000), 1_000).await;
    other.add_odometer(car, Day(20_001), 2_000).await;
    one.add_odometer(car, Day(20_002), 3_000).await;
    assert_eq!(one.passport(Subject::Own(car)).await.unwrap().timeline.total, 4);
    assert_eq!(other.passport(Subject::Own(car)).await.unwrap().timeline.total, 4);

    one.settle().await;
    other.settle().await;
    one.ask(Command::RemoveWallet).await.unwrap();
    assert_eq!(other.ask(Command::Vehicles).await.err(), Some(WalletError::Locked));
}

#[tokio::test]
async fn both_may_sync_at_once() {
    let world = World::new().await;
    let mut one = world.owner().await;
    let mut other = one.tab();
    other.unlock().await;
    let car = one.add_car().await;
    for day in 0..10 {
        one.add_odometer(car, Day(20_000 + day), 1_000 + u64::from(day)).await;
    }
    let (first, second) = tokio::join!(one.ask(Command::Sync), other.ask(Command::Sync));
    for result in [first, second] {
        assert!(matches!(result, Ok(_) | Err(WalletError::Conflict)), "{:?}", result.err());
    }
    one.settle().await;
    other.settle().await;
    for tab in [&mut one, &mut other] {
        let figures = tab.passport(Subject::Own(car)).await.unwrap().completeness;
        assert_eq!((figures.committed, figures.opened, figures.missing), (11, 11, 0));
    }
}
