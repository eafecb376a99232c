//! Bodies of requests and responses.

use crate::{
    Blob,
    day::Timestamp,
    device::DeviceEntry,
    grant::GrantEnvelope,
    holder::Join,
    id::{GrantId, Hash32, Nonce16, PairingId, RecordId, StreamId},
    key::{EncappedKey, Signature, VerifyingKey},
    keyring::KeyringWrap,
    ledger::{ClassIndex, Leaf, Proposal, Receipt, StandingEvent, StreamStatus, Transaction},
    link::{Argon2Params, Claim},
    meeting::MailboxPlace,
    member::{GenesisHash, Member},
    record::{RecordHeader, RecordWrap},
    signed::Signed,
};
use serde::{Deserialize, Serialize};

/// What a relay says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayInfo {
    /// Version of the relay.
    pub version: String,
    /// The ledger it submits to.
    pub ledger: GenesisHash,
    /// Whether it runs a demo consortium whose member keys are public.
    pub demo: bool,
    /// The relay's clock.
    pub now: Timestamp,
    /// Signs what it says of removals.
    pub key: VerifyingKey,
    /// How long it keeps backups.
    pub retention: Retention,
}

/// How long a relay keeps backups, in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Retention {
    /// Of records, which open with keys of a keyring only.
    pub records: u16,
    /// Of keyrings; never longer than of records.
    pub keyrings: u16,
}

/// Transactions to submit, in order; each stands alone. At most `TRANSACTIONS_MAX`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transactions {
    /// The signed transactions.
    pub transactions: Vec<Signed<Transaction>>,
}

/// One receipt per transaction, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipts {
    /// The receipts.
    pub receipts: Vec<Receipt>,
}

/// Leaves of a stream in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeafPage {
    /// At most `PAGE_MAX`.
    pub leaves: Vec<Leaf>,
    /// `after` of the next page; `None` at the end.
    pub next: Option<u64>,
}

/// A sealed record with its wraps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordUpload {
    /// Canonical [`crate::record::SealedRecord`], kept and served byte for byte.
    pub record: Blob,
    /// Its wraps.
    pub wraps: Vec<RecordWrap>,
}

/// Records to store, each at most `INLINE_RECORD_MAX`, at most `BATCH_MAX`. Storing the same bytes again is harmless;
/// other bytes under the same id are a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordBatch {
    /// The records.
    pub records: Vec<RecordUpload>,
}

/// A record as the relay serves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRecord {
    /// Place in the relay's order of this stream; pages go by it.
    pub sequence: u64,
    /// The readable header.
    pub header: RecordHeader,
    /// Canonical [`crate::record::SealedRecord`]; `None` when larger than `INLINE_RECORD_MAX`, to be fetched by itself.
    pub record: Option<Blob>,
    /// Size of the sealed record in bytes.
    pub size: u64,
    /// Its wraps; for grantees those of the granted generations.
    pub wraps: Vec<RecordWrap>,
}

/// Records in the relay's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordPage {
    /// At most `PAGE_MAX`, and about `BODY_MAX` bytes.
    pub records: Vec<StoredRecord>,
    /// `after` of the next page; `None` at the end.
    pub next: Option<u64>,
}

/// Wraps to set, by record and generation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wraps {
    /// At most `BATCH_MAX`.
    pub wraps: Vec<RecordWrap>,
}

/// Records to remove. Those that are not there are passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removals {
    /// At most `BATCH_MAX`.
    pub records: Vec<RecordId>,
}

/// Grants that stand, again, with the keys of further generations or a later end. Those that ended meanwhile, were taken
/// back, or were never given are passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantBatch {
    /// At most `GRANT_BATCH_MAX`, and `BODY_MAX` bytes.
    pub grants: Vec<GrantEnvelope>,
}

/// The answers to a stream's invitations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joins {
    /// Each signed by the key of its invitation.
    pub joins: Vec<Signed<Join>>,
}

/// One look at a grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Place in the log.
    pub sequence: u64,
    /// The grant that was used.
    pub grant: GrantId,
    /// When.
    pub at: Timestamp,
    /// What was done.
    pub kind: ViewKind,
}

/// What a reader did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewKind {
    /// A link was opened.
    LinkOpened,
    /// A link was tried with a wrong token (PIN).
    LinkRefused,
    /// A link was claimed.
    LinkClaimed,
    /// A grantee fetched records (once per day and grant).
    Fetched,
    /// A grantee accepted.
    Accepted,
    /// A grantee declined.
    Declined,
}

/// The viewing log of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewPage {
    /// In order, at most `PAGE_MAX`.
    pub views: Vec<View>,
    /// `after` of the next page; `None` at the end.
    pub next: Option<u64>,
}

/// A grantee's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantAnswer {
    /// Accept or decline.
    pub accept: bool,
}

/// Grants addressed to a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// Newest first, at most `PAGE_MAX`.
    pub grants: Vec<InboxItem>,
}

/// One grant in an inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxItem {
    /// The grant.
    pub envelope: GrantEnvelope,
    /// What was answered so far.
    pub answer: Option<GrantAnswer>,
    /// Whether it was revoked, or ended with its passport when the car was sold or erased.
    pub revoked: bool,
}

/// What a link asks for before it opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkNotice {
    /// The cost of stretching the PIN; `None` when no PIN is asked for.
    pub pin: Option<Argon2Params>,
    /// When it expires.
    pub expires: Timestamp,
    /// Wrong tokens after which it closes for good.
    pub tries_left: u32,
}

/// The bearer token of a link.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkOpen {
    /// 32 bytes derived from the secret and the PIN.
    pub token: Blob,
}

/// An opened link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkOpened {
    /// The grant behind it.
    pub envelope: GrantEnvelope,
    /// For `Carnet-View`, good for `VIEW_MS`.
    pub view_token: Blob,
    /// When the link expires.
    pub expires: Timestamp,
    /// Openings left, where limited.
    pub opens_left: Option<u32>,
}

/// A link taken over.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkClaim {
    /// The bearer token.
    pub token: Blob,
    /// Signed by the claimer.
    pub claim: Signed<Claim>,
}

/// A sealed keyring version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyringUpload {
    /// The version this replaces; 0 for the first. Another stored version is a conflict.
    pub replaces: u64,
    /// The stored form.
    pub keyring: StoredKeyring,
}

/// A keyring as the relay keeps it: opaque, signed by a device on its list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredKeyring {
    /// From 1, one more each time.
    pub version: u64,
    /// The account's whole device list.
    pub devices: Vec<Signed<DeviceEntry>>,
    /// The keyring's key, for the words and for each device, in the order of the list.
    pub wraps: Vec<KeyringWrap>,
    /// Sealed under the keyring's key.
    pub sealed: Blob,
    /// The device that wrote it.
    pub by: VerifyingKey,
    /// By `by`, label `SIGN_KEYRING`, over the hashes of all of these.
    pub signature: Signature,
}

/// The devices of an account as the relay knows them; also shown to a device that was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRegister {
    /// The whole list.
    pub devices: Vec<Signed<DeviceEntry>>,
    /// When each asked last, for those that did.
    pub seen: Vec<DeviceSeen>,
}

/// When a device asked last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceSeen {
    /// The device.
    pub device: VerifyingKey,
    /// The relay's clock, to ten minutes.
    pub at: Timestamp,
}

/// Opens a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxOpen {
    /// Hash of the token that both devices know, label `HASH_MEETING_TOKEN`.
    pub token_hash: Hash32,
}

/// A message for a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxPost {
    /// The bearer token.
    pub token: Blob,
    /// Where it goes.
    pub place: MailboxPlace,
    /// The message, sealed.
    pub sealed: Blob,
}

/// Asks for a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxRead {
    /// The bearer token.
    pub token: Blob,
    /// Where it lies.
    pub place: MailboxPlace,
}

/// A message, once there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxMessage {
    /// As it was put there.
    pub sealed: Option<Blob>,
}

/// What a client wants to hear of. Each topic is proved by its own key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventTopics {
    /// Streams whose owner key signed the request, or of whose grant the request's key is a grantee.
    pub streams: Vec<StreamId>,
    /// The inbox of the request's key.
    pub inbox: bool,
}

/// Opens the event stream; good for one minute, then for as long as it is connected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventTicket {
    /// For the query; EventSource can send no header.
    pub ticket: Nonce16,
}

/// One event, as JSON in the `data` field; the `id` field is its sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Something new in a stream: records, wraps, or looks.
    Stream(StreamId),
    /// Something new in the inbox.
    Inbox(VerifyingKey),
}

/// The demo consortium's members, with their secret seeds: public on purpose, for playing every role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoMembers {
    /// The members.
    pub members: Vec<DemoMember>,
}

/// One demo member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoMember {
    /// As in the directory.
    pub member: Member,
    /// 32 bytes from which both its keys are derived (`carnet_crypto::member`).
    pub seed: Blob,
}

/// A stored thing's answer when there is nothing else to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// How many were new; the rest was there already.
    pub new: u32,
}

/// What was said of a car, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventPage {
    /// At most `PAGE_MAX`.
    pub events: Vec<StandingEvent>,
    /// `after` of the next page; `None` at the end.
    pub next: Option<u64>,
}

/// The passport that stands for a VIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagHolder {
    /// The newest one of the car.
    pub stream: StreamId,
    /// Whether it is open.
    pub status: StreamStatus,
}

/// What members voted on how far each class is believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassIndices {
    /// In force, for classes that were voted on.
    pub indices: Vec<ClassIndex>,
    /// Open and decided, at most `PAGE_MAX`.
    pub proposals: Vec<Proposal>,
}

/// A record from a source, of any size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceUpload {
    /// The pairing; `None` into quarantine.
    pub pairing: Option<PairingId>,
    /// The record and its wraps, each to a day seal key or to the inbox key.
    pub record: RecordUpload,
}

/// What became of a record, for its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceReceipt {
    /// Its leaf on the ledger; `None` before it is committed.
    pub leaf: Option<Leaf>,
    /// The owner's latest answer.
    pub answer: Option<SealedAnswer>,
}

/// The owner's answer, sealed to the source's key: HPKE, label `SEAL_ANSWER`. Inside: the signed payload of the
/// statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedAnswer {
    /// HPKE encapsulated key.
    pub enc: EncappedKey,
    /// At most `ANSWER_MAX`.
    pub sealed: Blob,
}
