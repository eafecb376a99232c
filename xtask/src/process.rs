//! Running other programs so that the person at the terminal sees what goes on and why it failed.

use std::fs;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};

/// How often a silent program is looked at.
const POLL: Duration = Duration::from_millis(100);
/// A silent program is reported as still running this often.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// How much of a failed silent program's output is shown.
const SHOWN_LINES: usize = 25;

/// Announces what is done now.
pub fn say(text: impl AsRef<str>) {
    println!("  {}", text.as_ref());
}

/// Runs `command` with its output shown.
pub fn run(command: &mut Command, doing: &str) -> Result<()> {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("{doing} failed."), "The reason stands in the lines above."))
}

/// Runs `command` with its output shown and hands every line of its standard output to `each_line`.
///
/// Returns whether it succeeded.
pub fn follow(command: &mut Command, mut each_line: impl FnMut(&str)) -> Result<bool> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| cannot_start(command, &error))?;
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).split(b'\n') {
            let Ok(line) = line else { break };
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            each_line(&line);
        }
    }
    let status = child.wait().map_err(|error| cannot_start(command, &error))?;
    Ok(status.success())
}

/// Runs `command` unseen and returns its standard output, or nothing when it is missing or fails.
pub fn capture(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// [`capture`], with what it says on standard error shown.
pub fn heard(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs `command` with its output in the file `log`, a sign of life now and then, and an end at `limit`.
///
/// On failure the end of the output is part of the sentence.
pub fn run_silently(command: &mut Command, doing: &str, log: &Path, limit: Duration) -> Result<()> {
    let mut file = open_log(log)?;
    let clone = file.try_clone().map_err(|error| Failure::file(log, &error))?;
    let copy = file.try_clone().map_err(|error| Failure::file(log, &error))?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(clone)
        .stderr(copy)
        .spawn()
        .map_err(|error| cannot_start(command, &error))?;
    let start = Instant::now();
    let mut told = start;
    let status = loop {
        match child.try_wait().map_err(|error| cannot_start(command, &error))? {
            Some(status) => break Some(status),
            None if start.elapsed() > limit => {
                // The child may have ended in between; either way it is gone after this.
                let _ = child.kill();
                let _ = child.wait();
                break None;
            }
            None => thread::sleep(POLL),
        }
        if told.elapsed() > HEARTBEAT {
            told = Instant::now();
            say(format!("... {doing}, {} s", start.elapsed().as_secs()));
        }
    };
    if status.is_some_and(|status| status.success()) {
        return Ok(());
    }
    let mut text = String::new();
    let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_string(&mut text));
    let why = match (status, read) {
        (None, _) => format!("It was stopped after {} s.", limit.as_secs()),
        (_, Ok(_)) => last_lines(&text),
        (_, Err(error)) => format!("Its output could not be read: {error}."),
    };
    Err(Failure::new(format!("{doing} failed."), format!("{why}\nThe whole output stands in {}.", log.display())))
}

/// A duration as a person says it: `840 ms`, `12 s`, `3 min 05 s`.
pub fn spoken(duration: Duration) -> String {
    match duration.as_secs() {
        0 => format!("{} ms", duration.as_millis()),
        seconds @ 1..60 => format!("{seconds} s"),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

fn open_log(log: &Path) -> Result<fs::File> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
    }
    fs::OpenOptions::new()
        .create(true)
        .truncate(true)
        .read(true)
        .write(true)
        .open(log)
        .map_err(|error| Failure::file(log, &error))
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n")
}

fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    let program = command.get_program().to_string_lossy().into_owned();
    Failure::new(format!("The program `{program}` could not be run: {error}."), "Install it or put it on PATH.")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn durations_are_spoken_in_their_own_unit() {
        assert_eq!(spoken(Duration::from_millis(840)), "840 ms");
        assert_eq!(spoken(Duration::from_secs(12)), "12 s");
        assert_eq!(spoken(Duration::from_secs(185)), "3 min 05 s");
    }

    #[test]
    fn a_silent_failure_shows_the_end_of_its_output() {
        let folder = tempfile::tempdir().unwrap();
        let failure = run_silently(
            Command::new("sh").args(["-c", "echo the reason; exit 3"]),
            "Trying",
            &folder.path().join("log"),
            Duration::from_secs(60),
        )
        .unwrap_err();
        assert!(failure.to_string().contains("the reason"));
    }

    #[test]
    fn a_program_that_hangs_is_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let failure = run_silently(
            Command::new("sleep").arg("600"),
            "Waiting",
            &folder.path().join("log"),
            Duration::from_millis(150),
        )
        .unwrap_err();
        assert!(failure.to_string().contains("stopped"));
    }
}
