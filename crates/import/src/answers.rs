//! Answers to the questions that a file leaves open.

use crate::{DistanceUnit, LubeLoggerKind};
use serde::{Deserialize, Serialize};

/// What the owner has answered so far; nothing, to begin with. An answer to what was not asked does no harm: what a
/// file says itself comes first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// In which order dates are written.
    pub date_order: Option<DateOrder>,
    /// The unit of odometers.
    pub distance_unit: Option<DistanceUnit>,
    /// The decimal mark of numbers.
    pub decimal_mark: Option<DecimalMark>,
    /// The unit of fuel.
    pub volume_unit: Option<VolumeUnit>,
    /// The currency of costs, an ISO 4217 code; empty for "not known".
    pub currency: Option<String>,
    /// Which of LubeLogger's lists the file is; one of service, repair and upgrade.
    pub lubelogger_kind: Option<LubeLoggerKind>,
    /// The VIN of the car that the file is for: what belongs to another car is passed over. Given by the caller where
    /// the car's VIN is known, or chosen by the owner when the file holds several cars.
    pub vin: Option<String>,
    /// The passphrase of an export.
    pub passphrase: Option<String>,
}

/// Orders of a date's parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// Day, month, year: `31/12/2024`.
    DayMonthYear,
    /// Month, day, year: `12/31/2024`.
    MonthDayYear,
}

/// Decimal marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecimalMark {
    /// `1,234.5`.
    Point,
    /// `1.234,5`.
    Comma,
}

/// Units of fuel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VolumeUnit {
    /// Litres.
    Litres,
    /// Gallons of the United States, 3.785411784 litres.
    UsGallons,
    /// Imperial gallons, 4.54609 litres.
    ImperialGallons,
}
