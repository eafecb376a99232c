//! Fetching what is new in one's own cars: leaves, records that another device or a source wrote, looks.

use crate::{
    error::{Distrust, ProofFault, WalletError},
    journal::{Opened, Segment, write_leaves},
    open::{Delivered, StreamKeys},
    outbox::{self, Item},
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
    category::Category,
    encoding,
    erasure::Rewrapped,
    id::{CategoryLabel, RecordId, StreamId},
    ledger::Leaf,
    limits::BATCH_MAX,
};
use rand_core::CryptoRng;
use std::collections::{HashMap, HashSet};

/// Leaves that one car can have: a record for each minute of its first two years.
const LEAVES_MAX: usize = 1 << 20;

/// Looks that are taken in at once.
const VIEWS_MAX: usize = 1 << 16;

/// Where fetching a stream's records stands.
#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Cursor {
    /// The relay's sequence up to which all is known.
    records: u64,
    /// The first record of a source that was there before its commitment; it is asked for again once there is a leaf.
    uncommitted: Option<u64>,
}

/// What a proof came to.
#[derive(Debug, Clone, Copy, Default)]
struct Confirmed {
    /// More is confirmed, or withdrawn, than before.
    more: bool,
    /// What was believed before there was a proof was not so, and the car was read anew.
    anew: bool,
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Fetches what is new in one of the wallet's cars; says whether anything was.
    pub(crate) async fn pull_stream<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<bool, WalletError> {
        self.load_own(stream).await?;
        let refused = self.forget_refused(stream).await?;
        let whole = self.sync.must_read_whole(stream, cx.now);
        let (leaves, marked) = self.pull_leaves(stream, whole, cx).await?;
        let Confirmed { more: proved, anew } = self.prove_own(stream, marked, cx).await?;
        let known = self.older_generations(stream)?;
        // What counted as withdrawn meanwhile was passed over when it came.
        let records = self.pull_records(stream, whole || refused || anew, cx).await?;
        let found = self.older_generations(stream)?;
        let late: HashSet<Category> = found.difference(&known).map(|(category, _)| *category).collect();
        if !late.is_empty() {
            self.reach_readers(stream, &late, cx).await?;
        }
        // Who looked is for the owner to see.
        let own = self.session.unlocked()?.keyring.vehicle(stream)?.expect_own().is_ok();
        let views = own && self.pull_views(stream, cx).await?;
        Ok(leaves || proved || records || views)
    }

    /// The generations before the newest, under which there are records of a car of one's own.
    fn older_generations(&self, stream: StreamId) -> Result<HashSet<(Category, u16)>, WalletError> {
        let keys = self.session.unlocked()?.keyring.vehicle(stream)?;
        let newest: HashMap<CategoryLabel, (Category, u16)> =
            keys.categories().iter().map(|keys| (keys.label, (keys.category, keys.generation()))).collect();
        if keys.held.is_some() || newest.values().all(|(_, generation)| *generation == 0) {
            return Ok(HashSet::new());
        }
        let entries = self.opened(Space::from(stream))?.entries.values();
        let older = entries.filter_map(|entry| {
            let (category, newest) = newest.get(&entry.header.label)?;
            (entry.generation < *newest).then_some((*category, entry.generation))
        });
        Ok(older.collect())
    }

    /// Proves one of the wallet's own cars as a reader would. Leaves that the relay has `marked` as withdrawn are believed
    /// to be only where there is no proof to be had.
    async fn prove_own<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        marked: Vec<RecordId>,
        cx: &mut Context<'_, R>,
    ) -> Result<Confirmed, WalletError> {
        let space = Space::from(stream);
        let opened = self.opened(space)?;
        let mut leaves: Vec<Leaf> = opened.leaves.values().cloned().collect();
        leaves.sort_by_key(|leaf| leaf.index);
        if leaves.is_empty() {
            return Ok(Confirmed::default());
        }
        let owner = opened.owner;
        let Some(proved) = self.prove(stream, &mut leaves, None, cx).await? else {
            let is_marked = |leaf: &Leaf| marked.contains(&leaf.entry.record);
            let more = self.take_withdrawals(space, leaves, false, is_marked).await?;
            return Ok(Confirmed { more, anew: false });
        };
        if proved.verified.head.owner != owner {
            return Err(WalletError::Untrusted { what: Distrust::Proof(ProofFault::Owner) });
        }
        let opened = self.opened(space)?;
        let anew = opened.believed_too_much(&proved);
        let more = opened.proof.as_ref().is_none_or(|before| before.verified.head != proved.verified.head);
        let mut batch = Batch::default();
        if more {
            batch.put(Table::Wallet, space.proof(), encoding::encode(&proved.bundle));
        }
        if anew {
            // The proof has taken false marks off its leaves; what is newer is withdrawn only where the journal says so.
            let confirmed = proved.verified.head.records.count;
            for leaf in leaves.iter_mut().filter(|leaf| leaf.index >= confirmed) {
                leaf.withdrawn = opened.is_withdrawn_here(&leaf.entry.record);
            }
            self.delete_rows(Table::Leaves, space, &mut batch).await?;
            write_leaves(&leaves, space, &mut batch);
        }
        if more || anew {
            self.store.commit(batch).await?;
        }
        if anew {
            // What the marks had taken out of memory lies in the journal.
            self.load_anew(stream).await?;
        }
        let withdrawn = proved.verified.withdrawn.clone();
        self.opened_mut(space)?.proof = Some(proved);
        let fewer = self.take_withdrawals(space, leaves, true, |leaf| withdrawn.contains(&leaf.index)).await?;
        Ok(Confirmed { more: more || fewer || anew, anew })
    }

    /// Notes which leaves are withdrawn, besides those that are known to be; says whether there were any.
    async fn take_withdrawals(
        &mut self,
        space: Space,
        mut leaves: Vec<Leaf>,
        proved: bool,
        is_withdrawn: impl Fn(&Leaf) -> bool,
    ) -> Result<bool, WalletError> {
        let opened = self.opened(space)?;
        let known = |leaf: &Leaf| opened.leaves.get(&leaf.entry.record).is_some_and(|leaf| leaf.withdrawn);
        let new: HashSet<u64> =
            leaves.iter().filter(|leaf| is_withdrawn(leaf) && !known(leaf)).map(|leaf| leaf.index).collect();
        if new.is_empty() {
            return Ok(false);
        }
        // Whoever withdrew it took its bytes away at the relay; this device may have brought them there again since. On the
        // relay's word alone nothing is taken away.
        let own = |record: &RecordId| {
            proved && opened.entries.get(record).is_some_and(|entry| entry.header.source == opened.own)
        };
        let fallen = leaves.iter().filter(|leaf| new.contains(&leaf.index)).map(|leaf| leaf.entry.record);
        let fallen: Vec<RecordId> = fallen.filter(own).collect();
        let items = fallen.chunks(BATCH_MAX).map(|records| Item::Remove(records.to_vec())).collect();
        for leaf in &mut leaves {
            leaf.withdrawn = new.contains(&leaf.index) || known(leaf);
        }
        let mut batch = Batch::default();
        outbox::enqueue(&self.store, space, items, &mut batch).await?;
        self.delete_rows(Table::Leaves, space, &mut batch).await?;
        write_leaves(&leaves, space, &mut batch);
        self.store.commit(batch).await?;
        leaves.retain(|leaf| new.contains(&leaf.index));
        self.opened_mut(space)?.add_leaves(leaves);
        Ok(true)
    }

    /// Leaves after the last known one; `all` of them now and then, because withdrawals change known ones. Says whether
    /// any are new, and which the relay says are withdrawn that were not known to be.
    async fn pull_leaves<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        all: bool,
        cx: &mut Context<'_, R>,
    ) -> Result<(bool, Vec<RecordId>), WalletError> {
        let space = Space::from(stream);
        let known = self.opened(space)?.next_leaf;
        let after = if all { None } else { known.checked_sub(1) };
        let mut leaves = match self.fetch_leaves(stream, after, cx).await {
            // Not opened on the ledger yet: it waits in the outbox.
            Err(error) if error.is(ProblemCode::NotFound) => return Ok((false, Vec::new())),
            other => self.note_connection(other)?,
        };
        let first = if all { 0 } else { known };
        if !(first..).zip(&leaves).all(|(index, leaf)| leaf.index == index) {
            return Err(WalletError::Untrusted { what: Distrust::Stream });
        }
        let opened = self.opened(space)?;
        opened.check_leaves(&leaves, all)?;
        let marked = opened.take_marks(&mut leaves);
        let changed = leaves.iter().any(|leaf| opened.leaves.get(&leaf.entry.record) != Some(leaf))
            || all && leaves.len() != opened.leaves.len();
        if changed {
            let mut batch = Batch::default();
            if all {
                self.delete_rows(Table::Leaves, space, &mut batch).await?;
            }
            write_leaves(&leaves, space, &mut batch);
            self.store.commit(batch).await?;
            let opened = self.opened_mut(space)?;
            if all && !opened.marked.is_empty() {
                // One that is there no more, or marked no more, has hidden nothing for good.
                self.load_anew(stream).await?;
            } else {
                if all {
                    (opened.leaves, opened.next_leaf) = (HashMap::new(), 0);
                }
                opened.add_leaves(leaves);
            }
        }
        if all {
            self.sync.read_whole.insert(stream, cx.now);
        }
        Ok((changed, marked))
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
            let last = page.leaves.last().map(|leaf| leaf.index);
            leaves.extend(page.leaves);
            // A page that leads nowhere, or anywhere but on from its last leaf, would be asked for without end.
            match page.next {
                Some(_) if leaves.len() > LEAVES_MAX => return Err(RelayError::Malformed),
                Some(next) if last == Some(next) && after.is_none_or(|after| next > after) => after = Some(next),
                Some(_) => return Err(RelayError::Malformed),
                None => return Ok(leaves),
            }
        }
    }

    /// Fetches records only when the ledger has some that are not here: one's own come back to nobody. With `whole` it
    /// asks for all again: a relay that once led past a record must not have hidden it for good.
    async fn pull_records<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        whole: bool,
        cx: &mut Context<'_, R>,
    ) -> Result<bool, WalletError> {
        let space = Space::from(stream);
        let opened = self.opened(space)?;
        let files = opened.files();
        let is_here = |record| opened.is_here(record, &files) || opened.withdrawn.contains(record);
        if opened.leaves.values().all(|leaf| leaf.withdrawn || is_here(&leaf.entry.record) || !opened.names(leaf)) {
            return Ok(false);
        }
        let (keys, sign) = {
            let vehicle = self.session.unlocked()?.keyring.vehicle(stream)?;
            (StreamKeys::own(vehicle)?, vehicle.signing_key())
        };
        let mut cursor = self.cursor(space).await?;
        if whole {
            cursor.records = 0;
        }
        if let Some(first) = cursor.uncommitted.take() {
            cursor.records = cursor.records.min(first.saturating_sub(1));
        }
        let mut changed = false;
        loop {
            let asked = cursor.records;
            let path = page_path(path::fill(path::RECORDS, &[&stream]), Some(asked));
            let page = self.relay(cx.now).get::<RecordPage>(&path, Auth::Key(&sign), cx.rng).await;
            let page = self.note_connection(page)?;
            let next = page.next;
            let last = page.records.last().map(|record| record.sequence);
            cursor.records = last.unwrap_or(cursor.records);
            changed |= self.keep_page(space, &keys, page, &mut cursor, cx).await?;
            match next {
                Some(next) if next > asked => cursor.records = next,
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
        cursor: &mut Cursor,
        cx: &mut Context<'_, R>,
    ) -> Result<bool, WalletError> {
        let unlocked = self.session.unlocked_mut()?;
        let opened = unlocked.opened.get_mut(&space).ok_or(WalletError::NotFound)?;
        let (mut batch, mut segment, mut opener) = (Batch::default(), Segment::default(), keys.opener());
        let mut items = Vec::new();
        let (mut new, files) = (page.records, opened.files());
        new.retain(|stored| {
            let record = &stored.header.record;
            if opened.is_here(record, &files) || opened.withdrawn.contains(record) {
                return false;
            }
            // Of a source anyone could have put it there; it counts once its source has committed to it.
            let ours = [opened.owner, opened.own].contains(&stored.header.source);
            let foreign = !ours && stored.header.stream == keys.stream;
            let founded = !foreign || opened.leaves.contains_key(record);
            if !founded {
                cursor.uncommitted = cursor.uncommitted.or(Some(stored.sequence));
            }
            founded
        });
        let with_leaves = new.iter().map(|stored| (stored.clone(), opened.leaves.get(&stored.header.record)));
        let delivered = opener.open_page(with_leaves.collect())?;
        for (stored, delivered) in new.into_iter().zip(delivered) {
            let Delivered::Opened(mut entry) = delivered else { continue };
            let record = stored.header.record;
            if let Some(bytes) = stored.record {
                batch.put(Table::Records, space.record(record), bytes.0);
            }
            let mut wraps = stored.wraps;
            if let Some(rewrapped) = opener.rewrap(&entry.header, &wraps, cx.rng) {
                entry.generation = rewrapped.generation;
                items.push(Item::Rewrap(vec![Rewrapped { record, generation: rewrapped.generation }]));
                wraps = vec![rewrapped];
            }
            for wrap in wraps {
                batch.put(Table::Wraps, space.wrap(record, wrap.generation), encoding::encode(&wrap));
            }
            segment.records.push(*entry);
        }
        batch.put(Table::Cursors, space.0, encoding::encode(cursor));
        outbox::enqueue(&self.store, space, items, &mut batch).await?;
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
            let last = page.views.last().map(|view| view.sequence);
            views.extend(page.views);
            match page.next {
                Some(_) if views.len() > VIEWS_MAX => return Err(RelayError::Malformed),
                Some(next) if last == Some(next) && after.is_none_or(|after| next > after) => after = Some(next),
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
    /// A leaf that is confirmed, or whose record is here, never turns into another, and is never forgotten; `all` says
    /// whether these are all leaves. What has no proof and no record is the relay's word, and may be taken back: held
    /// against it for good, one leaf made up would keep this wallet from ever believing an honest relay again.
    ///
    /// # Errors
    /// [`Distrust::Stream`].
    fn check_leaves(&self, leaves: &[Leaf], all: bool) -> Result<(), WalletError> {
        let untrusted = Err(WalletError::Untrusted { what: Distrust::Stream });
        let served: HashMap<RecordId, &Leaf> = leaves.iter().map(|leaf| (leaf.entry.record, leaf)).collect();
        let another = |leaf: &Leaf| {
            self.entries.get(&leaf.entry.record).is_some_and(|entry| entry.commitment != leaf.entry.commitment)
        };
        if served.len() != leaves.len() || leaves.iter().any(another) {
            return untrusted;
        }
        let confirmed = self.proof.as_ref().map_or(0, |proved| proved.verified.head.records.count);
        for known in self.leaves.values().filter(|leaf| leaf.index < confirmed || self.knows(leaf)) {
            let same =
                served.get(&known.entry.record).map(|leaf| Leaf { withdrawn: known.withdrawn, ..**leaf } == *known);
            if !same.unwrap_or(!all) {
                return untrusted;
            }
        }
        Ok(())
    }

    /// Takes marks of withdrawal off leaves where this wallet does not know of it, and says which these were: a mark
    /// alone must not hide a record.
    fn take_marks(&self, leaves: &mut [Leaf]) -> Vec<RecordId> {
        let mut marked = Vec::new();
        for leaf in leaves {
            let record = leaf.entry.record;
            let known = self.leaves.get(&record).is_some_and(|known| known.withdrawn);
            if leaf.withdrawn && !known && !self.withdrawn.contains(&record) {
                marked.push(record);
                leaf.withdrawn = false;
            }
            leaf.withdrawn |= known;
        }
        marked
    }

    /// Whether a leaf's record is here, or was. That it was withdrawn is no more than the relay's word, where only a mark
    /// says so.
    fn knows(&self, leaf: &Leaf) -> bool {
        let record = &leaf.entry.record;
        self.entries.contains_key(record) || self.is_withdrawn_here(record) || self.is_forged(record)
    }
}
