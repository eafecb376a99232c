//! What must be there before anything can be installed: cargo, which runs this, and a C compiler.

use std::process::Command;

use crate::failure::{Failure, Result};
use crate::process;

/// Checks the C compiler (it links everything and compiles SQLite) and the age of the Rust compiler.
pub fn check() -> Result<()> {
    if !["cc", "gcc", "clang"].iter().any(|name| super::on_path(name).is_some()) {
        return Err(Failure::new(
            "There is no C compiler on this machine; Rust needs one for linking.",
            "Install one: `apt-get install gcc libc6-dev` on Debian, `xcode-select --install` on macOS.",
        ));
    }
    let needed = env!("CARGO_PKG_RUST_VERSION");
    let Some(found) = rustc_version(&mut Command::new("rustc")) else {
        return Err(Failure::new(
            "The Rust compiler `rustc` was not found.",
            "Install Rust from https://rustup.rs or from your distribution, and try again.",
        ));
    };
    if found < parse_version(needed) {
        return Err(Failure::new(
            format!("This project needs Rust {needed}; here is {}.{}.", found.0, found.1),
            "Run `rustup update stable`, or install a newer Rust.",
        ));
    }
    Ok(())
}

/// Major and minor version of a Rust compiler, or nothing when it does not run.
pub fn rustc_version(rustc: &mut Command) -> Option<(u32, u32)> {
    let text = process::capture(rustc.arg("--version"))?;
    Some(parse_version(text.split_whitespace().nth(1)?))
}

/// Major and minor of a dotted version; what is not a number counts as zero.
pub fn parse_version(text: &str) -> (u32, u32) {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert!(parse_version("1.100.0") > parse_version("1.94"));
        assert_eq!(parse_version("1.96.0-nightly"), (1, 96));
    }
}
