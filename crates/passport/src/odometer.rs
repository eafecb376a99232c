//! Mileage: every reading of every record in one series, and what can be seen in it.
//!
//! The average per year names the readings it rests on; the report ([`OdometerReport`]) says whether the readings
//! follow from one another, and names those that clash. Rules: `docs/odometer.md`.

mod cluster;
mod contradiction;
mod finding;
mod judge;
mod line;
mod pace;
mod reading;
mod single;
mod slip;

pub use contradiction::{Contradiction, ContradictionKind, contradiction};
pub use finding::{FindingKind, ODOMETER_RULES_VERSION, OdometerFinding, OdometerReport, Slip, UnitMistake, Verdict};

use crate::opened::OpenedRecord;
use carnet_protocol::{
    day::{Day, Timestamp},
    id::RecordId,
    member::MemberClass,
    payload::{Fact, Method, OriginKind, OwnershipKind},
    quantity::Metres,
};
use cluster::Declaration;
use reading::{Reading, Voice};
use serde::{Deserialize, Serialize};

/// Mileage of a car.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OdometerView {
    /// All readings, earliest first; of the same reading on the same day only one, by the source most believed.
    pub points: Vec<OdometerPoint>,
    /// The latest reading.
    pub latest: Option<OdometerPoint>,
    /// Average distance per year of 365.25 days between the first and the latest reading; `None` where less than 30
    /// days lie between, or the latest is lower.
    pub average_per_year: Option<Metres>,
    /// What the readings say of each other.
    pub report: OdometerReport,
}

/// One reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OdometerPoint {
    /// Its day.
    pub day: Day,
    /// When, where known more closely.
    pub at: Option<Timestamp>,
    /// The reading.
    pub odometer: Metres,
    /// The record that says so.
    pub record: RecordId,
    /// Where the record came from.
    pub origin: OriginKind,
    /// How the figure came about.
    pub method: Method,
    /// What the source is, where the member directory knows it.
    pub source_class: Option<MemberClass>,
}

/// Findings that a report names; a history with more is beyond reading.
pub const FINDINGS_MAX: usize = 64;

/// Days that must lie between two readings for an average to mean something.
const AVERAGE_DAYS_MIN: u32 = 30;

/// The odometer that a fact carries.
pub fn of_fact(fact: &Fact) -> Option<Metres> {
    match fact {
        Fact::Odometer(reading) => Some(reading.odometer),
        Fact::Handover(handover) => Some(handover.odometer),
        Fact::ClusterReplacement(cluster) => Some(cluster.fitted),
        Fact::Maintenance(work) => work.odometer,
        Fact::Inspection(inspection) => inspection.odometer,
        Fact::Incident(incident) => incident.odometer,
        Fact::Battery(reading) => reading.odometer,
        Fact::Refuelling(refuelling) => refuelling.odometer,
        Fact::Driving(segment) => segment
            .odometer_m
            .iter()
            .try_fold(0_i64, |sum, step| sum.checked_add(*step))
            .and_then(|last| u64::try_from(last).ok())
            .filter(|last| *last > 0)
            .map(Metres),
        Fact::Identity(_)
        | Fact::Ownership(_)
        | Fact::Charge(_)
        | Fact::Location(_)
        | Fact::Document(_)
        | Fact::Expense(_)
        | Fact::Statement(_) => None,
    }
}

/// The series of all records.
pub fn view(records: &[OpenedRecord]) -> OdometerView {
    let points = points(records);
    let average_per_year = average(&points);
    let report = report(records, &points);
    OdometerView { latest: points.last().copied(), average_per_year, report, points }
}

/// The latest reading, without judging any.
pub fn latest(records: &[OpenedRecord]) -> Option<OdometerPoint> {
    points(records).pop()
}

fn points(records: &[OpenedRecord]) -> Vec<OdometerPoint> {
    let mut points: Vec<OdometerPoint> = records.iter().filter_map(point).collect();
    // Without times, readings of one day stand in ascending order: nothing says otherwise. The rest of the key makes
    // the order, and so the record that stands for a reading, independent of how the records came in.
    points.sort_by_key(|p| (p.day, p.odometer, core::cmp::Reverse(Voice::of(p)), p.at.is_none(), p.at, p.record));
    points.dedup_by_key(|p| (p.day, p.odometer));
    order_days_by_time(&mut points, |p| (p.day, p.at, p.record));
    points
}

fn point(record: &OpenedRecord) -> Option<OdometerPoint> {
    Some(OdometerPoint {
        day: record.day,
        at: record.payload.at,
        odometer: of_fact(&record.payload.fact)?,
        record: record.record,
        origin: record.payload.origin.kind,
        method: record.payload.method,
        source_class: record.source_class,
    })
}

fn report(records: &[OpenedRecord], points: &[OdometerPoint]) -> OdometerReport {
    let declarations = declarations(records);
    let (mut readings, believed) = cluster::carry_over(points, &declarations);
    readings.sort_by_key(|r| (r.point.day, r.total, r.point.record));
    order_days_by_time(&mut readings, |r| (r.point.day, r.point.at, r.point.record));
    let registered = first_registration(records).map(|day| nothing_driven(day, points));
    let imported = records
        .iter()
        .any(|record| matches!(&record.payload.fact, Fact::Ownership(event) if event.kind == OwnershipKind::Import));
    let mut findings = judge::Judge::new(&readings, registered.flatten(), imported).findings();
    findings.extend(believed.iter().filter_map(|believed| {
        let point = *points.iter().find(|point| point.record == believed.record)?;
        let before = points.iter().rev().find(|other| other.day < point.day).copied().unwrap_or(point);
        let carried_over = Metres(u64::try_from(believed.step).unwrap_or(0));
        let kind = FindingKind::ClusterReplaced { declaration: believed.record, carried_over };
        Some(OdometerFinding { kind, standing: Verdict::Explained, earlier: before, later: point, readings: 1 })
    }));
    findings.sort_by_key(|f| {
        (core::cmp::Reverse(f.standing), f.later.day, f.earlier.day, f.kind.code(), f.later.record, f.earlier.record)
    });
    let found = u32::try_from(findings.len()).unwrap_or(u32::MAX);
    let verdict = findings.first().map_or(Verdict::Consistent, |finding| finding.standing);
    findings.truncate(FINDINGS_MAX);
    let carried_over =
        readings.last().filter(|_| !believed.is_empty()).map(|last| Metres(u64::try_from(last.carried).unwrap_or(0)));
    OdometerReport { version: ODOMETER_RULES_VERSION, verdict, findings, found, carried_over }
}

/// Declared replacements, earliest first.
fn declarations(records: &[OpenedRecord]) -> Vec<Declaration> {
    let mut declarations: Vec<Declaration> = records
        .iter()
        .filter_map(|record| match &record.payload.fact {
            Fact::ClusterReplacement(cluster) => Some(Declaration {
                day: record.day,
                record: record.record,
                removed: cluster.removed,
                fitted: cluster.fitted,
                source_class: record.source_class,
            }),
            _ => None,
        })
        .collect();
    declarations.sort_by_key(|d| (d.day, d.fitted, d.record));
    // The same work told by garage and owner is one replacement; who saw the car, or who says more, is heard.
    declarations.sort_by_key(|d| (d.day, d.source_class.is_none(), d.removed.is_none()));
    declarations.dedup_by_key(|d| d.day);
    declarations
}

/// The earliest day that any record calls the first registration.
fn first_registration(records: &[OpenedRecord]) -> Option<Day> {
    let days = records.iter().filter_map(|record| match &record.payload.fact {
        Fact::Identity(identity) => identity.first_registration,
        Fact::Ownership(event) if event.kind == OwnershipKind::FirstRegistration => Some(record.day),
        _ => None,
    });
    days.min()
}

/// The first registration as a reading of nothing, for what the car can have driven until its first reading.
fn nothing_driven(day: Day, points: &[OdometerPoint]) -> Option<Reading> {
    let first = points.first()?;
    Some(Reading::new(OdometerPoint { day, at: None, odometer: Metres(0), ..*first }, 0))
}

/// Where all readings of a day have a time, time orders them, so that a reading turned back within a day shows.
fn order_days_by_time<T>(items: &mut [T], key: impl Fn(&T) -> (Day, Option<Timestamp>, RecordId)) {
    for day in items.chunk_by_mut(|a, b| key(a).0 == key(b).0) {
        if day.iter().all(|item| key(item).1.is_some()) {
            // A stable sort: readings of one moment stay as they are.
            day.sort_by_key(|item| key(item).1);
        }
    }
}

fn average(points: &[OdometerPoint]) -> Option<Metres> {
    let (first, last) = (points.first()?, points.last()?);
    let days = u32::from(last.day.0 - first.day.0);
    let distance = last.odometer.0.checked_sub(first.odometer.0)?;
    if days < AVERAGE_DAYS_MIN {
        return None;
    }
    // A year of 365.25 days, in quarter days.
    u64::try_from(u128::from(distance) * 1_461 / (u128::from(days) * 4)).ok().map(Metres)
}
