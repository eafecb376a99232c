//! Work done on the car.

use crate::quantity::{Metres, Money};
use serde::{Deserialize, Serialize};

/// A service, repair or upgrade.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Maintenance {
    /// Kind of work.
    pub kind: MaintenanceKind,
    /// What was done, in the source's words.
    pub description: String,
    /// Odometer at the time.
    pub odometer: Option<Metres>,
    /// What it cost.
    pub cost: Option<Money>,
    /// Who did it.
    pub workshop: Option<String>,
}

/// Kinds of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaintenanceKind {
    /// Scheduled service.
    Service,
    /// Something broken was mended.
    Repair,
    /// Something was added or improved.
    Upgrade,
}
