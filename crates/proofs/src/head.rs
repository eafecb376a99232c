//! What a stream's head commits to, in bytes. Format: `docs/formats/stream-head.md`.

use crate::tree::{Peaks, entry_hash, entry_hashes};
use carnet_crypto::hash::digest;
use carnet_protocol::{
    domain::Domain,
    encoding,
    id::Hash32,
    ledger::{Leaf, MemberDirectory},
    limits::BASE_QUALITY_MAX,
    proof::CommittedHead,
};

/// Bytes of a leaf: record 16, label 8, day 2, commitment 32, source 32, base quality 1, time 8. The base quality is at
/// most 100; its top bit says that the source had no leave.
const LEAF_LEN: usize = 99;

/// See [`LEAF_LEN`].
const QUARANTINED: u8 = 0x80;

/// The value of a stream in the map.
pub fn head_hash(head: &CommittedHead) -> Hash32 {
    digest(Domain::HASH_STREAM_HEAD, &encoding::encode(head))
}

/// The value of the directory in the map.
pub fn directory_hash(directory: &MemberDirectory) -> Hash32 {
    digest(Domain::HASH_DIRECTORY, &encoding::encode(directory))
}

/// A leaf's hash in its stream's tree. Its place is its index; whether it was withdrawn since stands in the tree of
/// withdrawals, for what was written once stays as it is.
pub fn leaf_hash(leaf: &Leaf) -> Hash32 {
    leaf_hashes(core::slice::from_ref(leaf))[0]
}

/// [`leaf_hash`] of each.
pub fn leaf_hashes(leaves: &[Leaf]) -> Vec<Hash32> {
    let bytes: Vec<[u8; LEAF_LEN]> = leaves.iter().map(leaf_bytes).collect();
    let bytes: Vec<&[u8]> = bytes.iter().map(<[u8; LEAF_LEN]>::as_slice).collect();
    let mut hashes = entry_hashes(Domain::LOG_RECORD, &bytes);
    for (hash, leaf) in hashes.iter_mut().zip(leaves).filter(|(_, leaf)| leaf.base_quality > BASE_QUALITY_MAX) {
        // No ledger has such a leaf; it must hash like none, or its top bit could pass for the mark of quarantine.
        *hash = entry_hash(Domain::LOG_RECORD, &encoding::encode(leaf));
    }
    hashes
}

/// Fields of fixed length one after the other: the shortest there is, so that checking many leaves is fast.
fn leaf_bytes(leaf: &Leaf) -> [u8; LEAF_LEN] {
    let mut bytes = [0; LEAF_LEN];
    bytes[..16].copy_from_slice(leaf.entry.record.as_bytes());
    bytes[16..24].copy_from_slice(leaf.entry.label.as_bytes());
    bytes[24..26].copy_from_slice(&leaf.entry.day.0.to_be_bytes());
    bytes[26..58].copy_from_slice(leaf.entry.commitment.as_bytes());
    bytes[58..90].copy_from_slice(leaf.source.as_bytes());
    bytes[90] = leaf.base_quality | if leaf.quarantined { QUARANTINED } else { 0 };
    bytes[91..].copy_from_slice(&leaf.at.0.to_be_bytes());
    bytes
}

/// The hash of a withdrawal in its stream's tree of withdrawals.
pub fn withdrawal_hash(index: u64) -> Hash32 {
    entry_hash(Domain::LOG_WITHDRAWAL, &index.to_be_bytes())
}

/// The hash of a transaction, by its name, in its stream's tree of grant events.
pub fn grant_event_hash(transaction: &Hash32) -> Hash32 {
    entry_hash(Domain::LOG_GRANT, transaction.as_bytes())
}

/// Root over withdrawals in order.
pub(crate) fn withdrawals_root(indices: &[u64]) -> Hash32 {
    Peaks::over(indices.iter().map(|index| withdrawal_hash(*index))).root()
}
