//! Ledger transactions, their receipts and refusals, and what can be asked of a stream.
//!
//! Nothing here carries a VIN, a name of a person or a plate: identifiers are random, commitments are hashes of sealed
//! bodies. Rules: `carnet-ledger`; format: `docs/formats/transaction.md`.

use crate::{
    day::{Day, Timestamp},
    domain::Domain,
    id::{CategoryLabel, GrantId, Hash32, RecordId, StreamId},
    key::VerifyingKey,
    member::{GenesisHash, Member},
    signed::{Signable, Signed},
};
use serde::{Deserialize, Serialize};

/// One transaction. The signer is whom the rules check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// The ledger it is meant for; `None` only in the first transaction, which makes the ledger.
    pub ledger: Option<GenesisHash>,
    /// When it was made; bounded by the host, never read from a clock by the rules.
    pub at: Timestamp,
    /// What it does.
    pub action: Action,
}

impl Signable for Transaction {
    const DOMAIN: Domain = Domain::SIGN_TRANSACTION;
}

/// What a transaction does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Makes the ledger. Signed by the authority that admits members.
    Genesis {
        /// Public name of the consortium.
        name: String,
    },
    /// Admits a member. Signed by the authority.
    AdmitMember(Member),
    /// Opens a passport. Signed by the owner's stream key, which owns the stream from then on.
    OpenStream {
        /// The stream.
        stream: StreamId,
    },
    /// Commits to records. Signed by the stream's owner, or by a member as their source.
    AppendRecords {
        /// The stream.
        stream: StreamId,
        /// At most `BATCH_MAX`; an entry that is already there with the same content is no error and changes nothing.
        entries: Vec<LeafEntry>,
    },
    /// Says that records, though committed, are withdrawn. Their leaves stay. Signed by who committed them.
    WithdrawRecords {
        /// The stream.
        stream: StreamId,
        /// At most `BATCH_MAX`.
        records: Vec<RecordId>,
    },
    /// Issues a grant. Signed by the stream's owner.
    IssueGrant {
        /// The stream.
        stream: StreamId,
        /// The grant.
        grant: GrantId,
        /// Hash of its envelope, label `HASH_GRANT`.
        hash: Hash32,
        /// Hash of the one key that may accept it (see [`acceptor_bytes`]), label `HASH_ACCEPTOR`; `None` where nobody
        /// accepts, as behind a share link.
        acceptor: Option<Hash32>,
        /// When it ends.
        not_after: Timestamp,
    },
    /// Accepts a grant. Signed by the key whose hash its issue named.
    AcceptGrant {
        /// The stream.
        stream: StreamId,
        /// The grant.
        grant: GrantId,
    },
    /// Revokes a grant. Signed by the stream's owner.
    RevokeGrant {
        /// The stream.
        stream: StreamId,
        /// The grant.
        grant: GrantId,
    },
    /// Closes a stream for good. Signed by its owner.
    CloseStream {
        /// The stream.
        stream: StreamId,
    },
}

impl Action {
    /// The stream it acts on; `None` for what concerns the consortium.
    pub const fn stream(&self) -> Option<StreamId> {
        match self {
            Action::Genesis { .. } | Action::AdmitMember(_) => None,
            Action::OpenStream { stream }
            | Action::AppendRecords { stream, .. }
            | Action::WithdrawRecords { stream, .. }
            | Action::IssueGrant { stream, .. }
            | Action::AcceptGrant { stream, .. }
            | Action::RevokeGrant { stream, .. }
            | Action::CloseStream { stream } => Some(*stream),
        }
    }
}

/// What is hashed to name the key that may accept a grant: stream, grant and key, each of fixed length.
///
/// Whoever knows the key and the grant can tell that they belong together. So that the ledger names nobody, the key
/// is one of this grant alone, known to owner and grantee only; a member's public key would be found by trying all.
pub fn acceptor_bytes(stream: &StreamId, grant: &GrantId, key: &VerifyingKey) -> [u8; 64] {
    let mut bytes = [0; 64];
    bytes[..16].copy_from_slice(stream.as_bytes());
    bytes[16..32].copy_from_slice(grant.as_bytes());
    bytes[32..].copy_from_slice(key.as_bytes());
    bytes
}

/// A record as the ledger commits to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LeafEntry {
    /// The record.
    pub record: RecordId,
    /// Its category, opaquely: so that readers can count what they should see.
    pub label: CategoryLabel,
    /// Its day.
    pub day: Day,
    /// Hash of the sealed record, label `HASH_RECORD`.
    pub commitment: Hash32,
}

/// A leaf of a stream: an entry with what the ledger noted about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Leaf {
    /// Position in the stream, from 0.
    pub index: u64,
    /// The entry.
    pub entry: LeafEntry,
    /// Who committed it.
    pub source: VerifyingKey,
    /// The source's base quality index when it was written; 0 for the owner.
    pub base_quality: u8,
    /// When it was committed.
    pub at: Timestamp,
    /// Whether it was withdrawn since.
    pub withdrawn: bool,
}

/// The head of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StreamHead {
    /// The stream.
    pub stream: StreamId,
    /// Whose it is.
    pub owner: VerifyingKey,
    /// Open or closed.
    pub status: StreamStatus,
    /// Number of leaves.
    pub leaves: u64,
    /// When it was opened.
    pub opened_at: Timestamp,
}

/// Whether a stream takes records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamStatus {
    /// It does.
    Open,
    /// It was closed for good.
    Closed,
}

/// The state of a grant on the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GrantState {
    /// Hash of its envelope.
    pub hash: Hash32,
    /// When it ends.
    pub not_after: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// What became of a transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Hash of the signed transaction's canonical encoding, label `HASH_TRANSACTION`.
    pub transaction: Hash32,
    /// The outcome.
    pub outcome: Outcome,
}

/// Accepted and durable, or refused without effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It stands at this place in the ledger's order; the same again for a repeated one.
    Accepted {
        /// Position, from 0.
        sequence: u64,
    },
    /// Refused; nothing changed.
    Rejected(Rejection),
}

/// The stable reasons for which the rules refuse a transaction. Codes are part of the protocol: never renumbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// The signature does not verify, or the bytes are not a canonical transaction.
    #[error("the signature or the encoding of the transaction is not valid")]
    BadSignature,
    /// Meant for another ledger.
    #[error("the transaction is meant for another ledger")]
    WrongLedger,
    /// The ledger has its first transaction already.
    #[error("the ledger has been made already")]
    GenesisExists,
    /// The signer may not do this.
    #[error("the signer may not do this")]
    NotAllowed,
    /// Its time lies before the ledger's bound or too far ahead.
    #[error("the time of the transaction lies outside the allowed bounds; check the clock")]
    TimeOutOfBounds,
    /// A list is empty, too long, or has the same entry twice.
    #[error("a list in the transaction is empty, too long or holds an entry twice")]
    BadList,
    /// A text is empty or too long, a number out of range.
    #[error("a field of the transaction is out of range")]
    BadField,
    /// There is a member with this key already.
    #[error("there is a member with this key already")]
    MemberExists,
    /// There is a stream with this id already.
    #[error("there is a passport with this identifier already")]
    StreamExists,
    /// No such stream.
    #[error("the ledger knows no such passport")]
    StreamUnknown,
    /// The stream was closed.
    #[error("the passport was closed")]
    StreamClosed,
    /// A record with this id but other content is there.
    #[error("another record stands under this identifier")]
    RecordConflict,
    /// No such record.
    #[error("the ledger knows no such record")]
    RecordUnknown,
    /// A grant with this id but other content is there.
    #[error("another grant stands under this identifier")]
    GrantConflict,
    /// No such grant.
    #[error("the ledger knows no such grant")]
    GrantUnknown,
    /// The grant was revoked.
    #[error("the grant was revoked")]
    GrantRevoked,
    /// The grant has ended.
    #[error("the grant has ended")]
    GrantExpired,
}

impl Rejection {
    /// All reasons, for tables and for tests that look for each.
    pub const ALL: [Rejection; 17] = [
        Rejection::BadSignature,
        Rejection::WrongLedger,
        Rejection::GenesisExists,
        Rejection::NotAllowed,
        Rejection::TimeOutOfBounds,
        Rejection::BadList,
        Rejection::BadField,
        Rejection::MemberExists,
        Rejection::StreamExists,
        Rejection::StreamUnknown,
        Rejection::StreamClosed,
        Rejection::RecordConflict,
        Rejection::RecordUnknown,
        Rejection::GrantConflict,
        Rejection::GrantUnknown,
        Rejection::GrantRevoked,
        Rejection::GrantExpired,
    ];

    /// The code in problem details: the variant's name in snake case.
    pub fn code(self) -> &'static str {
        match self {
            Rejection::BadSignature => "bad_signature",
            Rejection::WrongLedger => "wrong_ledger",
            Rejection::GenesisExists => "genesis_exists",
            Rejection::NotAllowed => "not_allowed",
            Rejection::TimeOutOfBounds => "time_out_of_bounds",
            Rejection::BadList => "bad_list",
            Rejection::BadField => "bad_field",
            Rejection::MemberExists => "member_exists",
            Rejection::StreamExists => "stream_exists",
            Rejection::StreamUnknown => "stream_unknown",
            Rejection::StreamClosed => "stream_closed",
            Rejection::RecordConflict => "record_conflict",
            Rejection::RecordUnknown => "record_unknown",
            Rejection::GrantConflict => "grant_conflict",
            Rejection::GrantUnknown => "grant_unknown",
            Rejection::GrantRevoked => "grant_revoked",
            Rejection::GrantExpired => "grant_expired",
        }
    }
}

/// The ledger's members with the signed transactions that admitted them, the first one first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberDirectory {
    /// The transaction that made the ledger; its hash is the pin, its signer the authority.
    pub genesis: Signed<Transaction>,
    /// Admissions, signed by the authority.
    pub admissions: Vec<Signed<Transaction>>,
}
