//! What devices and relays suffer: clocks that are off, a relay that is gone for a week, tabs that nothing keeps apart.

use crate::world::*;
use carnet_protocol::{
    category::Category,
    day::{Day, Timestamp},
    id::StreamId,
    payload::{Fact, OdometerReading},
    quantity::Metres,
};
use carnet_wallet::{
    Wallet,
    command::{Answer, Command, Subject, TimelineFilter},
    error::WalletError,
    store::{Batch, Rows, Store, StoreError, Table, memory::MemoryStore},
};
use getrandom::{SysRng, rand_core::UnwrapErr};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn reading(vehicle: StreamId, n: u16) -> Command {
    let fact = Fact::Odometer(OdometerReading { odometer: Metres::from_km(1_000 + u64::from(n)) });
    Command::AddRecord { vehicle, day: Day(10_000 + n), fact, note: None, files: Vec::new() }
}

#[tokio::test]
async fn what_was_done_in_a_week_without_the_relay_is_sent_when_it_is_back() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.settle().await;
    owner.wire.cut(true);
    for n in 0..7 {
        owner.later += DAY;
        owner.ask(reading(car, n)).await.unwrap();
        owner.sync().await;
    }
    let shared = owner.share(car, by_link(), all_days(&[Category::Mileage])).await;
    owner.later = Duration::ZERO;
    world.pass(7, &mut [&mut owner]).await;
    owner.wire.cut(false);
    owner.settle().await;
    let passport = owner.confirmed(car).await;
    assert_eq!((passport.completeness.committed, passport.completeness.opened), (8, 8));
    let mut buyer = world.person();
    buyer.later = owner.later;
    buyer.open(&shared.link.unwrap(), None).await.unwrap();
    assert_eq!(buyer.passport(Subject::Link).await.unwrap().timeline.total, 7);
}

#[tokio::test]
async fn a_clock_that_is_off_by_a_day_is_named_with_the_relays_time_and_loses_nothing() {
    for ahead in [true, false] {
        let world = World::new().await;
        let mut owner = world.owner().await;
        let car = owner.add_car().await;
        owner.settle().await;
        // The device is ahead of the relay; or the relay of the device, which comes to the same as one that is behind.
        if ahead {
            owner.later = DAY;
        } else {
            world.clock.advance(Timestamp::DAY);
        }
        owner.ask(reading(car, 1)).await.unwrap();
        let error = owner.ask(Command::Sync).await.map(drop).unwrap_err();
        let WalletError::ClockOff { relay: Some(relay) } = error else { panic!("{error}") };
        let off = owner.now().0.abs_diff(relay.0);
        assert!(off.abs_diff(Timestamp::DAY) < 60_000, "{off}");
        let passport = owner.passport(Subject::Own(car)).await.unwrap();
        assert_eq!(passport.timeline.total, 2, "it is here and waits");
        if ahead {
            owner.later = Duration::ZERO;
        } else {
            owner.later = DAY;
            world.pass(0, &mut [&mut owner]).await;
        }
        owner.settle().await;
        assert_eq!(owner.passport(Subject::Own(car)).await.unwrap().completeness.opened, 2);
    }
}

/// A store that lets others go first at each operation, as IndexedDB does.
struct Yielding(MemoryStore);

impl Store for Yielding {
    async fn read(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        tokio::task::yield_now().await;
        self.0.read(table, key).await
    }

    async fn scan(&self, table: Table, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Rows, StoreError> {
        tokio::task::yield_now().await;
        self.0.scan(table, prefix, after, limit).await
    }

    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        tokio::task::yield_now().await;
        self.0.commit(batch).await
    }

    async fn erase(&self) -> Result<(), StoreError> {
        self.0.erase().await
    }
}

/// A tab that writes so many readings from a number on; how often another one was faster until it gave up.
async fn writes(person: &Person, car: StreamId, from: u16, readings: u16) -> u32 {
    let mut tab = Wallet::new(Yielding(person.store.clone()), person.wire.clone(), policy());
    let mut beaten = 0;
    let ask = Command::Unlock { passphrase: PASSPHRASE.into() };
    tab.handle(ask, person.now(), &mut UnwrapErr(SysRng), &mut |_| {}).await.unwrap();
    for n in from..from + readings {
        loop {
            match tab.handle(reading(car, n), person.now(), &mut UnwrapErr(SysRng), &mut |_| {}).await {
                Ok(_) => break,
                Err(WalletError::Conflict) => beaten += 1,
                Err(error) => panic!("{error}"),
            }
        }
    }
    beaten
}

#[tokio::test]
async fn two_tabs_that_nothing_keeps_apart_write_a_thousand_times_each_and_lose_nothing() {
    const READINGS: u16 = 100;
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    // Neither has the lock that tabs take where the browser has one: the store's conditions alone keep them apart.
    for round in 0..10 {
        let from = round * 2 * READINGS;
        tokio::join!(writes(&owner, car, from, READINGS), writes(&owner, car, from + READINGS, READINGS));
        owner.settle().await;
    }
    let passport = owner.passport(Subject::Own(car)).await.unwrap();
    let figures = passport.completeness;
    assert_eq!((passport.timeline.total, figures.committed, figures.opened, figures.missing), (2_001, 2_001, 2_001, 0));
    assert_eq!(passport.odometer_readings, 2_000, "each once");
    // A browser that starts anew reads the same.
    let mut again = owner.tab();
    again.unlock().await;
    let Answer::Passport(passport) = again.ask(Command::Passport { subject: Subject::Own(car) }).await.unwrap() else {
        panic!("a passport")
    };
    assert_eq!(passport.timeline.total, 2_001);
}

/// A front end may have the code of one half only.
#[tokio::test]
async fn a_command_is_done_by_one_half_of_the_wallet_and_refused_by_the_other() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let subject = Subject::Own(car);
    let record = owner.passport(subject.clone()).await.unwrap().timeline.entries[0].record;
    let filter = TimelineFilter::default();
    let shown = [
        Command::Status,
        Command::Timeline { subject: subject.clone(), filter, offset: 0, limit: 10 },
        Command::Record { subject: subject.clone(), record },
        Command::CheckReading { subject: subject.clone(), day: Day(20_000), odometer: Metres(1_000), besides: None },
        Command::Members,
        Command::CheckSignatures { subject: subject.clone() },
        Command::Trust,
    ];
    let kept = [
        Command::Vehicles,
        Command::Passport { subject },
        Command::Shares { vehicle: car },
        Command::Saved,
        Command::Imports { vehicle: car },
    ];
    let commands = shown.into_iter().map(|command| (true, command)).chain(kept.map(|command| (false, command)));
    for (reads, command) in commands {
        assert_eq!(command.reads(), reads);
        let (now, rng) = (owner.now(), &mut UnwrapErr(SysRng));
        let by_reading = owner.wallet.read(command.clone(), now, rng, &mut |_| {}).await;
        let by_keeping = owner.wallet.keep(command, now, rng, &mut |_| {}).await;
        let (does, refuses) = if reads { (by_reading, by_keeping) } else { (by_keeping, by_reading) };
        assert!(does.is_ok());
        assert!(matches!(refuses, Err(WalletError::BadInput)));
    }
}
