//! How soon the app answers, beside the least that Leptos can do.

use super::Figure;
use super::example::{drive, number};
use crate::app_build;
use crate::failure::Result;
use crate::workspace::Workspace;

/// How many times a bare counter's time the shell may take.
const TIMES_COUNTER: f64 = 3.0;

/// The app and a bare counter, cold and warm, from the same server and in turn.
pub fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let counter = workspace.target.join("bench/counter");
    app_build::build_page(workspace, &workspace.root.join("tests/bench/counter/index.html"), &counter)?;
    let printed = drive(workspace, "start", &[("CARNET_COUNTER_DIR", &counter)])?;
    let mut figures = Vec::new();
    for temperature in ["cold", "warm"] {
        let bare = number(&printed, &format!("/counter/{temperature}_ms"))?;
        for (part, name, target) in
            [("shell", "shell answers", Some(TIMES_COUNTER * bare)), ("first_screen", "first screen answers", None)]
        {
            figures.push(Figure {
                what: format!("{name}, {temperature}"),
                value: number(&printed, &format!("/{part}/{temperature}_ms"))?,
                unit: "ms",
                reference: Some(("bare counter".into(), bare)),
                target,
            });
        }
    }
    Ok(figures)
}
