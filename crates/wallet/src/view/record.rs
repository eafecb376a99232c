//! Records of a passport and who wrote them.

use super::{BothSigned, SaidView};
use carnet_passport::{odometer::OdometerFinding, quality::Quality};
use carnet_protocol::{
    category::Category,
    day::{Day, Timestamp},
    id::RecordId,
    member::MemberClass,
    payload::{Attachment, Fact, Method, OriginKind},
};
use serde::{Deserialize, Serialize};

/// A source of records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceView {
    /// Who.
    pub source: SourceName,
    /// Its records.
    pub records: u32,
}

/// Who wrote a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceName {
    /// The owner or who holds the car together with the owner, from this kind of file or by typing; for readers, and
    /// of an earlier owner.
    Owner(OriginKind),
    /// This wallet itself, in a car that it holds.
    Own(OriginKind),
    /// Another who holds the car together with this wallet.
    Holder {
        /// Who, in the owner's words; only the owner's wallet knows.
        name: Option<String>,
        /// From this kind of file or by typing.
        origin: OriginKind,
    },
    /// A member of the consortium.
    Member {
        /// Its public name.
        name: String,
        /// What it is.
        class: MemberClass,
    },
    /// A key that the directory does not know.
    Unknown,
}

/// Timeline entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelinePage {
    /// Entries that match the filter, in all.
    pub total: u32,
    /// The entries of this page.
    pub entries: Vec<RecordView>,
}

/// A record, opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordView {
    /// Its id.
    pub record: RecordId,
    /// The day it speaks of.
    pub day: Day,
    /// Its category.
    pub category: Category,
    /// What happened.
    pub fact: Fact,
    /// Free text.
    pub note: Option<String>,
    /// How the figures came about.
    pub method: Method,
    /// Who wrote it.
    pub source: SourceName,
    /// What this wallet may do with it, where the car is its own or held together.
    pub right: RecordRight,
    /// When it was written down.
    pub written_at: Timestamp,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Whether an earlier owner's passport has it.
    pub earlier_owner: bool,
    /// At a sale: whether both sides signed the odometer.
    pub both_signed: Option<BothSigned>,
    /// Where it stands.
    pub state: RecordState,
    /// How far it can be believed, with the reasons.
    pub quality: Option<Quality>,
    /// Where its odometer reading clashes with another, explained or not.
    pub findings: Vec<OdometerFinding>,
    /// Whether its source had no leave, and the owner has not accepted it: nothing is judged by it.
    pub quarantined: bool,
    /// What is said of it: of each who said something the latest word.
    pub said: Vec<SaidView>,
    /// The record that it corrects.
    pub rectifies: Option<RecordId>,
    /// Records that correct it, oldest first.
    pub rectified_by: Vec<RecordId>,
}

/// What a wallet may do with a record of a car that it keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordRight {
    /// Everything: the car is its own.
    Owner,
    /// Take it back and correct it: it wrote the record to a car held together.
    Author,
    /// Read it: another wrote it to a car held together, or nothing can be written to the car now.
    Reader,
}

/// Where a record stands between this browser and the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordState {
    /// Only in this browser so far; waits in the outbox.
    Waiting,
    /// Stored at the relay and committed on the ledger.
    Committed,
    /// Withdrawn.
    Withdrawn,
    /// Written on a device that did not know yet that the passport was closed, by a sale for instance: it was never
    /// committed and stays on this device alone.
    TooLate,
}
