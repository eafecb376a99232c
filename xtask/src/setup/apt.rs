//! Packages of Debian and its descendants.

use std::env;
use std::io::{self, IsTerminal};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;

/// Longest time for one run of the package manager; a browser is 100 MB.
const LIMIT: Duration = Duration::from_secs(20 * 60);

/// Whether this machine has Debian's package manager.
pub fn is_here() -> bool {
    super::on_path("apt-get").is_some()
}

/// Makes sure that `packages` are installed; `why` completes "because ...".
pub fn ensure(workspace: &Workspace, packages: &[&str], why: &str) -> Result<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !is_here() {
        return Err(Failure::new(
            format!("Missing on this machine: {list} ({why})."),
            "Install the equivalent packages of your system and try again.",
        ));
    }
    process::say(format!("installing with apt-get, because {why}: {list}"));
    refresh_once(workspace)?;
    let mut command = apt_get();
    command.args(["install", "--yes", "--no-install-recommends"]).args(&missing);
    process::run_silently(&mut command, "apt-get install", &workspace.log("apt-install"), LIMIT).map_err(|failure| {
        Failure::new(
            format!("These packages could not be installed: {list} ({why})."),
            format!("{failure}\nInstall them by hand (`apt-get install {list}` as root) and try again."),
        )
    })
}

fn is_installed(package: &str) -> bool {
    let mut query = Command::new("dpkg-query");
    query.args(["--show", "--showformat=${db:Status-Status}", package]);
    process::capture(&mut query).is_some_and(|status| status == "installed")
}

/// Refreshes the package lists; once per run, as it takes seconds. Old lists may still serve, so failing is no end.
fn refresh_once(workspace: &Workspace) -> Result<()> {
    static DONE: OnceLock<()> = OnceLock::new();
    if DONE.set(()).is_err() {
        return Ok(());
    }
    let mut command = apt_get();
    command.arg("update");
    if let Err(failure) = process::run_silently(&mut command, "apt-get update", &workspace.log("apt-update"), LIMIT) {
        process::say(format!("{} Going on with the package lists that are here.", failure.what()));
    }
    Ok(())
}

fn apt_get() -> Command {
    let mut command = if is_root() || super::on_path("sudo").is_none() {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        // Without a terminal nobody can type a password; better to fail than to hang.
        if !io::stdin().is_terminal() {
            sudo.arg("--non-interactive");
        }
        sudo.arg("apt-get");
        sudo
    };
    command.env("DEBIAN_FRONTEND", "noninteractive").args(["-o", "DPkg::Lock::Timeout=300"]);
    command
}

fn is_root() -> bool {
    process::capture(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
        || env::var_os("USER").is_some_and(|user| user == "root")
}
