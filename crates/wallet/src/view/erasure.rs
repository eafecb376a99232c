//! What a front end shows of an erasure.

use carnet_protocol::{day::DayRange, erasure::ErasureReceipt};
use serde::{Deserialize, Serialize};

/// What erasing would do, in figures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasurePreview {
    /// Records that would go.
    pub records: u32,
    /// Files with them.
    pub files: u32,
    /// From the first to the last day that they speak of.
    pub days: Option<DayRange>,
    /// Shares that would end.
    pub ending: u32,
    /// Shares that would go on without it.
    pub narrowed: u32,
}

/// What was erased, and how far it is confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureView {
    /// Its number in this browser.
    pub number: u64,
    /// Whether the relay has confirmed all of it.
    pub confirmed: bool,
    /// The receipt.
    pub receipt: ErasureReceipt,
    /// Its canonical bytes, for the file that is handed out.
    #[serde(with = "serde_bytes")]
    pub file: Vec<u8>,
}
