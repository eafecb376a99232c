//! Writing a record as a source: signed by the member, sealed here, wrapped only when it is sent.

use super::{Target, written::Written};
use crate::{
    command::{Answer, Subject, Via, WriteDraft},
    error::WalletError,
    keyring::Seed,
    open::sealed_bytes,
    outbox::{self, Item},
    record::{check, sealing::random_record},
    row::Space,
    store::{Batch, Store, Table},
    transport::Transport,
    wallet::{Context, Wallet},
};
use carnet_crypto::{
    hash::digest,
    record::{ContentKey, commitment, open_record, seal_record},
    signature::SigningKey,
};
use carnet_protocol::{
    day::{Day, Timestamp},
    domain::Domain,
    encoding,
    id::{RecordId, StreamId},
    ledger::{Action, LeafEntry},
    payload::{Attachment, Fact, Method, Origin, OriginKind, Payload, Statement, StatementKind},
    record::{RecordHeader, Schema, SealedRecord, Suite},
};
use rand_core::CryptoRng;

use crate::command::FileData;

/// What one record with its files becomes.
struct Writer<'a> {
    via: Via,
    car: String,
    target: &'a Target,
    sign: SigningKey,
    day: Day,
    written: Vec<(Written, Vec<u8>)>,
}

impl Writer<'_> {
    fn seal(
        &mut self,
        record: RecordId,
        schema: Schema,
        plain: &[u8],
        payload: Option<Payload>,
        rng: &mut impl CryptoRng,
    ) -> Result<(), WalletError> {
        let Target { stream, owner, label, generation, pairing, .. } = *self.target;
        let source = self.sign.verifying_key();
        let header = RecordHeader { suite: Suite::Classic, schema, stream, record, label, day: self.day, source };
        let key = ContentKey::generate(rng);
        let bytes = sealed_bytes(&seal_record(header.clone(), plain, &key)).0;
        let written = Written {
            via: self.via,
            car: self.car.clone(),
            owner,
            pairing,
            header,
            commitment: commitment(&bytes),
            content: Seed::from(key.secret().duplicate()),
            generation,
            payload,
            committed: None,
            answer: None,
        };
        self.written.push((written, bytes));
        Ok(())
    }

    fn file(&mut self, file: FileData, rng: &mut impl CryptoRng) -> Result<Attachment, WalletError> {
        let record = random_record(rng);
        self.seal(record, Schema::Attachment, &file.bytes, None, rng)?;
        Ok(Attachment {
            record,
            name: file.name,
            media_type: file.media_type,
            size: file.bytes.len() as u64,
            hash: digest(Domain::HASH_ATTACHMENT, &file.bytes),
        })
    }
}

/// The content of a record without what its place adds.
pub(super) struct Content {
    pub day: Day,
    pub method: Method,
    pub fact: Fact,
    pub note: Option<String>,
    pub files: Vec<FileData>,
    pub rectifies: Option<RecordId>,
    pub written_at: Timestamp,
}

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn write_record<R: CryptoRng>(
        &mut self,
        via: Via,
        draft: WriteDraft,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let WriteDraft { day, fact, note, files, rectifies } = draft;
        check(note.as_deref(), &files)?;
        let method = Method::ReadByProfessional;
        let content = Content { day, method, fact, note, files, rectifies, written_at: cx.now };
        let mut batch = Batch::default();
        self.add_written(via, content, &mut batch, cx).await?;
        self.store.commit(batch).await?;
        self.tell_waiting(cx).await?;
        self.written(cx).await
    }

    /// Signs a record that the owner or another source wrote as well.
    pub(crate) async fn counter_sign<R: CryptoRng>(
        &mut self,
        grant: carnet_protocol::id::GrantId,
        record: RecordId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let own = self.staff_key()?.verifying_key();
        let opened = self.subject(&Subject::Granted(grant), cx).await?;
        let (of, entry) = (opened.record(record)?, opened.entries.get(&record).ok_or(WalletError::NotFound)?);
        if of.source == own || !opened.leaves.contains_key(&record) {
            return Err(WalletError::BadInput);
        }
        let category = of.category();
        let statement =
            Statement { about: record, commitment: entry.commitment, category, kind: StatementKind::CounterSigned };
        let content = Content {
            day: of.day,
            method: Method::ReadByProfessional,
            fact: Fact::Statement(statement),
            note: None,
            files: Vec::new(),
            rectifies: None,
            written_at: cx.now,
        };
        let mut batch = Batch::default();
        self.add_written(Via::Granted(grant), content, &mut batch, cx).await?;
        self.store.commit(batch).await?;
        self.tell_waiting(cx).await?;
        Ok(Answer::Done)
    }

    /// Seals a record with its files and puts all that follows from it into a batch.
    pub(super) async fn add_written<R: CryptoRng>(
        &self,
        via: Via,
        content: Content,
        batch: &mut Batch,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let Content { day, method, fact, note, files, rectifies, written_at } = content;
        let target = self.target(via, fact.category(), day, cx).await?;
        let (sign, car) = (self.staff_key()?, self.car_name(via).await?);
        let mut writer = Writer { via, car, target: &target, sign, day, written: Vec::new() };
        let mut attachments = Vec::with_capacity(files.len());
        for file in files {
            attachments.push(writer.file(file, cx.rng)?);
        }
        let record = random_record(cx.rng);
        let payload = Payload {
            stream: target.stream,
            record,
            at: None,
            written_at,
            method,
            origin: Origin { kind: OriginKind::Manual, import: None },
            fact,
            note,
            attachments,
            rectifies,
        };
        let plain = encoding::encode(&writer.sign.sign(&payload));
        writer.seal(record, Schema::Payload, &plain, Some(payload), cx.rng)?;
        let (lane, written) = (target.lane, writer.written);
        let (mut items, mut entries) = (Vec::with_capacity(written.len() + 1), Vec::with_capacity(written.len()));
        for (written, bytes) in written {
            let RecordHeader { record, label, day, .. } = written.header;
            entries.push(LeafEntry { record, label, day, commitment: written.commitment });
            items.push(Item::Write(record));
            batch.put(Table::Records, lane.record(record), bytes);
            self.put_written(lane, &written, batch, cx)?;
        }
        items.push(Item::Act(append(target.stream, target.pairing, entries)));
        outbox::enqueue(&self.store, lane, items, batch).await
    }

    async fn car_name(&self, via: Via) -> Result<String, WalletError> {
        match via {
            Via::Paired(pairing) => {
                let staff = self.session.unlocked()?.keyring.staff.as_ref().ok_or(WalletError::NotFound)?;
                let car = staff.cars.iter().find(|car| car.pairing == pairing).ok_or(WalletError::NotFound)?;
                Ok(car.name.clone())
            }
            Via::Granted(grant) => Ok(self.reader(grant).await?.terms.vehicle_name),
        }
    }

    /// Seals what waits for closed passports of a car anew for the one that continues them, now that its owner lets this
    /// source write.
    pub(super) async fn follow_car<R: CryptoRng>(
        &mut self,
        stream: StreamId,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let staff = self.session.unlocked()?.keyring.staff.as_ref().ok_or(WalletError::NotFound)?;
        let to = staff.cars.iter().rev().find(|car| car.stream == stream).map(|car| car.pairing);
        let Some(to) = to else { return Ok(()) };
        let waiting = self.all_written().await?;
        let mut asked: Vec<(StreamId, bool)> = Vec::new();
        for (lane, written) in waiting {
            let from = written.header.stream;
            if from == stream || written.payload.is_none() || written.committed.is_some() {
                continue;
            }
            let follows = match asked.iter().find(|(known, _)| *known == from) {
                Some((_, follows)) => *follows,
                None => {
                    let follows = self.successor(from, cx).await? == Some(stream);
                    asked.push((from, follows));
                    follows
                }
            };
            if follows {
                match self.move_written(lane, written, Via::Paired(to), cx).await {
                    // The new owner gave no leave for this category; it stays where it is.
                    Ok(()) | Err(WalletError::OutsidePairing) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    pub(crate) async fn resend_written<R: CryptoRng>(
        &mut self,
        record: RecordId,
        via: Via,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let found = self.all_written().await?.into_iter().find(|(_, written)| written.header.record == record);
        let (lane, written) = found.ok_or(WalletError::NotFound)?;
        self.move_written(lane, written, via, cx).await?;
        self.tell_waiting(cx).await?;
        self.written(cx).await
    }

    /// Seals a record that was not committed anew for another way; the old one leaves the outbox in the same commit.
    async fn move_written<R: CryptoRng>(
        &mut self,
        lane: Space,
        written: Written,
        via: Via,
        cx: &mut Context<'_, R>,
    ) -> Result<(), WalletError> {
        let Some(payload) = written.payload.clone().filter(|_| written.committed.is_none()) else {
            return Err(WalletError::BadInput);
        };
        let mut batch = Batch::default();
        let mut gone = vec![written.header.record];
        let mut files = Vec::new();
        for attachment in payload.attachments {
            let file = self.written_record(lane, attachment.record).await?.ok_or(WalletError::Damaged)?;
            let bytes = self.store.read(Table::Records, &lane.record(attachment.record)).await?;
            let sealed: SealedRecord =
                encoding::decode(&bytes.ok_or(WalletError::Damaged)?).map_err(|_| WalletError::Damaged)?;
            let key = ContentKey::from_secret(file.content.secret().duplicate());
            let bytes = open_record(&sealed, &key).map_err(|_| WalletError::Damaged)?;
            files.push(FileData { name: attachment.name, media_type: attachment.media_type, bytes });
            gone.push(attachment.record);
        }
        let content = Content {
            day: written.header.day,
            method: payload.method,
            fact: payload.fact,
            note: payload.note,
            files,
            rectifies: None,
            written_at: payload.written_at,
        };
        self.add_written(via, content, &mut batch, cx).await?;
        self.drop_written(lane, &gone, &mut batch).await?;
        self.store.commit(batch).await?;
        Ok(())
    }

    pub(crate) async fn discard_written<R: CryptoRng>(
        &mut self,
        record: RecordId,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        let found = self.all_written().await?.into_iter().find(|(_, written)| written.header.record == record);
        let (lane, written) = found.filter(|(_, written)| written.committed.is_none()).ok_or(WalletError::NotFound)?;
        let files = written.payload.iter().flat_map(|payload| payload.attachments.iter().map(|file| file.record));
        let gone: Vec<RecordId> = files.chain([record]).collect();
        let mut batch = Batch::default();
        self.drop_written(lane, &gone, &mut batch).await?;
        self.store.commit(batch).await?;
        self.tell_waiting(cx).await?;
        self.written(cx).await
    }

    /// Takes records that were not committed out of lane and list.
    async fn drop_written(&self, lane: Space, gone: &[RecordId], batch: &mut Batch) -> Result<(), WalletError> {
        for waiting in outbox::first_of(&self.store, lane).await? {
            let about = match &waiting.item {
                Item::Write(record) => gone.contains(record),
                Item::Act(Action::AppendRecords { entries, .. } | Action::AppendPaired { entries, .. }) => {
                    entries.iter().any(|entry| gone.contains(&entry.record))
                }
                _ => false,
            };
            if about {
                batch.expect(Table::Outbox, waiting.key.clone(), Some(waiting.row));
                batch.delete(Table::Outbox, waiting.key);
            }
        }
        for record in gone {
            batch.delete(Table::Records, lane.record(*record));
            batch.delete(Table::Wallet, lane.written(*record));
        }
        Ok(())
    }
}

fn append(stream: StreamId, pairing: Option<carnet_protocol::id::PairingId>, entries: Vec<LeafEntry>) -> Action {
    match pairing {
        Some(pairing) => Action::AppendPaired { stream, pairing, entries },
        None => Action::AppendRecords { stream, entries },
    }
}
