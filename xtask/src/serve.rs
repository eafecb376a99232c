//! `cargo xtask serve`: everything from nothing to an app that runs.

mod node;
mod relay;

use std::path::Path;

use crate::app_build;
use crate::failure::{Failure, Result};
use crate::process::{self, say};
use crate::setup;
use crate::workspace::Workspace;

pub use relay::{Relay, free_port};

/// Where the app is served unless told otherwise.
const PORT: u16 = 8787;

/// Sets up, builds, starts the relay, and stays until it ends.
pub fn run(workspace: &Workspace, args: &[String]) -> Result<()> {
    let wanted = port(args)?;
    setup::prerequisites()?;
    let dist = app_build::ready(workspace)?;
    let relay = build_server(workspace, Profile::Release)?;
    let mut relay = start(workspace, &relay, &dist, wanted)?;
    greet(relay.url());
    relay.wait()
}

/// How the server is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// As it is run.
    Release,
    /// As it is tested: compiled fast, with overflow checks.
    Development,
}

/// Compiles the server and the cosigners that run beside it; returns the server's program.
pub fn build_server(workspace: &Workspace, profile: Profile) -> Result<std::path::PathBuf> {
    say("compiling the relay");
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--package", "carnet-server", "--bin", "carnet-server"]);
    cargo.args(["--package", "carnet-node", "--bin", "carnet-node"]);
    let folder = match profile {
        Profile::Release => {
            cargo.arg("--release");
            "release"
        }
        Profile::Development => "debug",
    };
    process::run(&mut cargo, "Compiling the relay")?;
    Ok(workspace.target.join(folder).join("carnet-server"))
}

/// Starts the demo consortium: three cosigners, each a program of its own beside `program`, and the relay on `wanted`, or on a free port when that one is taken.
pub fn start(workspace: &Workspace, program: &Path, dist: &Path, wanted: u16) -> Result<Relay> {
    let port = free_port(wanted)?;
    if port != wanted {
        say(format!("port {wanted} is taken by another program; using {port}"));
    }
    Relay::start(workspace, program, dist, port)
}

/// The port asked for by `--port N`.
pub fn port(args: &[String]) -> Result<u16> {
    let advice = "Use `--port N` with N from 1 to 65535, or nothing.";
    match args {
        [] => Ok(PORT),
        [flag, value] if flag == "--port" => value
            .parse()
            .ok()
            .filter(|port| *port > 0)
            .ok_or_else(|| Failure::new(format!("`{value}` is not a port."), advice)),
        other => Err(Failure::new(format!("`{}` was not understood.", other.join(" ")), advice)),
    }
}

fn greet(url: &str) {
    println!(
        "
Carnet runs at  {url}

  Owner    create a wallet, then \"try with a sample car\" and look at its passport
  Buyer    share that car by a link and open the link in a private window
  Insurer  open {url}/desk in another browser profile and accept a grant

Ctrl-C stops it. Data stays in .carnet/data; delete that folder to begin anew.
"
    );
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(Into::into).collect()
    }

    #[test]
    fn the_port_is_the_usual_one_or_the_one_named() {
        assert_eq!(port(&[]).unwrap(), PORT);
        assert_eq!(port(&words("--port 9000")).unwrap(), 9000);
        for wrong in ["--port 0", "--port x", "--port 70000", "--prot 1", "--port"] {
            assert!(port(&words(wrong)).is_err(), "{wrong}");
        }
    }
}
