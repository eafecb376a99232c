//! Which samples say something new. A logger that asks every minute makes half a million samples a year; a passport
//! wants what they say, not how often it was said.

use super::state::State;
use crate::Place;
use core::ops::Range;
use std::collections::BTreeSet;

/// Samples of one day that are kept without looking closer.
const DAY_KEPT: usize = 24;

/// Positions of the samples to make records of, ascending: of a trip its ends; of a day with many samples the first,
/// the last, and those with the lowest and highest charge; and always both sides of an odometer that went back.
pub fn kept(states: &[(Place, State)], trips: &[Range<usize>]) -> Vec<usize> {
    let mut kept = BTreeSet::new();
    let mut candidates: Vec<usize> = Vec::new();
    let mut trips = trips.iter().peekable();
    for i in 0..states.len() {
        while trips.next_if(|trip| trip.end <= i).is_some() {}
        let inside = trips.peek().is_some_and(|trip| trip.start < i && i + 1 < trip.end);
        if !inside {
            candidates.push(i);
        }
    }
    for day in candidates.chunk_by(|a, b| states[*a].1.day() == states[*b].1.day()) {
        if day.len() <= DAY_KEPT {
            kept.extend(day);
            continue;
        }
        let charge = |i: &&usize| states[**i].1.battery.as_ref().map(|b| b.charge);
        let with_charge = || day.iter().filter(|i| charge(i).is_some());
        kept.extend(day.first());
        kept.extend(day.last());
        kept.extend(with_charge().min_by_key(charge));
        kept.extend(with_charge().max_by_key(charge));
        kept.extend(day.iter().rev().find(|i| states[**i].1.odometer.is_some()));
    }
    keep_decreases(states, &mut kept);
    kept.into_iter().collect()
}

fn keep_decreases(states: &[(Place, State)], kept: &mut BTreeSet<usize>) {
    let mut last: Option<usize> = None;
    for (i, (_, state)) in states.iter().enumerate() {
        if state.odometer.is_none() {
            continue;
        }
        if let Some(before) = last.filter(|before| states[*before].1.odometer > state.odometer) {
            kept.extend([before, i]);
        }
        last = Some(i);
    }
}
