//! Clippy with warnings denied, for both targets: code behind `cfg(target_arch)` is seen by only one of them.

use super::Outcome;
use crate::failure::Result;
use crate::layers;
use crate::process;
use crate::setup::{Lints, WASM_TARGET, WasmToolchain};
use crate::workspace::Workspace;

/// The whole workspace natively, tests and all, except what only a browser runs.
pub fn native(workspace: &Workspace) -> Result<Outcome> {
    if !Lints::ready(workspace).clippy {
        return Ok(Outcome::Skipped("clippy is not here and could not be fetched".into()));
    }
    let mut cargo = workspace.cargo();
    cargo.args(["clippy", "--workspace", "--all-targets"]);
    for member in workspace.members()?.iter().filter(|member| layers::is_browser_only(&member.name)) {
        cargo.args(["--exclude", &member.name]);
    }
    cargo.args(["--", "-D", "warnings"]);
    outcome(process::follow(&mut cargo, |_| {})?)
}

/// The app and all that has to build for the browser; then the app in parts and as the benchmarks build it.
pub fn wasm(workspace: &Workspace) -> Result<Outcome> {
    let toolchain = WasmToolchain::ready(workspace)?;
    if toolchain == WasmToolchain::OnPath && !Lints::ready(workspace).clippy {
        return Ok(Outcome::Skipped("clippy is not here and could not be fetched".into()));
    }
    let mut all = toolchain.clippy(workspace)?;
    for member in workspace.members()?.iter().filter(|member| layers::builds_for_wasm(&member.name)) {
        all.args(["--package", &member.name]);
    }
    let mut measured = toolchain.clippy(workspace)?;
    measured.args(["--package", "carnet-app", "--features", "bench,parts"]);
    let mut clean = true;
    for mut cargo in [all, measured] {
        cargo.args(["--profile", "wasm-dev", "--target", WASM_TARGET, "--lib", "--bins", "--", "-D", "warnings"]);
        clean &= process::follow(&mut cargo, |_| {})?;
    }
    outcome(clean)
}

fn outcome(clean: bool) -> Result<Outcome> {
    let faults = if clean { Vec::new() } else { vec!["the lints stand above".into()] };
    Ok(Outcome::from_faults(faults))
}
