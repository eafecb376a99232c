//! `cargo xtask test`: all tests, in three stages, with one table at the end.

mod browser_tests;
mod tally;

use std::process::Command;
use std::time::{Duration, Instant};

use crate::e2e;
use crate::failure::{Failure, Result};
use crate::process::{self, spoken};
use crate::setup;
use crate::workspace::Workspace;
use tally::Tally;

/// A group of tests that needs the same things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Everything that runs natively: unit tests, published vectors, properties.
    Unit,
    /// What needs a browser's interfaces, compiled to WebAssembly.
    Wasm,
    /// Journeys through the whole app.
    E2e,
}

impl Stage {
    const ALL: [Self; 3] = [Self::Unit, Self::Wasm, Self::E2e];

    fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Wasm => "wasm",
            Self::E2e => "e2e",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Unit => "unit, vectors, properties",
            Self::Wasm => "in the browser, WebAssembly",
            Self::E2e => "journeys, end to end",
        }
    }

    /// The commands that run it, once everything they need is there.
    fn commands(self, workspace: &Workspace, filter: &[String]) -> Result<Vec<Command>> {
        match self {
            Self::Unit => Ok(vec![unit(workspace, filter)]),
            Self::Wasm => browser_tests::commands(workspace, filter),
            Self::E2e => Ok(vec![e2e::command(workspace, filter)?]),
        }
    }
}

/// Runs the stages named in `args`, or all; what stands after `--` filters tests by name.
pub fn run(workspace: &Workspace, args: &[String]) -> Result<()> {
    setup::prerequisites()?;
    let split = args.iter().position(|arg| arg == "--").unwrap_or(args.len());
    let filter = args.get(split + 1..).unwrap_or_default();
    let stages = stages(&args[..split])?;
    report(workspace, &stages, filter)
}

/// Runs `stages` one after the other, whatever becomes of each, and prints the table.
pub fn report(workspace: &Workspace, stages: &[Stage], filter: &[String]) -> Result<()> {
    let mut results = Vec::new();
    for stage in stages {
        println!("\n=== {} ===", stage.title());
        let start = Instant::now();
        let tally = run_stage(workspace, *stage, filter);
        results.push((*stage, tally, start.elapsed()));
    }
    let total = results.iter().map(|(_, tally, _)| *tally).sum::<Tally>();
    print_table(&results);
    println!("\n{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 {
        return Ok(());
    }
    Err(Failure::new("Not all tests passed.", "Look for `FAILED` above; `cargo xtask test <stage>` runs one stage."))
}

fn run_stage(workspace: &Workspace, stage: Stage, filter: &[String]) -> Tally {
    let commands = match stage.commands(workspace, filter) {
        Ok(commands) => commands,
        Err(failure) => {
            println!("{failure}");
            return Tally { failed: 1, ..Tally::default() };
        }
    };
    commands.into_iter().map(run_command).sum()
}

fn run_command(mut command: Command) -> Tally {
    let mut tally = Tally::default();
    match process::follow(&mut command, |line| tally.read(line)) {
        Ok(true) => {}
        // It did not compile, or ended half-way: there is no line that says so in numbers.
        Ok(false) => tally.failed = tally.failed.max(1),
        Err(failure) => {
            println!("{failure}");
            tally.failed += 1;
        }
    }
    tally
}

fn stages(names: &[String]) -> Result<Vec<Stage>> {
    if names.is_empty() {
        return Ok(Stage::ALL.to_vec());
    }
    let named = |name: &String| {
        Stage::ALL.into_iter().find(|stage| stage.name() == name).ok_or_else(|| {
            Failure::new(format!("There is no test stage `{name}`."), "The stages are unit, wasm and e2e.")
        })
    };
    names.iter().map(named).collect()
}

/// Everything but the journeys. The app is in it: what it computes needs no browser.
fn unit(workspace: &Workspace, filter: &[String]) -> Command {
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--workspace", "--no-fail-fast", "--exclude", "carnet-e2e", "--"]).args(filter);
    cargo
}

fn print_table(results: &[(Stage, Tally, Duration)]) {
    println!("\n{:<30} {:>7} {:>7} {:>8} {:>14}", "stage", "passed", "failed", "ignored", "time");
    for (stage, tally, time) in results {
        let Tally { passed, failed, ignored } = tally;
        println!("{:<30} {passed:>7} {failed:>7} {ignored:>8} {:>14}", stage.title(), spoken(*time));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn stages_are_all_or_those_named() {
        assert_eq!(stages(&[]).unwrap(), Stage::ALL);
        assert_eq!(stages(&["wasm".into()]).unwrap(), [Stage::Wasm]);
        assert!(stages(&["wsam".into()]).is_err());
    }
}
