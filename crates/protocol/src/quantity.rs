//! Quantities with their unit in the type. Integers only: a figure means the same on every machine.

use serde::{Deserialize, Serialize};

/// A distance in metres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Metres(pub u64);

impl Metres {
    /// Metres of one international mile.
    pub const PER_MILE: f64 = 1_609.344;

    /// From whole kilometres.
    pub fn from_km(km: u64) -> Self {
        Self(km.saturating_mul(1_000))
    }

    /// Whole kilometres, rounded down, as an odometer shows them.
    pub fn km(self) -> u64 {
        self.0 / 1_000
    }
}

/// An amount of energy in watt-hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WattHours(pub u64);

/// A share in percent, 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Percent(u8);

/// A percentage above 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is more than 100 percent")]
pub struct PercentError(pub u8);

impl Percent {
    /// # Errors
    /// [`PercentError`] above 100.
    pub fn new(value: u8) -> Result<Self, PercentError> {
        if value <= 100 { Ok(Self(value)) } else { Err(PercentError(value)) }
    }

    /// The number, 0 to 100.
    pub fn value(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Percent {
    type Error = PercentError;
    fn try_from(value: u8) -> Result<Self, PercentError> {
        Self::new(value)
    }
}

impl From<Percent> for u8 {
    fn from(percent: Percent) -> u8 {
        percent.0
    }
}

/// An amount of money in the currency's minor unit (cents).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Amount in minor units; negative for refunds.
    pub minor: i64,
    /// ISO 4217 code; empty where the file named none.
    pub currency: String,
}
