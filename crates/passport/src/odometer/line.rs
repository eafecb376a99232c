//! The line: the heaviest set of readings that never goes back. What lies off it clashes with it.

use super::reading::Reading;

/// Whether each reading is on the line: a heaviest non-decreasing subsequence, in O(n log n). Of equally heavy ones
/// the one that ends lower, since a single figure too high would otherwise hide what is true.
pub(super) fn heaviest(readings: &[Reading]) -> Vec<bool> {
    let mut totals: Vec<i64> = readings.iter().map(|r| r.total).collect();
    totals.sort_unstable();
    totals.dedup();
    // Prefix maxima over totals (a Fenwick tree): the heaviest line that ends at or below a total, and its last reading.
    let mut best: Vec<(u64, Option<usize>)> = vec![(0, None); totals.len() + 1];
    let mut before: Vec<Option<usize>> = vec![None; readings.len()];
    for (index, reading) in readings.iter().enumerate() {
        let rank = totals.partition_point(|total| *total < reading.total) + 1;
        let mut heaviest = (0, None);
        let mut at = rank;
        while at > 0 {
            if best[at].0 > heaviest.0 {
                heaviest = best[at];
            }
            at &= at - 1;
        }
        before[index] = heaviest.1;
        let weight = heaviest.0 + reading.voice.weight();
        let mut at = rank;
        while at < best.len() {
            if weight > best[at].0 {
                best[at] = (weight, Some(index));
            }
            at += at & at.wrapping_neg();
        }
    }
    let mut on = vec![false; readings.len()];
    let mut at = best.len() - 1;
    let mut end: (u64, Option<usize>) = (0, None);
    while at > 0 {
        let higher = best[at].0 > end.0;
        let lower_end = best[at].0 == end.0
            && matches!((best[at].1, end.1), (Some(a), Some(b)) if readings[a].total < readings[b].total);
        if higher || lower_end {
            end = best[at];
        }
        at &= at - 1;
    }
    let mut next = end.1;
    while let Some(index) = next {
        on[index] = true;
        next = before[index];
    }
    on
}
