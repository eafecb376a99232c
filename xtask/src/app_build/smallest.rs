//! What makes a build for shipping small, beyond its profile: a standard library compiled along with the app, for size,
//! and no text for panics, which nobody would read.
//!
//! A panic is a trap then. The page hears of one in the worker (`public/worker.js`) and says so; a build for development
//! keeps its panics readable. `{:?}` prints nothing: what the app does never hangs on it.

use std::process::Command;

use crate::setup::WasmToolchain;
use crate::workspace::Workspace;

/// Adds compiler flags for the browser's target.
const RUSTFLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// Compiler flags for the app and the standard library, added to those of `.cargo/config.toml`.
const FLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none";

/// Sets the environment of `command`, which compiles the app: `flags` always, the rest where the sources of the standard
/// library are at hand.
pub fn apply(workspace: &Workspace, toolchain: WasmToolchain, flags: &str, command: &mut Command) {
    if !toolchain.has_std_sources(workspace) {
        crate::process::say("the app becomes a tenth larger: the sources of the Rust standard library are not here");
        command.env(RUSTFLAGS, flags);
        return;
    }
    command
        // Lets the released compiler take the flags and build the library along.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
        .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
        .env(RUSTFLAGS, format!("{FLAGS} {flags}"));
}
