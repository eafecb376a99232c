//! Odometer readings.

use crate::quantity::Metres;
use serde::{Deserialize, Serialize};

/// The odometer's reading on the record's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OdometerReading {
    /// Total distance.
    pub odometer: Metres,
}
