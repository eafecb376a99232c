//! What is left of a day tree after days were erased from it: the nodes that open all other days.
//!
//! A day is erased by putting the siblings along its way in the place of the node above it, at most 16 of them, and
//! forgetting that node. Nothing derives a node from what stands beside or below it, so the day's keys are gone.

use super::{DEPTH, DayCover, DayKeys, Node, TreeRoot, bit, child, cover::Place};
use crate::secret::Secret;
use carnet_protocol::day::{Day, DayRange};

/// One node as it is kept: the first day below it, its height above the leaves, its key.
#[derive(Debug)]
pub struct NodeKey {
    /// The first day below it.
    pub first: Day,
    /// 0 for a leaf, 16 for the root.
    pub height: u8,
    /// Its key.
    pub key: Secret<32>,
}

/// Kept nodes that cannot be a tree's: out of place, or one below another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the nodes are not what is left of one tree")]
pub struct NotATree;

/// A day tree without some of its days. In order of days, no node below another.
pub struct PrunedTree {
    nodes: Vec<(Place, Node)>,
}

impl PrunedTree {
    /// All of a tree.
    pub fn whole(root: TreeRoot) -> Self {
        Self { nodes: vec![(Place::ROOT, root.0)] }
    }

    /// Takes over kept nodes.
    ///
    /// # Errors
    /// [`NotATree`].
    pub fn from_nodes(kept: Vec<NodeKey>) -> Result<Self, NotATree> {
        let mut nodes = Vec::with_capacity(kept.len());
        let mut free = 0_u32;
        for NodeKey { first, height, key } in kept {
            let start = u32::from(first.0);
            if height > DEPTH || start % (1 << height) != 0 || start < free {
                return Err(NotATree);
            }
            free = start + (1 << height);
            nodes.push((Place { first, height }, key));
        }
        Ok(Self { nodes })
    }

    /// The nodes, to be kept.
    pub fn into_nodes(self) -> Vec<NodeKey> {
        let kept = |(place, key): (Place, Node)| NodeKey { first: place.first, height: place.height, key };
        self.nodes.into_iter().map(kept).collect()
    }

    /// Whether no day was erased.
    pub fn is_whole(&self) -> bool {
        matches!(self.nodes.as_slice(), [(Place::ROOT, _)])
    }

    /// Whether no day is left.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Whether the keys of a day can be derived.
    pub fn opens(&self, day: Day) -> bool {
        self.nodes.iter().any(|(place, _)| place.contains(day))
    }

    /// Erases a day: its keys can never be derived from this tree again.
    pub fn puncture(&mut self, day: Day) {
        let Some(position) = self.nodes.iter().position(|(place, _)| place.contains(day)) else { return };
        let (place, mut node) = self.nodes.remove(position);
        let mut left = Vec::with_capacity(usize::from(place.height));
        let mut right = Vec::with_capacity(usize::from(place.height));
        for level in (0..place.height).rev() {
            let turn = bit(day, level);
            let sibling = Place { first: Day((day.0 ^ 1 << level) & (u16::MAX << level)), height: level };
            let beside = if turn == 0 { &mut right } else { &mut left };
            beside.push((sibling, child(&node, 1 - turn)));
            node = child(&node, turn);
        }
        right.reverse();
        self.nodes.splice(position..position, left.into_iter().chain(right));
    }

    /// Keeps only the days that `other`, of the same root, opens as well.
    pub fn intersect(&mut self, other: &PrunedTree) {
        let mut nodes = Vec::with_capacity(self.nodes.len().max(other.nodes.len()));
        for (ours, key) in &self.nodes {
            for (theirs, other_key) in &other.nodes {
                // Of the same tree, so one lies within the other or they share no day.
                if theirs.contains(ours.first) && theirs.height >= ours.height {
                    nodes.push((*ours, key.duplicate()));
                } else if ours.contains(theirs.first) {
                    nodes.push((*theirs, other_key.duplicate()));
                }
            }
        }
        self.nodes = nodes;
    }

    /// The days that are left, as few ranges as there can be, in order.
    pub fn ranges(&self) -> Vec<DayRange> {
        let mut ranges: Vec<DayRange> = Vec::new();
        for (place, _) in &self.nodes {
            let joined = ranges.last().filter(|range| u32::from(range.last().0) + 1 == u32::from(place.first.0));
            let first = joined.map_or(place.first, |range| range.first());
            if joined.is_some() {
                ranges.pop();
            }
            ranges.extend(DayRange::new(first, place.last()));
        }
        ranges
    }

    /// The keys that open exactly the days of `range`; `None` when one of them was erased.
    pub fn cover(&self, range: DayRange) -> Option<DayCover> {
        // Nodes split only along the ways to erased days, so a place above the nodes lies over an erased one.
        DayCover::within(&self.nodes, range)
    }

    /// Everything that is left, to open one's own records with.
    pub fn remains(&self) -> DayCover {
        let nodes = self.nodes.iter().map(|(place, node)| (*place, node.duplicate())).collect();
        DayCover::from_nodes(DayRange::ALL, nodes)
    }

    /// The keys of one day; `None` when it was erased.
    pub fn day_keys(&self, day: Day) -> Option<DayKeys> {
        let (place, node) = self.nodes.iter().find(|(place, _)| place.contains(day))?;
        let levels = (0..place.height).rev();
        Some(DayKeys::of_leaf(day, &levels.fold(node.duplicate(), |node, level| child(&node, bit(day, level)))))
    }
}

impl core::fmt::Debug for PrunedTree {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("PrunedTree").field("ranges", &self.ranges()).finish_non_exhaustive()
    }
}
