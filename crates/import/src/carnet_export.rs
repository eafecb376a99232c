//! A wallet's export: everything of its cars, one JSON object a line. Format: `docs/formats/export.md`.
//!
//! Written line by line, and read line by line: a broken line costs that line. What counts of a record is the signed
//! payload, byte for byte as its source signed it; the readable payload beside it is for people and other programs and is
//! never read back. Who reads verifies signatures and the hashes of files; nothing here does.

mod line;
mod reader;
mod standing;
mod writer;

pub use reader::{Export, ExportedCar, ExportedFile, ExportedRecord, is_export, parse};
pub use standing::{ExportedStanding, brought};
pub use writer::Writer;

use crate::{Answers, Findings, ImportError, ImportNote, Question, limits};
use carnet_protocol::payload::Fact;
use std::collections::HashSet;

/// Puts the records of the one car that is asked for among the findings.
pub(crate) fn read(bytes: &[u8], answers: &Answers, findings: &mut Findings) -> Result<(), ImportError> {
    let export = parse(bytes, |place, reason| findings.skip(place, reason))?;
    let Some(car) = choose(&export, answers) else {
        let records = export.cars.iter().map(|car| car.records.len()).sum::<usize>();
        findings.withheld = u32::try_from(records).unwrap_or(u32::MAX);
        let options = names(&export).into_iter().take(limits::CARS_MAX).collect();
        findings.questions.push(Question::Vehicle { options });
        return Ok(());
    };
    if let [only] = export.cars.as_slice()
        && let (Some(own), Some(vin)) = (&answers.vin, only.vin())
        && !own.eq_ignore_ascii_case(&vin)
    {
        return Err(ImportError::WrongVehicle { vin });
    }
    let others = car.records.iter().filter(|record| record.signed.key != car.owner).count();
    findings.notes.push(ImportNote::SignedAnew { others: u32::try_from(others).unwrap_or(u32::MAX) });
    for record in &car.records {
        if let Fact::Identity(identity) = &record.payload.fact {
            findings.identity = Some(identity.clone());
        }
        findings.add_as_it_is(record, brought(record, record.signed.key == car.owner, None));
    }
    Ok(())
}

/// The car that the answer names; the only one there is.
pub fn choose<'a>(export: &'a Export, answers: &Answers) -> Option<&'a ExportedCar> {
    match export.cars.as_slice() {
        [only] => Some(only),
        cars => {
            let answer = answers.vin.as_ref()?;
            let named = names(export).into_iter().zip(cars);
            named.into_iter().find_map(|(name, car)| name.eq_ignore_ascii_case(answer).then_some(car))
        }
    }
}

/// What each car is called, no two the same: its latest VIN, else its name, and its place where another has that already.
fn names(export: &Export) -> Vec<String> {
    let mut taken = HashSet::new();
    let named = export.cars.iter().zip(1_usize..).map(|(car, place)| {
        let name = car.vin().unwrap_or_else(|| car.name.clone());
        if taken.insert(name.to_ascii_lowercase()) { name } else { format!("{name} ({place})") }
    });
    named.collect()
}
