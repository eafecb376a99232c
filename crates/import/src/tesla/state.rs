//! What a sample says, in Carnet's units.

use super::{
    identity,
    sample::{ChargeState, DriveState, Sample},
};
use crate::{SkipReason, dry_run::believable, json::Scalar};
use carnet_protocol::{
    day::{Day, Timestamp},
    payload::{BatteryReading, ChargeReading, ChargeState as Charging, LocationFix, VehicleIdentity},
    quantity::{Metres, Percent, WattHours},
};

/// One moment of the car.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// When.
    pub at: Timestamp,
    /// What the car is.
    pub identity: Option<VehicleIdentity>,
    /// Odometer.
    pub odometer: Option<Metres>,
    /// Battery.
    pub battery: Option<BatteryReading>,
    /// Charge.
    pub charge: Option<ChargeReading>,
    /// Where.
    pub location: Option<LocationFix>,
    /// Whether a gear was in.
    pub driving: bool,
    /// Metres per hour.
    pub speed_m_per_h: Option<i64>,
    /// Watts.
    pub power_w: Option<i64>,
}

impl State {
    /// Of a sample.
    ///
    /// # Errors
    /// [`SkipReason::NoTime`], [`SkipReason::NothingKnown`], [`SkipReason::OutOfRange`].
    pub fn of(sample: &Sample) -> Result<State, SkipReason> {
        let at = time(sample).ok_or(SkipReason::NoTime)?;
        let drive = sample.drive_state.get();
        let odometer = odometer(sample)?;
        let state = State {
            at,
            identity: identity::of(sample),
            odometer,
            battery: sample.charge_state.get().and_then(|charge| battery(charge, odometer)),
            charge: sample.charge_state.get().and_then(charge),
            location: drive.and_then(location),
            driving: drive.is_some_and(is_driving),
            speed_m_per_h: drive.and_then(|d| d.speed.decimal()).and_then(|mph| mph.to_integer(1_609_344, 1_000)),
            power_w: drive.and_then(|d| d.power.decimal()).and_then(|kw| kw.to_integer(1_000, 1)),
        };
        let known = state.identity.is_some()
            || state.odometer.is_some()
            || state.battery.is_some()
            || state.charge.is_some()
            || state.location.is_some();
        if known { Ok(state) } else { Err(SkipReason::NothingKnown) }
    }

    /// The day.
    pub fn day(&self) -> Day {
        self.at.day()
    }

    /// The order of samples: time, then all that records are made of, so that equal times have an order of their own.
    pub fn order(&self) -> impl Ord + use<> {
        let battery = self.battery.as_ref().map(|b| (b.charge, b.usable_charge, b.rated_range, b.estimated_range));
        let charge = self.charge.as_ref().map(|c| (c.state as u8, c.added, c.rated_range_added, c.power_w, c.fast));
        (
            (self.at, self.odometer, self.driving, battery, charge),
            self.location.as_ref().map(|l| (l.latitude_e7, l.longitude_e7)),
            self.identity.as_ref().map(|i| (i.software.clone(), i.model.clone(), i.variant.clone(), i.colour.clone())),
            (self.speed_m_per_h, self.power_w),
        )
    }
}

/// The first of January 2008: before any Tesla was delivered. An unset clock says less.
const EARLIEST_MS: u64 = 1_199_145_600_000;
/// The last millisecond that falls on a day of the tree.
const LATEST_MS: u64 = (u16::MAX as u64 + 1) * Timestamp::DAY - 1;

/// The latest time of any block: blocks of a car that fell asleep are older than the rest.
fn time(sample: &Sample) -> Option<Timestamp> {
    let blocks = [
        sample.drive_state.get().map(|b| &b.timestamp),
        sample.charge_state.get().map(|b| &b.timestamp),
        sample.vehicle_state.get().map(|b| &b.timestamp),
        sample.vehicle_config.get().map(|b| &b.timestamp),
        sample.climate_state.get().map(|b| &b.timestamp),
        sample.gui_settings.get().map(|b| &b.timestamp),
    ];
    let latest = blocks.into_iter().flatten().filter_map(milliseconds).max();
    latest.or_else(|| milliseconds(&sample.drive_state.get()?.gps_as_of))
}

/// Milliseconds, also from seconds.
fn milliseconds(value: &Scalar) -> Option<Timestamp> {
    let number = value.decimal()?.to_unsigned(1, 1)?;
    let ms = if number < EARLIEST_MS { number.checked_mul(1_000)? } else { number };
    (EARLIEST_MS..=LATEST_MS).contains(&ms).then_some(Timestamp(ms))
}

fn metres(miles: &Scalar) -> Option<Metres> {
    miles.decimal()?.to_unsigned(1_609_344, 1_000).map(Metres)
}

fn odometer(sample: &Sample) -> Result<Option<Metres>, SkipReason> {
    let Some(block) = sample.vehicle_state.get() else { return Ok(None) };
    match metres(&block.odometer) {
        Some(odometer) if !believable(odometer) => Err(SkipReason::OutOfRange {
            field: "odometer".into(),
            value: crate::text::excerpt(&block.odometer.text().unwrap_or_default()),
        }),
        odometer => Ok(odometer.filter(|o| o.0 > 0)),
    }
}

fn percent(value: &Scalar) -> Option<Percent> {
    Percent::new(u8::try_from(value.decimal()?.to_unsigned(1, 1)?).ok()?).ok()
}

fn battery(block: &ChargeState, odometer: Option<Metres>) -> Option<BatteryReading> {
    Some(BatteryReading {
        charge: percent(&block.battery_level)?,
        usable_charge: percent(&block.usable_battery_level),
        rated_range: metres(&block.battery_range),
        estimated_range: metres(&block.est_battery_range),
        health: None,
        odometer,
    })
}

fn charge(block: &ChargeState) -> Option<ChargeReading> {
    let state = match block.charging_state.text()?.to_lowercase().as_str() {
        "charging" | "starting" => Charging::Charging,
        "complete" => Charging::Complete,
        "stopped" | "nopower" => Charging::Stopped,
        _ => return None,
    };
    Some(ChargeReading {
        state,
        charge: percent(&block.battery_level),
        added: block.charge_energy_added.decimal().and_then(|kwh| kwh.to_unsigned(1_000, 1)).map(WattHours),
        rated_range_added: metres(&block.charge_miles_added_rated),
        power_w: block
            .charger_power
            .decimal()
            .and_then(|kw| kw.to_unsigned(1_000, 1))
            .and_then(|watts| u32::try_from(watts).ok()),
        fast: block.fast_charger_present.bool(),
    })
}

fn location(block: &DriveState) -> Option<LocationFix> {
    let degrees =
        |value: &Scalar, max: i64| value.decimal()?.to_integer(10_000_000, 1).filter(|e7| e7.abs() <= max * 10_000_000);
    let (latitude_e7, longitude_e7) = (degrees(&block.latitude, 90)?, degrees(&block.longitude, 180)?);
    // Exactly zero on both axes is a receiver without a fix.
    (latitude_e7 != 0 || longitude_e7 != 0).then_some(LocationFix { latitude_e7, longitude_e7 })
}

fn is_driving(block: &DriveState) -> bool {
    let gear = block.shift_state.text();
    matches!(gear.as_deref(), Some("D" | "R" | "N" | "d" | "r" | "n"))
        || (gear.is_none() && block.speed.decimal().and_then(|s| s.to_integer(1, 1)).is_some_and(|mph| mph > 0))
}
