//! Tesla `vehicle_data` (JSON). Format: `docs/imports.md`.

use crate::{Answers, ImportError, dry_run::Findings};

/// Whether an object with these fields is a sample.
pub fn is_vehicle_data(_fields: &[String]) -> bool {
    false
}

/// Reads samples.
pub fn read(_text: &str, _answers: &Answers, _findings: &mut Findings) -> Result<(), ImportError> {
    Ok(())
}
