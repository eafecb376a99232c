//! What speaks against a reading before it is written down: whoever types one is asked once, while the car is near.

use super::{OdometerPoint, judge::DAY_MAX, points};
use crate::opened::OpenedRecord;
use carnet_protocol::{day::Day, quantity::Metres};
use serde::{Deserialize, Serialize};

/// A reading on record that one to be written down does not follow from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contradiction {
    /// In what way.
    pub kind: ContradictionKind,
    /// The reading on record.
    pub known: OdometerPoint,
}

/// How two readings contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContradictionKind {
    /// The odometer had counted more by then.
    Lower,
    /// The odometer counted less later on.
    Higher,
    /// No car covers that distance in the days between.
    TooFar,
}

/// What the records nearest in time say against a reading; `None` where it follows from them. A question to whoever types,
/// not a finding: what is kept all the same is judged by the report.
pub fn contradiction(records: &[OpenedRecord], day: Day, odometer: Metres) -> Option<Contradiction> {
    let points = points(records);
    let after = points.partition_point(|point| point.day <= day);
    let (before, later) = (after.checked_sub(1).map(|last| points[last]), points.get(after).copied());
    let reading = |metres: Metres| i64::try_from(metres.0).unwrap_or(i64::MAX);
    let driven = |from: Metres, to: Metres| reading(to).saturating_sub(reading(from));
    let possible = |from: Day, to: Day| DAY_MAX.saturating_mul(i64::from(to.0.saturating_sub(from.0)) + 1);
    let found = |kind, known| Some(Contradiction { kind, known });
    if let Some(known) = before {
        let way = driven(known.odometer, odometer);
        // Readings of one day may have been taken in either order.
        let back = if known.day == day { -DAY_MAX } else { 0 };
        if way < back {
            return found(ContradictionKind::Lower, known);
        }
        if way > possible(known.day, day) {
            return found(ContradictionKind::TooFar, known);
        }
    }
    let known = later?;
    let way = driven(odometer, known.odometer);
    if way < 0 {
        return found(ContradictionKind::Higher, known);
    }
    if before.is_some() && way > possible(day, known.day) { found(ContradictionKind::TooFar, known) } else { None }
}
