//! Whether the app has to be built again: a hash over everything that goes into it.

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::path::PathBuf;

use crate::failure::{Failure, Result};
use crate::workspace::{self, Workspace};

/// Files and folders that every build of the app reads.
const ALWAYS: [&str; 9] = [
    "public",
    "style",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    ".cargo/config.toml",
    "xtask/src/setup.rs",
    "xtask/src/app_build.rs",
    "xtask/src/app_build",
];

/// A hash over the names and contents of all inputs and the `compiler`.
pub fn fingerprint(workspace: &Workspace, compiler: &str) -> Result<String> {
    let mut text = format!("{compiler}\n");
    for input in inputs(workspace)? {
        for file in workspace::files_below(&input)? {
            let bytes = fs::read(&file).map_err(|error| Failure::file(&file, &error))?;
            let name = file.strip_prefix(&workspace.root).unwrap_or(&file);
            text.push_str(&format!("{} {}\n", workspace::sha256_hex(&bytes), name.display()));
        }
    }
    Ok(workspace::sha256_hex(text.as_bytes()))
}

/// The app's folder, those of the crates it is made of, and what every build reads.
pub fn inputs(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let mut inputs: Vec<PathBuf> = ALWAYS.iter().map(|name| workspace.root.join(name)).collect();
    let members = workspace.members()?;
    let mut seen = BTreeSet::new();
    let mut open = VecDeque::from(["carnet-app".to_owned()]);
    while let Some(name) = open.pop_front() {
        if let Some(member) = members.iter().find(|member| member.name == name)
            && seen.insert(name)
        {
            inputs.push(member.folder.clone());
            open.extend(member.dependencies.iter().cloned());
        }
    }
    Ok(inputs)
}
