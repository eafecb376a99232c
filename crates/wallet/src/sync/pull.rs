//! Fetching what is new in one's own cars: leaves, records that another device or a source wrote, looks.

use crate::{
    error::{Distrust, ProofFault, WalletError},
    journal::{Opened, Segment, write_leaves},
    open::{Delivered, StreamKeys},
    relay::{Auth, RelayError, page_path},
    row::Space,
    store::{Batch, Store, Table},
    transport::Transport,
    wallet::{Context, Wallet},
};
use carnet_crypto::signature::SigningKey;
use carnet_protocol::{
    api::{
        ProblemCode,
        body::{LeafPage, RecordPage, View, ViewPage},
        path,
    },
    encoding,
    id::StreamId,
    ledger::Leaf,
};
use rand_core::CryptoRng;

/// Where fetching a stream's records stands.
#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Cursor {
    /// The relay's sequence up to which all is known.
    records: u64,
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Fetches what is new in one of the wallet's cars; says whether anything was.
    pub(super) async fn pull_stream<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<bool, WalletError> {
        self.load_own(stream).await?;
        let leaves = self.pull_leaves(stream, cx).await?;
        let proved = self.prove_own(stream, cx).await?;
        let records = self.pull_records(stream, cx).await?;
        let views = self.pull_views(stream, cx).await?;
        Ok(leaves || proved || records || views)
    }

    /// Proves one of the wallet's own cars as a reader would; says whether more of it is confirmed than before.
    async fn prove_own<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<bool, WalletError> {
        let space = Space::from(stream);
        let opened = self.opened(space)?;
        let mut leaves: Vec<Leaf> = opened.leaves.values().cloned().collect();
        leaves.sort_by_key(|leaf| leaf.index);
        if leaves.is_empty() {
            return Ok(false);
        }
        let owner = opened.owner;
        let Some(proved) = self.prove(stream, &mut leaves, cx).await? else { return Ok(false) };
        if proved.verified.head.owner != owner {
            return Err(WalletError::Untrusted { what: Distrust::Proof(ProofFault::Owner) });
        }
        let before = self.opened(space)?.proof.as_ref();
        let more = before.is_none_or(|before| before.verified.head != proved.verified.head);
        if more {
            let mut batch = Batch::default();
            batch.put(Table::Wallet, space.proof(), encoding::encode(&proved.bundle));
            self.store.commit(batch).await?;
        }
        self.opened_mut(space)?.proof = Some(proved);
        Ok(more)
    }

    /// Leaves after the last known one; all of them now and then, because withdrawals change known ones.
    async fn pull_leaves<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<bool, WalletError> {
        let space = Space::from(stream);
        let all = self.sync.must_read_whole(stream, cx.now);
        let known = self.opened(space)?.next_leaf;
        let after = if all { None } else { known.checked_sub(1) };
        let leaves = match self.fetch_leaves(stream, after, cx).await {
            // Not opened on the ledger yet: it waits in the outbox.
            Err(error) if error.is(ProblemCode::NotFound) => return Ok(false),
            other => self.note_connection(other)?,
        };
        let first = if all { 0 } else { known };
        if !(first..).zip(&leaves).all(|(index, leaf)| leaf.index == index) {
            return Err(WalletError::Untrusted { what: Distrust::Stream });
        }
        self.check_leaves(stream, &leaves)?;
        let changed = {
            let opened = self.opened(space)?;
            leaves.iter().any(|leaf| opened.leaves.get(&leaf.entry.record) != Some(leaf))
        };
        let count = leaves.len() as u64;
        if all && count < known {
            // Fewer than before: the ledger never forgets a leaf.
            return Err(WalletError::Untrusted { what: Distrust::Stream });
        }
        if changed {
            let mut batch = Batch::default();
            if all {
                self.delete_rows(Table::Leaves, space, &mut batch).await?;
            }
            write_leaves(&leaves, space, &mut batch);
            self.store.commit(batch).await?;
            self.opened_mut(space)?.add_leaves(leaves);
        }
        if all {
            self.sync.read_whole.insert(stream, cx.now);
        }
        Ok(changed)
    }

    /// A leaf that this wallet knows never turns into another.
    fn check_leaves(&self, stream: StreamId, leaves: &[Leaf]) -> Result<(), WalletError> {
        let opened = self.opened(Space::from(stream))?;
        for leaf in leaves {
            let record = &leaf.entry.record;
            let another_leaf = opened.leaves.get(record).is_some_and(|known| known.entry != leaf.entry);
            let another_record =
                opened.entries.get(record).is_some_and(|entry| entry.commitment != leaf.entry.commitment);
            if another_leaf || another_record {
                return Err(WalletError::Untrusted { what: Distrust::Stream });
            }
        }
        Ok(())
    }

    /// All leaves of a stream after an index.
    pub(crate) async fn fetch_leaves<R: CryptoRng>(
        &self,
        stream: StreamId,
        mut after: Option<u64>,
        cx: &mut Context<'_, R>,
    ) -> Result<Vec<Leaf>, RelayError> {
        let mut leaves = Vec::new();
        loop {
            let path = page_path(path::fill(path::LEAVES, &[&stream]), after);
            let page: LeafPage = self.relay(cx.now).get(&path, Auth::Open, cx.rng).await?;
            leaves.extend(page.leaves);
            // A page that leads nowhere would be asked for without end.
            match page.next {
                Some(next) if after.is_none_or(|after| next > after) => after = Some(next),
                Some(_) => return Err(RelayError::Malformed),
                None => return Ok(leaves),
            }
        }
    }

    /// Fetches records only when the ledger has some that are not here: one's own come back to nobody.
    async fn pull_records<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<bool, WalletError> {
        let space = Space::from(stream);
        let opened = self.opened(space)?;
        if opened.leaves.values().all(|leaf| leaf.withdrawn || opened.knows(leaf)) {
            return Ok(false);
        }
        let (keys, sign) = {
            let vehicle = self.session.unlocked()?.keyring.vehicle(stream)?;
            (StreamKeys::own(vehicle)?, vehicle.signing_key())
        };
        let mut cursor = self.cursor(space).await?;
        let mut changed = false;
        loop {
            let path = page_path(path::fill(path::RECORDS, &[&stream]), Some(cursor.records));
            let page = self.relay(cx.now).get::<RecordPage>(&path, Auth::Key(&sign), cx.rng).await;
            let page = self.note_connection(page)?;
            let next = page.next;
            let last = page.records.last().map(|record| record.sequence);
            changed |= self.keep_page(space, &keys, page, last, cx).await?;
            match next {
                Some(next) if next > cursor.records => cursor.records = next,
                Some(_) => return Err(WalletError::Untrusted { what: Distrust::Malformed }),
                None => return Ok(changed),
            }
        }
    }

    /// Opens a page of records and keeps what is new in one commit with the cursor.
    async fn keep_page<R: CryptoRng>(
        &mut self,
        space: Space,
        keys: &StreamKeys,
        page: RecordPage,
        last: Option<u64>,
        cx: &mut Context<'_, R>,
    ) -> Result<bool, WalletError> {
        let unlocked = self.session.unlocked_mut()?;
        let opened = unlocked.opened.get_mut(&space).ok_or(WalletError::NotFound)?;
        let (mut batch, mut segment, mut opener) = (Batch::default(), Segment::default(), keys.opener());
        for stored in page.records {
            let record = stored.header.record;
            if opened.entries.contains_key(&record) || opened.withdrawn.contains(&record) {
                continue;
            }
            let (bytes, wraps) = (stored.record.clone(), stored.wraps.clone());
            if let Delivered::Opened(entry) = opener.open(stored, opened.leaves.get(&record))? {
                if let Some(bytes) = bytes {
                    batch.put(Table::Records, space.record(record), bytes.0);
                }
                for wrap in wraps {
                    batch.put(Table::Wraps, space.wrap(record, wrap.generation), encoding::encode(&wrap));
                }
                segment.records.push(*entry);
            }
        }
        if let Some(records) = last {
            batch.put(Table::Cursors, space.0, encoding::encode(&Cursor { records }));
        }
        let changed = !segment.records.is_empty();
        if changed {
            opened.write(&segment, &unlocked.local, space, &mut batch, cx.rng);
        }
        self.store.commit(batch).await?;
        if changed {
            opened.written(segment);
        }
        Ok(changed)
    }

    /// Looks that the relay noted since the last time.
    pub(crate) async fn pull_views<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<bool, WalletError> {
        let space = Space::from(stream);
        let sign = self.session.unlocked()?.keyring.vehicle(stream)?.signing_key();
        let after = self.opened(space)?.views.iter().map(|view| view.sequence).max();
        let views = match self.fetch_views(stream, &sign, after, cx).await {
            Err(error) if error.is(ProblemCode::NotFound) => return Ok(false),
            other => self.note_connection(other)?,
        };
        if views.is_empty() {
            return Ok(false);
        }
        let segment = Segment { views, ..Segment::default() };
        self.write_segment(space, segment, Batch::default(), cx).await?;
        Ok(true)
    }

    async fn fetch_views<R: CryptoRng>(
        &self,
        stream: StreamId,
        sign: &SigningKey,
        mut after: Option<u64>,
        cx: &mut Context<'_, R>,
    ) -> Result<Vec<View>, RelayError> {
        let mut views = Vec::new();
        loop {
            let path = page_path(path::fill(path::VIEWS, &[&stream]), after);
            let page: ViewPage = self.relay(cx.now).get(&path, Auth::Key(sign), cx.rng).await?;
            views.extend(page.views);
            match page.next {
                Some(next) if after.is_none_or(|after| next > after) => after = Some(next),
                Some(_) => return Err(RelayError::Malformed),
                None => return Ok(views),
            }
        }
    }

    async fn cursor(&self, space: Space) -> Result<Cursor, WalletError> {
        match self.store.read(Table::Cursors, &space.0).await? {
            None => Ok(Cursor::default()),
            Some(bytes) => encoding::decode(&bytes).map_err(|_| WalletError::Damaged),
        }
    }
}

impl Opened {
    /// Whether a leaf's record is here.
    fn knows(&self, leaf: &Leaf) -> bool {
        self.entries.contains_key(&leaf.entry.record) || self.withdrawn.contains(&leaf.entry.record)
    }
}
