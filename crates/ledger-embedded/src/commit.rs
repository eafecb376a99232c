//! What was committed, for those who follow.

use carnet_protocol::id::StreamId;
use core::ops::Range;

/// A durable commit of one or more new transactions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Their places in the ledger's order.
    pub sequences: Range<u64>,
    /// The streams they act on, each once, in order.
    pub streams: Vec<StreamId>,
}
