//! What other sources say of the same thing: what stands behind a record beside its own source.

use super::is_unvouched;
use crate::{odometer, opened::OpenedRecord};
use carnet_protocol::{
    day::{Day, Timestamp},
    key::VerifyingKey,
    payload::{Fact, OriginKind},
    quantity::Metres,
};
use std::{cmp::Ordering, collections::HashMap};

/// Who says a thing: a key, and for the owner's key the kind of file it was brought in, since a register is another
/// witness than the owner's pen.
type Witness = (VerifyingKey, OriginKind);

/// What was said on each day, and by whom: each list in the order of days, and each word of a witness once, however many
/// records repeat it.
pub(super) struct Said {
    /// The witness of each record, by a number of its own.
    witnesses: Vec<usize>,
    /// How many witnesses there are.
    count: usize,
    odometers: Vec<(Reading, usize)>,
    events: HashMap<Event, Vec<Account>>,
}

/// A day on which an event was told, the reading told with it, and by whom.
type Account = (Day, Option<Reading>, usize);

/// A kind of event that two sources can tell of, each in its words.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Event {
    Inspection(carnet_protocol::payload::InspectionResult),
    Incident(carnet_protocol::payload::IncidentKind),
    Ownership(carnet_protocol::payload::OwnershipKind),
    Maintenance,
    ClusterReplacement,
}

/// Days by which two accounts of one event may lie apart.
const EVENT_DAYS: u16 = 3;

/// Days by which two readings of nearly the same distance may lie apart.
const READING_DAYS: u16 = 7;

/// Metres by which two readings of one distance may differ at most, however many days lie between: one week of usual
/// driving, rounded up.
const READING_METRES: u64 = 500_000;

/// Metres that a car may well drive on each day that two readings touch, so that they still speak of one distance.
const READING_METRES_PER_DAY: u64 = 80_000;

/// Metres by which a later reading may be lower, for the rounding of kilometres and miles to whole ones.
const ROUNDING_METRES: u64 = 2_000;

/// A reading as it bears on others.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Reading {
    day: Day,
    /// When, where known more closely.
    at: Option<Timestamp>,
    odometer: Metres,
}

impl Reading {
    fn of(record: &OpenedRecord) -> Option<Reading> {
        let odometer = odometer::of_fact(&record.payload.fact)?;
        Some(Reading { day: record.day, at: record.payload.at, odometer })
    }

    /// Whether two readings speak of one distance: near each other in days, no further apart than a car drives in them,
    /// and the later not the lower. What contradicts another reading does not stand behind it.
    fn says_the_same(&self, other: &Reading) -> bool {
        let days = self.day.0.abs_diff(other.day.0);
        let apart = self.odometer.0.abs_diff(other.odometer.0);
        let drivable = READING_METRES_PER_DAY * (u64::from(days) + 1);
        days <= READING_DAYS && apart <= READING_METRES.min(drivable) && !self.contradicts_the_order_of(other)
    }

    /// Whether the later of both shows less. Within a day only times tell which one is later.
    fn contradicts_the_order_of(&self, other: &Reading) -> bool {
        let order = match (self.at, other.at) {
            (Some(here), Some(there)) if self.day == other.day => here.cmp(&there),
            _ => self.day.cmp(&other.day),
        };
        let lower =
            |later: &Reading, earlier: &Reading| later.odometer.0.saturating_add(ROUNDING_METRES) < earlier.odometer.0;
        match order {
            Ordering::Less => lower(other, self),
            Ordering::Greater => lower(self, other),
            Ordering::Equal => false,
        }
    }
}

impl Said {
    pub(super) fn of(records: &[OpenedRecord]) -> Said {
        let mut numbers: HashMap<Witness, usize> = HashMap::new();
        let mut number = |record: &OpenedRecord| {
            let next = numbers.len();
            *numbers.entry(witness(record)).or_insert(next)
        };
        let witnesses: Vec<usize> = records.iter().map(&mut number).collect();
        let (mut odometers, mut events) = (Vec::new(), HashMap::<Event, Vec<Account>>::new());
        for (record, witness) in records.iter().zip(witnesses.iter().copied()) {
            if is_unvouched(&record.payload) {
                continue;
            }
            let reading = Reading::of(record);
            odometers.extend(reading.map(|reading| (reading, witness)));
            if let Some(event) = event(&record.payload.fact) {
                events.entry(event).or_default().push((record.day, reading, witness));
            }
        }
        odometers.sort_unstable();
        odometers.dedup();
        for days in events.values_mut() {
            days.sort_unstable();
            days.dedup();
        }
        Said { witnesses, count: numbers.len(), odometers, events }
    }

    /// How many other witnesses say what the record at a place says.
    pub(super) fn corroborating(&self, place: usize, record: &OpenedRecord) -> u32 {
        if self.count < 2 {
            return 0;
        }
        let mut others = Vec::new();
        let reading = Reading::of(record);
        if let Some(event) = event(&record.payload.fact) {
            let accounts = self.events.get(&event).map_or(&[][..], Vec::as_slice);
            let near = around(accounts, |(day, ..)| *day, record.day, EVENT_DAYS).iter();
            // Who tells of the same event with a reading that cannot be the same is no witness to this account.
            let same = near.filter(|(_, other, _)| match (&reading, other) {
                (Some(reading), Some(other)) => reading.says_the_same(other),
                _ => true,
            });
            others.extend(same.map(|(.., witness)| *witness));
        }
        if let Some(reading) = reading {
            let near = around(&self.odometers, |(reading, _)| reading.day, record.day, READING_DAYS).iter();
            let same = near.filter(|(other, _)| reading.says_the_same(other));
            others.extend(same.map(|(_, witness)| *witness));
        }
        others.retain(|witness| *witness != self.witnesses[place]);
        others.sort_unstable();
        others.dedup();
        u32::try_from(others.len()).unwrap_or(u32::MAX)
    }
}

fn witness(record: &OpenedRecord) -> Witness {
    // The kind of file tells witnesses apart only behind the owner's key; a member is one, whatever it sends.
    let kind = record.payload.origin.kind;
    let own_register = record.owner_made && kind == OriginKind::HistoVec;
    (record.source, if own_register { OriginKind::HistoVec } else { OriginKind::Manual })
}

fn event(fact: &Fact) -> Option<Event> {
    match fact {
        Fact::Inspection(inspection) => Some(Event::Inspection(inspection.result)),
        Fact::Incident(incident) => Some(Event::Incident(incident.kind)),
        Fact::Ownership(event) => Some(Event::Ownership(event.kind)),
        Fact::Maintenance(_) => Some(Event::Maintenance),
        Fact::ClusterReplacement(_) => Some(Event::ClusterReplacement),
        Fact::Identity(_)
        | Fact::Odometer(_)
        | Fact::Handover(_)
        | Fact::Battery(_)
        | Fact::Charge(_)
        | Fact::Driving(_)
        | Fact::Refuelling(_)
        | Fact::Location(_)
        | Fact::Document(_)
        | Fact::Expense(_)
        | Fact::Statement(_) => None,
    }
}

/// The part of a list in the order of days that lies so many days or fewer from `day`.
fn around<T>(list: &[T], of: impl Fn(&T) -> Day, day: Day, days: u16) -> &[T] {
    let start = list.partition_point(|one| of(one).0 < day.0.saturating_sub(days));
    let end = list.partition_point(|one| of(one).0 <= day.0.saturating_add(days));
    &list[start..end]
}
