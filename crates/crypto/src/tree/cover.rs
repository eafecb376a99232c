//! Covers: the fewest nodes whose leaves are exactly a range of days.

use super::{DEPTH, DayKeys, DayWalk, Node, TreeRoot, child};
use crate::secret::Secret;
use carnet_protocol::{
    Blob,
    day::{Day, DayRange},
};

/// A node's place: the first day below it and its height above the leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) first: Day,
    pub(super) height: u8,
}

impl Place {
    pub(super) const ROOT: Place = Place { first: Day::FIRST, height: DEPTH };

    pub(super) fn contains(self, day: Day) -> bool {
        u32::from(day.0 ^ self.first.0) < 1 << self.height
    }

    /// The last day below it.
    pub(super) fn last(self) -> Day {
        Day(self.first.0 | ((1_u32 << self.height) - 1) as u16)
    }

    /// Whether a day of the range lies below it.
    fn meets(self, range: DayRange) -> bool {
        self.first <= range.last() && range.first() <= self.last()
    }

    /// The place below it on the left (0) or on the right (1). It must not be a leaf.
    fn half(self, turn: u8) -> Place {
        let height = self.height - 1;
        Place { first: Day(self.first.0 | u16::from(turn) << height), height }
    }

    /// The nodes of a range's cover, from the first day to the last: each the largest that starts where the last one
    /// ended and stays inside. At most 2·(16 − 1) = 30.
    fn covering(range: DayRange) -> Vec<Place> {
        let (mut next, end) = (u32::from(range.first().0), u32::from(range.last().0) + 1);
        let mut places = Vec::new();
        while next < end {
            let aligned = next.trailing_zeros().min(u32::from(DEPTH));
            let height = aligned.min((end - next).ilog2());
            // Both fit: next is below 2^16 and height at most 16.
            places.push(Place { first: Day(next as u16), height: height as u8 });
            next += 1 << height;
        }
        places
    }
}

/// Adds the largest nodes from `place` down that stay inside the range, in the order of days; `place` has some of its days.
/// What several of them have above them is derived once.
fn add_within(place: Place, node: &Node, range: DayRange, into: &mut Vec<(Place, Node)>) {
    if range.contains(place.first) && range.contains(place.last()) {
        return into.push((place, node.duplicate()));
    }
    // A single day would lie inside, so there is a level below.
    for turn in [0, 1] {
        let below = place.half(turn);
        if below.meets(range) {
            add_within(below, &child(node, turn), range, into);
        }
    }
}

/// Keys that do not fit the range they are said to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CoverError {
    /// Too many or too few.
    #[error("a range of these days has {expected} keys, not {found}")]
    Count {
        /// Keys of the range's one cover.
        expected: usize,
        /// Keys found.
        found: usize,
    },
    /// A key of another length than 32 bytes.
    #[error("a key of the range has {found} bytes instead of 32")]
    Length {
        /// Bytes found.
        found: usize,
    },
}

/// The keys of a range of days: what a grantee gets of one category.
pub struct DayCover {
    range: DayRange,
    pub(super) nodes: Vec<(Place, Node)>,
}

impl DayCover {
    pub(super) fn of(root: &TreeRoot, range: DayRange) -> Self {
        let mut nodes = Vec::new();
        add_within(Place::ROOT, &root.0, range, &mut nodes);
        Self { range, nodes }
    }

    /// The keys of `range` that derive from these nodes, in the order of days; `None` when they do not open all of it.
    pub(super) fn within(tops: &[(Place, Node)], range: DayRange) -> Option<Self> {
        let mut nodes = Vec::new();
        for (place, node) in tops.iter().filter(|(place, _)| place.meets(range)) {
            add_within(*place, node, range, &mut nodes);
        }
        let places = nodes.iter().map(|(place, _)| *place);
        places.eq(Place::covering(range)).then_some(Self { range, nodes })
    }

    /// Of nodes that open days of `range` and no others.
    pub(super) fn from_nodes(range: DayRange, nodes: Vec<(Place, Node)>) -> Self {
        Self { range, nodes }
    }

    /// The days it opens.
    pub fn range(&self) -> DayRange {
        self.range
    }

    /// The node keys in the order of days, for a grant.
    pub fn keys(&self) -> Vec<Blob> {
        self.nodes.iter().map(|(_, node)| Blob(node.expose().to_vec())).collect()
    }

    /// Takes over the keys of a grant.
    ///
    /// # Errors
    /// [`CoverError`] unless they are as many and as long as the range's one cover has them.
    pub fn from_keys(range: DayRange, keys: &[Blob]) -> Result<Self, CoverError> {
        Self::of_nodes(range, keys.iter().map(|key| key.0.as_slice()))
    }

    /// Takes over the keys of a grant, which has them one after the other.
    ///
    /// # Errors
    /// As [`Self::from_keys`].
    pub fn from_joined_keys(range: DayRange, keys: &[u8]) -> Result<Self, CoverError> {
        Self::of_nodes(range, keys.chunks(size_of::<[u8; 32]>()))
    }

    fn of_nodes<'a>(range: DayRange, keys: impl ExactSizeIterator<Item = &'a [u8]>) -> Result<Self, CoverError> {
        let places = Place::covering(range);
        if places.len() != keys.len() {
            return Err(CoverError::Count { expected: places.len(), found: keys.len() });
        }
        let parse = |key: &[u8]| Secret::from_slice(key).map_err(|_| CoverError::Length { found: key.len() });
        let nodes = places.into_iter().zip(keys).map(|(place, key)| Ok((place, parse(key)?)));
        Ok(Self { range, nodes: nodes.collect::<Result<_, _>>()? })
    }

    /// The keys of those of its days that lie in `range`, for handing on; `None` when there are none. Whoever holds a node
    /// has all below it, so nothing is opened that was not open before.
    pub fn narrow(&self, range: DayRange) -> Option<Self> {
        let (first, last) = (self.range.first().max(range.first()), self.range.last().min(range.last()));
        let range = DayRange::new(first, last).ok()?;
        // A range's cover has the largest nodes that stay inside, so each of a part lies below one of the whole.
        Self::within(&self.nodes, range)
    }

    /// The keys of one day; `None` outside the range. For many days, [`DayCover::walk`].
    pub fn day_keys(&self, day: Day) -> Option<DayKeys> {
        self.walk().day_keys(day)
    }

    /// Derives the keys of many days; days in order cost about two derivations each.
    pub fn walk(&self) -> DayWalk<'_> {
        DayWalk::below_cover(self)
    }
}

impl core::fmt::Debug for DayCover {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("DayCover").field("range", &self.range).finish_non_exhaustive()
    }
}
