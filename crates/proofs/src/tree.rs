//! The tree of RFC 6962 and RFC 9162, section 2: over the log's transactions, and over what belongs to one stream.
//!
//! The data of every entry starts with a label, so that an entry of one tree is none of another.

use carnet_crypto::hash::prefixed_each;
use carnet_protocol::{
    domain::Domain,
    id::Hash32,
    limits::{LOG_MAX, LOG_PROOF_MAX},
    proof::Committed,
};
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use sha2::{Digest, Sha256};

/// Hash of an entry: SHA-256(0x00 ‖ label ‖ data).
pub fn entry_hash(label: Domain, data: &[u8]) -> Hash32 {
    Hash32(Sha256::new_with_prefix([0]).chain_update(label.as_bytes()).chain_update(data).finalize().into())
}

/// Hash of two halves: SHA-256(0x01 ‖ left ‖ right).
pub fn branch_hash(left: &Hash32, right: &Hash32) -> Hash32 {
    Hash32(Sha256::new_with_prefix([1]).chain_update(left.as_bytes()).chain_update(right.as_bytes()).finalize().into())
}

/// [`entry_hash`] of each.
pub fn entry_hashes(label: Domain, data: &[&[u8]]) -> Vec<Hash32> {
    prefixed_each(&[&[0], label.as_bytes()].concat(), data)
}

/// [`branch_hash`] of each.
fn branch_hashes(pairs: &[[Hash32; 2]]) -> Vec<Hash32> {
    let halves: Vec<[[u8; 32]; 2]> = pairs.iter().map(|pair| pair.map(|hash| hash.0)).collect();
    let halves: Vec<&[u8]> = halves.iter().map(|pair| pair.as_flattened()).collect();
    prefixed_each(&[1], &halves)
}

/// A proof about a tree does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the proof does not lead to the root")]
pub struct ProofError;

/// A growing tree by the roots of its full subtrees, largest first: all that appending and the root need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Peaks {
    count: u64,
    hashes: Vec<Hash32>,
}

impl Peaks {
    /// From a stored count and hashes; `None` when they do not belong together.
    pub fn from_parts(count: u64, hashes: Vec<Hash32>) -> Option<Self> {
        (count.count_ones() as usize == hashes.len()).then_some(Self { count, hashes })
    }

    /// Over hashes of entries, in order: level by level, so that branches are hashed side by side.
    pub fn over(entries: impl IntoIterator<Item = Hash32>) -> Self {
        let mut level: Vec<Hash32> = entries.into_iter().collect();
        let (count, mut hashes) = (level.len() as u64, Vec::new());
        while !level.is_empty() {
            let (pairs, alone) = level.as_chunks::<2>();
            hashes.extend(alone);
            level = branch_hashes(pairs);
        }
        hashes.reverse();
        Self { count, hashes }
    }

    /// Entries so far.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The roots of the full subtrees, largest first.
    pub fn hashes(&self) -> &[Hash32] {
        &self.hashes
    }

    /// Appends the hash of an entry. `full` is told of every subtree that is full now, the entry itself first: the
    /// number of its entries as a power of two, and its root.
    pub fn push(&mut self, entry: Hash32, mut full: impl FnMut(u32, &Hash32)) {
        let mut hash = entry;
        full(0, &hash);
        for level in 1..=self.count.trailing_ones() {
            let left = self.hashes.pop().expect("each bit of the count has its subtree");
            hash = branch_hash(&left, &hash);
            full(level, &hash);
        }
        self.hashes.push(hash);
        self.count += 1;
    }

    /// The root; that of no entries is the hash of nothing.
    pub fn root(&self) -> Hash32 {
        let mut smallest_first = self.hashes.iter().rev();
        let Some(first) = smallest_first.next() else { return Hash32(Sha256::digest([]).into()) };
        smallest_first.fold(*first, |right, left| branch_hash(left, &right))
    }

    /// Count and root.
    pub fn committed(&self) -> Committed {
        Committed { count: self.count, root: self.root() }
    }
}

/// Verifies that `entry`, label and data included, stands at `index`.
///
/// # Errors
/// [`ProofError`].
pub fn verify_inclusion(
    tree: &Committed,
    index: u64,
    label: Domain,
    data: &[u8],
    proof: &[Hash32],
) -> Result<(), ProofError> {
    let root = root(tree).filter(|_| proof.len() <= LOG_PROOF_MAX).ok_or(ProofError)?;
    let proof = InclusionProof::try_from_bytes(flat(proof)).map_err(|_| ProofError)?;
    let entry = [label.as_bytes(), data].concat();
    root.verify_inclusion(&entry, index, &proof).map_err(|_| ProofError)
}

/// Verifies that the `old` tree is the beginning of the `new` one.
///
/// # Errors
/// [`ProofError`].
pub fn verify_consistency(old: &Committed, new: &Committed, proof: &[Hash32]) -> Result<(), ProofError> {
    if old.count == 0 {
        let starts_empty = proof.is_empty() && old.root == Peaks::default().root();
        return if starts_empty { Ok(()) } else { Err(ProofError) };
    }
    let both = root(old).zip(root(new)).filter(|_| proof.len() <= LOG_PROOF_MAX);
    let (old, new) = both.ok_or(ProofError)?;
    let proof = ConsistencyProof::try_from_bytes(flat(proof)).map_err(|_| ProofError)?;
    new.verify_consistency(&old, &proof).map_err(|_| ProofError)
}

/// `None` beyond the size on which the library's arithmetic is safe.
fn root(tree: &Committed) -> Option<RootHash<Sha256>> {
    (tree.count <= LOG_MAX).then(|| RootHash::new(tree.root.0.into(), tree.count))
}

fn flat(proof: &[Hash32]) -> Vec<u8> {
    proof.iter().flat_map(|hash| hash.0).collect()
}
