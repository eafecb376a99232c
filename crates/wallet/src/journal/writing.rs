//! Writing the journal, and taking out of it what was withdrawn.

use super::Segment;
use crate::{
    error::WalletError,
    keyring::Keyring,
    row::Space,
    store::{Batch, Store, Table},
    transport::Transport,
    wallet::{Context, Wallet},
};
use carnet_protocol::{encoding, id::RecordId};
use rand_core::CryptoRng;
use std::collections::HashSet;

/// Rows read at once.
const SCAN: usize = 256;

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Commits a segment with whatever belongs to it.
    pub(crate) async fn write_segment<R: CryptoRng>(
        &mut self,
        space: Space,
        segment: Segment,
        mut batch: Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let unlocked = self.session.unlocked_mut()?;
        let opened = unlocked.opened.get_mut(&space).ok_or(WalletError::NotFound)?;
        opened.write(&segment, &unlocked.local, space, &mut batch, cx.rng);
        self.store.commit(batch).await?;
        opened.written(segment);
        Ok(())
    }

    /// [`Self::write_segment`] together with a new keyring, in one commit.
    pub(crate) async fn commit_both<R: CryptoRng>(
        &mut self,
        next: Keyring,
        space: Space,
        segment: Segment,
        mut batch: Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let unlocked = self.session.unlocked()?;
        self.opened(space)?.write(&segment, &unlocked.local, space, &mut batch, cx.rng);
        self.commit_keyring(next, batch, cx).await?;
        self.opened_mut(space)?.written(segment);
        self.tell_waiting(cx).await
    }

    /// Writes the journal's rows anew without these records, so that what was withdrawn is not kept.
    pub(crate) async fn forget_opened<R: CryptoRng>(
        &self,
        space: Space,
        records: &[RecordId],
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let gone: HashSet<&RecordId> = records.iter().collect();
        let change = |segment: &mut Segment| {
            let before = segment.records.len();
            segment.records.retain(|entry| !gone.contains(&entry.header.record));
            segment.records.len() < before
        };
        self.rewrite_journal(space, change, batch, cx).await
    }

    /// Writes those of the journal's rows anew that `change` says it has changed.
    pub(crate) async fn rewrite_journal<R: CryptoRng>(
        &self,
        space: Space,
        mut change: impl FnMut(&mut Segment) -> bool,
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let (local, table) = (&self.session.unlocked()?.local, Table::Index);
        let mut after = None::<Vec<u8>>;
        loop {
            let rows = self.store.scan(table, &space.0, after.as_deref(), SCAN).await?;
            let Some((last, _)) = rows.last() else { return Ok(()) };
            after = Some(last.clone());
            for (key, row) in rows {
                let bytes = local.open_row(table.name(), &key, &row).map_err(|_| WalletError::Damaged)?;
                let mut segment: Segment = encoding::decode(&bytes).map_err(|_| WalletError::Damaged)?;
                if change(&mut segment) {
                    self.drop_first_screen(space, batch, cx.rng);
                    let sealed = local.seal_row(table.name(), &key, &encoding::encode(&segment), cx.rng);
                    batch.expect(table, key.clone(), Some(row)).put(table, key, sealed);
                }
            }
        }
    }

    /// Adds the removal of all rows of a space in a table.
    pub(crate) async fn delete_rows(&self, table: Table, space: Space, batch: &mut Batch) -> Result<(), WalletError> {
        let mut after = None::<Vec<u8>>;
        loop {
            let rows = self.store.scan(table, &space.0, after.as_deref(), SCAN).await?;
            let Some((last, _)) = rows.last() else { return Ok(()) };
            after = Some(last.clone());
            for (key, _) in rows {
                batch.delete(table, key);
            }
        }
    }
}
