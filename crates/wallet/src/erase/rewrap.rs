//! Wrapping what stays under the fresh generation, because the keys it was wrapped under go.

use crate::{
    error::WalletError,
    keyring::Keyring,
    open::StreamKeys,
    outbox,
    row::{self, Space},
    store::{Batch, Store, Table},
    transport::Transport,
    wallet::{Context, Wallet},
};
use carnet_crypto::{header::BoundHeader, wrap::wrap_day};
use carnet_protocol::{
    category::Category,
    encoding,
    erasure::Rewrapped,
    id::{RecordId, StreamId},
    record::RecordWrap,
};
use rand_core::CryptoRng;
use std::collections::{BTreeMap, HashSet};

/// Rows read at once.
const SCAN: usize = 256;

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Wraps every record of a category that is not among `gone` under the newest generation of `next`, with the keys
    /// that are still in memory, and removes all older wraps. All of the category, not only what shares a day with what
    /// is erased: readers then need the keys of one generation, and the others open nothing that is still there.
    pub(super) async fn rewrap<R: CryptoRng>(
        &self,
        next: &Keyring,
        vehicle: StreamId,
        category: Category,
        gone: &HashSet<RecordId>,
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<Vec<Rewrapped>, WalletError> {
        self.rewrap_those(next, vehicle, category, gone, |_| true, batch, cx).await
    }

    /// The same for what was written here and not yet sent, of every category but these: after a removal it would
    /// otherwise open with keys that the removed device has.
    pub(super) async fn rewrap_unsent<R: CryptoRng>(
        &self,
        next: &Keyring,
        vehicle: StreamId,
        but: &[Category],
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<Vec<Rewrapped>, WalletError> {
        let unsent: HashSet<RecordId> =
            outbox::unsent(&self.store, Space::from(vehicle)).await?.records.into_iter().collect();
        let (mut rewrapped, gone) = (Vec::new(), HashSet::new());
        if unsent.is_empty() {
            return Ok(rewrapped);
        }
        for category in Category::ALL.iter().filter(|category| !but.contains(category)) {
            let is_unsent = |record: &RecordId| unsent.contains(record);
            rewrapped.extend(self.rewrap_those(next, vehicle, *category, &gone, is_unsent, batch, cx).await?);
        }
        Ok(rewrapped)
    }

    #[expect(clippy::too_many_arguments, reason = "what is wrapped, with what, and where it goes")]
    async fn rewrap_those<R: CryptoRng>(
        &self,
        next: &Keyring,
        vehicle: StreamId,
        category: Category,
        gone: &HashSet<RecordId>,
        chosen: impl Fn(&RecordId) -> bool,
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<Vec<Rewrapped>, WalletError> {
        let space = Space::from(vehicle);
        let before = StreamKeys::own(self.session.unlocked()?.keyring.vehicle(vehicle)?)?;
        let keys = next.vehicle(vehicle)?.category(category)?;
        let generation = keys.generation();
        let root = keys.tree(generation).ok_or(WalletError::Damaged)?;
        let (opened, mut opener, mut walk) = (self.opened(space)?, before.opener(), root.walk());
        let mut rewrapped = Vec::new();
        for (record, wraps) in self.all_wraps(space).await?.into_iter().filter(|(record, _)| chosen(record)) {
            let entry = opened.entries.get(&record).filter(|entry| entry.header.label == keys.label);
            let Some(entry) = entry else {
                if gone.contains(&record) {
                    remove(space, &wraps, None, batch);
                }
                continue;
            };
            if gone.contains(&record) {
                remove(space, &wraps, None, batch);
                continue;
            }
            // One that opens with none of our keys is as lost before as after.
            let Some((_, content)) = opener.content_key(&BoundHeader::new(&entry.header), &wraps) else { continue };
            let day = walk.day_keys(entry.header.day).ok_or(WalletError::Damaged)?;
            let wrap = wrap_day(&content, &day.wrap, &entry.header, generation, cx.rng);
            remove(space, &wraps, Some(generation), batch);
            batch.put(Table::Wraps, space.wrap(record, generation), encoding::encode(&wrap));
            rewrapped.push(Rewrapped { record, generation });
        }
        Ok(rewrapped)
    }

    /// Every wrap of a car, by record.
    pub(crate) async fn all_wraps(&self, space: Space) -> Result<BTreeMap<RecordId, Vec<RecordWrap>>, WalletError> {
        let (mut found, mut after) = (BTreeMap::<_, Vec<_>>::new(), None::<Vec<u8>>);
        loop {
            let rows = self.store.scan(Table::Wraps, &space.0, after.as_deref(), SCAN).await?;
            for (_, row) in &rows {
                let wrap: RecordWrap = encoding::decode(row).map_err(|_| WalletError::Damaged)?;
                found.entry(wrap.record).or_default().push(wrap);
            }
            if rows.len() < SCAN {
                return Ok(found);
            }
            after = rows.into_iter().last().map(|(key, _)| key);
        }
    }

    /// The wraps of one record as they lie here.
    pub(crate) async fn wraps_of(&self, space: Space, record: RecordId) -> Result<Vec<RecordWrap>, WalletError> {
        let rows = self.store.scan(Table::Wraps, &space.record(record), None, SCAN).await?;
        rows.iter().map(|(_, row)| encoding::decode(row).map_err(|_| WalletError::Damaged)).collect()
    }
}

fn remove(space: Space, wraps: &[RecordWrap], but: Option<u16>, batch: &mut Batch) {
    for wrap in wraps.iter().filter(|wrap| Some(wrap.generation) != but) {
        batch.delete(Table::Wraps, space.wrap(wrap.record, wrap.generation));
    }
}

/// The number of a receipt at the end of its row's key.
pub(super) fn receipt_number(key: &[u8]) -> Option<u64> {
    key.strip_prefix(row::RECEIPT)?.try_into().ok().map(u64::from_be_bytes)
}
