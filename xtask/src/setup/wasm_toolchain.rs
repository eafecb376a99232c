//! A Rust that compiles for the browser, in one of three ways.
//!
//! 1. The compiler on PATH has the standard library for wasm32 already.
//! 2. `rustup` fetches it.
//! 3. Where rustup is absent or cannot reach its server, Debian's own packages serve: they carry the sources of the
//!    standard library, and cargo builds it along (`build-std`, which a release compiler does when told to
//!    bootstrap).
//!
//! A build for shipping builds the library along in the first two ways too, where rustup has its sources.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use super::{apt, on_path, prerequisites};
use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;

/// The compilation target.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The longest wait for rustup; its download is about 20 MB.
const RUSTUP_LIMIT: Duration = Duration::from_secs(240);

/// Debian's Rust that is kept as new as its browser needs; the plain `rustc` package is often years older.
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"];
/// The linter of the same compiler.
const DEBIAN_CLIPPY: &str = "rust-web-clippy";
/// Where Debian's packages put their programs.
const DEBIAN_BIN: &str = "/usr/bin";

/// Which Rust compiles for the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WasmToolchain {
    /// The one on PATH, with a ready standard library.
    OnPath,
    /// Debian's, which builds the standard library along.
    Debian,
}

impl WasmToolchain {
    /// Finds or installs one.
    pub fn ready(workspace: &Workspace) -> Result<Self> {
        if env::var_os("CARNET_WASM").is_some_and(|choice| choice == "debian") {
            return debian(workspace, "CARNET_WASM asks for it");
        }
        if has_standard_library() {
            return Ok(Self::OnPath);
        }
        let why = match add_with_rustup(workspace) {
            Ok(()) if has_standard_library() => return Ok(Self::OnPath),
            Ok(()) => "rustup serves another compiler than the one on PATH",
            Err(why) => why,
        };
        if !apt::is_here() {
            return Err(Failure::new(
                format!("The Rust standard library for {TARGET} is missing: {why}."),
                format!("Run `rustup target add {TARGET}` with a network connection, and try again."),
            ));
        }
        debian(workspace, why)
    }

    /// A cargo that builds for the browser when given `--target wasm32-unknown-unknown`.
    pub fn cargo(self, workspace: &Workspace) -> Command {
        let mut command = match self {
            Self::OnPath => workspace.cargo(),
            Self::Debian => Command::new(debian_program("cargo")),
        };
        command.current_dir(&workspace.root);
        self.apply(workspace, &mut command, &[]);
        command
    }

    /// The linter for the browser's target, as `cargo clippy` on the right toolchain.
    pub fn clippy(self, workspace: &Workspace) -> Result<Command> {
        let mut command = match self {
            Self::OnPath => workspace.cargo(),
            Self::Debian => {
                apt::ensure(workspace, &[DEBIAN_CLIPPY], "it is the linter of Debian's Rust")?;
                // Named in full: asked by name, cargo would take the linter of its own home folder first.
                Command::new(debian_program("cargo-clippy"))
            }
        };
        command.current_dir(&workspace.root).arg("clippy");
        self.apply(workspace, &mut command, &[]);
        Ok(command)
    }

    /// Sets the environment of `command` so that every cargo in it uses this toolchain, with `folders` first on PATH.
    pub fn apply(self, workspace: &Workspace, command: &mut Command, folders: &[PathBuf]) {
        let mut path: Vec<PathBuf> = folders.to_vec();
        if self == Self::Debian {
            path.push(DEBIAN_BIN.into());
            command
                .env("CARGO", debian_program("cargo"))
                .env("RUSTC", debian_program("rustc"))
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
                // These would lead cargo and the loader back to rustup's compiler.
                .env_remove("RUSTUP_TOOLCHAIN")
                .env_remove("LD_LIBRARY_PATH");
        }
        path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        if let Ok(path) = env::join_paths(path) {
            command.env("PATH", path);
        }
        command
            .env("CARGO_TARGET_DIR", workspace.wasm_target())
            // Would replace the target's own flags in .cargo/config.toml.
            .env_remove("RUSTFLAGS");
    }

    /// Whether the sources of the standard library are here, or could be fetched: with them a build for shipping is
    /// smaller.
    pub fn has_std_sources(self, workspace: &Workspace) -> bool {
        // Debian's way is to build the library along.
        self == Self::Debian || holds_std_sources() || add_std_sources(workspace)
    }

    /// Compiler, version and way of building in one line, to know a build made by another one.
    pub fn identity(self, workspace: &Workspace) -> String {
        let mut rustc = match self {
            Self::OnPath => Command::new("rustc"),
            Self::Debian => Command::new(debian_program("rustc")),
        };
        let version = process::capture(rustc.arg("--version")).unwrap_or_default();
        format!("{} {}", version.trim(), if self.has_std_sources(workspace) { "with std" } else { "without std" })
    }
}

fn holds_std_sources() -> bool {
    process::capture(Command::new("rustc").args(["--print", "sysroot"]))
        .is_some_and(|root| Path::new(root.trim()).join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file())
}

/// Tried once in a run: where rustup's server cannot be reached, asking again only takes time.
fn add_std_sources(workspace: &Workspace) -> bool {
    static ADDED: OnceLock<bool> = OnceLock::new();
    *ADDED.get_or_init(|| {
        if on_path("rustup").is_none() {
            return false;
        }
        process::say("rustup component add rust-src, because the app is smaller with a standard library of its own");
        let mut rustup = Command::new("rustup");
        rustup.args(["component", "add", "rust-src"]).env("RUSTUP_MAX_RETRIES", "1");
        let log = workspace.log("rustup");
        process::run_silently(&mut rustup, "rustup component add", &log, RUSTUP_LIMIT).is_ok() && holds_std_sources()
    })
}

fn has_standard_library() -> bool {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "target-libdir", "--target", TARGET]);
    process::capture(&mut rustc).is_some_and(|folder| holds_std(Path::new(folder.trim())))
}

fn holds_std(folder: &Path) -> bool {
    fs::read_dir(folder)
        .is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-")))
}

/// Why rustup could not serve is part of the announcement of the next way.
fn add_with_rustup(workspace: &Workspace) -> std::result::Result<(), &'static str> {
    if on_path("rustup").is_none() {
        return Err("there is no rustup here");
    }
    process::say(format!("rustup target add {TARGET}, because the app runs in the browser as WebAssembly"));
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", TARGET]).env("RUSTUP_MAX_RETRIES", "1");
    process::run_silently(&mut rustup, "rustup target add", &workspace.log("rustup"), RUSTUP_LIMIT)
        .map_err(|_| "rustup could not fetch it from its server")
}

fn debian(workspace: &Workspace, why: &str) -> Result<WasmToolchain> {
    process::say(format!("compiling for the browser with Debian's Rust, because {why}"));
    let reason = "the app runs in the browser as WebAssembly";
    apt::ensure(workspace, &DEBIAN_PACKAGES, reason)?;
    apt::ensure(workspace, &[&linker_package()?], reason)?;
    let needed = prerequisites::parse_version(env!("CARGO_PKG_RUST_VERSION"));
    match prerequisites::rustc_version(&mut Command::new(debian_program("rustc"))) {
        Some(found) if found >= needed => Ok(WasmToolchain::Debian),
        _ => Err(Failure::new(
            format!("Debian's Rust is missing or older than {}.{}.", needed.0, needed.1),
            format!("Run `apt-get upgrade`, or `rustup target add {TARGET}` with a network connection."),
        )),
    }
}

/// The linker's package has the version of LLVM in its name; `rust-lld` points to the right one.
fn linker_package() -> Result<String> {
    let link = debian_program("rust-lld");
    fs::read_link(&link)
        .map_err(|error| Failure::file(&link, &error))
        .map(|target| target.file_name().unwrap_or(target.as_os_str()).to_string_lossy().into_owned())
}

fn debian_program(name: &str) -> PathBuf {
    Path::new(DEBIAN_BIN).join(name)
}
