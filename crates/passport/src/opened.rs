//! A record after opening and checking.

use carnet_protocol::{
    category::Category, day::Day, id::RecordId, key::VerifyingKey, member::MemberClass, payload::Payload,
};
use serde::{Deserialize, Serialize};

/// A record that was opened: what the views are made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedRecord {
    /// Its id.
    pub record: RecordId,
    /// The day it speaks of.
    pub day: Day,
    /// Who signed it.
    pub source: VerifyingKey,
    /// What the source is, where the member directory knows it.
    pub source_class: Option<MemberClass>,
    /// The owner's own wallet wrote it.
    pub owner_made: bool,
    /// What it says.
    pub payload: Payload,
}

impl OpenedRecord {
    /// The category of its fact.
    pub fn category(&self) -> Category {
        self.payload.fact.category()
    }
}
