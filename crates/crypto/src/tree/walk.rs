//! Deriving the keys of many days, keeping the path from the last one.

use super::{DayCover, DayKeys, Node, bit, child, cover::Place};
use carnet_protocol::day::Day;

/// Remembers the nodes on the way to the last day asked for and starts from where the next one branches off. Any order
/// of days is right; ascending or descending order is fast.
pub struct DayWalk<'a> {
    tops: Vec<(Place, &'a Node)>,
    /// Which top the path hangs from.
    top: usize,
    /// The nodes below that top on the way to `last`, the leaf at the end.
    path: Vec<Node>,
    last: Option<Day>,
}

impl<'a> DayWalk<'a> {
    pub(super) fn below_root(root: &'a Node) -> Self {
        Self { tops: vec![(Place::ROOT, root)], top: 0, path: Vec::new(), last: None }
    }

    pub(super) fn below_cover(cover: &'a DayCover) -> Self {
        let tops = cover.nodes.iter().map(|(place, node)| (*place, node)).collect();
        Self { tops, top: 0, path: Vec::new(), last: None }
    }

    /// The keys of `day`; `None` when it is not below the nodes this walk started from.
    pub fn day_keys(&mut self, day: Day) -> Option<DayKeys> {
        if !self.tops.get(self.top)?.0.contains(day) {
            self.top = self.tops.iter().position(|(place, _)| place.contains(day))?;
            self.path.clear();
            self.last = None;
        }
        let (place, top) = self.tops[self.top];
        let shared = self.last.map_or(0, |last| {
            let differing = u16::BITS - (last.0 ^ day.0).leading_zeros();
            usize::from(place.height).saturating_sub(differing as usize)
        });
        self.path.truncate(shared);
        for level in (0..place.height).rev().skip(shared) {
            let next = child(self.path.last().unwrap_or(top), bit(day, level));
            self.path.push(next);
        }
        self.last = Some(day);
        Some(DayKeys::of_leaf(day, self.path.last().unwrap_or(top)))
    }
}
