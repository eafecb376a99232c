//! Bringing a passport into memory, and holding what was kept of it against the kept proof: a store in which somebody else
//! wrote or left something out must not pass for what the consortium has confirmed.

use super::Opened;
use crate::{
    error::WalletError,
    marks::mark,
    proof::Proved,
    row::{self, Space},
    store::{Store, Table},
};
use carnet_crypto::local::LocalKey;
use carnet_proofs::head::leaf_hashes;
use carnet_protocol::{encoding, ledger::Leaf};

/// Rows read at once.
const SCAN: usize = 256;

/// A kept proof, and how many leaves were found to be the ones that it proves, in their order.
struct Against<'a> {
    proved: &'a Proved,
    found: usize,
}

impl<'a> Against<'a> {
    fn new(proved: &'a Proved) -> Self {
        Self { proved, found: 0 }
    }

    /// Goes on with leaves in their order. What is newer than the proof is passed over.
    fn take(&mut self, leaves: &[Leaf]) {
        let (hashes, withdrawn) = (&self.proved.bundle.leaves, &self.proved.verified.withdrawn);
        for (leaf, hash) in leaves.iter().zip(leaf_hashes(leaves)) {
            let is_next = leaf.index == self.found as u64 && hashes.get(self.found) == Some(&hash);
            if is_next && leaf.withdrawn == withdrawn.contains(&leaf.index) {
                self.found += 1;
            }
        }
        mark("check leaves");
    }

    fn are_all(&self) -> bool {
        self.found == self.proved.bundle.leaves.len()
    }
}

impl Opened {
    /// Opens a passport from the store, or goes on from where this was loaded before. A proof that was `kept` is taken over
    /// where it proves just the leaves that are here, and these commit to just the records that are here; otherwise the
    /// passport counts as not proved until it is proved anew.
    ///
    /// # Errors
    /// [`WalletError::Damaged`] when a row does not open.
    pub async fn load<S: Store>(
        &mut self,
        store: &S,
        local: &LocalKey,
        space: Space,
        kept: Option<Proved>,
    ) -> Result<(), WalletError> {
        let mut against = kept.as_ref().map(Against::new);
        if self.next_leaf > 0
            && let Some(against) = &mut against
        {
            let mut known: Vec<Leaf> = self.leaves.values().cloned().collect();
            known.sort_by_key(|leaf| leaf.index);
            against.take(&known);
        }
        self.load_leaves(store, space, against.as_mut()).await?;
        let proves = against.is_some_and(|against| against.are_all());
        self.load_journal(store, local, space).await?;
        if proves && self.is_committed_to() {
            self.proof = kept;
        }
        Ok(())
    }

    async fn load_journal<S: Store>(&mut self, store: &S, local: &LocalKey, space: Space) -> Result<(), WalletError> {
        loop {
            let after = self.next_segment.checked_sub(1).map(|last| space.numbered(last));
            let rows = store.scan(Table::Index, &space.0, after.as_deref(), SCAN).await?;
            mark("read journal");
            for (key, row) in &rows {
                let bytes = local.open_row(Table::Index.name(), key, row).map_err(|_| WalletError::Damaged)?;
                mark("open journal");
                // Sealed by this wallet, so that the row is as it was encoded here.
                let segment = encoding::read(&bytes).map_err(|_| WalletError::Damaged)?;
                mark("decode journal");
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
        loop {
            let after = self.next_leaf.checked_sub(1).map(|last| space.numbered(last));
            let rows = store.scan(Table::Leaves, &space.0, after.as_deref(), SCAN).await?;
            let last = rows.len() < SCAN;
            mark("read leaves");
            for (_, row) in rows {
                // Encoded here, from leaves that were decoded strictly when they came.
                let leaves: Vec<Leaf> = encoding::read(&row).map_err(|_| WalletError::Damaged)?;
                mark("decode leaves");
                if let Some(against) = &mut against {
                    against.take(&leaves);
                }
                self.add_leaves(leaves);
                mark("apply leaves");
            }
            if last {
                return Ok(());
            }
        }
    }

    /// Whether each record that is here is the one that the ledger has under its name.
    fn is_committed_to(&self) -> bool {
        let mut entries = self.entries.iter();
        entries
            .all(|(record, entry)| self.leaves.get(record).is_none_or(|leaf| leaf.entry.commitment == entry.commitment))
    }
}
