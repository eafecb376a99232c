//! The fields of a sample that are read; all others cost nothing.

use crate::json::{Block, Scalar};
use serde::Deserialize;

/// One sample.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sample {
    /// The owner API's envelope.
    pub response: Block<Sample>,
    /// VIN.
    pub vin: Scalar,
    /// Colour, on old accounts only.
    pub color: Scalar,
    /// Driving.
    pub drive_state: Block<DriveState>,
    /// Battery and charge.
    pub charge_state: Block<ChargeState>,
    /// Odometer and software.
    pub vehicle_state: Block<VehicleState>,
    /// What the car is.
    pub vehicle_config: Block<VehicleConfig>,
    /// Only its time is read.
    pub climate_state: Block<Timed>,
    /// Only its time is read.
    pub gui_settings: Block<Timed>,
}

impl Sample {
    /// The sample inside its envelope, where there is one.
    pub fn unwrapped(self) -> Sample {
        match self.response.0 {
            Some(inner) => *inner,
            None => self,
        }
    }

    /// Whether any block is there.
    pub fn has_blocks(&self) -> bool {
        self.drive_state.get().is_some()
            || self.charge_state.get().is_some()
            || self.vehicle_state.get().is_some()
            || self.vehicle_config.get().is_some()
            || self.vin.is_some()
    }
}

/// `drive_state`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct DriveState {
    /// Time of the position, in seconds.
    pub gps_as_of: Scalar,
    /// Degrees.
    pub latitude: Scalar,
    /// Degrees.
    pub longitude: Scalar,
    /// Kilowatts, negative while energy flows back.
    pub power: Scalar,
    /// `P`, `R`, `N`, `D`, or null.
    pub shift_state: Scalar,
    /// Miles per hour.
    pub speed: Scalar,
    /// Milliseconds.
    pub timestamp: Scalar,
}

/// `charge_state`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChargeState {
    /// Percent.
    pub battery_level: Scalar,
    /// Percent.
    pub usable_battery_level: Scalar,
    /// Rated range in miles.
    pub battery_range: Scalar,
    /// Estimated range in miles.
    pub est_battery_range: Scalar,
    /// Kilowatt-hours.
    pub charge_energy_added: Scalar,
    /// Rated miles added.
    pub charge_miles_added_rated: Scalar,
    /// Kilowatts.
    pub charger_power: Scalar,
    /// `Charging` and the like.
    pub charging_state: Scalar,
    /// Whether the charger gives direct current.
    pub fast_charger_present: Scalar,
    /// Milliseconds.
    pub timestamp: Scalar,
}

/// `vehicle_state`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct VehicleState {
    /// Miles.
    pub odometer: Scalar,
    /// Version and build.
    pub car_version: Scalar,
    /// Milliseconds.
    pub timestamp: Scalar,
}

/// `vehicle_config`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct VehicleConfig {
    /// `model3` and the like.
    pub car_type: Scalar,
    /// `p90d` and the like.
    pub trim_badging: Scalar,
    /// Colour.
    pub exterior_color: Scalar,
    /// Milliseconds.
    pub timestamp: Scalar,
}

/// A block of which only the time is read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Timed {
    /// Milliseconds.
    pub timestamp: Scalar,
}
