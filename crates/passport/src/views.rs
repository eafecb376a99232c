//! The views that others are made from, each made once: judging 10,000 odometer readings takes tens of milliseconds.

use crate::{
    OpenedRecord,
    identity::{self, IdentityView},
    odometer::{self, OdometerView},
    summary::{self, Summary},
};

/// What the records of a passport say together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Views {
    /// What the car is.
    pub identity: IdentityView,
    /// What it has driven.
    pub odometer: OdometerView,
    /// Its life in short.
    pub summary: Summary,
}

impl Views {
    /// Of all records.
    pub fn of(records: &[OpenedRecord]) -> Self {
        let odometer = odometer::view(records);
        Self { identity: identity::view(records), summary: summary::view(records, &odometer), odometer }
    }
}
