//! The exact bytes of notes, checkpoints, roots and bundles: what was signed once must verify for good, and another
//! implementation can check itself against this file.
//!
//! `CARNET_WRITE_GOLDEN=1 cargo test -p carnet-proofs --test golden` writes what changed on purpose.

#![allow(clippy::unwrap_used, missing_docs, dead_code)]
#![cfg(not(target_family = "wasm"))]

#[path = "support/consortium.rs"]
mod consortium;

use carnet_proofs::{
    bundle,
    head::{directory_hash, grant_event_hash, head_hash, leaf_hash, withdrawal_hash},
    map::Subject,
};
use carnet_protocol::{encoding, id::Hash32};
use consortium::{Consortium, NOW, check, policy, stream};

/// Everything as lines.
fn lines() -> String {
    let books = Consortium::new(20);
    let (proof, leaves) = (books.proof(5, 13), books.leaves(5));
    let head = proof.head.clone().unwrap();
    let verified = check(None, 5, &proof, &leaves).unwrap();
    let made = bundle::make(&policy(), &verified, &proof, &leaves, NOW);
    let hashes = [
        ("leaf", leaf_hash(&leaves[4])),
        ("withdrawal", withdrawal_hash(4)),
        ("grant_event", grant_event_hash(&Hash32([1; 32]))),
        ("head", head_hash(&head)),
        ("directory", directory_hash(&books.directory)),
        ("key_of_stream", Subject::Stream(&stream(5)).key()),
        ("key_of_directory", Subject::Directory.key()),
        ("records_root", head.records.root),
    ];
    let hashes = hashes.map(|(name, hash)| format!("{name} {}\n", hex::encode(hash.0))).concat();
    let (proof, made) = (encoding::encode(&proof), encoding::encode(&made));
    format!(
        "{}\n{}\n{hashes}proof {}\nbundle {}\n",
        policy().text(),
        books.note(),
        hex::encode(proof),
        hex::encode(made)
    )
}

#[test]
fn bytes_are_what_they_were() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/consortium.txt");
    let found = lines();
    if std::env::var_os("CARNET_WRITE_GOLDEN").is_some() {
        std::fs::write(path, &found).unwrap();
        let books = Consortium::new(3);
        let (proof, leaves) = (books.proof(5, 0), books.leaves(5));
        let verified = check(None, 5, &proof, &leaves).unwrap();
        let made = bundle::make(&policy(), &verified, &proof, &leaves, NOW);
        let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus");
        std::fs::write(format!("{corpus}/proof_bundle/consortium"), encoding::encode(&made)).unwrap();
        std::fs::write(format!("{corpus}/proof_note/consortium"), books.note()).unwrap();
        std::fs::write(format!("{corpus}/proof_policy/consortium"), policy().text()).unwrap();
    }
    assert_eq!(found, std::fs::read_to_string(path).unwrap());
}
