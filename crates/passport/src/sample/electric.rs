//! The electric sample car.

use super::SampleDraft;
use carnet_protocol::{day::Day, payload::VehicleIdentity};

/// What it is.
pub fn identity() -> VehicleIdentity {
    VehicleIdentity::default()
}

/// Its life up to `today`, in the order it happened; the same for the same arguments. About 150 records over seven
/// years.
pub fn car(_seed: u64, _today: Day) -> Vec<SampleDraft> {
    Vec::new()
}
