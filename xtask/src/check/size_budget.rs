//! What a first visit costs over the wire.

use std::collections::BTreeSet;
use std::path::Path;

use super::Outcome;
use crate::app_build;
use crate::failure::Result;
use crate::workspace::{self, Workspace};

/// What a first visit should come to at most, brotli-compressed, in bytes: page, scripts, style sheets, the texts of one
/// language, and the WebAssembly that the first page takes. A second on a 3 Mbit/s line.
pub const GOAL: usize = 350_000;

/// What opening a share link in a browser that was never here may come to: the same, and reading a passport.
pub const BY_LINK: usize = 710_000;

/// What all of it may come to, which a service worker fetches behind a first visit. Just above what it is: lowered with
/// every gain, raised only with a reason in `docs/decisions/app-size.md`.
pub const WHOLE: usize = 1_260_000;

/// The kinds of files that count.
const KINDS: [&str; 4] = ["html", "js", "wasm", "css"];

/// One file of the app as it goes over the wire.
pub struct Sent {
    /// Its name below the app's folder.
    pub name: String,
    /// Its brotli size in bytes.
    pub bytes: usize,
}

/// What visits come to.
pub struct Visits {
    /// The first page, in a browser that was never here.
    pub first: Vec<Sent>,
    /// What opening a share link takes beside it.
    pub by_link: Vec<Sent>,
    /// What is left, fetched when it is needed or by the service worker.
    pub rest: Vec<Sent>,
}

impl Visits {
    /// Bytes of the first page, of that and a share link, and of all of it.
    pub fn sums(&self) -> [usize; 3] {
        let mut sum = 0;
        [&self.first, &self.by_link, &self.rest].map(|files| {
            sum += files.iter().map(|file| file.bytes).sum::<usize>();
            sum
        })
    }
}

/// Builds the app and compares it with the budget.
pub fn check(workspace: &Workspace) -> Result<Outcome> {
    let dist = app_build::ready(workspace)?;
    let visits = visits(&dist)?;
    println!("\n  {:<52} {:>12}", "file", "brotli");
    for file in &visits.first {
        println!("  {:<52} {:>10.1} KB", file.name, kilobytes(file.bytes));
    }
    let mut faults = Vec::new();
    let limits = [("first page", GOAL), ("by a share link", BY_LINK), ("all of the app", WHOLE)];
    for (sum, (what, limit)) in visits.sums().into_iter().zip(limits) {
        println!("  {what:<52} {:>10.1} KB of {:.0}", kilobytes(sum), kilobytes(limit));
        if sum > limit {
            faults.push(format!("{what}: {:.1} KB over its budget", kilobytes(sum - limit)));
        }
    }
    Ok(Outcome::from_faults(faults))
}

/// What visits take, in the language that costs most; what a first page takes, largest first.
pub fn visits(dist: &Path) -> Result<Visits> {
    let takes = app_build::takes(dist)?;
    let all: BTreeSet<&str> = takes.values().flatten().map(String::as_str).collect();
    let by_link = app_build::by_link(&takes)?;
    let mut visits = Visits { first: Vec::new(), by_link: Vec::new(), rest: Vec::new() };
    for path in workspace::files_below(dist)? {
        let kind = path.extension().map(|kind| kind.to_string_lossy().into_owned()).unwrap_or_default();
        if KINDS.contains(&kind.as_str()) {
            let name = path.strip_prefix(dist).unwrap_or(&path).display().to_string();
            let files = if by_link.contains(&name) {
                &mut visits.by_link
            } else if all.contains(name.as_str()) {
                &mut visits.rest
            } else {
                &mut visits.first
            };
            files.push(Sent { name, bytes: app_build::brotli_size(&path)? });
        }
    }
    visits.first.extend(largest_text(dist)?);
    visits.first.sort_by_key(|file| std::cmp::Reverse(file.bytes));
    Ok(visits)
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
    fn a_visit_takes_compressed_forms_one_language_its_parts_and_no_images() {
        let folder = tempfile::tempdir().unwrap();
        let files = [
            ("a.js", 900),
            ("a.js.br", 300),
            ("b.css", 20),
            ("c.png", 5000),
            ("text-en-1.txt", 7),
            ("text-fr-2.txt", 9),
            ("chunk_2-1.wasm", 60),
            ("split_keeping-1.wasm", 70),
            ("parts-1.js.br", 400),
        ];
        for (name, size) in files {
            fs::write(folder.path().join(name), "x".repeat(size)).unwrap();
        }
        let loader = r#"
const __chunk_2 = makeLoad(() => { fetch(new URL("./chunk_2-1.wasm", x)) }, []);
export const __wasm_split_load_passport = makeLoad(() => async () => ({}), [__chunk_2]);
export const __wasm_split_load_reading = makeLoad(() => async () => ({}), [__chunk_2]);
export const __wasm_split_load_keeping = makeLoad(() => { fetch(new URL("./split_keeping-1.wasm", x)) }, [__chunk_2]);
"#;
        fs::write(folder.path().join("parts-1.js"), loader).unwrap();
        let sizes = |files: Vec<Sent>| -> Vec<_> { files.into_iter().map(|file| (file.name, file.bytes)).collect() };
        let visits = visits(folder.path()).unwrap();
        let own = |name: &str, bytes| (name.to_owned(), bytes);
        assert_eq!(
            sizes(visits.first),
            [own("parts-1.js", 400), own("a.js", 300), own("b.css", 20), own("text-fr-2.txt", 9)]
        );
        assert_eq!(sizes(visits.by_link), [own("chunk_2-1.wasm", 60)]);
        assert_eq!(sizes(visits.rest), [own("split_keeping-1.wasm", 70)]);
    }
}
