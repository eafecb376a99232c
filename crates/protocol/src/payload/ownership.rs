//! Registrations, changes of owner and administrative events.

use serde::{Deserialize, Serialize};

/// One event in the car's papers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OwnershipEvent {
    /// Kind of event.
    pub kind: OwnershipKind,
    /// The source's own code, e.g. HistoVec `CHANG_TIT_NORMAL`.
    pub code: Option<String>,
    /// The event in the source's words.
    pub label: Option<String>,
    /// Number of owners so far, where the source says so.
    pub owners: Option<u16>,
}

/// Kinds of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnershipKind {
    /// First registration.
    FirstRegistration,
    /// Registered after import from abroad.
    Import,
    /// The owner changed.
    OwnerChange,
    /// A lien was entered.
    Lien,
    /// A lien was lifted.
    LienLifted,
    /// An opposition to a transfer was entered.
    Opposition,
    /// An opposition was lifted.
    OppositionLifted,
    /// The registration was suspended.
    Suspension,
    /// Taken off the road, exported or destroyed.
    OffRoad,
    /// Put back on the road.
    BackOnRoad,
    /// Any other administrative event.
    Other,
}
