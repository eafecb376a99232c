//! `cargo xtask e2e`: the journeys of people through the app, in a real browser against a real relay.

use std::env;
use std::process::Command;

use crate::app_build;
use crate::failure::Result;
use crate::serve::{self, Profile};
use crate::setup::{self, Browser};
use crate::test;
use crate::workspace::Workspace;

/// Builds what the journeys need and runs those whose name contains one of `args`.
pub fn run(workspace: &Workspace, args: &[String]) -> Result<()> {
    setup::prerequisites()?;
    test::report(workspace, &[test::Stage::E2e], args)
}

/// The run of all journeys: `cargo test` with everything they ask for in the environment.
pub fn command(workspace: &Workspace, filter: &[String]) -> Result<Command> {
    let browser = Browser::ready(workspace)?;
    let dist = app_build::ready(workspace)?;
    let server = serve::build_server(workspace, Profile::Development)?;
    let screenshots = workspace.root.join("screenshots");
    let mut cargo = workspace.cargo();
    cargo
        .args(["test", "--package", "carnet-e2e", "--no-fail-fast", "--"])
        .args(filter)
        .env("CARNET_APP_DIR", dist)
        .env("CARNET_SERVER_BIN", server)
        // A folder of the caller's choice, or one that git ignores.
        .env("CARNET_SCREENSHOTS", env::var_os("CARNET_SCREENSHOTS").unwrap_or(screenshots.into()))
        .env("CHROMIUM", &browser.chromium)
        .env("CHROMEDRIVER", &browser.chromedriver);
    Ok(cargo)
}
