//! Bringing a passport into memory, and holding what was kept of it against the kept proof: a store in which somebody else
//! wrote or left something out must not pass for what the consortium has confirmed.

use super::{Opened, Segment, leaves};
use crate::{
    error::WalletError,
    marks::mark,
    proof::Proved,
    row::{self, Space},
    store::{Store, Table},
};
use carnet_crypto::local::LocalKey;
use carnet_proofs::head::leaf_hashes;
use carnet_protocol::{encoding, id::RecordId, ledger::Leaf};
use std::collections::HashSet;

/// Rows read at once.
const SCAN: usize = 256;

/// What of a passport's leaves is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of them: a car of one's own.
    Whole,
    /// Those of the categories that were shared or handed over.
    Part,
}

/// A kept proof, held against leaves in their order.
struct Against<'a> {
    proved: &'a Proved,
    extent: Extent,
    /// The least index that may come next.
    next: usize,
    found: usize,
    /// One told again could hide what is proved.
    seen: HashSet<RecordId>,
    /// Whether one was another than the one that is proved.
    differs: bool,
    /// Leaves that are marked as withdrawn ahead of the proof.
    ahead: Vec<RecordId>,
    /// Records that were withdrawn here: what is in memory already, and what the journal says from there on.
    withdrawn: HashSet<RecordId>,
}

impl<'a> Against<'a> {
    fn new((proved, extent): &'a (Proved, Extent), withdrawn: HashSet<RecordId>) -> Self {
        let (seen, ahead) = (HashSet::new(), Vec::new());
        Self { proved, extent: *extent, next: 0, found: 0, seen, differs: false, ahead, withdrawn }
    }

    /// Goes on with leaves in their order. What is newer than the proof need only be of other records.
    fn take(&mut self, leaves: &[Leaf]) {
        let (hashes, withdrawn) = (&self.proved.bundle.leaves, &self.proved.verified.withdrawn);
        for (leaf, hash) in leaves.iter().zip(leaf_hashes(leaves)) {
            let index = usize::try_from(leaf.index).unwrap_or(usize::MAX);
            self.differs |= !self.seen.insert(leaf.entry.record);
            let Some(proved) = hashes.get(index) else { continue };
            self.differs |=
                index < self.next || *proved != hash || (!leaf.withdrawn && withdrawn.contains(&leaf.index));
            if leaf.withdrawn && !withdrawn.contains(&leaf.index) {
                self.ahead.push(leaf.entry.record);
            }
            (self.next, self.found) = (index.saturating_add(1), self.found + 1);
        }
        mark("check leaves");
    }

    /// Whether they are those that are proved. A record may have been withdrawn here and the proof not know of it yet.
    fn holds(&self) -> bool {
        let all = self.extent == Extent::Part || self.found == self.proved.bundle.leaves.len();
        all && !self.differs && self.ahead.iter().all(|record| self.withdrawn.contains(record))
    }
}

/// Whether the leaves that are kept of a car are those that a proof is of: no other, none newer, none marked ahead of it.
///
/// # Errors
/// As [`Opened::load`].
pub(crate) async fn are_proved<S: Store>(store: &S, space: Space, proved: Proved) -> Result<bool, WalletError> {
    let (all, kept) = (proved.bundle.leaves.len(), (proved, Extent::Whole));
    let (mut against, mut count) = (Against::new(&kept, HashSet::new()), 0);
    scan_leaves(store, space, 0, |leaves| {
        count += leaves.len();
        against.take(&leaves);
    })
    .await?;
    Ok(count == all && against.holds())
}

/// Goes through the leaves that are kept of a passport, from an index on.
async fn scan_leaves<S: Store>(
    store: &S,
    space: Space,
    from: u64,
    mut take: impl FnMut(Vec<Leaf>),
) -> Result<(), WalletError> {
    let mut after = from.checked_sub(1).map(|last| space.numbered(last));
    loop {
        let rows = store.scan(Table::Leaves, &space.0, after.as_deref(), SCAN).await?;
        mark("read leaves");
        let last = rows.len() < SCAN;
        after = rows.last().map(|(key, _)| key.clone());
        for (_, row) in rows {
            let leaves = leaves::unpack(&row)?;
            mark("decode leaves");
            take(leaves);
        }
        if last {
            return Ok(());
        }
    }
}

impl Opened {
    /// Opens a passport from the store, or goes on from where this was loaded before. A proof that was `kept` is taken over
    /// where it is of this passport, proves the leaves that are here, and these commit to the records that are here;
    /// otherwise the passport counts as not proved until it is proved anew.
    ///
    /// # Errors
    /// [`WalletError::Damaged`] when a row does not open.
    pub async fn load<S: Store>(
        &mut self,
        store: &S,
        local: &LocalKey,
        space: Space,
        kept: Option<(Proved, Extent)>,
    ) -> Result<(), WalletError> {
        let withdrawn = || self.withdrawn.difference(&self.marked).copied().collect();
        let mut against = kept.as_ref().map(|kept| Against::new(kept, withdrawn()));
        if self.next_leaf > 0
            && let Some(against) = &mut against
        {
            let mut known: Vec<Leaf> = self.leaves.values().cloned().collect();
            known.sort_by_key(|leaf| leaf.index);
            against.take(&known);
        }
        self.load_leaves(store, space, against.as_mut()).await?;
        self.load_journal(store, local, space, against.as_mut()).await?;
        let Some(against) = against else { return Ok(()) };
        let head = &against.proved.verified.head;
        let is_of_this = head.stream == self.stream && head.owner == self.owner;
        if is_of_this && against.holds() && self.is_committed_to() {
            self.proof = kept.map(|(proved, _)| proved);
        } else {
            self.proof_refused = true;
        }
        Ok(())
    }

    async fn load_journal<S: Store>(
        &mut self,
        store: &S,
        local: &LocalKey,
        space: Space,
        mut against: Option<&mut Against<'_>>,
    ) -> Result<(), WalletError> {
        loop {
            let after = self.next_segment.checked_sub(1).map(|last| space.numbered(last));
            let rows = store.scan(Table::Index, &space.0, after.as_deref(), SCAN).await?;
            mark("read journal");
            for (key, row) in &rows {
                let bytes = local.open_row(Table::Index.name(), key, row).map_err(|_| WalletError::Damaged)?;
                mark("open journal");
                // Sealed by this wallet, so that the row is as it was encoded here.
                let segment: Segment = encoding::read(&bytes).map_err(|_| WalletError::Damaged)?;
                mark("decode journal");
                if let Some(against) = &mut against {
                    against.withdrawn.extend(&segment.withdrawn);
                }
                self.next_segment = row::number_of(key).ok_or(WalletError::Damaged)? + 1;
                self.apply(segment);
                mark("apply journal");
            }
            if rows.len() < SCAN {
                return Ok(());
            }
        }
    }

    async fn load_leaves<S: Store>(
        &mut self,
        store: &S,
        space: Space,
        mut against: Option<&mut Against<'_>>,
    ) -> Result<(), WalletError> {
        scan_leaves(store, space, self.next_leaf, |leaves| {
            if let Some(against) = &mut against {
                against.take(&leaves);
            }
            self.add_leaves(leaves);
            mark("apply leaves");
        })
        .await
    }

    /// Whether each record that is here is the one that the ledger has under its name.
    fn is_committed_to(&self) -> bool {
        let mut entries = self.entries.iter();
        entries
            .all(|(record, entry)| self.leaves.get(record).is_none_or(|leaf| leaf.entry.commitment == entry.commitment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Entry;
    use carnet_protocol::{
        day::{Day, Timestamp},
        id::{CategoryLabel, Hash32, StreamId},
        key::VerifyingKey,
        ledger::LeafEntry,
        record::{RecordHeader, Schema, Suite},
    };

    #[test]
    fn a_record_that_is_another_than_the_ledger_has_under_its_name_is_found() {
        let (stream, record, source) = (StreamId([1; 16]), RecordId([2; 16]), VerifyingKey([3; 32]));
        let (label, day) = (CategoryLabel([4; 8]), Day(20_000));
        let header =
            RecordHeader { suite: Suite::Classic, schema: Schema::Attachment, stream, record, label, day, source };
        for (kept, holds) in [(Hash32([5; 32]), true), (Hash32([6; 32]), false)] {
            let mut opened = Opened::new(stream, source);
            let entry = LeafEntry { record, label, day, commitment: Hash32([5; 32]) };
            let at = Timestamp(0);
            let leaf = Leaf { index: 0, entry, source, base_quality: 0, at, quarantined: false, withdrawn: false };
            opened.add_leaves(vec![leaf]);
            let (wraps, header) = (Vec::new(), header.clone());
            let entry =
                Entry { size: 1, wraps, header, payload: None, unchecked: None, commitment: kept, generation: 0 };
            opened.apply(Segment { records: vec![entry], ..Segment::default() });
            assert_eq!(opened.is_committed_to(), holds);
        }
    }
}
