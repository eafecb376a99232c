//! Wraps of a car held together. What a co-holder wrote before it heard that somebody was shut out, and has not sent yet, is
//! wrapped anew: else it would open with keys that were taken back. What the owner wrapped anew, since another record of
//! the same day was erased, is fetched.

use crate::{
    error::{Distrust, WalletError},
    journal::Opened,
    keyring::VehicleKeys,
    outbox::{self, Item, Part},
    relay::{Auth, page_path},
    row::Space,
    store::{Batch, Store, Table},
    transport::Transport,
    wallet::{Context, Wallet},
};
use carnet_crypto::{
    header::BoundHeader,
    signature::SigningKey,
    tree::TreeRoot,
    wrap::{unwrap_day_bound, wrap_day},
};
use carnet_protocol::{
    api::{
        body::{RecordPage, StoredRecord},
        path,
    },
    encoding,
    id::{CategoryLabel, StreamId},
    record::RecordWrap,
};
use rand_core::CryptoRng;
use std::collections::HashMap;

/// The newest keys of each category before others came.
pub(super) struct Stale(HashMap<CategoryLabel, (u16, TreeRoot)>);

impl Stale {
    pub fn of(keys: &VehicleKeys) -> Self {
        Self(newest(keys))
    }
}

fn newest(keys: &VehicleKeys) -> HashMap<CategoryLabel, (u16, TreeRoot)> {
    let all = keys.categories().iter();
    all.filter_map(|keys| Some((keys.label, (keys.generation(), keys.tree(keys.generation())?)))).collect()
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Wraps the records that wait to be sent under the newest generation.
    pub(super) async fn rewrap_stale<R: CryptoRng>(
        &mut self,
        keys: &VehicleKeys,
        stale: &Stale,
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let (space, fresh) = (Space::from(keys.stream), newest(keys));
        self.load_own(keys.stream).await?;
        for waiting in outbox::all_of(&self.store, space).await? {
            let mut item = waiting.item.clone();
            let parts: &mut [Part] = match &mut item {
                Item::Upload(parts) => parts,
                Item::UploadLarge(part) => core::slice::from_mut(part),
                _ => continue,
            };
            for part in parts {
                let opened = self.opened(space)?;
                let Some((label, (was, old))) = label_of(opened, part).and_then(|label| stale.0.get_key_value(&label))
                else {
                    continue;
                };
                let Some((now, new)) = fresh.get(label).filter(|(now, _)| now > was) else { continue };
                let row = self.store.read(Table::Wraps, &space.wrap(part.record, part.generation)).await?;
                let row = row.ok_or(WalletError::Damaged)?;
                let wrap: RecordWrap = encoding::decode(&row).map_err(|_| WalletError::Damaged)?;
                let Some(entry) = self.opened(space)?.entries.get(&part.record) else { continue };
                let bound = BoundHeader::new(&entry.header);
                let content = unwrap_day_bound(&wrap, &old.day_keys(entry.header.day), &bound);
                let content = content.map_err(|_| WalletError::Damaged)?;
                let wrap = wrap_day(&content, &new.day_keys(entry.header.day).wrap, &entry.header, *now, cx.rng);
                // The row of the old one stays: by it the record opens here.
                batch.put(Table::Wraps, space.wrap(part.record, *now), encoding::encode(&wrap));
                part.generation = *now;
            }
            if item != waiting.item {
                batch.expect(Table::Outbox, waiting.key.clone(), Some(waiting.row));
                batch.put(Table::Outbox, waiting.key, encoding::encode(&item));
            }
        }
        Ok(())
    }

    /// Fetches the wraps that records got since they came here, where keys are taken over that open fewer days.
    pub(super) async fn fetch_wraps<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        sign: &SigningKey,
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let (space, mut after) = (Space::from(stream), 0);
        self.load_own(stream).await?;
        loop {
            let path = page_path(path::fill(path::RECORDS, &[&stream]), Some(after));
            let page = self.relay(cx.now).get::<RecordPage>(&path, Auth::Key(sign), cx.rng).await;
            let page = self.note_connection(page)?;
            for StoredRecord { header, wraps, .. } in page.records {
                if !self.opened(space)?.entries.contains_key(&header.record) {
                    continue;
                }
                for wrap in wraps {
                    let key = space.wrap(header.record, wrap.generation);
                    // What is here opens; a relay must not put something else in its place.
                    if self.store.read(Table::Wraps, &key).await?.is_none() {
                        batch.put(Table::Wraps, key, encoding::encode(&wrap));
                    }
                }
            }
            match page.next {
                Some(next) if next > after => after = next,
                Some(_) => return Err(WalletError::Untrusted { what: Distrust::Malformed }),
                None => return Ok(()),
            }
        }
    }
}

fn label_of(opened: &Opened, part: &Part) -> Option<CategoryLabel> {
    opened.entries.get(&part.record).map(|entry| entry.header.label)
}
