//! What the tool says when it cannot go on: one sentence for what happened, one for what to do.

use std::fmt;
use std::path::Path;

/// The result of every step of the tool.
pub type Result<T> = std::result::Result<T, Failure>;

/// A step that could not be done.
#[derive(Debug)]
pub struct Failure {
    what: String,
    next: String,
}

impl Failure {
    /// `what` happened, and what to do `next`; both whole sentences.
    pub fn new(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self { what: what.into(), next: next.into() }
    }

    /// The file or folder at `path` could not be read or written.
    pub fn file(path: &Path, error: &std::io::Error) -> Self {
        Self::new(
            format!("{} could not be read or written: {error}.", path.display()),
            "Check that the file exists, that it is yours, and that the disk is not full.",
        )
    }

    /// What happened, without the advice.
    pub fn what(&self) -> &str {
        &self.what
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.what, self.next)
    }
}

impl std::error::Error for Failure {}
