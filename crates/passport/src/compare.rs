//! Several cars side by side: the same rows for all, the best and the worst marked only where figures can be compared.

use crate::{
    Views, battery,
    opened::OpenedRecord,
    synthesis::{Answer, Synthesis},
};
use carnet_protocol::{category::Category, day::Day, payload::IncidentKind, quantity::Metres};
use serde::{Deserialize, Serialize};

/// A car to compare.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Its opened records.
    pub records: &'a [OpenedRecord],
    /// Its synthesis for the reader who compares.
    pub synthesis: &'a Synthesis,
}

/// One row over all cars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What it compares.
    pub kind: RowKind,
    /// One cell per car, in the order given.
    pub cells: Vec<Cell>,
}

/// What a row compares, in the order in which rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// What weighs on the car.
    Flags,
    /// Is it whole?
    Whole,
    /// Is it true?
    Truth,
    /// What the odometer readings say.
    OdometerVerdict,
    /// The latest reading.
    Odometer,
    /// Distance a year.
    PerYear,
    /// First registration.
    FirstRegistration,
    /// Owners so far.
    Owners,
    /// Accidents and damage.
    Incidents,
    /// The last inspection.
    LastInspection,
    /// Health of the traction battery.
    BatteryHealth,
    /// The quality index that half of the records reach.
    Quality,
    /// Records opened.
    Records,
    /// Questions to stop at and warnings.
    Warnings,
}

impl RowKind {
    /// A stable name, for message ids.
    pub fn code(self) -> &'static str {
        match self {
            RowKind::Flags => "flags",
            RowKind::Whole => "whole",
            RowKind::Truth => "truth",
            RowKind::OdometerVerdict => "odometer_verdict",
            RowKind::Odometer => "odometer",
            RowKind::PerYear => "per_year",
            RowKind::FirstRegistration => "first_registration",
            RowKind::Owners => "owners",
            RowKind::Incidents => "incidents",
            RowKind::LastInspection => "last_inspection",
            RowKind::BatteryHealth => "battery_health",
            RowKind::Quality => "quality",
            RowKind::Records => "records",
            RowKind::Warnings => "warnings",
        }
    }

    /// Which way is better; `None` where neither is.
    fn better(self) -> Option<Better> {
        match self {
            RowKind::LastInspection | RowKind::BatteryHealth | RowKind::Quality => Some(Better::More),
            // More records, or an older car, are neither better nor worse.
            RowKind::Records | RowKind::FirstRegistration | RowKind::PerYear => None,
            _ => Some(Better::Less),
        }
    }
}

enum Better {
    Less,
    More,
}

/// One car's figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cell {
    /// The figure; `None` where the passport does not say.
    pub value: Option<Value>,
    /// Where it stands among the cars.
    pub mark: Mark,
}

/// A figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// How many.
    Count(u32),
    /// A distance.
    Distance(Metres),
    /// A day.
    Day(Day),
    /// Thousandths.
    PerMille(u16),
    /// An index from 0 to 100.
    Index(u8),
    /// An answer.
    Answer(Answer),
    /// A verdict.
    Verdict(crate::odometer::Verdict),
}

/// Where a figure stands among the cars.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Neither, or not to be compared.
    #[default]
    None,
    /// None is better.
    Best,
    /// None is worse.
    Worst,
}

/// All rows that at least one car has a figure for.
pub fn view(cars: &[Candidate<'_>]) -> Vec<Row> {
    let columns: Vec<Vec<(RowKind, Option<Value>, bool)>> = cars.iter().map(column).collect();
    let Some(first) = columns.first() else { return Vec::new() };
    (0..first.len())
        .map(|row| {
            let kind = first[row].0;
            let figures: Vec<(Option<Value>, bool)> =
                columns.iter().map(|column| (column[row].1, column[row].2)).collect();
            Row { kind, cells: cells(kind, &figures) }
        })
        .filter(|row| row.cells.iter().any(|cell| cell.value.is_some()))
        .collect()
}

/// The figures of one car, each with whether it can be compared.
fn column(car: &Candidate<'_>) -> Vec<(RowKind, Option<Value>, bool)> {
    let Views { identity, odometer, summary } = Views::of(car.records);
    let identity = identity.identity;
    let health = battery::view(car.records).and_then(|battery| battery.health);
    let (truth, whole) = (&car.synthesis.truth, &car.synthesis.whole);
    // A figure that may be false is no better for being low.
    let believed = !truth.odometer.alarms();
    let all_of = |category| {
        whole
            .categories
            .iter()
            .any(|count| count.category == category && count.withheld + count.missing + count.damaged == 0)
    };
    let incidents = all_of(Category::Incident);
    let damage = summary.incidents.iter().filter(|i| matches!(i.kind, IncidentKind::Accident | IncidentKind::Damage));
    let driven = odometer.latest.map(|latest| {
        Metres(latest.odometer.0.saturating_add(odometer.report.carried_over.map_or(0, |carried| carried.0)))
    });
    let warnings =
        car.synthesis.questions.iter().filter(|question| question.severity < crate::synthesis::Severity::Ask).count();
    let count = |count: usize| Value::Count(u32::try_from(count).unwrap_or(u32::MAX));
    vec![
        (RowKind::Flags, Some(count(truth.flags.len())), true),
        (RowKind::Whole, Some(Value::Answer(whole.answer)), true),
        (RowKind::Truth, Some(Value::Answer(truth.answer)), true),
        // One reading follows from nothing.
        (RowKind::OdometerVerdict, (truth.readings > 1).then_some(Value::Verdict(truth.odometer)), true),
        (RowKind::Odometer, driven.map(Value::Distance), believed),
        (RowKind::PerYear, odometer.average_per_year.map(Value::Distance), believed),
        (RowKind::FirstRegistration, identity.first_registration.map(Value::Day), true),
        (RowKind::Owners, summary.owners.map(|owners| Value::Count(u32::from(owners))), all_of(Category::Ownership)),
        (RowKind::Incidents, incidents.then(|| count(damage.count())), incidents),
        (RowKind::LastInspection, summary.last_inspection.map(|inspection| Value::Day(inspection.day)), true),
        (RowKind::BatteryHealth, health.map(|health| Value::PerMille(health.per_mille.value)), true),
        (RowKind::Quality, truth.quality.median.map(Value::Index), true),
        (RowKind::Records, Some(count(car.records.len())), true),
        (RowKind::Warnings, Some(count(warnings)), true),
    ]
}

/// Marks the best and the worst among the comparable figures, where they differ.
fn cells(kind: RowKind, figures: &[(Option<Value>, bool)]) -> Vec<Cell> {
    let comparable = || figures.iter().filter(|(_, comparable)| *comparable).filter_map(|(value, _)| *value);
    let (low, high) = (comparable().min(), comparable().max());
    let (best, worst) = match kind.better().filter(|_| low != high) {
        Some(Better::Less) => (low, high),
        Some(Better::More) => (high, low),
        None => (None, None),
    };
    figures
        .iter()
        .map(|(value, comparable)| {
            let mark = match value {
                Some(_) if !comparable => Mark::None,
                Some(_) if *value == best => Mark::Best,
                Some(_) if *value == worst => Mark::Worst,
                _ => Mark::None,
            };
            Cell { value: *value, mark }
        })
        .collect()
}
