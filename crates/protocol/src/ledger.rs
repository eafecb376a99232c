//! Ledger transactions, their receipts and refusals, and what can be asked of a stream.
//!
//! Nothing here carries a VIN, a name of a person or a plate: identifiers are random, commitments are hashes of sealed
//! bodies. Rules: `carnet-ledger`; format: `docs/formats/transaction.md`.

mod class_index;
mod rejection;
mod standing;

pub use class_index::{ClassIndex, Proposal, ProposalState};
pub use rejection::Rejection;
pub use standing::{
    CarStanding, Flag, FlagKind, OwnerChain, OwnerChange, OwnerChangeKind, StandingChange, StandingEvent, Statement,
    VinAttestation, VinSighting,
};

use crate::{
    day::{Day, Timestamp},
    domain::Domain,
    id::{CategoryLabel, FlagId, GrantId, Hash32, PairingId, ProposalId, RecordId, StreamId},
    key::{VerifyingKey, VinKey},
    member::{GenesisHash, Member, MemberClass},
    pairing::{PairingClaim, WriteGrant},
    sale::SaleAcceptance,
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
    /// Commits to records. Signed by the stream's owner or a co-holder, or by a member as their source: these stand in
    /// quarantine, so many in so much time (`QUARANTINE_MAX`).
    AppendRecords {
        /// The stream.
        stream: StreamId,
        /// At most `BATCH_MAX`; an entry that is already there with the same content is no error and changes nothing.
        entries: Vec<LeafEntry>,
    },
    /// Takes the owner's leave to write. Signed by the member that writes from then on.
    PairSource {
        /// The stream.
        stream: StreamId,
        /// The leave, signed by the stream's owner.
        grant: Box<Signed<WriteGrant>>,
        /// The claim, signed by the key that the leave names.
        claim: Box<Signed<PairingClaim>>,
    },
    /// Ends a pairing, claimed or not. Signed by the stream's owner, or by the source.
    EndPairing {
        /// The stream.
        stream: StreamId,
        /// The pairing.
        pairing: PairingId,
    },
    /// Commits to records with the owner's leave. Signed by the paired source.
    AppendPaired {
        /// The stream.
        stream: StreamId,
        /// The pairing.
        pairing: PairingId,
        /// As of `AppendRecords`; each within the pairing's categories and days.
        entries: Vec<LeafEntry>,
    },
    /// Says that records, though committed, are withdrawn. Their leaves stay. Signed by who committed them, or by the owner
    /// where that was a co-holder.
    WithdrawRecords {
        /// The stream.
        stream: StreamId,
        /// At most `BATCH_MAX`.
        records: Vec<RecordId>,
    },
    /// Admits a co-holder, who commits to records as the owner does. Signed by the stream's owner.
    AdmitHolder {
        /// The stream.
        stream: StreamId,
        /// The co-holder's key, made for this stream alone.
        holder: VerifyingKey,
    },
    /// Removes a co-holder for good. Signed by the stream's owner, or by the co-holder.
    RemoveHolder {
        /// The stream.
        stream: StreamId,
        /// The co-holder's key.
        holder: VerifyingKey,
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
    /// Moves the end of a grant that stands to a later time. Signed by the stream's owner.
    RenewGrant {
        /// The stream.
        stream: StreamId,
        /// The grant.
        grant: GrantId,
        /// Hash of its envelope with the later end, label `HASH_GRANT`.
        hash: Hash32,
        /// When it ends from now on.
        not_after: Timestamp,
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
    /// Offers the car of a stream to whoever holds the code, and issues the handover. Until it is accepted, taken back or
    /// lapsed, the owner's stream is frozen. Signed by the stream's owner.
    OfferSale {
        /// The stream.
        stream: StreamId,
        /// The sale, which is the grant of its handover.
        sale: GrantId,
        /// Hash of the handover's envelope, label `HASH_GRANT`.
        hash: Hash32,
        /// Hash of the signed terms, label `HASH_SALE_TERMS`.
        terms: Hash32,
        /// Hash of the one key that may accept (see [`acceptor_bytes`]), label `HASH_ACCEPTOR`.
        code: Hash32,
        /// Until when the offer stands; at most `SALE_MS` from now.
        not_after: Timestamp,
    },
    /// Takes an offer back; its handover ends. Signed by the stream's owner.
    CancelSale {
        /// The stream.
        stream: StreamId,
        /// The sale.
        sale: GrantId,
    },
    /// Accepts an offer: closes the seller's stream, opens the buyer's, links both and carries over what stands. Signed by
    /// the key that owns the buyer's stream.
    AcceptSale(SaleAcceptance),
    /// Names the key under which the consortium turns VINs into tags. Signed by the authority, once.
    PublishVinKey {
        /// Its public half.
        key: VinKey,
    },
    /// Proposes a base quality index for a class of members. Signed by a member, who thereby votes for it.
    ProposeClassIndex {
        /// The proposal.
        proposal: ProposalId,
        /// The class.
        class: MemberClass,
        /// From 0 to 100.
        index: u8,
    },
    /// Votes on a proposal. Signed by a member. More than half of all members decide.
    VoteClassIndex {
        /// The proposal.
        proposal: ProposalId,
        /// For or against.
        approve: bool,
    },
    /// Says that the car of this passport was seen and bears the VIN of this tag. Signed by a member.
    AttestVin {
        /// The stream.
        stream: StreamId,
        /// What was seen.
        sighting: VinSighting,
    },
    /// Continues a car's passport under a new owner who got none handed over: closes the earlier one, links both, and
    /// carries over what stands against the car. Signed by a member who saw the car and the papers.
    ReopenPassport {
        /// The new owner's stream.
        stream: StreamId,
        /// The stream that the tag stands for so far.
        previous: StreamId,
        /// What was seen.
        sighting: VinSighting,
        /// Hash of what shows the new owner's right, as of a record.
        evidence: Hash32,
    },
    /// Declares a wreck (an expert or insurer), a theft (an insurer or the owner), or a lien (a bank).
    DeclareFlag {
        /// The stream.
        stream: StreamId,
        /// The declaration.
        flag: FlagId,
        /// What it says.
        kind: FlagKind,
        /// The day it happened.
        day: Day,
        /// Hash of what shows it, as of a record.
        evidence: Hash32,
    },
    /// Files the second report on a declared wreck. Signed by a member other than who declared it.
    ReportFlag {
        /// The stream.
        stream: StreamId,
        /// The declaration.
        flag: FlagId,
        /// The day of the report.
        day: Day,
        /// Hash of the report, as of a record.
        evidence: Hash32,
    },
    /// Lifts a declaration: a wreck by an expert after the second report of yet another member; a theft by who declared
    /// it, or by an insurer where that was the owner; a lien by the bank that declared it.
    LiftFlag {
        /// The stream.
        stream: StreamId,
        /// The declaration.
        flag: FlagId,
        /// The day it ended.
        day: Day,
        /// Hash of what shows it, as of a record.
        evidence: Hash32,
    },
}

impl Action {
    /// The stream it acts on, the first where it acts on two (see [`Self::other_stream`]); `None` for what concerns the consortium.
    pub const fn stream(&self) -> Option<StreamId> {
        match self {
            Action::Genesis { .. }
            | Action::AdmitMember(_)
            | Action::PublishVinKey { .. }
            | Action::ProposeClassIndex { .. }
            | Action::VoteClassIndex { .. } => None,
            Action::OpenStream { stream }
            | Action::AppendRecords { stream, .. }
            | Action::PairSource { stream, .. }
            | Action::EndPairing { stream, .. }
            | Action::AppendPaired { stream, .. }
            | Action::WithdrawRecords { stream, .. }
            | Action::AdmitHolder { stream, .. }
            | Action::RemoveHolder { stream, .. }
            | Action::IssueGrant { stream, .. }
            | Action::AcceptGrant { stream, .. }
            | Action::RenewGrant { stream, .. }
            | Action::RevokeGrant { stream, .. }
            | Action::CloseStream { stream }
            | Action::OfferSale { stream, .. }
            | Action::CancelSale { stream, .. }
            | Action::AcceptSale(SaleAcceptance { stream, .. })
            | Action::AttestVin { stream, .. }
            | Action::ReopenPassport { stream, .. }
            | Action::DeclareFlag { stream, .. }
            | Action::ReportFlag { stream, .. }
            | Action::LiftFlag { stream, .. } => Some(*stream),
        }
    }

    /// The second stream that it changes, where it changes two.
    pub const fn other_stream(&self) -> Option<StreamId> {
        match self {
            Action::ReopenPassport { previous, .. } => Some(*previous),
            Action::AcceptSale(acceptance) => Some(acceptance.next),
            _ => None,
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
    /// Its day.
    pub day: Day,
    /// Its category, opaquely: so that readers can count what they should see.
    pub label: CategoryLabel,
    /// The record.
    pub record: RecordId,
    /// Hash of the sealed record, label `HASH_RECORD`.
    pub commitment: Hash32,
}

/// A leaf of a stream: an entry with what the ledger noted about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Leaf {
    /// When it was committed.
    pub at: Timestamp,
    /// The entry.
    pub entry: LeafEntry,
    /// Position in the stream, from 0.
    pub index: u64,
    /// Who committed it.
    pub source: VerifyingKey,
    /// Whether it was withdrawn since.
    pub withdrawn: bool,
    /// Whether its source had no leave from the owner: readers see that it is there, and judge by it only once the owner
    /// has accepted it.
    pub quarantined: bool,
    /// The base quality index of its source's class when it was written, in the ledger's order; 0 for the owner. It stays
    /// what it was when the class gets another one.
    pub base_quality: u8,
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

/// A co-holder on the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HolderState {
    /// When it was admitted.
    pub since: Timestamp,
    /// When it was removed.
    pub removed_at: Option<Timestamp>,
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

/// The ledger's members with the signed transactions that admitted them, the first one first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberDirectory {
    /// The transaction that made the ledger; its hash is the pin, its signer the authority.
    pub genesis: Signed<Transaction>,
    /// Admissions, signed by the authority.
    pub admissions: Vec<Signed<Transaction>>,
}
