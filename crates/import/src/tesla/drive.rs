//! Trips: consecutive samples with a gear in.

use super::state::State;
use crate::{Place, dry_run::Findings};
use carnet_protocol::{
    payload::{DrivingSegment, Fact},
    quantity::Metres,
};
use core::ops::Range;

/// Samples further apart than this belong to different trips, in milliseconds.
const PAUSE_MS: u64 = 15 * 60 * 1_000;

/// The trips: ranges of at least two samples, in order.
pub fn trips(states: &[(Place, State)]) -> Vec<Range<usize>> {
    let mut trips = Vec::new();
    let mut start = 0;
    for i in 0..=states.len() {
        let goes_on =
            i > start && states.get(i).is_some_and(|(_, s)| s.driving && s.at.0 - states[i - 1].1.at.0 <= PAUSE_MS);
        let begins = states.get(i).is_some_and(|(_, s)| s.driving);
        if goes_on && states[start].1.driving {
            continue;
        }
        if i - start >= 2 && states[start].1.driving {
            trips.push(start..i);
        }
        start = if begins { i } else { i + 1 };
    }
    trips
}

/// A record for each trip.
pub fn add(states: &[(Place, State)], trips: &[Range<usize>], findings: &mut Findings) {
    for trip in trips {
        let states = &states[trip.clone()];
        let Some((place, first)) = states.first() else { continue };
        let fact = Fact::Driving(segment(first, states));
        findings.add(first.day(), Some(first.at), fact, None, place.clone());
    }
}

fn segment(first: &State, states: &[(Place, State)]) -> DrivingSegment {
    let states = || states.iter().map(|(_, state)| state);
    // A sample without odometer stands where the last one stood; the first ones, where the first known one will.
    let mut odometer = states().find_map(|s| s.odometer).unwrap_or(Metres(0));
    let odometers = states().map(|s| {
        odometer = s.odometer.unwrap_or(odometer);
        i64::try_from(odometer.0).unwrap_or(i64::MAX)
    });
    DrivingSegment {
        start: first.at,
        odometer_m: differences(odometers),
        time_ms: differences(states().map(|s| i64::try_from(s.at.0 - first.at.0).unwrap_or(i64::MAX))),
        speed_m_per_h: differences(states().map(|s| s.speed_m_per_h.unwrap_or(0))),
        power_w: differences(states().map(|s| s.power_w.unwrap_or(0))),
    }
}

fn differences(values: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut last = 0_i64;
    values
        .map(|value| {
            let difference = value.saturating_sub(last);
            last = value;
            difference
        })
        .collect()
}
