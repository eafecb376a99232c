//! The log's tree on disk: hashes over full subtrees, from which every root and every proof at every size follow.

use crate::error::BooksError;
use carnet_proofs::tree::branch_hash;
use carnet_protocol::id::Hash32;
use ct_merkle::indices_for_consistency_proof;
use redb::ReadableTable;

/// The stored tree.
pub(crate) struct Log<T>(pub T);

/// The number of the node over the full subtree of 2^`level` entries that ends with entry `last`.
pub(crate) fn full_node(level: u32, last: u64) -> u64 {
    let width = 1_u64 << level;
    2 * (last + 1 - width) + width - 1
}

impl<T: ReadableTable<u64, &'static [u8; 32]>> Log<T> {
    /// The proof that the tree at size `old` is the beginning of that at size `new`; both within the log, `old <= new`.
    pub(crate) fn consistency(&self, old: u64, new: u64) -> Result<Vec<Hash32>, BooksError> {
        if old == 0 {
            return Ok(Vec::new());
        }
        indices_for_consistency_proof(old, new - old).into_iter().map(|node| self.node(node, new)).collect()
    }

    /// A node of the tree at a size: stored where its subtree is full, else made of its halves. The left half of one
    /// that is not full is full, so this reads at most one node per level.
    fn node(&self, node: u64, size: u64) -> Result<Hash32, BooksError> {
        let level = node.trailing_ones();
        // The last entry below, were it full: half the number of the last leaf node below.
        let last = (node + (1 << level) - 1) / 2;
        if last < size {
            let stored = self.0.get(node)?.ok_or(BooksError::Damaged("node of the log"))?;
            return Ok(Hash32(*stored.value()));
        }
        let left = node ^ (1 << (level - 1));
        let mut right = node ^ (3 << (level - 1));
        // Where the right half is smaller, its root lies deeper.
        while right > 2 * (size - 1) {
            right ^= 1 << (right.trailing_ones() - 1);
        }
        Ok(branch_hash(&self.node(left, size)?, &self.node(right, size)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_subtrees_are_numbered_from_left_to_right() {
        // Entries have even numbers; the node over two lies between them.
        assert_eq!((full_node(0, 0), full_node(0, 3)), (0, 6));
        assert_eq!((full_node(1, 1), full_node(1, 3), full_node(2, 3), full_node(3, 7)), (1, 5, 3, 7));
    }
}
