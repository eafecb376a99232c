//! Set-up: what a command needs on this machine, found or installed.
//!
//! Everything here is idempotent. What is present in the right version is used wherever it lies; what is missing goes
//! into the project's own tools folder, or comes from the package manager of the machine, and is announced with its
//! reason.

mod apt;
mod browser;
mod cargo_tool;
mod lints;
mod npm_tool;
mod prerequisites;
mod wasm_toolchain;

use std::env;
use std::path::PathBuf;
use std::process::Command;

pub use browser::Browser;
pub use cargo_tool::CargoTool;
pub use lints::Lints;
pub use npm_tool::packages;
pub use wasm_toolchain::{TARGET as WASM_TARGET, WasmToolchain};

use crate::failure::{Failure, Result};
use crate::workspace::{self, Workspace};
use npm_tool::NpmTool;

/// Cuts a module at the functions that `wasm_split_helpers` marks.
const WASM_SPLIT: &str = "0.2.4";

/// Checker of licences and sources of dependencies.
const CARGO_DENY: &str = "0.20.2";

/// What builds the app: a Rust for WebAssembly and the programs that Trunk calls.
pub struct AppTools {
    /// The compiler.
    pub toolchain: WasmToolchain,
    /// Runs the build.
    pub trunk: PathBuf,
    /// Cuts the module into parts.
    pub split: PathBuf,
    /// Joins WebAssembly and JavaScript.
    pub bindgen: PathBuf,
    /// Folders that hold the programs Trunk calls.
    folders: Vec<PathBuf>,
}

impl AppTools {
    /// Finds or installs all of them.
    pub fn ready(workspace: &Workspace) -> Result<Self> {
        prerequisites::check()?;
        let toolchain = WasmToolchain::ready(workspace)?;
        let bindgen = wasm_bindgen(workspace)?.ready(workspace)?;
        let versions = TrunkVersions::read(workspace)?;
        let trunk = CargoTool {
            package: "trunk",
            program: "trunk",
            version: versions.trunk,
            locked: true,
            feature: None,
            why: "it builds the app",
        }
        .ready(workspace)?;
        let split = CargoTool {
            package: "wasm_split_cli_support",
            program: "wasm-split-cli",
            version: WASM_SPLIT.into(),
            locked: true,
            feature: Some("build-binary"),
            why: "it cuts the app into parts that are fetched when needed",
        }
        .ready(workspace)?;
        let node = [
            NpmTool { package: "sass", program: "sass", version: versions.sass, why: "it compiles the style sheets" },
            NpmTool {
                package: "binaryen",
                program: "wasm-opt",
                version: versions.binaryen,
                why: "it makes the app smaller",
            },
        ];
        let mut folders: Vec<PathBuf> = bindgen.parent().map(Into::into).into_iter().collect();
        folders.extend(npm_tool::ready(workspace, &node)?);
        Ok(Self { toolchain, trunk, split, bindgen, folders })
    }

    /// The optimiser of WebAssembly.
    pub fn wasm_opt(&self) -> PathBuf {
        let found = self.folders.iter().map(|folder| folder.join("wasm-opt")).find(|path| path.exists());
        found.unwrap_or_else(|| "wasm-opt".into())
    }

    /// A run of Trunk that compiles with the right toolchain and finds every program it calls.
    pub fn trunk(&self, workspace: &Workspace) -> Command {
        let mut command = Command::new(&self.trunk);
        command.current_dir(&workspace.root);
        self.toolchain.apply(workspace, &mut command, &self.folders);
        command
    }
}

/// The program that runs tests for WebAssembly in a browser.
pub fn wasm_test_runner(workspace: &Workspace) -> Result<PathBuf> {
    let bindgen = wasm_bindgen(workspace)?.ready(workspace)?;
    Ok(bindgen.with_file_name("wasm-bindgen-test-runner"))
}

/// The checker of licences and sources of dependencies.
pub fn cargo_deny(workspace: &Workspace) -> Result<PathBuf> {
    CargoTool {
        package: "cargo-deny",
        program: "cargo-deny",
        version: CARGO_DENY.into(),
        locked: true,
        feature: None,
        why: "it checks licences and sources of dependencies",
    }
    .ready(workspace)
}

/// Checks what the tool cannot bring: a C compiler, a recent enough Rust.
pub fn prerequisites() -> Result<()> {
    prerequisites::check()
}

/// The versions that `Trunk.toml` asks for, which is where they are written down.
struct TrunkVersions {
    trunk: String,
    sass: String,
    binaryen: String,
}

impl TrunkVersions {
    fn read(workspace: &Workspace) -> Result<Self> {
        let path = workspace.root.join("Trunk.toml");
        let text = workspace::read(&path)?;
        Self::parse(&text).ok_or_else(|| {
            Failure::new(
                "Trunk.toml does not name the versions of trunk, sass and wasm-opt.",
                "It needs `trunk-version = \"=X\"`, and under [tools] `sass = \"X\"` and `wasm_opt = \"version_N\"`.",
            )
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let value = |key: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='))?;
            Some(line.trim().trim_matches('"'))
        };
        // Binaryen counts its releases; its npm package calls the n-th one n.0.0.
        let binaryen = format!("{}.0.0", value("wasm_opt")?.strip_prefix("version_")?);
        let trunk = value("trunk-version")?.trim_start_matches('=').to_owned();
        Some(Self { trunk, sass: value("sass")?.to_owned(), binaryen })
    }
}

/// Where build tools are kept.
fn tools_folder(workspace: &Workspace) -> PathBuf {
    env::var_os("CARNET_TOOLS").map_or_else(|| workspace.state().join("tools"), PathBuf::from)
}

/// Generates the JavaScript side of the app; must be exactly as old as the library compiled into it.
fn wasm_bindgen(workspace: &Workspace) -> Result<CargoTool> {
    Ok(CargoTool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version: workspace.locked_version("wasm-bindgen")?,
        locked: false,
        feature: None,
        why: "it joins WebAssembly and JavaScript, in the version that Cargo.lock holds",
    })
}

/// The program `name` on PATH.
fn on_path(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn versions_come_from_trunk_toml() {
        let text = "trunk-version = \"=0.21.14\"\n[tools]\nsass = \"1.2.3\"\nwasm_opt = \"version_132\"\n";
        let versions = TrunkVersions::parse(text).unwrap();
        assert_eq!([versions.trunk, versions.sass, versions.binaryen], ["0.21.14", "1.2.3", "132.0.0"]);
        assert!(TrunkVersions::parse("[tools]").is_none());
    }
}
