//! The JavaScript libraries that are measured beside the app, as files that a page of the browser can load.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::setup;
use crate::workspace::{self, Workspace};

/// The newest of each in November 2026.
const PACKAGES: [&str; 6] = [
    "libsodium-sumo@0.8.4",
    "libsodium-wrappers-sumo@0.8.4",
    "hash-wasm@4.13.0",
    "@noble/ciphers@2.4.0",
    "@noble/curves@2.4.0",
    "@noble/hashes@2.4.0",
];

/// Single modules: where they lie in the packages, and as what they are served.
const MODULES: [(&str, &str); 3] = [
    ("libsodium-sumo/dist/modules-sumo-esm/libsodium-sumo.mjs", "libsodium.js"),
    ("libsodium-wrappers-sumo/dist/modules-sumo-esm/libsodium-wrappers.mjs", "libsodium-wrappers.js"),
    ("hash-wasm/dist/index.esm.min.js", "hash-wasm.js"),
];

/// Whole packages of modules.
const LIBRARIES: [(&str, &str); 3] =
    [("@noble/ciphers", "noble-ciphers"), ("@noble/curves", "noble-curves"), ("@noble/hashes", "noble-hashes")];

/// Puts the page and the libraries it loads into a folder; returns the folder.
pub fn folder(workspace: &Workspace) -> Result<PathBuf> {
    let why = "the app's cryptography is measured beside the best JavaScript libraries";
    let modules = setup::packages(workspace, "npm-bench", &PACKAGES, why)?;
    let folder = workspace.target.join("bench/reference");
    let own = workspace.root.join("tests/bench/reference");
    for name in ["index.html", "reference.js"] {
        copy(&own.join(name), &folder.join(name))?;
    }
    for (from, to) in MODULES {
        copy(&modules.join(from), &folder.join(to))?;
    }
    for (from, to) in LIBRARIES {
        let package = modules.join(from);
        for file in workspace::files_below(&package)? {
            if let Ok(name) = file.strip_prefix(&package)
                && file.extension().is_some_and(|kind| kind == "js")
            {
                copy(&file, &folder.join(to).join(name))?;
            }
        }
    }
    Ok(folder)
}

/// Copies a file; modules name each other by address afterwards, as no bundler resolves packages here.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let mut text = workspace::read(from)?;
    for quote in ["\"", "'"] {
        text = text.replace(&format!("from{quote}libsodium-sumo{quote}"), &format!("from{quote}/libsodium.js{quote}"));
        for (package, folder) in LIBRARIES {
            text = text.replace(&format!("from {quote}{package}/"), &format!("from {quote}/{folder}/"));
        }
    }
    workspace::write(to, text)
}

/// The fastest way whose name starts so: its name, and its milliseconds.
pub fn best(printed: &Value, records: &str, prefix: &str) -> Result<(String, f64)> {
    let ways = printed.pointer(&format!("/{records}/reference")).and_then(Value::as_object);
    let ways = ways.into_iter().flatten().filter_map(|(name, value)| {
        let name = name.strip_prefix(prefix)?.replace('_', " + ").replace("hash + wasm", "hash-wasm");
        Some((name, value.as_f64()?))
    });
    ways.min_by(|one, other| one.1.total_cmp(&other.1))
        .ok_or_else(|| Failure::new(format!("No reference `{prefix}` was measured."), "See the page of references."))
}
