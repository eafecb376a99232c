//! The map from streams to their heads, as the reader sees it: a root and proofs.
//!
//! A binary tree over the bits of a key's hash, first bit first. A half that holds nothing is 32 zero bytes, one that
//! holds a single entry is the hash of that entry, anything else the hash of its two halves; so the tree is about as deep
//! as the logarithm of its entries, and the same entries give the same root in whatever order they came. A key leads one
//! way only, and an end, an entry and a branch never hash alike: no root proves two things of one key.

use carnet_crypto::hash::digest;
use carnet_protocol::{
    domain::Domain,
    id::{Hash32, StreamId},
    limits::MAP_PROOF_MAX,
    proof::{MapEntry, MapProof},
};

/// The root of a half that holds nothing.
pub const EMPTY: Hash32 = Hash32([0; 32]);

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject<'a> {
    /// A stream; the value is the hash of its head.
    Stream(&'a StreamId),
    /// The directory of members; the value is its hash.
    Directory,
}

impl Subject<'_> {
    /// Its key: spread evenly whatever the identifiers are, so that nobody can make the tree deep.
    pub fn key(self) -> Hash32 {
        match self {
            Subject::Stream(stream) => digest(Domain::HASH_MAP_KEY, &[b"s", stream.as_bytes().as_slice()].concat()),
            Subject::Directory => digest(Domain::HASH_MAP_KEY, b"m"),
        }
    }
}

/// Hash of a half that holds one entry.
pub fn entry_hash(entry: &MapEntry) -> Hash32 {
    digest(Domain::HASH_MAP_ENTRY, &[entry.key.0, entry.value.0].concat())
}

/// Hash of two halves.
pub fn branch_hash(left: &Hash32, right: &Hash32) -> Hash32 {
    digest(Domain::HASH_MAP_BRANCH, &[left.0, right.0].concat())
}

/// Bit `at` of a key: which half it is in at this depth, `true` for the second.
pub fn bit(key: &Hash32, at: usize) -> bool {
    key.0[at / 8] >> (7 - at % 8) & 1 == 1
}

/// The proof does not lead to the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the proof does not lead to the root of the map")]
pub struct MapProofError;

/// Verifies what a map with this root holds under a key: a value, or `None` when the key is not there.
///
/// # Errors
/// [`MapProofError`].
pub fn verify(root: &Hash32, key: &Hash32, proof: &MapProof) -> Result<Option<Hash32>, MapProofError> {
    let depth = proof.siblings.len();
    if depth > MAP_PROOF_MAX {
        return Err(MapProofError);
    }
    let mut hash = match &proof.entry {
        None => EMPTY,
        Some(entry) if (0..depth).all(|at| bit(&entry.key, at) == bit(key, at)) => entry_hash(entry),
        Some(_) => return Err(MapProofError),
    };
    for (at, sibling) in proof.siblings.iter().enumerate().rev() {
        hash = if bit(key, at) { branch_hash(sibling, &hash) } else { branch_hash(&hash, sibling) };
    }
    if hash != *root {
        return Err(MapProofError);
    }
    Ok(proof.entry.filter(|entry| entry.key == *key).map(|entry| entry.value))
}
