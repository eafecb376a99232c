//! Records of single samples: odometer, battery, location.

use super::state::State;
use crate::{Place, dry_run::Findings};
use carnet_protocol::{
    day::Day,
    payload::{BatteryReading, Fact, LocationFix, OdometerReading},
    quantity::Metres,
};
use std::collections::HashSet;

/// 0.001 degrees, about 100 metres: within it the car stood where it was.
const NEAR_E7: i64 = 10_000;

/// Adds what the kept samples say, each reading of a day once.
pub fn add(states: &[(Place, State)], kept: &[usize], findings: &mut Findings) {
    let mut odometers: HashSet<(Day, Metres)> = HashSet::new();
    let mut batteries: HashSet<(Day, BatteryReading)> = HashSet::new();
    let mut last_fix: Option<(Day, &LocationFix)> = None;
    for i in kept {
        let (place, state) = &states[*i];
        let (day, at) = (state.day(), Some(state.at));
        if let Some(odometer) = state.odometer.filter(|o| odometers.insert((day, *o))) {
            findings.add(day, at, Fact::Odometer(OdometerReading { odometer }), None, place.clone());
        }
        if let Some(battery) = state.battery.clone().filter(|b| batteries.insert((day, b.clone()))) {
            findings.add(day, at, Fact::Battery(battery), None, place.clone());
        }
        if let Some(fix) =
            state.location.as_ref().filter(|fix| !last_fix.is_some_and(|(d, l)| d == day && near(l, fix)))
        {
            findings.add(day, at, Fact::Location(fix.clone()), None, place.clone());
            last_fix = Some((day, fix));
        }
    }
}

fn near(a: &LocationFix, b: &LocationFix) -> bool {
    (a.latitude_e7 - b.latitude_e7).abs() <= NEAR_E7 && (a.longitude_e7 - b.longitude_e7).abs() <= NEAR_E7
}
