//! Driving: segments, refuelling, location.

use crate::day::Timestamp;
use crate::quantity::{Metres, Money};
use serde::{Deserialize, Serialize};

/// One trip or day of driving: parallel columns, each value the difference to the one before (the first to zero), so
/// that thousands of samples are one small record. All columns have the same length.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DrivingSegment {
    /// Time of the first sample.
    pub start: Timestamp,
    /// Time in milliseconds since `start`, delta-coded.
    pub time_ms: Vec<i64>,
    /// Odometer in metres, delta-coded.
    pub odometer_m: Vec<i64>,
    /// Speed in metres per hour, delta-coded.
    pub speed_m_per_h: Vec<i64>,
    /// Power in watts, negative when energy flows back, delta-coded.
    pub power_w: Vec<i64>,
}

/// Fuel was bought.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Refuelling {
    /// Odometer at the time.
    pub odometer: Option<Metres>,
    /// Volume in millilitres.
    pub volume_ml: u64,
    /// What it cost.
    pub cost: Option<Money>,
    /// The tank was full afterwards.
    pub full: bool,
    /// An earlier refuelling is missing from the log.
    pub missed: bool,
}

/// Where the car was.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LocationFix {
    /// Latitude in 10^-7 degrees (WGS 84).
    pub latitude_e7: i64,
    /// Longitude in 10^-7 degrees (WGS 84).
    pub longitude_e7: i64,
}
