//! Words that have no place in the project: marks of unfinished work, and paths of one person's machine.

use std::path::Path;
use std::process::Command;

use super::Outcome;
use crate::failure::{Failure, Result};
use crate::process;
use crate::workspace::Workspace;

/// Spelled in two halves, so that this file does not hold them.
const WORDS: [(&str, &str); 7] =
    [("TO", "DO"), ("FIX", "ME"), ("XX", "X:"), ("/ro", "ot/"), ("/wo", "rk/"), ("/tmp/se", "tup"), ("/home/", "user")];

/// Test material comes as it is.
const EXEMPT: [&str; 3] = ["Cargo.lock", "testdata/", "vectors/"];

/// Reads every file that git knows or would add.
pub fn check(workspace: &Workspace) -> Result<Outcome> {
    let mut git = Command::new("git");
    git.current_dir(&workspace.root).args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    let Some(names) = process::capture(&mut git) else {
        return Ok(Outcome::Skipped("this is no git checkout, so the project's files are not known".into()));
    };
    let mut faults = Vec::new();
    for name in names.lines().filter(|name| EXEMPT.iter().all(|exempt| !name.contains(exempt))) {
        faults.extend(file_faults(&workspace.root, name)?);
    }
    Ok(Outcome::from_faults(faults))
}

fn file_faults(root: &Path, name: &str) -> Result<Vec<String>> {
    let path = root.join(name);
    // Deleted but not yet committed.
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let bytes = std::fs::read(&path).map_err(|error| Failure::file(&path, &error))?;
    // Images and the like hold no words.
    let Ok(text) = String::from_utf8(bytes) else { return Ok(Vec::new()) };
    let numbered = text.lines().enumerate();
    Ok(numbered
        .filter_map(|(index, line)| Some(format!("{name}:{}: holds `{}`", index + 1, forbidden(line)?)))
        .collect())
}

fn forbidden(line: &str) -> Option<String> {
    WORDS.iter().map(|(first, second)| format!("{first}{second}")).find(|word| line.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_machine_paths_are_found() {
        assert!(forbidden(&["// TO", "DO later"].concat()).is_some());
        assert!(forbidden(&["cd /ro", "ot/x"].concat()).is_some());
        assert!(forbidden("a to-do list in the app").is_none());
    }
}
