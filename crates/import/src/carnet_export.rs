//! A wallet's export: everything of its cars, one JSON object a line. Format: `docs/formats/export.md`.
//!
//! Written line by line, and read line by line: a broken line costs that line. What counts of a record is the signed
//! payload, byte for byte as its source signed it; the readable payload beside it is for people and other programs and is
//! never read back. Who reads verifies signatures and the hashes of files; nothing here does.

mod line;
mod reader;
mod writer;

pub use reader::{Export, ExportedCar, ExportedFile, ExportedRecord, is_export, parse};
pub use writer::Writer;

use crate::{Answers, Findings, ImportError, Question, limits};
use carnet_protocol::payload::Fact;

/// Puts the records of the one car that is asked for among the findings.
pub(crate) fn read(bytes: &[u8], answers: &Answers, findings: &mut Findings) -> Result<(), ImportError> {
    let export = parse(bytes, |place, reason| findings.skip(place, reason))?;
    let Some(car) = choose(&export, answers) else {
        let options = export.cars.iter().map(ExportedCar::called).take(limits::EXAMPLES_MAX * 4).collect();
        findings.withheld =
            u32::try_from(export.cars.iter().map(|car| car.records.len()).sum::<usize>()).unwrap_or(u32::MAX);
        findings.questions.push(Question::Vehicle { options });
        return Ok(());
    };
    for record in &car.records {
        if let Fact::Identity(identity) = &record.payload.fact {
            findings.identity = Some(identity.clone());
        }
        findings.add_as_it_is(record);
    }
    Ok(())
}

/// The car that the answer names; the only one there is.
pub fn choose<'a>(export: &'a Export, answers: &Answers) -> Option<&'a ExportedCar> {
    match export.cars.as_slice() {
        [only] => Some(only),
        cars => cars.iter().find(|car| answers.vin.as_ref().is_some_and(|vin| car.is_called(vin))),
    }
}
