//! Cars whose odometer nobody touched, with all that can go wrong on paper.

use super::{
    car::{self, Car, Use},
    log::{Habits, Hand, Log, habits},
    numbers::Numbers,
};
use carnet_passport::OpenedRecord;
use carnet_protocol::{day::Day, payload::OwnershipKind};

pub type Story = fn(&mut Numbers) -> Vec<OpenedRecord>;

/// All kinds of honest histories.
pub const KINDS: [(&str, Story); 18] = [
    ("commuter", |n| plain(n, car::commuter)),
    ("retiree", |n| plain(n, car::retiree)),
    ("taxi", |n| plain(n, car::taxi)),
    ("sales representative", |n| plain(n, car::salesman)),
    ("second car", |n| plain(n, car::second_car)),
    ("several owners", several_owners),
    ("long standstill", standstill),
    ("leasing return", leasing_return),
    ("fuel log kept", fuel_log),
    ("connected car", connected),
    ("few readings", few_readings),
    ("imported, miles converted", |n| imported(n, 0)),
    ("imported, some miles as km", |n| imported(n, 250)),
    ("imported, all before in miles", imported_before),
    ("cluster swap declared", cluster_swap),
    ("typing slips", typing_slips),
    ("estimates by the owner", estimates),
    ("another car's figure", other_car),
];

fn years(n: &mut Numbers, low: u64, high: u64) -> u64 {
    n.between(low * 365, high * 365)
}

fn whole(n: &mut Numbers, car: &Car, habits: Habits) -> Log {
    let mut log = Log::default();
    log.keep(n, car, habits, car.first, car.last);
    log
}

fn plain(n: &mut Numbers, usage: fn(&mut Numbers) -> Use) -> Vec<OpenedRecord> {
    let (days, usage, habits) = (years(n, 2, 14), usage(n), habits(n));
    let car = Car::new(n, days, usage);
    let log = whole(n, &car, habits);
    log.records(n)
}

/// Owners who use the car in other ways and keep other books.
pub fn changing(n: &mut Numbers) -> (Car, Log) {
    let uses: [fn(&mut Numbers) -> Use; 4] = [car::commuter, car::salesman, car::retiree, car::second_car];
    let first = uses[n.between(0, 1) as usize](n);
    let days = years(n, 2, 6);
    let mut car = Car::new(n, days, first);
    let mut spans = vec![(car.first, car.last)];
    for _ in 0..n.between(1, 2) {
        let usage = uses[n.between(0, 3) as usize](n);
        let from = Day(car.last.0 + 1);
        let days = years(n, 2, 5);
        car.live(n, days, usage);
        spans.push((from, car.last));
    }
    let mut log = Log::default();
    for (from, to) in spans {
        let kept = habits(n);
        log.keep(n, &car, kept, from, to);
        log.event(from, OwnershipKind::OwnerChange);
    }
    (car, log)
}

fn several_owners(n: &mut Numbers) -> Vec<OpenedRecord> {
    let (_, log) = changing(n);
    log.records(n)
}

fn standstill(n: &mut Numbers) -> Vec<OpenedRecord> {
    let (usage, habits) = (car::commuter(n), habits(n));
    let days = years(n, 2, 6);
    let mut car = Car::new(n, days, usage);
    let mut log = whole(n, &car, habits);
    car.stand(n.between(400, 2_500));
    let from = Day(car.last.0 + 1);
    let days = years(n, 1, 4);
    car.live(n, days, usage);
    let last = car.last;
    log.keep(n, &car, habits, from, last);
    log.records(n)
}

/// Three or four years of much driving with a garage's book, a report at the end, then a private owner.
fn leasing_return(n: &mut Numbers) -> Vec<OpenedRecord> {
    let (usage, days) = (car::salesman(n), n.between(1_000, 1_500));
    let mut car = Car::new(n, days, usage);
    let leased = Habits { services: Some((n.between(180, 300), Hand::MemberGarage)), ..bare() };
    let mut log = whole(n, &car, leased);
    log.write(n, &car, car.last, Hand::MemberInspection);
    let (from, days, usage) = (Day(car.last.0 + 1), years(n, 1, 5), car::commuter(n));
    car.live(n, days, usage);
    let (kept, last) = (habits(n), car.last);
    log.event(from, OwnershipKind::OwnerChange);
    log.keep(n, &car, kept, from, last);
    log.records(n)
}

fn bare() -> Habits {
    Habits { inspections: None, services: None, own: None, fuel: None, connected: None }
}

fn fuel_log(n: &mut Numbers) -> Vec<OpenedRecord> {
    let (days, usage) = (years(n, 1, 8), car::commuter(n));
    let car = Car::new(n, days, usage);
    let kept = Habits { fuel: Some(n.between(350, 750)), ..habits(n) };
    let log = whole(n, &car, kept);
    log.records(n)
}

fn connected(n: &mut Numbers) -> Vec<OpenedRecord> {
    let (days, usage) = (years(n, 1, 6), car::commuter(n));
    let car = Car::new(n, days, usage);
    let kept = Habits { connected: Some(n.between(1, 20)), ..habits(n) };
    let log = whole(n, &car, kept);
    log.records(n)
}

fn few_readings(n: &mut Numbers) -> Vec<OpenedRecord> {
    let (days, usage) = (years(n, 5, 18), car::commuter(n));
    let car = Car::new(n, days, usage);
    let hand = if n.chance(500) { Hand::RegisterInspection } else { Hand::MemberInspection };
    let log = whole(n, &car, Habits { inspections: Some((730, 1_460, hand)), ..bare() });
    log.records(n)
}

/// From a country of miles to one of kilometres; so many in a thousand of the figures that people read afterwards are
/// miles written as kilometres.
fn imported(n: &mut Numbers, mistaken: u64) -> Vec<OpenedRecord> {
    let (days, usage, before) = (years(n, 2, 8), car::commuter(n), habits(n));
    let mut car = Car::new(n, days, usage);
    let mut log = whole(n, &car, before);
    let (from, usage) = (Day(car.last.0 + 1), car::commuter(n));
    log.event(from, OwnershipKind::Import);
    let known = log.lines.len();
    let days = years(n, 1, 6);
    car.live(n, days, usage);
    let (after, last) = (habits(n), car.last);
    log.keep(n, &car, after, from, last);
    let latest = log.lines[known..].iter().map(|line| line.day).max();
    for line in &mut log.lines[known..] {
        // The latest is right: by then somebody has looked at the unit.
        if Some(line.day) != latest && line.hand != Hand::Connected && n.chance(mistaken) {
            line.written = line.shown * 1_000 / 1_609_344 * 1_000;
        }
    }
    log.records(n)
}

/// The importer copied the foreign book's miles as kilometres; afterwards all is in kilometres.
fn imported_before(n: &mut Numbers) -> Vec<OpenedRecord> {
    let (days, usage, before) = (years(n, 2, 8), car::commuter(n), habits(n));
    let mut car = Car::new(n, days, usage);
    let mut log = whole(n, &car, before);
    for line in &mut log.lines {
        line.written = line.shown * 1_000 / 1_609_344 * 1_000;
    }
    let from = Day(car.last.0 + 1);
    log.event(from, OwnershipKind::Import);
    let (days, usage) = (years(n, 1, 6), car::commuter(n));
    car.live(n, days, usage);
    let (after, last) = (habits(n), car.last);
    log.keep(n, &car, after, from, last);
    log.records(n)
}

fn cluster_swap(n: &mut Numbers) -> Vec<OpenedRecord> {
    let (days, usage, habits) = (years(n, 3, 12), car::commuter(n), habits(n));
    let mut car = Car::new(n, days, usage);
    let day = car.at(n.between(200, 900));
    let removed = car.shown(Day(day.0 - 1)) / 1_000 * 1_000;
    // New from the shelf, or used with any figure.
    let fitted = if n.chance(600) { 0 } else { n.between(1, 150_000) * 1_000 };
    car.set_shown(day, fitted);
    let log = &mut whole(n, &car, habits);
    // A garage reads the old one where it can; an owner copies the invoice.
    if n.chance(700) {
        log.declare_cluster(day, n.chance(800).then_some(removed), fitted, Hand::MemberGarage);
    } else {
        log.declare_cluster(day, Some(removed), fitted, Hand::Invoice);
    }
    log.records(n)
}

fn typing_slips(n: &mut Numbers) -> Vec<OpenedRecord> {
    let (days, usage) = (years(n, 2, 12), car::commuter(n));
    let car = Car::new(n, days, usage);
    let kept = Habits { own: Some(n.between(20, 200)), ..habits(n) };
    let mut log = whole(n, &car, kept);
    let typed = log.indices(|line| matches!(line.hand, Hand::Owner | Hand::Invoice | Hand::FuelLog));
    for _ in 0..n.between(1, 3) {
        let line = typed[n.between(0, typed.len() as u64 - 1) as usize];
        log.slip(n, line);
    }
    log.records(n)
}

fn estimates(n: &mut Numbers) -> Vec<OpenedRecord> {
    let (days, usage) = (years(n, 2, 12), car::commuter(n));
    let car = Car::new(n, days, usage);
    let kept = Habits { own: Some(n.between(60, 250)), ..habits(n) };
    let mut log = whole(n, &car, kept);
    for index in log.indices(|line| line.hand == Hand::Owner) {
        let to = if n.chance(300) { 5_000_000 } else { 1_000_000 };
        if n.chance(400) {
            let line = &mut log.lines[index];
            line.written = (line.shown + to / 2) / to * to;
        }
    }
    log.records(n)
}

/// Somebody with two cars wrote the other one's figure once.
fn other_car(n: &mut Numbers) -> Vec<OpenedRecord> {
    let (days, usage) = (years(n, 2, 12), car::commuter(n));
    let car = Car::new(n, days, usage);
    let kept = Habits { own: Some(n.between(20, 120)), ..habits(n) };
    let mut log = whole(n, &car, kept);
    let own = log.indices(|line| line.hand == Hand::Owner);
    let line = own[n.between(0, own.len() as u64 - 1) as usize];
    log.lines[line].written = n.between(5_000, 250_000) * 1_000;
    log.records(n)
}
