//! Files that ask to be cut at a joint: a remark, not a failure, since only a person can name the joint.

use super::{Outcome, rust_text};
use crate::failure::Result;
use crate::workspace::{self, Workspace};

/// Lines without the unit tests at the end.
const LONGEST: usize = 400;

/// Measures every Rust file of every crate.
pub fn check(workspace: &Workspace) -> Result<Outcome> {
    let mut long = Vec::new();
    for member in workspace.members()? {
        for file in workspace::files_below(&member.folder.join("src"))? {
            if file.extension().is_some_and(|kind| kind == "rs") {
                let lines = rust_text::before_tests(&workspace::read(&file)?).lines().count();
                if lines > LONGEST {
                    let name = file.strip_prefix(&workspace.root).unwrap_or(&file);
                    long.push(format!("{} has {lines} lines without its tests (more than {LONGEST})", name.display()));
                }
            }
        }
    }
    Ok(Outcome::Passed(long))
}
