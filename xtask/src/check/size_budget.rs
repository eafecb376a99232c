//! What a first visit costs over the wire.

use std::path::Path;

use super::Outcome;
use crate::app_build;
use crate::failure::Result;
use crate::workspace::{self, Workspace};

/// What page, scripts, WebAssembly, style sheets and the texts of one language together should come to,
/// brotli-compressed, in bytes: a second on a 3 Mbit/s line. Not reached yet; `docs/decisions/app-size.md` says where the bytes are.
pub const GOAL: usize = 350_000;

/// What they may come to now: just above what they are. Lowered with every gain; raised only with a reason on that page.
pub const BUDGET: usize = 1_075_000;

/// The kinds of files that count.
const KINDS: [&str; 4] = ["html", "js", "wasm", "css"];

/// One file of the app as it goes over the wire.
pub struct Sent {
    /// Its name below the app's folder.
    pub name: String,
    /// Its brotli size in bytes.
    pub bytes: usize,
}

/// Builds the app and compares it with the budget.
pub fn check(workspace: &Workspace) -> Result<Outcome> {
    let dist = app_build::ready(workspace)?;
    let files = first_visit(&dist)?;
    let total: usize = files.iter().map(|file| file.bytes).sum();
    println!("\n  {:<52} {:>12}", "file", "brotli");
    for file in &files {
        println!("  {:<52} {:>10.1} KB", file.name, kilobytes(file.bytes));
    }
    println!("  {:<52} {:>10.1} KB of {:.0}", "together", kilobytes(total), kilobytes(BUDGET));
    if total > GOAL {
        println!("  {:<52} {:>10.1} KB", "above the goal by", kilobytes(total - GOAL));
    }
    let faults = if total <= BUDGET {
        Vec::new()
    } else {
        vec![format!("the app is {:.1} KB over its budget", kilobytes(total - BUDGET))]
    };
    Ok(Outcome::from_faults(faults))
}

/// The files of a first visit, in the language that costs most; largest first.
pub fn first_visit(dist: &Path) -> Result<Vec<Sent>> {
    let mut sent = Vec::new();
    for path in workspace::files_below(dist)? {
        let kind = path.extension().map(|kind| kind.to_string_lossy().into_owned()).unwrap_or_default();
        if KINDS.contains(&kind.as_str()) {
            let name = path.strip_prefix(dist).unwrap_or(&path).display().to_string();
            sent.push(Sent { name, bytes: app_build::brotli_size(&path)? });
        }
    }
    sent.extend(largest_text(dist)?);
    sent.sort_by_key(|file| std::cmp::Reverse(file.bytes));
    Ok(sent)
}

/// A visit loads one language; the one that costs most stands for it.
fn largest_text(dist: &Path) -> Result<Option<Sent>> {
    let mut largest: Option<Sent> = None;
    for path in workspace::files_below(dist)? {
        let name = path.strip_prefix(dist).unwrap_or(&path).display().to_string();
        if name.starts_with("text-") && name.ends_with(".txt") {
            let bytes = app_build::brotli_size(&path)?;
            if largest.as_ref().is_none_or(|largest| largest.bytes < bytes) {
                largest = Some(Sent { name, bytes });
            }
        }
    }
    Ok(largest)
}

#[allow(clippy::cast_precision_loss)]
fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs;

    #[test]
    fn compressed_forms_and_one_language_count_and_images_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let files = [
            ("a.js", 900),
            ("a.js.br", 300),
            ("b.css", 20),
            ("c.png", 5000),
            ("text-en-1.txt", 7),
            ("text-fr-2.txt", 9),
        ];
        for (name, size) in files {
            fs::write(folder.path().join(name), "x".repeat(size)).unwrap();
        }
        let files = first_visit(folder.path()).unwrap();
        let sizes: Vec<_> = files.iter().map(|file| (file.name.as_str(), file.bytes)).collect();
        assert_eq!(sizes, [("a.js", 300), ("b.css", 20), ("text-fr-2.txt", 9)]);
    }
}
