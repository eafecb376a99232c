//! The format of all Rust code is that of rustfmt.

use super::Outcome;
use crate::failure::Result;
use crate::process;
use crate::setup::Lints;
use crate::workspace::Workspace;

/// Runs `cargo fmt --check`.
pub fn check(workspace: &Workspace) -> Result<Outcome> {
    if !Lints::ready(workspace).rustfmt {
        return Ok(Outcome::Skipped("rustfmt is not here and could not be fetched".into()));
    }
    let clean = process::follow(workspace.cargo().args(["fmt", "--all", "--check"]), |_| {})?;
    let faults = if clean { Vec::new() } else { vec!["run `cargo fmt --all`".into()] };
    Ok(Outcome::from_faults(faults))
}
