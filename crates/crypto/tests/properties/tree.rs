use crate::sample::{content_key, days, header, tree};
use carnet_crypto::{
    tree::{CoverError, DayCover, DayKeys, NodeKey, NotATree, PrunedTree},
    wrap::{unwrap_day, wrap_day},
};
use carnet_protocol::{
    Blob,
    day::{Day, DayRange},
    limits::COVER_MAX,
    record::RecordHeader,
};
use proptest::prelude::*;
use std::collections::HashSet;

fn on_day(day: Day) -> RecordHeader {
    RecordHeader { day, ..header(1) }
}

/// Two sets of day keys are the same if one opens what the other wrapped, in both ways of wrapping.
fn same(a: &DayKeys, b: &DayKeys) -> bool {
    let header = on_day(a.day);
    let wrap = wrap_day(&content_key(1), &a.wrap, &header, 1, &mut crate::rng::TestRng::new(1));
    a.seal.public() == b.seal.public() && unwrap_day(&wrap, b, &header).is_ok()
}

fn range() -> impl Strategy<Value = DayRange> {
    (any::<u16>(), any::<u16>()).prop_map(|(a, b)| days(a.min(b), a.max(b)))
}

/// Every node key from which a day's keys can be reached: those on the way from the root to its leaf.
fn way_to(day: Day) -> Vec<Vec<u8>> {
    (0..=16)
        .map(|height: u32| {
            let size = 1u32 << height;
            let first = u32::from(day.0) / size * size;
            let subtree = days(first as u16, (first + size - 1) as u16);
            let keys = tree(1).cover(subtree).keys();
            assert_eq!(keys.len(), 1);
            keys[0].0.clone()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_cover_opens_exactly_its_days(range in range(), near in -2i32..=2, any_day: u16) {
        let cover = tree(1).cover(range);
        prop_assert!(cover.keys().len() <= COVER_MAX);
        let edge = |day: Day| u16::try_from((i32::from(day.0) + near).clamp(0, 65_535)).unwrap();
        for day in [edge(range.first()), edge(range.last()), any_day].map(Day) {
            match cover.day_keys(day) {
                Some(keys) => {
                    prop_assert!(range.contains(day));
                    prop_assert_eq!(keys.day, day);
                    prop_assert!(same(&keys, &tree(1).day_keys(day)));
                    prop_assert!(!same(&keys, &tree(2).day_keys(day)));
                }
                None => prop_assert!(!range.contains(day)),
            }
        }
    }

    #[test]
    fn a_cover_survives_the_way_through_a_grant(range in range(), day: u16) {
        let keys = tree(1).cover(range).keys();
        let received = DayCover::from_keys(range, &keys).unwrap();
        prop_assert_eq!(received.keys(), keys.clone());
        let joined: Vec<u8> = keys.iter().flat_map(|key| key.0.clone()).collect();
        prop_assert_eq!(DayCover::from_joined_keys(range, &joined).unwrap().keys(), keys.clone());
        let cut = DayCover::from_joined_keys(range, &joined[1..]).unwrap_err();
        prop_assert_eq!(cut, CoverError::Length { found: 31 });
        prop_assert_eq!(received.day_keys(Day(day)).is_some(), range.contains(Day(day)));

        let longer = [keys.as_slice(), &keys[..1]].concat();
        let count = |found| CoverError::Count { expected: keys.len(), found };
        prop_assert_eq!(DayCover::from_keys(range, &longer).unwrap_err(), count(keys.len() + 1));
        prop_assert_eq!(DayCover::from_keys(range, &keys[1..]).unwrap_err(), count(keys.len() - 1));
        let mut short = keys.clone();
        short[0] = Blob(vec![0; 31]);
        prop_assert_eq!(DayCover::from_keys(range, &short).unwrap_err(), CoverError::Length { found: 31 });
    }

    /// What two grantees hold together lies on the way to a day exactly if one of them was granted that day.
    #[test]
    fn grantees_who_pool_their_keys_derive_the_union_of_their_days(a in range(), b in range(), any_day: u16) {
        let pooled: HashSet<Vec<u8>> =
            [a, b].iter().flat_map(|range| tree(1).cover(*range).keys()).map(|key| key.0).collect();
        let edges = [a.first(), a.last(), b.first(), b.last()];
        let near = edges.iter().flat_map(|day| [day.0.wrapping_sub(1), day.0, day.0.wrapping_add(1)]);
        for day in near.chain([any_day]).map(Day) {
            let reachable = way_to(day).iter().any(|key| pooled.contains(key));
            prop_assert_eq!(reachable, a.contains(day) || b.contains(day), "{}", day);
        }
    }
}

proptest! {
    #[test]
    fn a_part_of_a_cover_has_the_keys_of_the_part_and_no_others(whole in range(), part in range()) {
        let narrowed = tree(1).cover(whole).narrow(part);
        let (first, last) = (whole.first().max(part.first()), whole.last().min(part.last()));
        match DayRange::new(first, last) {
            Err(_) => prop_assert!(narrowed.is_none()),
            Ok(both) => {
                let narrowed = narrowed.unwrap();
                prop_assert_eq!(narrowed.range(), both);
                prop_assert_eq!(narrowed.keys(), tree(1).cover(both).keys());
            }
        }
    }
}

#[test]
fn no_range_needs_more_than_thirty_keys_and_one_does() {
    let most = (0..=u16::MAX)
        .step_by(257)
        .flat_map(|first| (first..=u16::MAX).step_by(263).map(move |last| tree_size(days(first, last))));
    assert!(most.max().unwrap() <= COVER_MAX);
    assert_eq!(tree(1).cover(days(1, u16::MAX - 1)).keys().len(), COVER_MAX);
    assert_eq!(tree(1).cover(DayRange::ALL).keys().len(), 1);
    assert_eq!(tree(1).cover(DayRange::ALL).keys()[0].0, tree(1).secret().expose());
    assert_eq!(tree(1).cover(days(7, 7)).keys().len(), 1);
}

/// The size of a cover, counted another way: by walking the tree from the root.
fn tree_size(range: DayRange) -> usize {
    fn count(first: u32, size: u32, range: DayRange) -> usize {
        let (from, to) = (u32::from(range.first().0), u32::from(range.last().0));
        if first > to || first + size - 1 < from {
            0
        } else if from <= first && first + size - 1 <= to {
            1
        } else {
            count(first, size / 2, range) + count(first + size / 2, size / 2, range)
        }
    }
    count(0, 1 << 16, range)
}

#[test]
fn covers_are_minimal() {
    for (first, last) in [(0, 0), (0, 1), (1, 2), (3, 900), (19_999, 20_731), (1, 65_534), (20_000, 65_535)] {
        assert_eq!(tree(1).cover(days(first, last)).keys().len(), tree_size(days(first, last)), "{first}..={last}");
    }
}

#[test]
fn a_walk_gives_the_same_keys_in_any_order() {
    let cover = tree(1).cover(days(19_990, 20_100));
    let (mut of_cover, root) = (cover.walk(), tree(1));
    let mut of_root = root.walk();
    let ascending = 19_980..20_110;
    let jumping = (0..200u16).map(|i| 19_980 + i * 37 % 131);
    for day in ascending.clone().chain(ascending.rev()).chain(jumping).map(Day) {
        let expected = tree(1).day_keys(day);
        assert!(same(&of_root.day_keys(day).unwrap(), &expected), "{day}");
        match of_cover.day_keys(day) {
            Some(keys) => assert!(cover.range().contains(day) && same(&keys, &expected), "{day}"),
            None => assert!(!cover.range().contains(day), "{day}"),
        }
    }
}

/// Derived together, in any order and each asked for twice, they are those derived one by one.
#[test]
fn keys_of_many_days_are_those_of_each() {
    let cover = tree(1).cover(days(19_990, 20_100));
    let asked: Vec<Day> = (0..300).map(|n| Day(19_950 + (n * 37) % 200)).chain([Day(20_000), Day(0)]).collect();
    let mut expected: Vec<Day> = asked.iter().copied().filter(|day| cover.range().contains(*day)).collect();
    expected.sort_unstable();
    expected.dedup();
    let found = cover.keys_of_days(asked);
    assert_eq!(found.iter().map(|keys| keys.day).collect::<Vec<_>>(), expected);
    assert!(found.iter().all(|keys| same(keys, &tree(1).day_keys(keys.day))));
    assert!(cover.keys_of_days(Vec::new()).is_empty());
    let all = tree(1).cover(DayRange::ALL).keys_of_days(vec![Day(0), Day(u16::MAX)]);
    assert!(all.len() == 2 && all.iter().all(|keys| same(keys, &tree(1).day_keys(keys.day))));
}

/// A tree without some days.
fn without(days: &[u16]) -> PrunedTree {
    let mut pruned = PrunedTree::whole(tree(1));
    days.iter().for_each(|day| pruned.puncture(Day(*day)));
    pruned
}

/// Through what is stored of it.
fn kept(pruned: PrunedTree) -> PrunedTree {
    PrunedTree::from_nodes(pruned.into_nodes()).unwrap()
}

/// Days that lie close together now and then, so that punctures share nodes.
fn erased() -> impl Strategy<Value = Vec<u16>> {
    prop::collection::vec(prop_oneof![any::<u16>(), 19_000u16..19_040], 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_erased_day_is_gone_and_every_other_day_opens_as_before(erased in erased(), near in -2i32..=2, any_day: u16) {
        let pruned = kept(without(&erased));
        let beside = |day: &u16| u16::try_from((i32::from(*day) + near).clamp(0, 65_535)).unwrap();
        for day in erased.iter().copied().chain(erased.iter().map(beside)).chain([any_day]) {
            match pruned.day_keys(Day(day)) {
                Some(keys) => {
                    prop_assert!(!erased.contains(&day));
                    prop_assert!(same(&keys, &tree(1).day_keys(Day(day))));
                }
                None => prop_assert!(erased.contains(&day)),
            }
            prop_assert_eq!(pruned.opens(Day(day)), !erased.contains(&day));
            prop_assert_eq!(pruned.remains().day_keys(Day(day)).is_some(), !erased.contains(&day));
        }
        prop_assert!(pruned.into_nodes().len() <= 16 * erased.len().max(1));
    }

    /// No key that is left leads to an erased day: none of the nodes on its way is kept.
    #[test]
    fn no_node_on_the_way_to_an_erased_day_is_kept(erased in erased()) {
        let left: HashSet<Vec<u8>> =
            without(&erased).into_nodes().into_iter().map(|node| node.key.expose().to_vec()).collect();
        for day in &erased {
            prop_assert!(way_to(Day(*day)).iter().all(|node| !left.contains(node)));
        }
    }

    #[test]
    fn what_two_devices_erased_is_erased_for_both(one in erased(), two in erased(), any_day: u16) {
        let mut joined = without(&one);
        joined.intersect(&without(&two));
        let all: Vec<u16> = one.iter().chain(&two).copied().collect();
        let expected = kept(without(&all)).into_nodes();
        let found = kept(joined).into_nodes();
        let places = |nodes: &[NodeKey]| nodes.iter().map(|node| (node.first, node.height)).collect::<Vec<_>>();
        prop_assert_eq!(places(&expected), places(&found));
        prop_assert!(expected.iter().zip(&found).all(|(a, b)| a.key == b.key));
        let mut nothing = without(&[any_day]);
        nothing.intersect(&PrunedTree::from_nodes(Vec::new()).unwrap());
        prop_assert!(nothing.is_empty());
    }

    #[test]
    fn ranges_and_covers_leave_out_what_was_erased(erased in erased(), range in range()) {
        let pruned = without(&erased);
        let ranges = pruned.ranges();
        prop_assert!(ranges.len() <= erased.len() + 1);
        for left in &ranges {
            prop_assert!(erased.iter().all(|day| !left.contains(Day(*day))));
            prop_assert_eq!(pruned.cover(*left).unwrap().keys(), tree(1).cover(*left).keys());
        }
        let days: u32 = ranges.iter().map(|left| u32::from(left.last().0) - u32::from(left.first().0) + 1).sum();
        let distinct: HashSet<&u16> = erased.iter().collect();
        prop_assert_eq!(days as usize, 65_536 - distinct.len());
        match pruned.cover(range) {
            Some(cover) => prop_assert_eq!(cover.keys(), tree(1).cover(range).keys()),
            None => prop_assert!(erased.iter().any(|day| range.contains(Day(*day)))),
        }
    }
}

#[test]
fn nodes_out_of_place_are_no_tree() {
    let node = |first, height| NodeKey { first: Day(first), height, key: tree(1).secret().duplicate() };
    assert!(PrunedTree::from_nodes(vec![node(0, 15), node(32_768, 15)]).is_ok());
    for bad in [vec![node(1, 1)], vec![node(0, 17)], vec![node(0, 15), node(16_384, 14)], vec![node(2, 0), node(1, 0)]]
    {
        assert_eq!(PrunedTree::from_nodes(bad).map(|_| ()), Err(NotATree));
    }
    assert!(without(&[]).is_whole() && !without(&[7]).is_whole());
}
