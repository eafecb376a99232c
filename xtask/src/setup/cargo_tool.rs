//! Build tools that are Rust programs, compiled once into the tools folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{on_path, tools_folder};
use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;

/// A program from crates.io, needed in exactly one version.
pub struct CargoTool {
    /// The crate.
    pub package: &'static str,
    /// The program that is asked for its version.
    pub program: &'static str,
    /// The version.
    pub version: String,
    /// Whether to build with the dependencies its authors locked.
    pub locked: bool,
    /// Features that the program itself is one of; a program that comes with one says no version, so only cargo's own
    /// notes tell.
    pub feature: Option<&'static str>,
    /// Completes "because ...".
    pub why: &'static str,
}

impl CargoTool {
    /// Finds or installs it; returns the path of the program.
    pub fn ready(&self, workspace: &Workspace) -> Result<PathBuf> {
        let own = tools_folder(workspace).join("bin").join(self.program);
        let found = [Some(own.clone()), on_path(self.program)].into_iter().flatten();
        for path in found {
            if self.is_right(workspace, &path) {
                return Ok(path);
            }
        }
        self.install(workspace)?;
        if self.is_right(workspace, &own) {
            return Ok(own);
        }
        Err(Failure::new(
            format!("{} was installed but does not say that it is version {}.", own.display(), self.version),
            "Delete it and try again.",
        ))
    }

    fn is_right(&self, workspace: &Workspace, path: &Path) -> bool {
        if self.feature.is_some() {
            let notes = fs::read_to_string(tools_folder(workspace).join(".crates.toml")).unwrap_or_default();
            let own = path.starts_with(tools_folder(workspace));
            return own && path.is_file() && notes.contains(&format!("\"{} {} ", self.package, self.version));
        }
        let said = process::capture(Command::new(path).arg("--version"));
        said.is_some_and(|said| said.split_whitespace().any(|word| word == self.version))
    }

    fn install(&self, workspace: &Workspace) -> Result<()> {
        let Self { package, version, why, .. } = self;
        process::say(format!("compiling {package} {version} once, because {why} (two to four minutes on two cores)"));
        let build = workspace.target.join("tools");
        let mut cargo = workspace.cargo();
        cargo
            .args(["install", package, "--version", version, "--force", "--root"])
            .arg(tools_folder(workspace))
            // Outside the project, so that its settings do not reach the tool.
            .current_dir(std::env::temp_dir())
            .env("CARGO_TARGET_DIR", &build)
            // These tools run for seconds: compiling them fast is worth more than their own speed.
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
            .env_remove("RUSTFLAGS");
        if self.locked {
            cargo.arg("--locked");
        }
        if let Some(feature) = self.feature {
            cargo.args(["--features", feature]);
        }
        process::run(&mut cargo, &format!("Installing {package}"))?;
        // Some 500 MB that nothing needs any more; left behind they are only untidy.
        let _ = fs::remove_dir_all(&build);
        Ok(())
    }
}
