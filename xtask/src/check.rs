//! `cargo xtask check`: what a reviewer should never have to look for.
//!
//! Every step runs, whatever the others say, and the table at the end names those that failed and those that this
//! machine could not do.

mod compiler_lints;
mod dependency_rule;
mod file_sizes;
mod forbidden_words;
mod formatting;
mod inline_text;
mod licences;
mod messages;
mod rust_text;
pub mod size_budget;

use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};
use crate::process::spoken;
use crate::setup;
use crate::workspace::Workspace;

/// What came of a step.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All is as it should be; with remarks that are no failures.
    Passed(Vec<String>),
    /// What is wrong, one line each.
    Failed(Vec<String>),
    /// Why it could not be done here.
    Skipped(String),
}

impl Outcome {
    /// Passed without `faults`, else failed with them.
    pub fn from_faults(faults: Vec<String>) -> Self {
        if faults.is_empty() { Self::Passed(Vec::new()) } else { Self::Failed(faults) }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Passed(_) => "ok",
            Self::Failed(_) => "FAILED",
            Self::Skipped(_) => "skipped",
        }
    }

    fn lines(&self) -> &[String] {
        match self {
            Self::Passed(lines) | Self::Failed(lines) => lines,
            Self::Skipped(why) => std::slice::from_ref(why),
        }
    }
}

struct Step {
    name: &'static str,
    what: &'static str,
    run: fn(&Workspace) -> Result<Outcome>,
}

/// The quick ones first.
const STEPS: [Step; 11] = [
    Step { name: "format", what: "rustfmt", run: formatting::check },
    Step { name: "dependencies", what: "dependency rule", run: dependency_rule::check },
    Step { name: "messages", what: "messages in every language", run: messages::check },
    Step { name: "inline-text", what: "no text literal in a view", run: inline_text::check },
    Step { name: "words", what: "no forbidden word", run: forbidden_words::check },
    Step { name: "files", what: "length of files", run: file_sizes::check },
    Step { name: "licences", what: "licences and sources", run: licences::check },
    Step { name: "advisories", what: "security advisories", run: licences::check_advisories },
    Step { name: "clippy", what: "clippy, native", run: compiler_lints::native },
    Step { name: "clippy-wasm", what: "clippy, WebAssembly", run: compiler_lints::wasm },
    Step { name: "size", what: "size of the app", run: size_budget::check },
];

/// Runs the steps named in `args`, or all.
pub fn run(workspace: &Workspace, args: &[String]) -> Result<()> {
    setup::prerequisites()?;
    if let Some(unknown) = args.iter().find(|arg| STEPS.iter().all(|step| step.name != arg.as_str())) {
        let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        return Err(Failure::new(
            format!("There is no check `{unknown}`."),
            format!("The checks are {}.", names.join(", ")),
        ));
    }
    let chosen = STEPS.iter().filter(|step| args.is_empty() || args.iter().any(|arg| arg == step.name));
    let mut results = Vec::new();
    for step in chosen {
        println!("\n=== {} ===", step.what);
        let start = Instant::now();
        let outcome = (step.run)(workspace)
            .unwrap_or_else(|failure| Outcome::Failed(failure.to_string().lines().map(Into::into).collect()));
        for line in outcome.lines() {
            println!("  {line}");
        }
        println!("  {}", outcome.word());
        results.push((step, outcome, start.elapsed()));
    }
    conclude(&results)
}

fn conclude(results: &[(&Step, Outcome, Duration)]) -> Result<()> {
    println!("\n{:<14} {:<30} {:>8} {:>14}", "check", "what", "", "time");
    for (step, outcome, time) in results {
        println!("{:<14} {:<30} {:>8} {:>14}", step.name, step.what, outcome.word(), spoken(*time));
    }
    let count = |word| results.iter().filter(|(_, outcome, _)| outcome.word() == word).count();
    let (passed, failed, skipped) = (count("ok"), count("FAILED"), count("skipped"));
    println!("\nchecks: {passed} passed, {failed} failed, {skipped} skipped");
    if failed == 0 {
        return Ok(());
    }
    Err(Failure::new("Not all checks passed.", "`cargo xtask check <name>` runs one of them again."))
}
