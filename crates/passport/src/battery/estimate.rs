//! Figures computed from several readings. Medians, so that a few odd readings change nothing; integers only.

use super::{BatteryPoint, Estimate, Health, HealthMethod};
use crate::opened::OpenedRecord;
use carnet_protocol::{
    day::Day,
    payload::Fact,
    quantity::{Metres, WattHours},
};

/// Readings of which the median is taken at each end of the series.
const WINDOW: usize = 10;

/// Readings that a ratio of the two ends needs.
const RATIO_READINGS_MIN: usize = 6;

/// Days that must lie between the two ends of a ratio: a season more or less would be read as wear.
const RATIO_DAYS_MIN: u16 = 180;

/// Rated range that a charge must have added for its energy to count: below 30 km the rounding of the range is more
/// than a percent or two.
const ADDED_RANGE_MIN_M: u64 = 30_000;

/// The range at full charge by the latest readings.
pub fn range_at_full(points: &[BatteryPoint]) -> Option<Estimate<Metres>> {
    let known = with_range(points);
    window_median(&known[known.len().saturating_sub(WINDOW)..]).map(|e| e.map(Metres))
}

/// Usable capacity: range at full charge times the energy per rated metre that charges needed.
pub fn capacity(range: Option<&Estimate<Metres>>, records: &[OpenedRecord]) -> Option<Estimate<WattHours>> {
    let range = range?;
    // Watt-hours per 1,000 km of rated range.
    let mut rates: Vec<(Day, u64)> = records
        .iter()
        .filter_map(|record| {
            let Fact::Charge(charge) = &record.payload.fact else { return None };
            let (added, metres) = (charge.added?.0, charge.rated_range_added?.0);
            let rate = (metres >= ADDED_RANGE_MIN_M && added > 0)
                .then(|| u128::from(added) * 1_000_000 / u128::from(metres))?;
            Some((record.day, u64::try_from(rate).ok()?))
        })
        .collect();
    rates.sort_unstable();
    let rate = window_median(&rates)?;
    let wh = u128::from(range.value.0) * u128::from(rate.value) / 1_000_000;
    Some(Estimate {
        value: WattHours(u64::try_from(wh).ok()?),
        readings: range.readings.saturating_add(rate.readings),
        first: range.first.min(rate.first),
        last: range.last.max(rate.last),
    })
}

/// Health: the latest that a source gave, else the ratio of the latest range at full charge to the first.
pub fn health(points: &[BatteryPoint]) -> Option<Health> {
    if let Some((point, percent)) = points.iter().rev().find_map(|p| p.health.map(|h| (p, h))) {
        let per_mille =
            Estimate { value: u16::from(percent.value()) * 10, readings: 1, first: point.day, last: point.day };
        return Some(Health { per_mille, method: HealthMethod::Source });
    }
    let known = with_range(points);
    if known.len() < RATIO_READINGS_MIN {
        return None;
    }
    let width = WINDOW.min(known.len() / 2);
    let first = window_median(&known[..width])?;
    let last = window_median(&known[known.len() - width..])?;
    if last.last.0 - first.first.0 < RATIO_DAYS_MIN || first.value == 0 {
        return None;
    }
    let value = u16::try_from(u128::from(last.value) * 1_000 / u128::from(first.value)).ok()?;
    let per_mille = Estimate { value, readings: first.readings + last.readings, first: first.first, last: last.last };
    Some(Health { per_mille, method: HealthMethod::RangeRatio })
}

fn with_range(points: &[BatteryPoint]) -> Vec<(Day, u64)> {
    points.iter().filter_map(|p| p.range_at_full.map(|range| (p.day, range.0))).collect()
}

/// The median of values that stand in the order of their days.
fn window_median(window: &[(Day, u64)]) -> Option<Estimate<u64>> {
    let (first, last) = (window.first()?.0, window.last()?.0);
    let mut values: Vec<u64> = window.iter().map(|(_, value)| *value).collect();
    values.sort_unstable();
    Some(Estimate {
        value: values[values.len() / 2],
        readings: u32::try_from(values.len()).unwrap_or(u32::MAX),
        first,
        last,
    })
}

impl<T> Estimate<T> {
    fn map<U>(self, f: impl FnOnce(T) -> U) -> Estimate<U> {
        Estimate { value: f(self.value), readings: self.readings, first: self.first, last: self.last }
    }
}
