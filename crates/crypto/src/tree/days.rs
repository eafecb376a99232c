//! Deriving the keys of many days level by level, so that derivations of one level go side by side.

use super::{DayCover, DayKeys, Node, bit};
use crate::kdf::expand_each;
use carnet_protocol::{day::Day, domain::Domain};

/// A node, and which of the days asked for lie below it.
struct Above<'a> {
    node: Node,
    days: &'a [Day],
}

impl DayCover {
    /// The keys of each of these days, in order and each once; days outside the range are left out. Whatever the order
    /// asked in, each node on the way is derived once.
    pub fn keys_of_days(&self, mut days: Vec<Day>) -> Vec<DayKeys> {
        days.sort_unstable();
        days.dedup();
        let tops: Vec<(u8, Above<'_>)> = self
            .nodes
            .iter()
            .filter_map(|(place, node)| {
                let start = days.partition_point(|day| *day < place.first);
                let count = days[start..].iter().take_while(|day| place.contains(**day)).count();
                let below = &days[start..start + count];
                (count > 0).then(|| (place.height, Above { node: node.duplicate(), days: below }))
            })
            .collect();
        let (mut waiting, mut level) = (tops, Vec::new());
        for height in (0..=super::DEPTH).rev() {
            let here = waiting.extract_if(.., |(of, _)| *of == height).map(|(_, above)| above);
            level.extend(here);
            if height > 0 {
                level = below(&level, height - 1);
            }
        }
        let nodes: Vec<&Node> = level.iter().map(|leaf| &leaf.node).collect();
        let wraps = expand_each(&nodes, Domain::DERIVE_DAY_KEY, &vec![&[][..]; nodes.len()]);
        let leaves = level.into_iter().zip(wraps);
        let mut keys: Vec<DayKeys> =
            leaves.filter_map(|(leaf, wrap)| Some(DayKeys::of_parts(*leaf.days.first()?, leaf.node, wrap))).collect();
        keys.sort_unstable_by_key(|keys| keys.day);
        keys
    }
}

/// The children on the way to a day, `level` levels above the leaves.
fn below<'a>(nodes: &[Above<'a>], level: u8) -> Vec<Above<'a>> {
    let halves: Vec<(&Node, u8, &'a [Day])> = nodes
        .iter()
        .flat_map(|Above { node, days }| {
            let (left, right) = days.split_at(days.partition_point(|day| bit(*day, level) == 0));
            [(node, 0, left), (node, 1, right)]
        })
        .filter(|(_, _, days)| !days.is_empty())
        .collect();
    let parents: Vec<&Node> = halves.iter().map(|(node, ..)| *node).collect();
    let turns: Vec<&[u8]> = halves.iter().map(|(_, turn, _)| core::slice::from_ref(turn)).collect();
    let children = expand_each(&parents, Domain::DERIVE_TREE_NODE, &turns);
    children.into_iter().zip(halves).map(|(node, (_, _, days))| Above { node, days }).collect()
}
