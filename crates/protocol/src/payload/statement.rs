//! What is said of another record: nothing is edited, it stands beside.

use crate::{
    category::Category,
    id::{Hash32, RecordId},
};
use serde::{Deserialize, Serialize};

/// A word on another record, with its reason in the note. Filed in the category and on the day of what it is about, so
/// that whoever can read the one can read the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Statement {
    /// The record it is about.
    pub about: RecordId,
    /// That record as the ledger commits to it, so that the word holds for these bytes alone.
    pub commitment: Hash32,
    /// That record's category.
    pub category: Category,
    /// What is said.
    pub kind: StatementKind,
}

/// What can be said of a record. Of one signer the latest word of each record counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementKind {
    /// The owner takes over what a source wrote without a pairing.
    Accepted,
    /// It is not right, says the signer.
    Disputed,
    /// The owner does not want it in the passport; it stays to be seen that it is there.
    Rejected,
    /// Another party has seen it and signs it as well.
    CounterSigned,
}
