//! `cargo xtask`: the one tool of the project.
//!
//! Every command brings its own set-up: it looks for what it needs, says what it installs and why, and can be run
//! again at any time. It refuses to change anything outside the project folder except through the package manager
//! of the machine (`rustup`, `apt-get`), which it announces.

mod app_build;
mod bench;
mod check;
mod dev;
mod e2e;
mod failure;
mod layers;
mod process;
mod serve;
mod setup;
mod soak;
mod test;
mod workspace;

use std::process::ExitCode;

use failure::{Failure, Result};
use workspace::Workspace;

const USAGE: &str = "\
cargo xtask <command>

  serve [--port N]             install what is missing, build, start the relay with the app on one port
  dev [--port N]               the same without optimisation, rebuilt on every change
  test [unit|wasm|e2e]...      run the tests, all stages or the named ones; words after -- filter by test name
  e2e [filter]                 only the journeys in a real browser
  check [step]...              format, lints, licences, dependency rule, sizes, messages; all steps or the named ones
  bench [name]...              measure, print a table, write bench.json into the target folder
  soak [kills|stories]         200 kills of the release relay under load; simulated stories by the thousand
  build                        only build the app into dist/

Environment:
  CARNET_TOOLS                 where build tools are kept (default: .carnet/tools in the project)
  CARNET_WASM                  `debian` takes Debian's Rust for WebAssembly, even where rustup could serve
  CHROMIUM, CHROMEDRIVER       the browser and its driver, when they are not on PATH";

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: Vec<String>) -> Result<()> {
    let workspace = Workspace::here()?;
    let Some((command, rest)) = args.split_first() else {
        println!("{USAGE}");
        return Ok(());
    };
    match command.as_str() {
        "serve" => serve::run(&workspace, rest),
        "dev" => dev::run(&workspace, rest),
        "test" => test::run(&workspace, rest),
        "e2e" => e2e::run(&workspace, rest),
        "check" => check::run(&workspace, rest),
        "bench" => bench::run(&workspace, rest),
        "soak" => soak::run(&workspace, rest),
        "build" => app_build::run(&workspace),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(Failure::new(format!("There is no command `{other}`."), "Run `cargo xtask help` for the list.")),
    }
}
