//! Licences, sources and known faults of everything we depend on, by cargo-deny and `deny.toml`.

use std::process::Command;

use super::Outcome;
use crate::failure::Result;
use crate::process;
use crate::setup;
use crate::workspace::Workspace;

/// What cargo-deny says when it cannot have the database of advisories.
const NO_DATABASE: [&str; 3] = ["failed to fetch", "failed to load advisory database", "unable to"];

/// Licences, bans and sources; needs no network once the dependencies are fetched.
pub fn check(workspace: &Workspace) -> Result<Outcome> {
    let mut deny = deny(workspace)?;
    deny.args(["bans", "licenses", "sources"]);
    let clean = process::follow(&mut deny, |_| {})?;
    let faults = if clean { Vec::new() } else { vec!["the reasons stand above; the rules stand in deny.toml".into()] };
    Ok(Outcome::from_faults(faults))
}

/// Advisories of the RustSec database, which is fetched from its own server.
pub fn check_advisories(workspace: &Workspace) -> Result<Outcome> {
    let mut deny = deny(workspace)?;
    deny.arg("advisories").env("GIT_TERMINAL_PROMPT", "0");
    let output = match deny.output() {
        Ok(output) => output,
        Err(error) => return Ok(Outcome::Failed(vec![format!("cargo-deny did not run: {error}")])),
    };
    if output.status.success() {
        return Ok(Outcome::Passed(Vec::new()));
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if NO_DATABASE.iter().any(|sign| said.contains(sign)) {
        return Ok(Outcome::Skipped(
            "the database of advisories (github.com/rustsec/advisory-db) is out of reach".into(),
        ));
    }
    Ok(Outcome::Failed(said.lines().map(Into::into).collect()))
}

fn deny(workspace: &Workspace) -> Result<Command> {
    let mut command = Command::new(setup::cargo_deny(workspace)?);
    command.current_dir(&workspace.root).args([
        "--workspace",
        "--log-level",
        "error",
        "check",
        "--hide-inclusion-graph",
    ]);
    Ok(command)
}
