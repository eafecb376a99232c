//! HistoVec reports (JSON), as the French registration authority hands them out. Format: `docs/imports.md`.

use crate::{Answers, ImportError, dry_run::Findings};

/// Whether an object with these fields is a report.
pub fn is_report(fields: &[String]) -> bool {
    fields.iter().any(|f| f == "vehicule" || f == "controles_techniques")
}

/// Reads a report.
pub fn read(_text: &str, _answers: &Answers, _findings: &mut Findings) -> Result<(), ImportError> {
    Ok(())
}
