//! The program as people run it, on bundles good and bad.

#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../../crates/proofs/tests/support/consortium.rs"]
#[allow(dead_code)]
mod consortium;

use carnet_proofs::bundle;
use carnet_protocol::{encoding::encode, proof::Bundle};
use consortium::{Consortium, NOW, check, policy};
use std::{path::Path, process::Command};

fn made() -> Bundle {
    let books = Consortium::new(20);
    let (proof, leaves) = (books.proof(5, 0), books.leaves(5));
    let verified = check(None, 5, &proof, &leaves).unwrap();
    bundle::make(&policy(), &verified, &proof, &leaves, NOW)
}

/// Exit code and what was said.
fn run(folder: &Path, bundle: &[u8], policy: Option<&str>) -> (i32, String) {
    let (file, policy_file) = (folder.join("bundle"), folder.join("policy"));
    std::fs::write(&file, bundle).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_carnet"));
    command.args(["verify", "bundle"]).arg(&file);
    if let Some(text) = policy {
        std::fs::write(&policy_file, text).unwrap();
        command.arg("--policy").arg(&policy_file);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code().unwrap(), said)
}

#[test]
fn a_good_bundle_is_told_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let (code, said) = run(folder.path(), &encode(&made()), None);
    assert_eq!(code, 0, "{said}");
    let expected =
        ["The proof holds", "5 committed, all 5", "not attested", "cosigned    one at 2027-01-15", "witness two"];
    for part in expected {
        assert!(said.contains(part), "{part}: {said}");
    }
    let (code, said) = run(folder.path(), &encode(&made()), Some(policy().text()));
    assert_eq!((code, said.contains("by the policy you gave"), said.contains("witness two")), (0, true, false));
}

#[test]
fn a_bad_one_has_its_finding_and_its_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let mut short = made();
    short.leaves.pop();
    let (code, said) = run(folder.path(), &encode(&short), None);
    assert_eq!((code, said.contains("does NOT hold") && said.contains("leaves_dropped")), (1, true), "{said}");
    let mut altered = made();
    altered.leaves[0].0[0] ^= 1;
    let (code, said) = run(folder.path(), &encode(&altered), None);
    assert_eq!((code, said.contains("leaf_altered")), (1, true), "{said}");
    // A policy of one's own goes before the one inside.
    let own = policy()
        .text()
        .replace("group all-of-us 2", "group all-of-us 3")
        .replace(&consortium::vkey(3).to_string(), &consortium::vkey(9).to_string());
    let (code, said) = run(folder.path(), &encode(&made()), Some(&own));
    assert_eq!((code, said.contains("no_quorum")), (1, true), "{said}");
}

#[test]
fn what_cannot_be_checked_says_so() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), b"no bundle", None).0, 2);
    assert_eq!(run(folder.path(), &encode(&made()), Some("quorum none")).0, 2);
    let program = || Command::new(env!("CARGO_BIN_EXE_carnet"));
    assert_eq!(program().output().unwrap().status.code(), Some(2));
    assert_eq!(program().args(["verify", "bundle", "/nowhere"]).output().unwrap().status.code(), Some(2));
    assert_eq!(program().arg("--help").output().unwrap().status.code(), Some(0));
}
