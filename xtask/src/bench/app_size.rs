//! The app as it goes over the wire at the first visit.

use super::Figure;
use crate::app_build;
use crate::check::size_budget::{GOAL, visits};
use crate::failure::Result;
use crate::workspace::Workspace;

/// Builds the app and adds up its files, brotli-compressed.
#[allow(clippy::cast_precision_loss)]
pub fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let sums = visits(&app_build::ready(workspace)?)?.sums();
    let wanted = [
        ("first page: page, scripts, WebAssembly, styles (brotli)", Some(GOAL as f64 / 1000.0)),
        ("the same, and reading by a share link", None),
        ("all of the app", None),
    ];
    let figure = |(sum, (what, target)): (usize, (&str, Option<f64>))| Figure {
        what: what.into(),
        value: sum as f64 / 1000.0,
        unit: "KB",
        reference: None,
        target,
    };
    Ok(sums.into_iter().zip(wanted).map(figure).collect())
}
