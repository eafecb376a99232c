//! LubeLogger lists (CSV). Format: `docs/imports.md`.

use crate::{Answers, ImportError, LubeLoggerKind, dry_run::Findings};

/// Which list a table is.
pub fn sniff(_name: &str, _text: &str) -> Result<LubeLoggerKind, ImportError> {
    Err(ImportError::UnknownFormat { seen: Vec::new() })
}

/// Reads a list.
pub fn read(
    _text: &str,
    _kind: LubeLoggerKind,
    _answers: &Answers,
    _findings: &mut Findings,
) -> Result<(), ImportError> {
    Ok(())
}
