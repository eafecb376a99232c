//! What sources write, as owners, readers and the sources themselves see it.

use super::SourceName;
use crate::command::Via;
use carnet_protocol::{
    category::Category,
    day::{Day, Timestamp},
    id::{PairingId, RecordId},
    key::VerifyingKey,
    payload::{Fact, StatementKind},
};
use serde::{Deserialize, Serialize};

/// Leave to write, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairingView {
    /// Its id.
    pub pairing: PairingId,
    /// For whom, in the owner's words.
    pub name: String,
    /// Where the source may write.
    pub categories: Vec<Category>,
    /// When it was made.
    pub issued_at: Timestamp,
    /// Until when its code can be used.
    pub claim_before: Timestamp,
    /// Until when the source may write.
    pub not_after: Timestamp,
    /// Where it stands.
    pub status: PairingStatus,
    /// Who used the code, once somebody has.
    pub source: Option<SourceName>,
    /// That one's key, to share with it.
    pub source_key: Option<VerifyingKey>,
    /// The code, while it can be used; secret, to be shown to the source.
    pub code: Option<String>,
}

/// Where a pairing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PairingStatus {
    /// Its code can be used.
    Waiting,
    /// A source writes by it.
    Paired,
    /// The time for its code is over, and nobody used it.
    Unused,
    /// It is over.
    Ended,
}

/// A car that a member's staff may write to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairedCarView {
    /// The pairing.
    pub pairing: PairingId,
    /// What its owner calls the car.
    pub name: String,
    /// To compare with what the owner sees.
    pub owner_fingerprint: String,
    /// Where one may write.
    pub categories: Vec<Category>,
    /// When it was paired.
    pub paired_at: Timestamp,
    /// Until when one may write.
    pub not_after: Timestamp,
    /// Whether that is over.
    pub ended: bool,
    /// Whether its passport was closed, by a sale for instance, as far as the relay was asked since this started.
    pub closed: bool,
}

/// A record that this wallet wrote as a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenView {
    /// Its id.
    pub record: RecordId,
    /// By which way it goes.
    pub via: Via,
    /// What the car's owner calls it.
    pub car: String,
    /// The day it speaks of.
    pub day: Day,
    /// Its category.
    pub category: Category,
    /// What happened.
    pub fact: Fact,
    /// Free text.
    pub note: Option<String>,
    /// How many files.
    pub files: u32,
    /// When it was written down.
    pub written_at: Timestamp,
    /// The record that it corrects.
    pub rectifies: Option<RecordId>,
    /// Where it stands.
    pub state: WrittenState,
    /// The owner's latest answer.
    pub answer: Option<AnswerView>,
}

/// Where a written record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrittenState {
    /// Only in this browser so far.
    Waiting,
    /// At the relay, not yet committed.
    Sent,
    /// Committed.
    Committed,
    /// Committed without the owner's leave: it counts once the owner has accepted it.
    Quarantined,
    /// Committed, and withdrawn since.
    Withdrawn,
    /// The passport was closed. Ask for the code of the one that continues it.
    Closed,
    /// The pairing is over. Ask the owner for a new code.
    PairingEnded,
    /// Refused for another reason, which the sync tells.
    Refused,
}

/// The owner's answer to a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerView {
    /// Accepted, disputed or rejected.
    pub kind: StatementKind,
    /// Why.
    pub reason: Option<String>,
}

/// Something said of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidView {
    /// What.
    pub kind: StatementKind,
    /// By whom.
    pub by: SourceName,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Option<String>,
}

/// A record that a member committed without the owner's leave, and that the owner has not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantinedView {
    /// The record, where its content is here.
    pub record: Option<RecordId>,
    /// Who committed it.
    pub by: SourceName,
    /// When.
    pub at: Timestamp,
    /// Whether the owner has rejected it.
    pub rejected: bool,
}
