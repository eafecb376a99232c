//! Replays the fuzz corpus, whole and cut off, on the stable compiler.

#![allow(clippy::unwrap_used, missing_docs)]
#![cfg(not(target_family = "wasm"))]

#[path = "support/readers.rs"]
mod readers;

use std::{fs, path::Path};

/// Cuts tried of one file.
const CUTS: usize = 200;

fn replay(target: &str, read: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let mut files = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        read(&bytes);
        (0..CUTS).map(|cut| cut * bytes.len() / CUTS).for_each(|length| read(&bytes[..length]));
        files += 1;
    }
    assert!(files > 0, "{target} has no corpus");
}

#[test]
fn proof_note() {
    replay("proof_note", readers::proof_note);
}

#[test]
fn proof_policy() {
    replay("proof_policy", readers::proof_policy);
}

#[test]
fn proof_bundle() {
    replay("proof_bundle", readers::proof_bundle);
}
