//! The formatter and the linter of the compiler on PATH.

use std::process::Command;
use std::time::Duration;

use super::{apt, on_path};
use crate::process;
use crate::workspace::Workspace;

/// The longest wait for rustup.
const LIMIT: Duration = Duration::from_secs(240);

/// Which of the two are here.
pub struct Lints {
    /// `cargo fmt` works.
    pub rustfmt: bool,
    /// `cargo clippy` works.
    pub clippy: bool,
}

impl Lints {
    /// Looks for both; asks rustup, or Debian, for what is missing.
    pub fn ready(workspace: &Workspace) -> Self {
        Self { rustfmt: component(workspace, "fmt", "rustfmt"), clippy: component(workspace, "clippy", "clippy") }
    }
}

fn component(workspace: &Workspace, subcommand: &str, component: &str) -> bool {
    let works = || process::capture(workspace.cargo().args([subcommand, "--version"])).is_some();
    if works() {
        return true;
    }
    if on_path("rustup").is_none() {
        let package = format!("rust-web-{component}");
        return apt::is_here() && apt::ensure(workspace, &[&package], "the check needs it").is_ok() && works();
    }
    process::say(format!("rustup component add {component}, because the check needs it"));
    let mut rustup = Command::new("rustup");
    rustup.args(["component", "add", component]).env("RUSTUP_MAX_RETRIES", "1");
    process::run_silently(&mut rustup, "rustup component add", &workspace.log("rustup"), LIMIT).is_ok() && works()
}
