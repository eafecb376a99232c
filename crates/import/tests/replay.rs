//! Replays the fuzz corpus and the fixtures, whole and cut off, on the stable compiler.
#![allow(clippy::unwrap_used)]

#[path = "support/whole_file.rs"]
mod whole_file;

use std::{fs, path::Path};

/// Cuts tried of one file: with every byte cut off, a long file would take minutes.
const CUTS: usize = 100;

fn replay(folder: &str, parse: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        parse(&bytes);
        (0..CUTS).map(|cut| cut * bytes.len() / CUTS).for_each(|length| parse(&bytes[..length]));
        files += 1;
    }
    assert!(files > 0, "{} has no files", folder.display());
}

#[test]
fn import_table() {
    replay("../../fuzz/corpus/import_table", whole_file::import_table);
}

#[test]
fn import_json() {
    replay("../../fuzz/corpus/import_json", whole_file::import_json);
}

#[test]
fn import_export() {
    replay("../../fuzz/corpus/import_export", whole_file::import_export);
}

#[test]
fn fixtures() {
    replay("tests/fixtures", whole_file::import_table);
}
