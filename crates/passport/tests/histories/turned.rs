//! Cars whose odometer was turned back, or whose figures understate them by as much.

use super::{
    car::{self, Car},
    honest::changing,
    log::{Habits, Hand, Log, habits},
    numbers::Numbers,
};
use carnet_passport::OpenedRecord;
use carnet_protocol::{day::Day, payload::OwnershipKind};

/// A history and the largest step back that its readings show, in metres.
pub type Story = fn(&mut Numbers) -> (Vec<OpenedRecord>, u64);

/// All kinds of histories in which the odometer shows less than it did.
pub const KINDS: [(&str, Story); 13] = [
    ("rollback, once", |n| some_rollbacks(n, 1, 10_000, 150_000)),
    ("rollback, twice", |n| some_rollbacks(n, 2, 5_000, 100_000)),
    ("rollback, small", |n| some_rollbacks(n, 1, 2_100, 6_000)),
    ("rollback, late before a sale", before_sale),
    ("rollback, between inspections", between_inspections),
    ("rollback, one reading after", one_after),
    ("rollback, with typing slips", with_slips),
    ("rollback, connected car", connected),
    ("rollback at the change of owner", at_change_of_owner),
    ("leasing rollback", leasing),
    ("cluster swap undeclared", cluster_undeclared),
    ("cluster swap declared falsely", cluster_false),
    ("miles passed off as km", miles_as_km),
];

fn years(n: &mut Numbers, low: u64, high: u64) -> u64 {
    n.between(low * 365, high * 365)
}

fn whole(n: &mut Numbers, car: &Car, habits: Habits) -> Log {
    let mut log = Log::default();
    log.keep(n, car, habits, car.first, car.last);
    log
}

/// Turned back by so many metres, but not below nothing.
fn turn_back(car: &mut Car, day: Day, metres: u64) {
    let shown = car.shown(day);
    car.set_shown(day, shown.saturating_sub(metres).max(1_000));
}

fn used(n: &mut Numbers) -> (Car, Habits) {
    let usage = match n.between(0, 3) {
        0 => car::salesman(n),
        1 => car::taxi(n),
        _ => car::commuter(n),
    };
    let (days, habits) = (years(n, 4, 12), habits(n));
    (Car::new(n, days, usage), habits)
}

fn finish(n: &mut Numbers, log: &Log) -> (Vec<OpenedRecord>, u64) {
    (log.records(n), log.visible_drop())
}

fn some_rollbacks(n: &mut Numbers, times: u64, least_km: u64, most_km: u64) -> (Vec<OpenedRecord>, u64) {
    let (mut car, habits) = used(n);
    for _ in 0..times {
        let day = car.at(n.between(350, 950));
        let by = n.between(least_km, most_km) * 1_000;
        turn_back(&mut car, day, by);
    }
    let log = whole(n, &car, habits);
    finish(n, &log)
}

/// Turned back in the last weeks; the advertisement's figure and perhaps a fresh inspection follow.
fn before_sale(n: &mut Numbers) -> (Vec<OpenedRecord>, u64) {
    let (mut car, habits) = used(n);
    let day = Day(car.last.0 - n.between(2, 60) as u16);
    let by = n.between(5_000, 120_000) * 1_000;
    turn_back(&mut car, day, by);
    let mut log = whole(n, &car, habits);
    log.write(n, &car, Day(day.0 + 1), Hand::Owner);
    if n.chance(500) {
        log.write(n, &car, car.last, Hand::MemberInspection);
    }
    finish(n, &log)
}

fn between_inspections(n: &mut Numbers) -> (Vec<OpenedRecord>, u64) {
    let (mut car, _) = used(n);
    let hand = if n.chance(500) { Hand::RegisterInspection } else { Hand::MemberInspection };
    let kept = Habits {
        inspections: Some((if n.chance(500) { 365 } else { 730 }, n.between(700, 1_460), hand)),
        services: None,
        own: None,
        fuel: None,
        connected: None,
    };
    let day = car.at(n.between(400, 900));
    let by = n.between(10_000, 120_000) * 1_000;
    turn_back(&mut car, day, by);
    let log = whole(n, &car, kept);
    finish(n, &log)
}

/// All that is known after is one figure that the seller typed.
fn one_after(n: &mut Numbers) -> (Vec<OpenedRecord>, u64) {
    let (mut car, habits) = used(n);
    let mut log = whole(n, &car, habits);
    let by = n.between(5_000, 120_000) * 1_000;
    let last = car.last;
    turn_back(&mut car, last, by);
    log.lines.retain(|line| line.day < last);
    log.write(n, &car, last, Hand::Owner);
    finish(n, &log)
}

fn with_slips(n: &mut Numbers) -> (Vec<OpenedRecord>, u64) {
    let (mut car, habits) = used(n);
    let day = car.at(n.between(350, 950));
    let by = n.between(8_000, 100_000) * 1_000;
    turn_back(&mut car, day, by);
    let mut log = whole(n, &car, habits);
    let people = log.by_people();
    // A car that no hand wrote a reading of has none that could slip.
    for _ in 0..if people.is_empty() { 0 } else { n.between(1, 3) } {
        let line = people[n.between(0, people.len() as u64 - 1) as usize];
        log.slip(n, line);
    }
    finish(n, &log)
}

fn connected(n: &mut Numbers) -> (Vec<OpenedRecord>, u64) {
    let (mut car, habits) = used(n);
    let kept = Habits { connected: Some(n.between(1, 20)), ..habits };
    let day = car.at(n.between(350, 950));
    let by = n.between(2_500, 60_000) * 1_000;
    turn_back(&mut car, day, by);
    let log = whole(n, &car, kept);
    finish(n, &log)
}

fn at_change_of_owner(n: &mut Numbers) -> (Vec<OpenedRecord>, u64) {
    let (mut car, _) = changing(n);
    let (before, after, day) = (habits(n), habits(n), car.at(n.between(400, 800)));
    let by = n.between(5_000, 80_000) * 1_000;
    turn_back(&mut car, day, by);
    let mut log = Log::default();
    log.keep(n, &car, before, car.first, Day(day.0 - 1));
    log.event(day, OwnershipKind::OwnerChange);
    log.keep(n, &car, after, day, car.last);
    finish(n, &log)
}

/// Turned back before the return of the lease, since kilometres above the contract cost money.
fn leasing(n: &mut Numbers) -> (Vec<OpenedRecord>, u64) {
    let (usage, days) = (car::salesman(n), n.between(1_000, 1_500));
    let mut car = Car::new(n, days, usage);
    let day = car.at(n.between(800, 990));
    let by = n.between(10_000, 60_000) * 1_000;
    turn_back(&mut car, day, by);
    let kept = Habits {
        inspections: None,
        services: Some((n.between(120, 250), Hand::MemberGarage)),
        own: None,
        fuel: None,
        connected: None,
    };
    let mut log = whole(n, &car, kept);
    log.write(n, &car, car.last, Hand::MemberInspection);
    finish(n, &log)
}

fn cluster_undeclared(n: &mut Numbers) -> (Vec<OpenedRecord>, u64) {
    let (mut car, habits) = used(n);
    let day = car.at(n.between(300, 950));
    let below = (car.shown(day) / 1_000).saturating_sub(3_000).max(1);
    let fitted = if n.chance(400) { 0 } else { n.between(0, below) * 1_000 };
    car.set_shown(day, fitted);
    let log = whole(n, &car, habits);
    finish(n, &log)
}

/// The owner declares a swap, with less on the old instrument than it had long shown, or without a word of it.
fn cluster_false(n: &mut Numbers) -> (Vec<OpenedRecord>, u64) {
    let (mut car, habits) = used(n);
    let day = car.at(n.between(500, 950));
    let shown = car.shown(day);
    let by = n.between(20_000, 100_000) * 1_000;
    turn_back(&mut car, day, by);
    let fitted = car.shown(day);
    let mut log = whole(n, &car, habits);
    let told = n.chance(500).then(|| fitted + (shown - fitted) / 4);
    log.declare_cluster(day, told.map(|told| told / 1_000 * 1_000), fitted / 1_000 * 1_000, Hand::Owner);
    // What the readings contradict is what the declaration leaves unexplained.
    (log.records(n), told.map_or(log.visible_drop(), |told| log.visible_drop().saturating_sub(told - fitted)))
}

/// The figure stays, the unit changes: so many miles become so many kilometres, and every later figure understates.
/// Whether the importer meant it so or only did not look at the unit, a buyer must be told.
fn miles_as_km(n: &mut Numbers) -> (Vec<OpenedRecord>, u64) {
    let (usage, days) = (car::commuter(n), years(n, 3, 8));
    let mut car = Car::new(n, days, usage);
    let (before, after, day) = (habits(n), habits(n), Day(car.last.0 + 1));
    let (usage, days) = (car::commuter(n), years(n, 1, 5));
    car.live(n, days, usage);
    let shown = car.shown(day);
    car.set_shown(day, shown * 1_000 / 1_609_344 * 1_000);
    let mut log = Log::default();
    log.keep(n, &car, before, car.first, Day(day.0 - 1));
    log.event(day, OwnershipKind::Import);
    log.keep(n, &car, after, day, car.last);
    finish(n, &log)
}
