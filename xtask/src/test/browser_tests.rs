//! Tests that run inside a browser, compiled to WebAssembly: found by their attribute, so that no list has to be kept.

use std::path::Path;
use std::process::Command;

use crate::failure::Result;
use crate::process;
use crate::setup::{self, Browser, WasmToolchain};
use crate::workspace::{self, Member, Workspace};

/// The crate that a test for the browser names in its attribute.
const MARK: &str = "wasm_bindgen_test";
/// The longest run of one test program, in seconds; a store suite in a slow browser takes one of them.
const LIMIT: &str = "300";

/// One run of cargo for each crate with such tests.
pub fn commands(workspace: &Workspace, filter: &[String]) -> Result<Vec<Command>> {
    let mut runs = Vec::new();
    for member in workspace.members()? {
        let targets = targets(&member)?;
        if !targets.is_empty() {
            runs.push((member.name, targets));
        }
    }
    if runs.is_empty() {
        process::say("no crate has such tests");
        return Ok(Vec::new());
    }
    let toolchain = WasmToolchain::ready(workspace)?;
    let runner = setup::wasm_test_runner(workspace)?;
    let browser = Browser::ready(workspace)?;
    let settings = browser.write_webdriver_settings(workspace)?;
    let command = |(package, targets): (String, Vec<String>)| {
        let mut cargo = toolchain.cargo(workspace);
        cargo.args(["test", "--profile", "wasm-dev", "--target", setup::WASM_TARGET, "--no-fail-fast"]);
        cargo.args(["--package", &package]).args(targets).arg("--").args(filter);
        cargo
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &runner)
            .env("CHROMEDRIVER", &browser.chromedriver)
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &settings)
            // Tests that do not say where they run would run in Node.js, which has no IndexedDB.
            .env("WASM_BINDGEN_USE_BROWSER", "1")
            .env("WASM_BINDGEN_TEST_TIMEOUT", LIMIT);
        cargo
    };
    Ok(runs.into_iter().map(command).collect())
}

/// The parts of a crate that hold tests for the browser, as flags for cargo.
fn targets(member: &Member) -> Result<Vec<String>> {
    let mut flags = Vec::new();
    if !member.dev_dependencies.contains("wasm-bindgen-test") {
        return Ok(flags);
    }
    if any_marked(&member.folder.join("src"))? {
        flags.push("--lib".to_owned());
    }
    let tests = member.folder.join("tests");
    for entry in std::fs::read_dir(&tests).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_target = path.join("main.rs").is_file() || path.extension().is_some_and(|kind| kind == "rs");
        if is_target && any_marked(&path)? {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            flags.extend(["--test".to_owned(), name]);
        }
    }
    Ok(flags)
}

fn any_marked(path: &Path) -> Result<bool> {
    for file in workspace::files_below(path)? {
        if file.extension().is_some_and(|kind| kind == "rs") && workspace::read(&file)?.contains(MARK) {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn only_the_parts_with_such_tests_are_run() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| workspace::write(&folder.path().join(name), text).unwrap();
        write("src/lib.rs", "fn a() {}");
        write("tests/browser.rs", "#[wasm_bindgen_test] fn a() {}");
        write("tests/store/main.rs", "mod b; use wasm_bindgen_test::*;");
        write("tests/native.rs", "#[test] fn a() {}");
        write("tests/support/mod_of_others.rs", "");
        let mut member = Member {
            name: "x".into(),
            folder: folder.path().into(),
            dependencies: BTreeSet::new(),
            dev_dependencies: BTreeSet::from(["wasm-bindgen-test".to_owned()]),
        };
        let mut flags = targets(&member).unwrap();
        flags.sort();
        assert_eq!(flags, ["--test", "--test", "browser", "store"]);
        member.dev_dependencies.clear();
        assert!(targets(&member).unwrap().is_empty());
    }
}
