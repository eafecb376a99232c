//! Where things are: the project's folders, its members, its locked versions.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::failure::{Failure, Result};
use crate::process;

/// The project folder and what is known of it.
pub struct Workspace {
    /// The folder with the root `Cargo.toml`.
    pub root: PathBuf,
    /// Where cargo puts native builds.
    pub target: PathBuf,
}

/// One crate of the workspace.
pub struct Member {
    /// The package name, such as `carnet-crypto`.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// Names of the packages it depends on in its normal build.
    pub dependencies: BTreeSet<String>,
    /// Names of the packages that only its tests use.
    pub dev_dependencies: BTreeSet<String>,
}

impl Workspace {
    /// The workspace that this tool belongs to.
    pub fn here() -> Result<Self> {
        let own =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = own.parent().map(Path::to_path_buf).filter(|root| root.join("Cargo.lock").is_file());
        let Some(root) = root else {
            return Err(Failure::new(
                "The project folder was not found.",
                "Run this as `cargo xtask` inside the project.",
            ));
        };
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
        Ok(Self { root, target })
    }

    /// Where builds for WebAssembly go: apart from the native ones, as the compiler may be another one.
    pub fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// The project's own state on this machine, ignored by git.
    pub fn state(&self) -> PathBuf {
        self.root.join(".carnet")
    }

    /// Where the built app lies.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// A log file for a silent program.
    pub fn log(&self, name: &str) -> PathBuf {
        self.state().join("logs").join(format!("{name}.log"))
    }

    /// The cargo that runs this tool, in the project's folder.
    pub fn cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root);
        command
    }

    /// The version of `package` that `Cargo.lock` holds.
    pub fn locked_version(&self, package: &str) -> Result<String> {
        let path = self.root.join("Cargo.lock");
        let lock = read(&path)?;
        locked_version(&lock, package).ok_or_else(|| {
            Failure::new(
                format!("Cargo.lock names no package `{package}`."),
                "Run `cargo update --workspace` and try again.",
            )
        })
    }

    /// All crates of the workspace.
    pub fn members(&self) -> Result<Vec<Member>> {
        let mut command = self.cargo();
        command.args(["metadata", "--format-version", "1", "--no-deps"]);
        let text = process::capture(&mut command).ok_or_else(|| {
            Failure::new("`cargo metadata` failed.", "Run it by hand in the project folder to see why.")
        })?;
        parse_members(&text).ok_or_else(|| {
            Failure::new(
                "The answer of `cargo metadata` was not understood.",
                "Check that cargo is at least the version named as `rust-version` in Cargo.toml.",
            )
        })
    }
}

fn locked_version(lock: &str, package: &str) -> Option<String> {
    let wanted = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != wanted);
    lines.next()?;
    let version = lines.next()?.strip_prefix("version = \"")?;
    Some(version.trim_end_matches('"').to_owned())
}

fn parse_members(metadata: &str) -> Option<Vec<Member>> {
    let metadata: Value = serde_json::from_str(metadata).ok()?;
    metadata["packages"].as_array()?.iter().map(parse_member).collect()
}

fn parse_member(package: &Value) -> Option<Member> {
    let mut member = Member {
        name: package["name"].as_str()?.to_owned(),
        folder: Path::new(package["manifest_path"].as_str()?).parent()?.to_path_buf(),
        dependencies: BTreeSet::new(),
        dev_dependencies: BTreeSet::new(),
    };
    for dependency in package["dependencies"].as_array()? {
        let name = dependency["name"].as_str()?.to_owned();
        match dependency["kind"].as_str() {
            Some("dev") => member.dev_dependencies.insert(name),
            _ => member.dependencies.insert(name),
        };
    }
    Some(member)
}

/// The text of the file at `path`.
pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| Failure::file(path, &error))
}

/// Writes `bytes` to `path`, with the folders above it.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
    }
    fs::write(path, bytes).map_err(|error| Failure::file(path, &error))
}

/// All files below `path` (or `path` itself), sorted, so that what is made of them is reproducible.
///
/// A path that does not exist has no files.
pub fn files_below(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| Failure::file(path, &error))? {
        let entry = entry.map_err(|error| Failure::file(path, &error))?;
        files.extend(files_below(&entry.path())?);
    }
    files.sort();
    Ok(files)
}

/// SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_locked_version_is_that_of_exactly_this_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").unwrap(), "0.2.130");
        assert!(locked_version(lock, "bindgen").is_none());
    }

    #[test]
    fn members_keep_test_dependencies_apart() {
        let metadata = r#"{"packages":[{"name":"a","manifest_path":"/p/a/Cargo.toml","dependencies":[
            {"name":"b","kind":null},{"name":"c","kind":"dev"},{"name":"d","kind":"build"}]}]}"#;
        let members = parse_members(metadata).unwrap();
        assert_eq!(members[0].folder, Path::new("/p/a"));
        assert_eq!(members[0].dependencies.iter().collect::<Vec<_>>(), ["b", "d"]);
        assert_eq!(members[0].dev_dependencies.iter().collect::<Vec<_>>(), ["c"]);
    }

    #[test]
    fn sha256_of_the_standard_example() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_hex(b"abc"), expected);
    }
}
