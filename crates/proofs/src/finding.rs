//! What can be found wrong, one name for each fault.

use crate::{checkpoint::CheckpointError, note::NoteError};
use carnet_protocol::{
    Blob,
    day::Timestamp,
    encoding,
    id::{Hash32, StreamId},
};
use serde::{Deserialize, Serialize};

/// Two checkpoints of one log that cannot both be true, as their signers made them: proof against the log for whoever
/// knows its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The note seen before.
    pub seen: String,
    /// The note served now.
    pub served: String,
    /// What was served as the proof that the second continues the first.
    pub consistency: Vec<Hash32>,
}

impl Evidence {
    /// As a file to hand to the consortium.
    pub fn export(&self) -> Blob {
        Blob(encoding::encode(self))
    }
}

/// A fault in what a relay has served. Nothing of it is to be believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// The note is not readable as one.
    #[error(transparent)]
    MalformedNote(#[from] NoteError),
    /// The note is no checkpoint.
    #[error(transparent)]
    MalformedCheckpoint(#[from] CheckpointError),
    /// A log that the policy does not know.
    #[error("the checkpoint is of another log ({origin}) than those that are trusted")]
    UnknownLog {
        /// The name it goes by.
        origin: String,
    },
    /// The log has not signed.
    #[error("the checkpoint is not signed by its log")]
    NoLogSignature,
    /// The log's signature is wrong.
    #[error("the log's signature on the checkpoint is wrong")]
    WrongLogSignature,
    /// A cosigner's signature is wrong.
    #[error("the cosignature of {by} on the checkpoint is wrong")]
    WrongCosignature {
        /// The policy's name for it.
        by: String,
    },
    /// Too few have cosigned.
    #[error("too few members have cosigned the checkpoint: {found} of at least {needed}")]
    NoQuorum {
        /// Cosigners of the policy that did.
        found: usize,
        /// Needed at the least.
        needed: usize,
    },
    /// A quorum has cosigned, but not in the last 24 hours.
    #[error("the cosignatures on the checkpoint are older than a day")]
    StaleCosignatures {
        /// The newest.
        newest: Timestamp,
    },
    /// The checkpoint is of another ledger than the one pinned.
    #[error("the checkpoint is of another ledger than the one this wallet knows")]
    OtherLedger,
    /// The log has become shorter.
    #[error("the log is shorter than it was: something was taken back")]
    Rollback(Box<Evidence>),
    /// Two different checkpoints of the same size: a split view.
    #[error("the log shows different readers different histories")]
    Fork(Box<Evidence>),
    /// The log is longer, but not shown to continue what was seen.
    #[error("the log does not continue what was seen before")]
    Inconsistent(Box<Evidence>),
    /// The proof does not lead to the checkpoint's map.
    #[error("the proof of the passport's state is wrong")]
    WrongMapProof,
    /// The head served is not the one proved.
    #[error("the passport's state is not the one that is proved")]
    WrongHead,
    /// The head is that of another stream.
    #[error("the proof is that of another passport")]
    OtherStream {
        /// Whose it is.
        served: StreamId,
    },
    /// The checkpoint knows no such stream, and proves it.
    #[error("the ledger knows no such passport")]
    UnknownStream,
    /// The directory of members is not the one proved.
    #[error("the directory of members is not the one that is proved")]
    WrongDirectory,
    /// Leaves are missing.
    #[error("{missing} of the passport's {proved} records are left out, the first at {first}")]
    LeavesDropped {
        /// In the proved head.
        proved: u64,
        /// Not served.
        missing: u64,
        /// Index of the first that is missing.
        first: u64,
    },
    /// There are more leaves than proved.
    #[error("there are more records than the {proved} that are proved")]
    LeavesAdded {
        /// In the proved head.
        proved: u64,
    },
    /// A leaf is there twice.
    #[error("the record at {index} is served twice")]
    LeafDuplicated {
        /// Its index.
        index: u64,
    },
    /// The leaves are all there, in another order.
    #[error("the records are not in their order, from {index} on")]
    LeavesReordered {
        /// The first that is out of place.
        index: u64,
    },
    /// Right in number and order, but not in content.
    #[error("a record is not the one that was committed")]
    LeafAltered,
    /// The withdrawals are not those of the head.
    #[error("the list of withdrawn records is not the one that is proved")]
    WrongWithdrawals,
}

impl Finding {
    /// The stable name, for messages and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Finding::MalformedNote(_) => "malformed_note",
            Finding::MalformedCheckpoint(_) => "malformed_checkpoint",
            Finding::UnknownLog { .. } => "unknown_log",
            Finding::NoLogSignature => "no_log_signature",
            Finding::WrongLogSignature => "wrong_log_signature",
            Finding::WrongCosignature { .. } => "wrong_cosignature",
            Finding::NoQuorum { .. } => "no_quorum",
            Finding::StaleCosignatures { .. } => "stale_cosignatures",
            Finding::OtherLedger => "other_ledger",
            Finding::Rollback(_) => "rollback",
            Finding::Fork(_) => "fork",
            Finding::Inconsistent(_) => "inconsistent",
            Finding::WrongMapProof => "wrong_map_proof",
            Finding::WrongHead => "wrong_head",
            Finding::OtherStream { .. } => "other_stream",
            Finding::UnknownStream => "unknown_stream",
            Finding::WrongDirectory => "wrong_directory",
            Finding::LeavesDropped { .. } => "leaves_dropped",
            Finding::LeavesAdded { .. } => "leaves_added",
            Finding::LeafDuplicated { .. } => "leaf_duplicated",
            Finding::LeavesReordered { .. } => "leaves_reordered",
            Finding::LeafAltered => "leaf_altered",
            Finding::WrongWithdrawals => "wrong_withdrawals",
        }
    }

    /// The two checkpoints that clash, for rollback, fork and inconsistency. Keep it, show it, stop writing.
    pub fn evidence(&self) -> Option<&Evidence> {
        match self {
            Finding::Rollback(evidence) | Finding::Fork(evidence) | Finding::Inconsistent(evidence) => Some(evidence),
            _ => None,
        }
    }
}
