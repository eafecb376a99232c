//! Accidents, damage and wreck procedures.

use crate::quantity::{Metres, Money};
use serde::{Deserialize, Serialize};

/// One incident.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Incident {
    /// Kind of incident.
    pub kind: IncidentKind,
    /// What happened, in the source's words.
    pub description: String,
    /// Odometer at the time.
    pub odometer: Option<Metres>,
    /// Cost of the damage.
    pub damage: Option<Money>,
}

/// Kinds of incidents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentKind {
    /// Collision or other accident.
    Accident,
    /// Hail, flood, vandalism and the like.
    Damage,
    /// A damaged-vehicle procedure was opened.
    WreckProcedure,
    /// The procedure ended after an expert's second report.
    WreckLifted,
    /// The car was stolen.
    Theft,
}
