//! A generated car for trying Carnet out. Every record says that it is a sample; no real car is behind it.

mod electric;
mod random;

pub use electric::car;

use crate::opened::OpenedRecord;
use carnet_protocol::{
    day::{Day, Timestamp},
    payload::{Fact, Method, OriginKind},
};
use serde::{Deserialize, Serialize};

/// A record of the sample car, before it is signed and sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleDraft {
    /// The day it speaks of.
    pub day: Day,
    /// When, where known more closely.
    pub at: Option<Timestamp>,
    /// What happened.
    pub fact: Fact,
    /// Free text.
    pub note: Option<String>,
    /// Always [`Method::Sample`].
    pub method: Method,
    /// Always [`OriginKind::Sample`].
    pub origin: OriginKind,
}

/// Whether its owner wrote anything of a passport that was generated: then it is no real car's, wherever its records were
/// carried. A source's word does not make a car a sample.
pub fn is_sample(records: &[OpenedRecord]) -> bool {
    records.iter().any(|record| record.owner_made && record.payload.method == Method::Sample)
}

/// What the sample car is called.
pub const NAME: &str = "Carnet Sample EV";
