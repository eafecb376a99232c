//! The traction battery: range at full charge over time, and capacity and health where they can be computed.
//!
//! The computation is the one known from TeslaMate: what a full charge gives in rated range, times the energy that a
//! charge needs per rated metre. Each figure says by which method and from how many readings.

mod estimate;

use crate::opened::OpenedRecord;
use carnet_protocol::{
    day::{Day, Timestamp},
    id::RecordId,
    payload::{BatteryReading, Fact},
    quantity::{Metres, Percent, WattHours},
};
use serde::{Deserialize, Serialize};

/// The battery of a car.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatteryView {
    /// All battery readings, earliest first.
    pub points: Vec<BatteryPoint>,
    /// Number of charge readings.
    pub charges: u32,
    /// Rated range at full charge, latest figure.
    pub range_at_full: Option<Estimate<Metres>>,
    /// Usable capacity.
    pub capacity: Option<Estimate<WattHours>>,
    /// Health: the share of the first capacity that is left, in thousandths.
    pub health: Option<Health>,
}

/// One battery reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BatteryPoint {
    /// Its day.
    pub day: Day,
    /// When, where known more closely.
    pub at: Option<Timestamp>,
    /// The record.
    pub record: RecordId,
    /// State of charge.
    pub charge: Percent,
    /// Rated range at full charge by this reading; `None` without a range, or below 20 % of charge, where one percent
    /// of rounding is more than 5 % of range.
    pub range_at_full: Option<Metres>,
    /// Health as the source gave it.
    pub health: Option<Percent>,
    /// Odometer at the time.
    pub odometer: Option<Metres>,
}

/// A computed figure and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Estimate<T> {
    /// The figure.
    pub value: T,
    /// How many readings it was computed from.
    pub readings: u32,
    /// Day of the earliest of them.
    pub first: Day,
    /// Day of the latest of them.
    pub last: Day,
}

/// Health and how it came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Health {
    /// Share of the first capacity that is left, in thousandths; above 1,000 where later readings lie above the first.
    pub per_mille: Estimate<u16>,
    /// How.
    pub method: HealthMethod,
}

/// How health came about, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthMethod {
    /// The source gave it.
    Source,
    /// Range at full charge now against that of the first readings.
    RangeRatio,
}

/// Charge below which a reading says too little about the full battery, in percent.
const CHARGE_MIN: u8 = 20;

/// The battery of all records; `None` without any record of it.
pub fn view(records: &[OpenedRecord]) -> Option<BatteryView> {
    let mut points: Vec<BatteryPoint> = records
        .iter()
        .filter_map(|r| match &r.payload.fact {
            Fact::Battery(reading) => Some(point(r, reading)),
            _ => None,
        })
        .collect();
    points.sort_by_key(|p| (p.day, p.at, p.record));
    let charges = records.iter().filter(|r| matches!(r.payload.fact, Fact::Charge(_))).count();
    if points.is_empty() && charges == 0 {
        return None;
    }
    let range_at_full = estimate::range_at_full(&points);
    Some(BatteryView {
        capacity: estimate::capacity(range_at_full.as_ref(), records),
        health: estimate::health(&points),
        range_at_full,
        charges: u32::try_from(charges).unwrap_or(u32::MAX),
        points,
    })
}

fn point(record: &OpenedRecord, reading: &BatteryReading) -> BatteryPoint {
    // The range is what the usable charge gives; a cold battery has less than its nominal charge.
    let usable = reading.usable_charge.unwrap_or(reading.charge).value();
    let range_at_full = reading
        .rated_range
        .filter(|_| usable >= CHARGE_MIN)
        .map(|range| Metres((range.0.saturating_mul(100) + u64::from(usable) / 2) / u64::from(usable)));
    BatteryPoint {
        day: record.day,
        at: record.payload.at,
        record: record.record,
        charge: reading.charge,
        range_at_full,
        health: reading.health,
        odometer: reading.odometer,
    }
}
