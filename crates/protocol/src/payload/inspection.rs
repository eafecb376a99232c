//! Periodic technical inspections.

use crate::quantity::Metres;
use serde::{Deserialize, Serialize};

/// One inspection.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Inspection {
    /// What was inspected.
    pub nature: InspectionNature,
    /// How it ended.
    pub result: InspectionResult,
    /// The result in the source's words.
    pub label: Option<String>,
    /// Odometer at the time.
    pub odometer: Option<Metres>,
    /// The centre or inspector.
    pub centre: Option<String>,
}

/// What was inspected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InspectionNature {
    /// The whole car.
    Periodic,
    /// Emissions only.
    Emissions,
    /// Whole car again after failing.
    Retest,
    /// Emissions again after failing.
    EmissionsRetest,
}

/// How an inspection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InspectionResult {
    /// Passed.
    Pass,
    /// Failed with major defects.
    FailMajor,
    /// Failed with critical defects.
    FailCritical,
    /// Postponed.
    Postponed,
}
