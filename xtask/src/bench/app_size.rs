//! The app as it goes over the wire at the first visit.

use super::Figure;
use crate::app_build;
use crate::check::size_budget::{GOAL, first_visit};
use crate::failure::Result;
use crate::workspace::Workspace;

/// Builds the app and adds up its files, brotli-compressed.
#[allow(clippy::cast_precision_loss)]
pub fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let dist = app_build::ready(workspace)?;
    let bytes: usize = first_visit(&dist)?.iter().map(|file| file.bytes).sum();
    Ok(vec![Figure {
        what: "page, scripts, WebAssembly, styles (brotli)".into(),
        value: bytes as f64 / 1000.0,
        unit: "KB",
        reference: None,
        target: Some(GOAL as f64 / 1000.0),
    }])
}
