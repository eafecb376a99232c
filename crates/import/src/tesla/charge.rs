//! Charges: one record each, of its last sample.

use super::state::State;
use crate::{Place, dry_run::Findings};
use carnet_protocol::payload::{ChargeReading, Fact};

/// Samples further apart than this belong to different charges, in milliseconds.
const PAUSE_MS: u64 = 12 * 60 * 60 * 1_000;

/// Positions of the last sample of each charge.
pub fn ends(states: &[(Place, State)]) -> Vec<usize> {
    let plugged: Vec<(usize, &State, &ChargeReading)> =
        states.iter().enumerate().filter_map(|(i, (_, s))| s.charge.as_ref().map(|c| (i, s, c))).collect();
    let mut ends = Vec::new();
    for (n, (i, state, charge)) in plugged.iter().enumerate() {
        let same = plugged.get(n + 1).is_some_and(|(next_i, next_state, next)| {
            let unplugged = states[i + 1..*next_i].iter().any(|(_, between)| between.driving);
            !unplugged && next_state.at.0 - state.at.0 <= PAUSE_MS && next.added >= charge.added
        });
        if !same {
            ends.push(*i);
        }
    }
    ends
}

/// A record for each charge.
pub fn add(states: &[(Place, State)], ends: &[usize], findings: &mut Findings) {
    for end in ends {
        let (place, state) = &states[*end];
        if let Some(charge) = &state.charge {
            findings.add(state.day(), Some(state.at), Fact::Charge(charge.clone()), None, place.clone());
        }
    }
}
