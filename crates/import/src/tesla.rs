//! Tesla `vehicle_data` (JSON): one object, an array, or newline-delimited objects. Format: `docs/imports.md`.
//!
//! Distances and speeds are in miles whatever the car displays. What the car did not know is null, `"<invalid>"` or
//! left out. A log of many samples becomes few records: what the car said when it stood, one record per charge, one
//! per trip.

mod charge;
mod condense;
mod drive;
mod facts;
mod identity;
mod read;
mod sample;
mod state;

use crate::{Answers, ImportError, ImportNote, Question, SkipReason, dry_run::Findings, text};
use carnet_passport::vin;
use read::Numbered;
use state::State;

/// Blocks of which a sample has at least one, and fields of a sleeping car.
const FIELDS: [&str; 8] = [
    "charge_state",
    "drive_state",
    "vehicle_state",
    "vehicle_config",
    "climate_state",
    "gui_settings",
    "vehicle_id",
    "option_codes",
];

/// Whether an object with these fields is a sample.
pub fn is_vehicle_data(fields: &[String]) -> bool {
    fields.iter().any(|field| FIELDS.contains(&field.as_str()))
}

/// Reads samples.
///
/// # Errors
/// [`ImportError::BrokenJson`], [`ImportError::TooManyRows`], [`ImportError::WrongVehicle`].
pub fn read(text: &str, answers: &Answers, findings: &mut Findings) -> Result<(), ImportError> {
    let numbered = read::samples(text, findings)?;
    let vins = identity::vins(&numbered, findings);
    let wanted = answers.vin.as_deref().map(str::trim).filter(|vin| !vin.is_empty());
    if wanted.is_none() && vins.len() > 1 {
        findings.withheld = text::number(numbered.len());
        findings.questions.push(Question::Vehicle { options: vins });
        return Ok(());
    }
    let mut states = Vec::new();
    for Numbered { place, sample } in numbered {
        let other = |vin: &String| wanted.is_some_and(|wanted| !vin::may_be_same(wanted, vin));
        if let Some(vin) = identity::vin(&sample).filter(other) {
            findings.skip(place, SkipReason::OtherVehicle { vin });
            continue;
        }
        match State::of(&sample) {
            Ok(state) => states.push((place, state)),
            Err(reason) => findings.skip(place, reason),
        }
    }
    if let (true, Some(vin)) =
        (states.is_empty(), vins.into_iter().find(|vin| wanted.is_some_and(|w| !vin::may_be_same(w, vin))))
    {
        return Err(ImportError::WrongVehicle { vin });
    }
    // Time orders samples, not the file; of the same time, what they say does, so that the file's order has no part.
    states.sort_by_cached_key(|(_, state)| state.order());
    let read = states.len();
    let trips = drive::trips(&states);
    let charges = charge::ends(&states);
    let kept = condense::kept(&states, &trips);
    if kept.len() < read {
        findings.notes.push(ImportNote::Condensed { samples: text::number(read), kept: text::number(kept.len()) });
    }
    identity::add(&states, findings);
    facts::add(&states, &kept, findings);
    charge::add(&states, &charges, findings);
    drive::add(&states, &trips, findings);
    Ok(())
}
