//! `cargo xtask soak`: what takes too long for every change. 200 kills of the release build of the relay under load, and
//! simulated stories by the thousand.

use crate::failure::{Failure, Result};
use crate::process;
use crate::serve::{self, Profile};
use crate::setup;
use crate::workspace::Workspace;

/// Kills of the relay.
const ROUNDS: &str = "200";
/// Stories.
const SEEDS: &str = "5000";

/// Runs both, or the one named in `args`.
pub fn run(workspace: &Workspace, args: &[String]) -> Result<()> {
    setup::prerequisites()?;
    match args {
        [] => {
            kills(workspace)?;
            stories(workspace)
        }
        [one] if one == "kills" => kills(workspace),
        [one] if one == "stories" => stories(workspace),
        _ => Err(Failure::new("There is no such part.", "The parts are kills and stories; without one both run.")),
    }
}

fn kills(workspace: &Workspace) -> Result<()> {
    let server = serve::build_server(workspace, Profile::Release)?;
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--package", "carnet-server", "--test", "kills", "--", "--nocapture"]);
    cargo.env("CARNET_SERVER_BIN", server).env("CARNET_KILL_ROUNDS", ROUNDS);
    done(process::follow(&mut cargo, |_| {})?, "kills")
}

fn stories(workspace: &Workspace) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--release", "--package", "carnet-wallet", "--test", "simulation", "--", "--nocapture"]);
    cargo.env("CARNET_SIMULATION_SEEDS", SEEDS);
    done(process::follow(&mut cargo, |_| {})?, "stories")
}

fn done(passed: bool, part: &str) -> Result<()> {
    if passed {
        return Ok(());
    }
    Err(Failure::new("Something did not hold.", format!("See above; `cargo xtask soak {part}` runs this part alone.")))
}
