//! `carnet`: checks, on one's own machine, what an app or a relay says.

mod verify;

use std::{io::Write as _, process::ExitCode};

const HELP: &str = "\
carnet: check a passport's proof without the relay and without the app.

USAGE
  carnet verify bundle FILE [--policy FILE]
      check a proof bundle as the app downloads it. Without --policy the one inside is used, and printed: compare it
      with the one that the consortium publishes
  carnet --help | --version

It ends with 0 when the proof holds, with 1 when it does not, with 2 when it could not be checked.
";

/// How a check ends.
enum End {
    /// Said on standard output.
    Good(String),
    /// The proof does not hold.
    Bad(String),
    /// It could not be checked.
    Unclear(String),
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let end = match words.as_slice() {
        ["verify", "bundle", file] => verify::bundle(file, None),
        ["verify", "bundle", file, "--policy", policy] | ["verify", "bundle", "--policy", policy, file] => {
            verify::bundle(file, Some(policy))
        }
        ["--help" | "-h" | "help"] => End::Good(HELP.to_owned()),
        ["--version"] => End::Good(concat!("carnet ", env!("CARGO_PKG_VERSION")).to_owned()),
        _ => End::Unclear(format!("this was not understood.\n\n{HELP}")),
    };
    let (code, text) = match end {
        End::Good(text) => {
            // A reader that went away has read enough.
            let _ = writeln!(std::io::stdout(), "{}", text.trim_end());
            return ExitCode::SUCCESS;
        }
        End::Bad(text) => (1, text),
        End::Unclear(text) => (2, text),
    };
    let _ = writeln!(std::io::stderr(), "carnet: {}", text.trim_end());
    ExitCode::from(code)
}
