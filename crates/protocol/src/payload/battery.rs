//! The traction battery and its charging.

use crate::quantity::{Metres, Percent, WattHours};
use serde::{Deserialize, Serialize};

/// State of the battery at one time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BatteryReading {
    /// State of charge.
    pub charge: Percent,
    /// State of charge usable now (a cold battery has less).
    pub usable_charge: Option<Percent>,
    /// Rated range left.
    pub rated_range: Option<Metres>,
    /// Range left by the car's own estimate.
    pub estimated_range: Option<Metres>,
    /// State of health as the source gave it.
    pub health: Option<Percent>,
    /// Odometer at the time.
    pub odometer: Option<Metres>,
}

/// State of a charge at one time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ChargeReading {
    /// Where the charge stands.
    pub state: ChargeState,
    /// State of charge.
    pub charge: Option<Percent>,
    /// Energy added since it began.
    pub added: Option<WattHours>,
    /// Rated range added since it began.
    pub rated_range_added: Option<Metres>,
    /// Power in watts.
    pub power_w: Option<u32>,
    /// Direct current from a fast charger.
    pub fast: Option<bool>,
}

/// Where a charge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargeState {
    /// Energy flows.
    Charging,
    /// The set limit is reached.
    Complete,
    /// Plugged in, no energy flows.
    Stopped,
}
