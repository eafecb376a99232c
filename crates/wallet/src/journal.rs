//! What was opened, kept: a sealed journal per passport, so that a record is checked and opened once, not at each look.
//!
//! Every entry was checked against its sealed bytes when it was written. The journal lies in the local store as a few
//! large sealed rows, each written once; opening 10,000 records is opening a few rows. What the ledger says about the
//! records (their leaves) is public and lies beside it, with the proof that was checked last; both are held against each
//! other and against the journal when they are read.

pub(crate) mod leaves;
mod loading;
mod writing;

pub(crate) use loading::{Extent, are_proved};

use crate::{
    directory::Members,
    error::WalletError,
    keyring::VehicleKeys,
    proof::Proved,
    row::Space,
    signatures::Signatures,
    store::{Batch, Store, Table},
    transport::Transport,
    view::{Completeness, TermsView},
    wallet::Wallet,
};
use carnet_crypto::local::LocalKey;
use carnet_passport::OpenedRecord;
use carnet_protocol::{
    api::body::View,
    category::Category,
    day::DayRange,
    encoding,
    id::{CategoryLabel, Hash32, RecordId, StreamId},
    key::{Signature, VerifyingKey},
    ledger::{Leaf, StreamStatus},
    payload::Payload,
    record::{RecordHeader, RecordWrap, Schema},
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// One sealed row.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Segment {
    /// Records that were written or arrived.
    pub records: Vec<Entry>,
    /// Records that were withdrawn.
    pub withdrawn: Vec<RecordId>,
    /// Looks of others, by the relay's log.
    pub views: Vec<View>,
    /// Records whose source's signature was verified since they were written here, and is good.
    pub verified: Vec<RecordId>,
    /// The same, where it is not.
    pub forged: Vec<RecordId>,
}

/// A record that was checked and opened.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Size of the sealed bytes.
    pub size: u64,
    /// For attachments of others: how their content key was wrapped.
    pub wraps: Vec<RecordWrap>,
    /// The readable part.
    pub header: RecordHeader,
    /// What it says; `None` for attachments, which are opened when looked at.
    pub payload: Option<Payload>,
    /// The source's signature, until it is verified; one's own need not be.
    pub unchecked: Option<Signature>,
    /// Hash of the sealed bytes it was opened from.
    pub commitment: Hash32,
    /// The generation under which it was wrapped.
    pub generation: u16,
}

/// A passport in memory.
pub(crate) struct Opened {
    /// The car's stream.
    pub stream: StreamId,
    /// The key that owns it.
    pub owner: VerifyingKey,
    /// The key by which this wallet writes to it; the owner's, where that is no other.
    pub own: VerifyingKey,
    /// Payload records that stand, in the order in which they came.
    pub records: Vec<OpenedRecord>,
    /// All that was delivered and not withdrawn, attachments as well.
    pub entries: HashMap<RecordId, Entry>,
    /// Withdrawn records.
    pub withdrawn: HashSet<RecordId>,
    /// Those of them of which a leaf's mark alone says so, not the journal.
    pub marked: HashSet<RecordId>,
    /// What the ledger has.
    pub leaves: HashMap<RecordId, Leaf>,
    /// What the keys open: label and days of each category.
    pub scopes: Vec<(CategoryLabel, Category, DayRange)>,
    /// Records of shared categories that lie outside the shared days.
    pub withheld: HashMap<RecordId, Category>,
    /// Leaves outside the shared days that stand in quarantine: that they are there cannot be hidden.
    pub foreign: Vec<Leaf>,
    /// How many leaves of the stream are known, in scope or not.
    pub next_leaf: u64,
    /// Looks of others.
    pub views: Vec<View>,
    /// For a reader: the terms under which it was opened.
    pub terms: Option<TermsView>,
    /// How far it is proved, as checked last; `None` while the consortium has not confirmed it.
    pub proof: Option<Proved>,
    /// Whether the proof that is kept was found to be of something else than what is here.
    pub proof_refused: bool,
    /// How far the sources' signatures are verified.
    pub signatures: Signatures,
    /// The number of the next segment.
    pub next_segment: u64,
    /// What came with it of earlier owners' passports, the latest first.
    pub earlier: Vec<Opened>,
}

impl Opened {
    /// Of a stream with this owner; empty.
    pub fn new(stream: StreamId, owner: VerifyingKey) -> Self {
        Self {
            stream,
            owner,
            own: owner,
            records: Vec::new(),
            entries: HashMap::new(),
            withdrawn: HashSet::new(),
            marked: HashSet::new(),
            leaves: HashMap::new(),
            scopes: Vec::new(),
            withheld: HashMap::new(),
            foreign: Vec::new(),
            next_leaf: 0,
            views: Vec::new(),
            terms: None,
            proof: None,
            proof_refused: false,
            signatures: Signatures::default(),
            next_segment: 0,
            earlier: Vec::new(),
        }
    }

    /// Takes over a segment.
    pub fn apply(&mut self, segment: Segment) {
        for record in segment.withdrawn {
            self.withdraw(record);
        }
        for entry in segment.records {
            self.add(entry);
        }
        self.take_verified(&segment.verified, &segment.forged);
        let known: HashSet<u64> = self.views.iter().map(|view| view.sequence).collect();
        self.views.extend(segment.views.into_iter().filter(|view| !known.contains(&view.sequence)));
    }

    fn add(&mut self, mut entry: Entry) {
        let record = entry.header.record;
        // What was told to be a file and comes as a record was never looked into.
        let stays = |known: &Entry| !known.is_attachment() || entry.is_attachment();
        if self.withdrawn.contains(&record) || self.entries.get(&record).is_some_and(stays) || self.is_forged(&record) {
            return;
        }
        if let Some(payload) = entry.payload.take() {
            self.records.push(OpenedRecord {
                record,
                day: entry.header.day,
                source: entry.header.source,
                source_class: None,
                owner_made: self.is_of_household(&record, &entry.header.source),
                payload,
            });
        }
        self.entries.insert(record, entry);
    }

    /// Whether a source is of the owner's side: the owner, this wallet, or who committed a record of its own as nobody of
    /// whom the ledger knows more. Besides these and members the rules take records of nobody.
    fn is_of_household(&self, record: &RecordId, source: &VerifyingKey) -> bool {
        let committed = || self.leaves.get(record).is_some_and(|leaf| leaf.source == *source && is_own_word(leaf));
        [self.owner, self.own].contains(source) || committed()
    }

    fn withdraw(&mut self, record: RecordId) {
        self.withdrawn.insert(record);
        self.marked.remove(&record);
        if self.entries.remove(&record).is_some() {
            self.records.retain(|opened| opened.record != record);
        }
        self.forget_forged(|forged| *forged == record);
    }

    /// Takes over leaves, and withdraws what they say is withdrawn.
    pub fn add_leaves(&mut self, leaves: Vec<Leaf>) {
        let (mut gone, mut others) = (HashSet::new(), false);
        for leaf in leaves {
            others |= is_own_word(&leaf) && ![self.owner, self.own].contains(&leaf.source);
            self.next_leaf = self.next_leaf.max(leaf.index + 1);
            if let Some(category) = self.outside(&leaf) {
                if !leaf.withdrawn {
                    self.withheld.insert(leaf.entry.record, category);
                }
                if leaf.quarantined {
                    self.foreign.push(leaf);
                }
                continue;
            }
            if leaf.withdrawn {
                gone.insert(leaf.entry.record);
            }
            self.leaves.insert(leaf.entry.record, leaf);
        }
        if others {
            let mut records = core::mem::take(&mut self.records);
            for opened in records.iter_mut().filter(|opened| !opened.owner_made) {
                opened.owner_made = self.is_of_household(&opened.record, &opened.source);
            }
            self.records = records;
        }
        if !gone.is_empty() {
            self.entries.retain(|record, _| !gone.contains(record));
            self.records.retain(|opened| !gone.contains(&opened.record));
            self.forget_forged(|record| gone.contains(record));
            self.marked.extend(gone.difference(&self.withdrawn));
            self.withdrawn.extend(gone);
        }
    }

    /// Whether the journal says that a record is withdrawn, and not a mark alone.
    pub fn is_withdrawn_here(&self, record: &RecordId) -> bool {
        self.withdrawn.contains(record) && !self.marked.contains(record)
    }

    /// Whether a mark was believed, for want of a proof, of which the proof that has come now knows nothing.
    pub fn believed_too_much(&self, proved: &Proved) -> bool {
        let unknown = |leaf: &Leaf| !proved.verified.withdrawn.contains(&leaf.index);
        self.marked.iter().any(|record| self.leaves.get(record).is_some_and(unknown))
    }

    /// Whether a leaf is of a category that the keys open; a member can commit to any label.
    pub fn names(&self, leaf: &Leaf) -> bool {
        self.scopes.iter().any(|(label, ..)| *label == leaf.entry.label)
    }

    /// The category of a leaf that is shared, but not for the leaf's day.
    fn outside(&self, leaf: &Leaf) -> Option<Category> {
        let mut of_label = self.scopes.iter().filter(|(label, ..)| *label == leaf.entry.label).peekable();
        let (_, category, _) = **of_label.peek()?;
        (!of_label.any(|(_, _, days)| days.contains(leaf.entry.day))).then_some(category)
    }

    /// Notes the class of each record's source, of those that are not believed as well.
    pub fn classify(&mut self, members: &Members) {
        let forged = self.signatures.forged.iter_mut().map(|forged| &mut forged.record);
        members.classify(self.records.iter_mut().chain(forged), &self.owner);
    }

    /// A payload record that stands.
    ///
    /// # Errors
    /// [`WalletError::NotFound`].
    pub fn record(&self, record: RecordId) -> Result<&OpenedRecord, WalletError> {
        self.records.iter().find(|opened| opened.record == record).ok_or(WalletError::NotFound)
    }

    /// It and what came with it of earlier owners' passports, the latest first.
    pub fn with_earlier(&self) -> impl Iterator<Item = &Self> {
        core::iter::once(self).chain(&self.earlier)
    }

    /// Whether its passport is proved to be closed: what is not committed by then never will be.
    pub fn is_closed(&self) -> bool {
        self.proof.as_ref().is_some_and(|proved| proved.verified.head.status == StreamStatus::Closed)
    }

    /// The files that records speak of. That something is a file is the relay's word alone as long as it is not opened, so
    /// a file that no record speaks of counts for nothing: it could be a record that is kept back.
    pub fn files(&self) -> HashSet<RecordId> {
        self.records.iter().flat_map(|opened| &opened.payload.attachments).map(|file| file.record).collect()
    }

    /// Whether a record is here, or a file that one of [`Self::files`] is.
    pub fn is_here(&self, record: &RecordId, files: &HashSet<RecordId>) -> bool {
        let here = |entry: &Entry| !entry.is_attachment() || files.contains(record);
        self.entries.get(record).is_some_and(here) || self.is_forged(record)
    }

    /// What of it is here, in figures.
    pub fn completeness(&self) -> Completeness {
        let files = self.files();
        let mut figures = Completeness { committed: 0, opened: 0, withdrawn: 0, missing: 0, uncommitted: 0 };
        for (record, leaf) in self.leaves.iter().filter(|(_, leaf)| self.names(leaf)) {
            figures.committed += 1;
            if leaf.withdrawn || self.withdrawn.contains(record) {
                figures.withdrawn += 1;
            } else if self.is_here(record, &files) {
                figures.opened += 1;
            } else {
                figures.missing += 1;
            }
        }
        let uncommitted = self.entries.keys().filter(|record| !self.leaves.contains_key(record)).count();
        figures.uncommitted = u32::try_from(uncommitted).unwrap_or(u32::MAX);
        figures
    }

    /// Adds a segment that takes the place of all earlier ones, whose removal the caller has put into the batch.
    pub fn rewrite(
        &self,
        segment: &Segment,
        local: &LocalKey,
        space: Space,
        batch: &mut Batch,
        rng: &mut impl CryptoRng,
    ) {
        let key = space.numbered(self.next_segment);
        let row = local.seal_row(Table::Index.name(), &key, &encoding::encode(segment), rng);
        batch.put(Table::Index, key, row);
    }

    /// Adds a segment to a batch; it takes effect here with [`Self::apply`] once the batch is committed.
    pub fn write(
        &self,
        segment: &Segment,
        local: &LocalKey,
        space: Space,
        batch: &mut Batch,
        rng: &mut impl CryptoRng,
    ) {
        // Another tab that wrote a segment meanwhile must be read first.
        batch.expect(Table::Index, space.numbered(self.next_segment), None);
        self.rewrite(segment, local, space, batch, rng);
    }

    /// Takes over a segment that was just committed.
    pub fn written(&mut self, segment: Segment) {
        self.next_segment += 1;
        self.apply(segment);
    }
}

/// Whether the ledger took a leaf as the owner's side's word, or as that of a paired member whose class counts for nothing.
fn is_own_word(leaf: &Leaf) -> bool {
    leaf.base_quality == 0 && !leaf.quarantined
}

/// Adds leaves to a batch, as one row named by the last of them, so that a scan can go on after it.
pub(crate) fn write_leaves(leaves: &[Leaf], space: Space, batch: &mut Batch) {
    if let Some(last) = leaves.last() {
        batch.put(Table::Leaves, space.numbered(last.index), leaves::pack(leaves));
    }
}

impl Entry {
    /// Whether it is a file's bytes.
    pub fn is_attachment(&self) -> bool {
        self.header.schema == Schema::Attachment
    }
}

impl<S: Store, T: Transport> Wallet<S, T> {
    /// Brings one of the wallet's own cars into memory, or up to what other tabs wrote.
    ///
    /// # Errors
    /// [`WalletError::NotFound`] for a car of someone else, [`WalletError::Damaged`].
    pub(crate) async fn load_own(&mut self, stream: StreamId) -> Result<&Opened, WalletError> {
        let space = Space::from(stream);
        let settled = self.opened(space).is_ok_and(|opened| opened.proof.is_some() || opened.proof_refused);
        let kept = if settled { None } else { self.kept_proof(space).await? };
        let unlocked = self.session.unlocked_mut()?;
        let vehicle = unlocked.keyring.vehicle(stream)?;
        unlocked.shown.forget(space);
        let opened = unlocked.opened.entry(space).or_insert_with(|| vehicle.unopened());
        opened.load(&self.store, &unlocked.local, space, kept.map(|kept| (kept, Extent::Whole))).await?;
        Ok(opened)
    }

    /// Brings a car of one's own into memory anew, as it is stored.
    ///
    /// # Errors
    /// As [`Self::load_own`].
    pub(crate) async fn load_anew(&mut self, stream: StreamId) -> Result<(), WalletError> {
        self.session.unlocked_mut()?.opened.remove(&Space::from(stream));
        self.load_own(stream).await.map(drop)
    }

    /// Forgets leaves and a proof of one's own car that do not belong together, so that both are read anew from the ledger;
    /// says whether there were any. What the sealed journal has stays.
    pub(crate) async fn forget_refused(&mut self, stream: StreamId) -> Result<bool, WalletError> {
        let space = Space::from(stream);
        if !self.opened(space)?.proof_refused {
            return Ok(false);
        }
        let mut batch = Batch::default();
        self.delete_rows(Table::Leaves, space, &mut batch).await?;
        batch.delete(Table::Wallet, space.proof());
        self.store.commit(batch).await?;
        self.load_anew(stream).await?;
        Ok(true)
    }

    /// A passport that is in memory.
    pub(crate) fn opened(&self, space: Space) -> Result<&Opened, WalletError> {
        self.session.unlocked()?.opened.get(&space).ok_or(WalletError::NotFound)
    }

    /// See [`Self::opened`].
    pub(crate) fn opened_mut(&mut self, space: Space) -> Result<&mut Opened, WalletError> {
        self.session.unlocked_mut()?.opened.get_mut(&space).ok_or(WalletError::NotFound)
    }
}

impl VehicleKeys {
    /// An empty passport of this car.
    pub fn unopened(&self) -> Opened {
        let mut opened = Opened::new(self.stream, self.owner());
        opened.own = self.signing_key().verifying_key();
        let labels =
            Category::ALL.into_iter().filter_map(|category| Some((self.category(category).ok()?.label, category)));
        opened.scopes = labels.map(|(label, category)| (label, category, DayRange::ALL)).collect();
        opened
    }
}
