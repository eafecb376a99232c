//! LubeLogger lists (CSV). Format: `docs/imports.md`.
//!
//! A list says neither its units nor, where the server's language leaves it open, the order of its dates; both are
//! asked. Service, repair and upgrade lists have the same header; the file name tells them apart, or the owner.

mod column;
mod money;
mod row;
mod settle;
mod table;

pub use table::sniff;

use crate::{Answers, Format, ImportError, LubeLoggerKind, Place, dry_run::Findings};
use row::Read;

/// Reads a list.
///
/// # Errors
/// [`ImportError`] when the table as a whole cannot be read.
pub fn read(text: &str, kind: LubeLoggerKind, answers: &Answers, findings: &mut Findings) -> Result<(), ImportError> {
    let table = table::read(text)?;
    let settled = settle::settle(&table, kind, answers, findings);
    findings.format = Format::LubeLogger(settled.kind.unwrap_or(kind));
    for row in &table.rows {
        let place = Place::Line { line: row.line };
        match row::read(&table, row, &settled, findings) {
            Read::Fact { day, fact, note } => findings.add(day, None, *fact, note, place),
            Read::Waits => findings.withheld = findings.withheld.saturating_add(1),
            Read::Skip(reason) => findings.skip(place, reason),
        }
    }
    Ok(())
}
