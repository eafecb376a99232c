//! Writing records: sign, seal, wrap, and put everything that follows from it into one batch.

use crate::{
    error::WalletError,
    journal::{Entry, Segment},
    keyring::VehicleKeys,
    open::sealed_bytes,
    outbox::{Item, Part},
    row::Space,
    store::{Batch, Table},
    sync::plan::{BODY_ROOM, part_bytes},
};
use carnet_crypto::{
    hash::digest,
    record::{ContentKey, commitment, seal_record},
    signature::SigningKey,
    tree::TreeRoot,
    wrap::wrap_day,
};
use carnet_protocol::{
    category::Category,
    day::{Day, Timestamp},
    domain::Domain,
    encoding,
    id::{CategoryLabel, Hash32, RecordId},
    ledger::{Action, LeafEntry},
    limits::{BATCH_MAX, INLINE_RECORD_MAX},
    payload::{Attachment, Fact, Method, Origin, Payload},
    record::{RecordHeader, Schema, Suite},
};
use rand_core::CryptoRng;

use crate::command::FileData;

/// A record to be written.
pub(crate) struct NewRecord {
    pub day: Day,
    pub at: Option<Timestamp>,
    pub method: Method,
    pub origin: Origin,
    pub fact: Fact,
    pub note: Option<String>,
    pub files: Vec<FileData>,
}

/// Records as they go into the store, the journal and the outbox.
pub(crate) struct SealedRecords {
    /// Rows of sealed records and wraps.
    pub batch: Batch,
    /// What the journal notes.
    pub segment: Segment,
    /// What waits to be sent: uploads first, so that nothing is committed that is not stored.
    pub items: Vec<Item>,
}

/// Writes the records of one car, one after the other.
pub(crate) struct Sealer<'a> {
    vehicle: &'a VehicleKeys,
    sign: SigningKey,
    now: Timestamp,
    batch: Batch,
    segment: Segment,
    uploads: Vec<Part>,
    entries: Vec<LeafEntry>,
    trees: Vec<CategoryTree>,
    rectifies: Option<RecordId>,
}

struct CategoryTree {
    category: Category,
    label: CategoryLabel,
    generation: u16,
    root: TreeRoot,
    day: Option<carnet_crypto::tree::DayKeys>,
}

impl CategoryTree {
    /// The keys of a day; records come in the order of days, so the last ones are kept.
    fn day_keys(&mut self, day: Day) -> &carnet_crypto::tree::DayKeys {
        if self.day.as_ref().is_none_or(|keys| keys.day != day) {
            self.day = None;
        }
        self.day.get_or_insert_with(|| self.root.day_keys(day))
    }
}

impl<'a> Sealer<'a> {
    pub fn new(vehicle: &'a VehicleKeys, now: Timestamp) -> Self {
        Self {
            vehicle,
            sign: vehicle.signing_key(),
            now,
            batch: Batch::default(),
            segment: Segment::default(),
            uploads: Vec::new(),
            entries: Vec::new(),
            trees: Vec::new(),
            rectifies: None,
        }
    }

    /// The next record corrects this one.
    pub fn rectifying(mut self, record: Option<RecordId>) -> Self {
        self.rectifies = record;
        self
    }

    /// What the ledger will hold of a record that was written.
    pub fn commitment(&self, record: RecordId) -> Option<Hash32> {
        self.entries.iter().rev().find(|entry| entry.record == record).map(|entry| entry.commitment)
    }

    /// Writes a record and its files.
    ///
    /// # Errors
    /// [`WalletError::Damaged`] when the keyring lacks the category.
    pub fn add(&mut self, new: NewRecord, rng: &mut impl CryptoRng) -> Result<RecordId, WalletError> {
        let record = random_record(rng);
        let category = new.fact.category();
        let mut attachments = Vec::new();
        for file in new.files {
            attachments.push(self.add_file(category, new.day, file, rng)?);
        }
        let payload = Payload {
            stream: self.vehicle.stream,
            record,
            at: new.at,
            written_at: self.now,
            method: new.method,
            origin: new.origin,
            fact: new.fact,
            note: new.note,
            attachments,
            rectifies: self.rectifies.take(),
        };
        let plain = encoding::encode(&self.sign.sign(&payload));
        self.seal(record, category, new.day, Schema::Payload, &plain, Some(payload), rng)?;
        Ok(record)
    }

    fn add_file(
        &mut self,
        category: Category,
        day: Day,
        file: FileData,
        rng: &mut impl CryptoRng,
    ) -> Result<Attachment, WalletError> {
        let record = random_record(rng);
        self.seal(record, category, day, Schema::Attachment, &file.bytes, None, rng)?;
        Ok(Attachment {
            record,
            name: file.name,
            media_type: file.media_type,
            size: file.bytes.len() as u64,
            hash: digest(Domain::HASH_ATTACHMENT, &file.bytes),
        })
    }

    #[expect(clippy::too_many_arguments, reason = "all that a record is made of; named at both places of call")]
    fn seal(
        &mut self,
        record: RecordId,
        category: Category,
        day: Day,
        schema: Schema,
        plain: &[u8],
        payload: Option<Payload>,
        rng: &mut impl CryptoRng,
    ) -> Result<(), WalletError> {
        let (stream, source) = (self.vehicle.stream, self.sign.verifying_key());
        let tree = self.tree(category)?;
        let (label, generation) = (tree.label, tree.generation);
        let header = RecordHeader { suite: Suite::Classic, schema, stream, record, label, day, source };
        let key = ContentKey::generate(rng);
        let wrap = wrap_day(&key, &tree.day_keys(day).wrap, &header, generation, rng);
        let bytes = sealed_bytes(&seal_record(header.clone(), plain, &key));
        let commitment = commitment(&bytes);
        let wrap_row = encoding::encode(&wrap);
        let size = bytes.len() as u64;
        self.uploads.push(Part { record, generation, bytes: size + wrap_row.len() as u64 });
        self.entries.push(LeafEntry { record, label, day, commitment });
        let space = Space::from(stream);
        self.batch.put(Table::Wraps, space.wrap(record, generation), wrap_row);
        self.batch.put(Table::Records, space.record(record), bytes.0);
        self.segment.records.push(Entry {
            header,
            commitment,
            size,
            generation,
            payload,
            wraps: Vec::new(),
            unchecked: None,
        });
        Ok(())
    }

    fn tree(&mut self, category: Category) -> Result<&mut CategoryTree, WalletError> {
        let position = match self.trees.iter().position(|tree| tree.category == category) {
            Some(position) => position,
            None => {
                let keys = self.vehicle.category(category)?;
                let generation = keys.generation();
                let root = keys.tree(generation).ok_or(WalletError::Damaged)?;
                self.trees.push(CategoryTree { category, label: keys.label, generation, root, day: None });
                self.trees.len() - 1
            }
        };
        Ok(&mut self.trees[position])
    }

    /// Everything that was written.
    pub fn finish(self) -> SealedRecords {
        let stream = self.vehicle.stream;
        let (large, small): (Vec<Part>, Vec<Part>) =
            self.uploads.into_iter().partition(|part| part.bytes > INLINE_RECORD_MAX as u64);
        let mut items = uploads(small);
        items.extend(large.into_iter().map(Item::UploadLarge));
        let appends = self.entries.chunks(BATCH_MAX);
        items.extend(appends.map(|entries| Item::Act(Action::AppendRecords { stream, entries: entries.to_vec() })));
        SealedRecords { batch: self.batch, segment: self.segment, items }
    }
}

/// Uploads that each fit into one request.
fn uploads(parts: Vec<Part>) -> Vec<Item> {
    let (mut items, mut batch, mut bytes) = (Vec::new(), Vec::new(), 0);
    for part in parts {
        if batch.len() == BATCH_MAX || bytes + part_bytes(&part) > BODY_ROOM {
            items.push(Item::Upload(core::mem::take(&mut batch)));
            bytes = 0;
        }
        bytes += part_bytes(&part);
        batch.push(part);
    }
    if !batch.is_empty() {
        items.push(Item::Upload(batch));
    }
    items
}

/// A fresh identifier.
pub(crate) fn random_record(rng: &mut impl CryptoRng) -> RecordId {
    let mut record = RecordId([0; RecordId::LEN]);
    rng.fill_bytes(&mut record.0);
    record
}
