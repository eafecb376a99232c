//! `cargo xtask bench`: figures, each beside its reference from the same run, as a table and as JSON.

mod app_size;
mod example;
mod figure;
mod ledger;
mod passport;
mod relay;
mod start;

use std::time::Instant;

use serde_json::{Value, json};

use crate::failure::{Failure, Result};
use crate::process::{say, spoken};
use crate::setup;
use crate::workspace::{self, Workspace};
use figure::Figure;

/// A measurement: its name on the command line, and how its figures come about.
///
/// What a measurement needs it builds itself (`app_build::ready`, `serve::build_server`, `Browser::ready`); it returns
/// figures it measured in this run, or fails.
struct Measurement {
    name: &'static str,
    what: &'static str,
    run: fn(&Workspace) -> Result<Vec<Figure>>,
}

const MEASUREMENTS: [Measurement; 5] = [
    Measurement { name: "passport", what: "cars of 100 to 10,000 records in a browser", run: passport::measure },
    Measurement { name: "start", what: "the app's start beside a bare counter's", run: start::measure },
    Measurement { name: "app-size", what: "the app over the wire", run: app_size::measure },
    Measurement { name: "ledger", what: "the embedded ledger", run: ledger::measure },
    Measurement { name: "relay", what: "the relay under load", run: relay::measure },
];

/// Runs the measurements named in `args`, or all.
pub fn run(workspace: &Workspace, args: &[String]) -> Result<()> {
    setup::prerequisites()?;
    let names: Vec<_> = MEASUREMENTS.iter().map(|one| one.name).collect();
    if let Some(unknown) = args.iter().find(|arg| !names.contains(&arg.as_str())) {
        return Err(Failure::new(
            format!("There is no measurement `{unknown}`."),
            format!("The measurements are {}.", names.join(", ")),
        ));
    }
    let mut figures = Vec::new();
    for measurement in MEASUREMENTS.iter().filter(|one| args.is_empty() || args.iter().any(|arg| arg == one.name)) {
        println!("\n=== {} ===", measurement.what);
        let start = Instant::now();
        let found = (measurement.run)(workspace)?;
        say(format!("measured in {}", spoken(start.elapsed())));
        // What was measured stands here whatever becomes of the next.
        println!("\n{}", figure::table(&found));
        figures.extend(found);
    }
    let path = workspace.target.join("bench.json");
    let list: Vec<Value> = figures.iter().map(Figure::json).collect();
    workspace::write(&path, json!({ "figures": list }).to_string())?;
    say(format!("written to {}", path.display()));
    match figures.iter().filter(|figure| !figure.meets_target()).count() {
        0 => Ok(()),
        missed => Err(Failure::new(format!("{missed} figures miss their target."), "They are marked in the table.")),
    }
}
