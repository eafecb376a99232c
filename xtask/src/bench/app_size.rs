//! The app as it goes over the wire at the first visit.

use super::Figure;
use crate::app_build;
use crate::check::size_budget::{GOAL, visits};
use crate::failure::Result;
use crate::workspace::Workspace;

/// Builds the app and adds up its files, brotli-compressed.
#[allow(clippy::cast_precision_loss)]
pub fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let visits = visits(&app_build::ready(workspace)?)?;
    let mut sum = 0;
    let mut figures = Vec::new();
    for (what, files, target) in [
        ("first page: page, scripts, WebAssembly, styles (brotli)", visits.first, Some(GOAL as f64 / 1000.0)),
        ("the same, and reading by a share link", visits.by_link, None),
        ("all of the app", visits.rest, None),
    ] {
        sum += files.iter().map(|file| file.bytes).sum::<usize>();
        figures.push(Figure { what: what.into(), value: sum as f64 / 1000.0, unit: "KB", reference: None, target });
    }
    Ok(figures)
}
