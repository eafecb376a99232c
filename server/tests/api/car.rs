//! An owner with a car: what the tests put onto the relay. The relay cannot tell sealed bytes from random ones, so
//! these are made up, except for signatures and hashes, which it checks.

use crate::{
    client::Answer,
    relay::{By, TestRelay},
};
use carnet_crypto::{hash::digest, link::token_hash, record::commitment, secret::Secret, signature::SigningKey};
use carnet_protocol::{
    Blob,
    api::{
        body::{Receipts, RecordBatch, RecordUpload, RelayInfo, Transactions},
        path,
    },
    day::{Day, DayRange, Timestamp},
    domain::Domain,
    encoding::{decode, encode},
    grant::{Grant, GrantEnvelope, GrantScope, Grantee, SealedGrant},
    id::{CategoryLabel, GrantId, Hash32, LinkId, RecordId, StreamId},
    key::{AeadNonce, EncappedKey, SealingKey, VerifyingKey},
    ledger::{Action, LeafEntry, Outcome, Transaction},
    link::{Claim, Link},
    record::{RecordHeader, RecordWrap, Schema, SealedRecord, Suite, WrappedKey},
};
use carnet_server::clock::Clock as _;

pub const LABEL: CategoryLabel = CategoryLabel([1; 8]);
pub const OTHER_LABEL: CategoryLabel = CategoryLabel([2; 8]);
pub const TOKEN: [u8; 32] = [0x77; 32];
pub const HOUR: u64 = 3_600_000;

pub fn key(byte: u8) -> SigningKey {
    SigningKey::from_seed(&Secret::from_slice(&[byte; 32]).unwrap())
}

pub fn record_id(byte: u8) -> RecordId {
    RecordId([byte; 16])
}

pub struct Car<'r> {
    pub relay: &'r TestRelay,
    pub owner: SigningKey,
    pub stream: StreamId,
}

impl<'r> Car<'r> {
    /// Opens a passport on the ledger.
    pub async fn open(relay: &'r TestRelay, byte: u8) -> Self {
        let car = Self { relay, owner: key(byte), stream: StreamId([byte; 16]) };
        car.act(Action::OpenStream { stream: car.stream }).await;
        car
    }

    pub fn by(&self) -> By<'_> {
        By::Key(&self.owner)
    }

    /// Submits a transaction that must be accepted.
    pub async fn act(&self, action: Action) {
        let info: RelayInfo = self.relay.get(path::INFO, By::Nobody).await.value();
        let transaction = Transaction { ledger: Some(info.ledger), at: self.relay.clock.now(), action };
        let body = Transactions { transactions: vec![self.owner.sign(&transaction)] };
        let receipts: Receipts = self.relay.post(path::TRANSACTIONS, By::Nobody, &body).await.value();
        assert!(matches!(receipts.receipts[0].outcome, Outcome::Accepted { .. }), "{receipts:?}");
    }

    pub fn path(&self, template: &str) -> String {
        path::fill(template, &[&self.stream])
    }

    pub fn record_path(&self, id: u8) -> String {
        path::fill(path::RECORD, &[&self.stream, &record_id(id)])
    }

    pub fn header(&self, id: u8, label: CategoryLabel, day: u16) -> RecordHeader {
        RecordHeader {
            suite: Suite::Classic,
            schema: Schema::Payload,
            stream: self.stream,
            record: record_id(id),
            label,
            day: Day(day),
            source: self.owner.verifying_key(),
        }
    }

    pub fn upload_of(&self, header: RecordHeader, size: usize, fill: u8) -> RecordUpload {
        let wraps = (0..2).map(|generation| wrap(header.record, generation, fill)).collect();
        let sealed = SealedRecord { header, body: Blob(vec![fill; size]) };
        RecordUpload { record: Blob(encode(&sealed)), wraps }
    }

    pub fn upload(&self, id: u8, day: u16) -> RecordUpload {
        self.upload_of(self.header(id, LABEL, day), 300, id)
    }

    pub async fn store(&self, records: Vec<RecordUpload>) -> Answer {
        self.relay.post(&self.path(path::RECORDS), self.by(), &RecordBatch { records }).await
    }

    /// Commits to records on the ledger.
    pub async fn commit(&self, records: &[RecordUpload]) {
        let entry = |upload: &RecordUpload| {
            let SealedRecord { header, .. } = decode(&upload.record).unwrap();
            let RecordHeader { record, label, day, .. } = header;
            LeafEntry { record, label, day, commitment: commitment(&upload.record) }
        };
        let entries = records.iter().map(entry).collect();
        self.act(Action::AppendRecords { stream: self.stream, entries }).await;
    }

    /// Stores records and commits to them.
    pub async fn keep(&self, records: Vec<RecordUpload>) {
        assert_eq!(self.store(records.clone()).await.status, 200);
        self.commit(&records).await;
    }

    /// Issues a grant on the ledger.
    pub async fn issue(&self, id: u8) {
        let (stream, grant, not_after) = (self.stream, GrantId([id; 16]), self.relay.clock.now().plus(HOUR));
        self.act(Action::IssueGrant { stream, grant, hash: Hash32([1; 32]), not_after, acceptor: None }).await;
    }

    /// A grant over days 10 to 20 of [`LABEL`], generation 1, for an hour.
    pub fn grant_of(&self, id: u8, grantee: Option<VerifyingKey>) -> Grant {
        let now = self.relay.clock.now();
        let days = DayRange::new(Day(10), Day(20)).unwrap();
        Grant {
            suite: Suite::Classic,
            grant: GrantId([id; 16]),
            stream: self.stream,
            grantee: Grantee { seal: SealingKey([3; 32]), sign: grantee },
            scopes: vec![GrantScope { label: LABEL, days, generation: 1 }],
            earlier: Vec::new(),
            issued_at: now,
            not_after: now.plus(HOUR),
            sealed_hash: Hash32([0; 32]),
            checkpoint: None,
        }
    }

    pub fn envelope(&self, mut grant: Grant, signer: &SigningKey) -> GrantEnvelope {
        let sealed = SealedGrant { enc: EncappedKey([4; 32]), sealed: Blob(vec![5; 200]) };
        grant.sealed_hash = digest(Domain::HASH_SEALED_GRANT, &encode(&sealed));
        GrantEnvelope { grant: signer.sign(&grant), sealed }
    }

    pub async fn give(&self, id: u8, grantee: Option<VerifyingKey>) -> GrantEnvelope {
        let envelope = self.envelope(self.grant_of(id, grantee), &self.owner);
        assert_eq!(self.relay.put(&grant_path(path::GRANT, id), self.by(), &envelope).await.status, 200);
        envelope
    }

    pub fn link_of(&self, id: u8, grant: u8, max_opens: Option<u32>) -> Link {
        Link {
            link: LinkId([id; 16]),
            stream: self.stream,
            grant: GrantId([grant; 16]),
            token_hash: token_hash(&TOKEN),
            expires: Timestamp(self.relay.clock.now().0 + HOUR / 2),
            max_opens,
            pin: None,
        }
    }

    /// A link with a grant of its own, of the same number.
    pub async fn share(&self, id: u8, max_opens: Option<u32>) {
        self.give(id, None).await;
        let link = self.owner.sign(&self.link_of(id, id, max_opens));
        assert_eq!(self.relay.put(&link_path(path::LINK, id), self.by(), &link).await.status, 200);
    }

    pub fn claim(&self, id: u8, claimer: &SigningKey) -> carnet_protocol::api::body::LinkClaim {
        let claim = Claim { link: LinkId([id; 16]), claimer: claimer.verifying_key() };
        carnet_protocol::api::body::LinkClaim { token: Blob(TOKEN.to_vec()), claim: claimer.sign(&claim) }
    }
}

pub fn wrap(record: RecordId, generation: u16, fill: u8) -> RecordWrap {
    let key = WrappedKey::Day { nonce: AeadNonce([fill; 12]), sealed: Blob(vec![fill; 48]) };
    RecordWrap { record, generation, key }
}

pub fn grant_path(template: &str, id: u8) -> String {
    path::fill(template, &[&GrantId([id; 16])])
}

pub fn link_path(template: &str, id: u8) -> String {
    path::fill(template, &[&LinkId([id; 16])])
}
