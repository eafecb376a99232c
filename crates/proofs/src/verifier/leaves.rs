//! Whether leaves are all there, and what is wrong when they are not.

use crate::{finding::Finding, head::leaf_hashes, tree::Peaks};
use carnet_protocol::{id::Hash32, ledger::Leaf, proof::Committed};
use std::collections::BTreeSet;

/// All leaves of a stream in order.
#[derive(Debug, Clone, Copy)]
pub enum Leaves<'a> {
    /// Themselves.
    Whole(&'a [Leaf]),
    /// Their hashes, out of a bundle.
    Hashes(&'a [Hash32]),
}

impl Leaves<'_> {
    /// Checks them against the head: one hash per leaf and one per branch.
    pub(super) fn check(self, records: &Committed) -> Result<(), Finding> {
        let found = match self {
            Leaves::Whole(leaves) => Peaks::over(leaf_hashes(leaves)),
            Leaves::Hashes(hashes) => Peaks::over(hashes.iter().copied()),
        };
        let in_place = match self {
            Leaves::Whole(leaves) => (0..).zip(leaves).all(|(index, leaf)| leaf.index == index),
            Leaves::Hashes(_) => true,
        };
        if in_place && found.committed() == *records {
            return Ok(());
        }
        Err(match self {
            Leaves::Whole(leaves) => diagnose(leaves, records),
            Leaves::Hashes(_) => by_number(found.count(), records),
        })
    }
}

/// Names the fault, the plainest first.
fn diagnose(leaves: &[Leaf], records: &Committed) -> Finding {
    let (mut indices, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for leaf in leaves {
        if !indices.insert(leaf.index) || !ids.insert(leaf.entry.record) {
            return Finding::LeafDuplicated { index: leaf.index };
        }
    }
    // The first that is not there lies at most one beyond those that are.
    let gap = (0..records.count).find(|index| !indices.contains(index));
    if let Some(first) = gap {
        let missing = records.count - indices.range(..records.count).count() as u64;
        return Finding::LeavesDropped { proved: records.count, missing, first };
    }
    if indices.len() as u64 > records.count {
        return Finding::LeavesAdded { proved: records.count };
    }
    match (0..).zip(leaves).find(|(place, leaf)| leaf.index != *place) {
        Some((index, _)) => Finding::LeavesReordered { index },
        None => Finding::LeafAltered,
    }
}

fn by_number(found: u64, records: &Committed) -> Finding {
    let proved = records.count;
    match found.cmp(&proved) {
        core::cmp::Ordering::Less => Finding::LeavesDropped { proved, missing: proved - found, first: found },
        core::cmp::Ordering::Greater => Finding::LeavesAdded { proved },
        core::cmp::Ordering::Equal => Finding::LeafAltered,
    }
}
