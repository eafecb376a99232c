//! What the car is.

use crate::day::Day;
use serde::{Deserialize, Serialize};

/// Identity and technical data; every field where known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct VehicleIdentity {
    /// Vehicle identification number, 17 characters (ISO 3779), or masked as the source gave it.
    pub vin: Option<String>,
    /// Licence plate.
    pub plate: Option<String>,
    /// Make, e.g. `CITROEN`.
    pub make: Option<String>,
    /// Model, e.g. `C1`.
    pub model: Option<String>,
    /// Trim or variant.
    pub variant: Option<String>,
    /// Model year.
    pub year: Option<u16>,
    /// Colour.
    pub colour: Option<String>,
    /// Energy as the source names it (`ES`, `electric`).
    pub energy: Option<String>,
    /// Net power in kilowatts.
    pub power_kw: Option<u32>,
    /// Displacement in cubic centimetres.
    pub displacement_cm3: Option<u32>,
    /// CO2 emission in grams per kilometre.
    pub co2_g_per_km: Option<u32>,
    /// Seats.
    pub seats: Option<u16>,
    /// Date of first registration.
    pub first_registration: Option<Day>,
    /// Software version of the car.
    pub software: Option<String>,
}
