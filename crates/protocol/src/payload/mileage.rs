//! Odometer readings, and the instrument that shows them.

use crate::quantity::Metres;
use serde::{Deserialize, Serialize};

/// The odometer's reading on the record's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OdometerReading {
    /// Total distance.
    pub odometer: Metres,
}

/// The instrument cluster was replaced, so that the odometer shows another figure than the car has driven. What the
/// old one showed and where the new one began let a reader carry the distance on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ClusterReplacement {
    /// What the old instrument showed last; `None` where it could no longer be read.
    pub removed: Option<Metres>,
    /// What the new instrument showed first.
    pub fitted: Metres,
}
