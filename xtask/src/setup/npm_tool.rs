//! Build tools that come from the npm registry. Nothing of them becomes part of the app.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::{apt, on_path, tools_folder};
use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;

/// Longest time for the downloads, about 15 MB.
const LIMIT: Duration = Duration::from_secs(10 * 60);

/// A program from npm, needed in exactly one version.
pub struct NpmTool {
    /// The package.
    pub package: &'static str,
    /// The program in it.
    pub program: &'static str,
    /// The version of the package.
    pub version: String,
    /// Completes "because ...".
    pub why: &'static str,
}

impl NpmTool {
    /// The program says its version in its own way: `1.2.3 compiled with ...`, or `wasm-opt version 132 (...)`.
    fn is_right(&self, path: &Path) -> bool {
        let major = self.version.strip_suffix(".0.0").unwrap_or(&self.version);
        let said = process::capture(Command::new(path).arg("--version"));
        said.is_some_and(|said| said.split_whitespace().any(|word| word == self.version || word == major))
    }
}

/// Finds or installs `tools`; returns the folders that hold them.
pub fn ready(workspace: &Workspace, tools: &[NpmTool]) -> Result<Vec<PathBuf>> {
    let home = tools_folder(workspace).join("npm");
    let bin = home.join("node_modules").join(".bin");
    let mut folders = Vec::new();
    let mut missing = Vec::new();
    for tool in tools {
        let found = [Some(bin.join(tool.program)), on_path(tool.program)].into_iter().flatten();
        match found.into_iter().find(|path| tool.is_right(path)) {
            Some(path) => folders.extend(path.parent().map(Path::to_path_buf)),
            None => missing.push(tool),
        }
    }
    if missing.is_empty() {
        return Ok(folders);
    }
    // All of them at once: npm removes what it is not asked for.
    install(workspace, &home, tools, &missing)?;
    if let Some(tool) = tools.iter().find(|tool| !tool.is_right(&bin.join(tool.program))) {
        return Err(Failure::new(
            format!("{} was installed in {} but does not run.", tool.program, bin.display()),
            "Check that `node --version` is at least 18, delete that folder and try again.",
        ));
    }
    Ok(vec![bin])
}

/// Installs packages (`name@version`) into a folder of their own below the tools; returns the folder that holds them.
///
/// A folder whose name carries what it must hold is not looked into again.
pub fn packages(workspace: &Workspace, folder: &str, packages: &[&str], why: &str) -> Result<PathBuf> {
    let home = tools_folder(workspace).join(folder);
    let (modules, done) = (home.join("node_modules"), home.join("installed"));
    let wanted = packages.join("\n");
    if !std::fs::read_to_string(&done).is_ok_and(|installed| installed == wanted) {
        process::say(format!("installing {} from npm, because {why}", packages.join(", ")));
        ensure_npm(workspace)?;
        npm_install(workspace, &home, packages.iter().map(|name| (*name).to_owned()))?;
        crate::workspace::write(&done, wanted)?;
    }
    Ok(modules)
}

fn install(workspace: &Workspace, home: &Path, tools: &[NpmTool], missing: &[&NpmTool]) -> Result<()> {
    ensure_npm(workspace)?;
    for tool in missing {
        process::say(format!("installing {} {} from npm, because {}", tool.package, tool.version, tool.why));
    }
    npm_install(workspace, home, tools.iter().map(|tool| format!("{}@{}", tool.package, tool.version)))
}

fn ensure_npm(workspace: &Workspace) -> Result<()> {
    if on_path("npm").is_none() {
        apt::ensure(workspace, &["nodejs", "npm"], "two build tools come from npm").map_err(|failure| {
            Failure::new(
                "Node.js with npm is missing; two build tools (sass, wasm-opt) come from it.",
                format!("Install Node.js 18 or later and try again. {}", failure.what()),
            )
        })?;
    }
    Ok(())
}

fn npm_install(workspace: &Workspace, home: &Path, packages: impl Iterator<Item = String>) -> Result<()> {
    std::fs::create_dir_all(home).map_err(|error| Failure::file(home, &error))?;
    let mut npm = Command::new("npm");
    npm.arg("install").arg("--prefix").arg(home).current_dir(home);
    // No scripts of packages are run: these tools need none.
    npm.args(["--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--no-save", "--loglevel=error"]);
    npm.args(packages);
    process::run_silently(&mut npm, "npm install", &workspace.log("npm"), LIMIT)
}
