//! Measurements that are programs of their own: built for release, run, and read from the JSON they print.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::app_build;
use crate::failure::{Failure, Result};
use crate::process;
use crate::serve::{self, Profile};
use crate::setup::Browser;
use crate::workspace::Workspace;

/// Runs an example of a package and gives the JSON of its last line.
pub fn run(workspace: &Workspace, package: &str, example: &str, arguments: &[&str]) -> Result<Value> {
    let mut command = workspace.cargo();
    command.args(["run", "--quiet", "--release", "--locked", "--package", package, "--example", example, "--"]);
    command.args(arguments);
    last_line(&mut command, example)
}

/// Runs the driver of a browser, with the app built for measuring, the relay as it is run, and folders by the names
/// under which the driver looks for them. The driver itself measures nothing and need not be fast.
pub fn drive(workspace: &Workspace, part: &str, folders: &[(&str, &Path)]) -> Result<Value> {
    let browser = Browser::ready(workspace)?;
    let app = app_build::ready_for_bench(workspace)?;
    let server = serve::build_server(workspace, Profile::Release)?;
    let mut command = workspace.cargo();
    command.args(["run", "--quiet", "--locked", "--package", "carnet-e2e", "--example", "browser_bench", "--", part]);
    command
        .env("CARNET_APP_DIR", app)
        .env("CARNET_SERVER_BIN", server)
        .env("CHROMIUM", &browser.chromium)
        .env("CHROMEDRIVER", &browser.chromedriver)
        .envs(folders.iter().copied());
    last_line(&mut command, "browser_bench")
}

fn last_line(command: &mut Command, example: &str) -> Result<Value> {
    let text = process::heard(command).ok_or_else(|| {
        Failure::new(format!("The measurement `{example}` failed."), format!("Run it by itself: {command:?}"))
    })?;
    let last = text.lines().last().unwrap_or_default();
    serde_json::from_str(last)
        .map_err(|error| Failure::new(format!("The measurement `{example}` printed no JSON: {error}"), "See its code."))
}

/// A number in what was printed.
pub fn number(value: &Value, path: &str) -> Result<f64> {
    value
        .pointer(path)
        .and_then(Value::as_f64)
        .ok_or_else(|| Failure::new(format!("The measurement printed no number at {path}."), "See its code."))
}
