//! Measurements that are programs of their own: built for release, run, and read from the JSON they print.

use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;

/// Runs an example of a package and gives the JSON of its last line.
pub fn run(workspace: &Workspace, package: &str, example: &str, arguments: &[&str]) -> Result<Value> {
    let mut command = workspace.cargo();
    command.args(["run", "--quiet", "--release", "--locked", "--package", package, "--example", example, "--"]);
    command.args(arguments);
    let text = process::capture(&mut command).ok_or_else(|| {
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
