//! Mileage: every reading of every record in one series, and what can be seen in it.
//!
//! Two plain observations are made here: the average per year, and readings that lie below an earlier one. Both name
//! the readings they rest on; neither is a judgement.

use crate::opened::OpenedRecord;
use carnet_protocol::{
    day::{Day, Timestamp},
    id::RecordId,
    payload::{Fact, Method, OriginKind},
    quantity::Metres,
};
use serde::{Deserialize, Serialize};

/// Mileage of a car.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OdometerView {
    /// All readings, earliest first; of the same reading on the same day only one.
    pub points: Vec<OdometerPoint>,
    /// The latest reading.
    pub latest: Option<OdometerPoint>,
    /// Average distance per year of 365.25 days between the first and the latest reading; `None` where less than 30
    /// days lie between, or the latest is lower.
    pub average_per_year: Option<Metres>,
    /// Readings below the one before.
    pub decreases: Vec<Decrease>,
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
}

/// A reading below the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Decrease {
    /// The earlier, higher reading.
    pub earlier: OdometerPoint,
    /// The later, lower reading.
    pub later: OdometerPoint,
}

/// Days that must lie between two readings for an average to mean something.
const AVERAGE_DAYS_MIN: u32 = 30;

/// The odometer that a fact carries.
pub fn of_fact(fact: &Fact) -> Option<Metres> {
    match fact {
        Fact::Odometer(reading) => Some(reading.odometer),
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
        | Fact::Expense(_) => None,
    }
}

/// The series of all records.
pub fn view(records: &[OpenedRecord]) -> OdometerView {
    let mut points: Vec<OdometerPoint> = records.iter().filter_map(point).collect();
    // Without times, readings of one day stand in ascending order: nothing says otherwise. The rest of the key makes
    // the order, and so the record that stands for a reading, independent of how the records came in.
    points.sort_by_key(|p| (p.day, p.odometer, p.at.is_none(), p.at, p.record));
    points.dedup_by_key(|p| (p.day, p.odometer));
    order_days_by_time(&mut points);
    let decreases = points
        .windows(2)
        .filter(|pair| pair[1].odometer < pair[0].odometer)
        .map(|pair| Decrease { earlier: pair[0], later: pair[1] })
        .collect();
    let average_per_year = average(&points);
    OdometerView { latest: points.last().copied(), average_per_year, decreases, points }
}

fn point(record: &OpenedRecord) -> Option<OdometerPoint> {
    Some(OdometerPoint {
        day: record.day,
        at: record.payload.at,
        odometer: of_fact(&record.payload.fact)?,
        record: record.record,
        origin: record.payload.origin.kind,
        method: record.payload.method,
    })
}

/// Where all readings of a day have a time, time orders them, so that a reading turned back within a day shows.
fn order_days_by_time(points: &mut [OdometerPoint]) {
    for day in points.chunk_by_mut(|a, b| a.day == b.day) {
        if day.iter().all(|p| p.at.is_some()) {
            day.sort_by_key(|p| (p.at, p.odometer, p.record));
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
