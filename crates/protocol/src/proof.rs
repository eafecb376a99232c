//! What a reader checks a passport with, besides its records: the proved head of a stream and the way from there to a
//! checkpoint. Checking is `carnet-proofs`'; formats: `docs/formats/stream-head.md`, `docs/formats/proof.md`,
//! `docs/formats/bundle.md`.

use crate::{
    day::Timestamp,
    id::{Hash32, StreamId},
    key::VerifyingKey,
    ledger::{CarStanding, MemberDirectory, StreamStatus, Transaction},
    signed::Signed,
};
use serde::{Deserialize, Serialize};

/// A list committed to: how long it is, and the root of the RFC 9162 tree over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Committed {
    /// Entries of the list.
    pub count: u64,
    /// Root over them in order.
    pub root: Hash32,
}

/// The head of a stream as the map commits to it: everything about the stream that must not be left out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CommittedHead {
    /// The stream.
    pub stream: StreamId,
    /// Whose it is.
    pub owner: VerifyingKey,
    /// How many owners the car had before this one, as in its standing.
    pub owner_epoch: u64,
    /// Open or closed.
    pub status: StreamStatus,
    /// How the car stands: its VIN, what was declared, which passports it continues and is continued by.
    pub standing: CarStanding,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Its leaves, in order.
    pub records: Committed,
    /// The leaves withdrawn, by index, in the order of their withdrawal.
    pub withdrawn: Committed,
    /// The names of the transactions that issued, accepted or revoked its grants, offers and their ends included, in order.
    pub grants: Committed,
    /// Kept free for a root over day seal keys; `None` (`docs/decisions/sources.md`).
    pub seal_keys: Option<Hash32>,
}

/// An entry of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MapEntry {
    /// Hash of what it is about.
    pub key: Hash32,
    /// Hash of its value.
    pub value: Hash32,
}

/// What the map holds under a key, or that it holds nothing there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapProof {
    /// The one entry below the place where the way ends; under another key, or `None`, when the key is not there.
    pub entry: Option<MapEntry>,
    /// The other half at each branch, from the root down. At most `MAP_PROOF_MAX`.
    pub siblings: Vec<Hash32>,
}

/// Asks for the proof of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofRequest {
    /// The stream.
    pub stream: StreamId,
    /// Size of the log in the last checkpoint that the reader has seen; `None` for the first look.
    pub seen: Option<u64>,
}

/// Asks for a checkpoint, or what it proves, by somebody who may have seen one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckpointRequest {
    /// Size of the log in the last checkpoint that the reader has seen; `None` for the first look.
    pub seen: Option<u64>,
}

/// Asks what joins two checkpoints, such as those of two readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsistencyRequest {
    /// Size of the log in the older one.
    pub from: u64,
    /// Size of the log in the newer one.
    pub to: u64,
}

/// The proof of a stream: everything but its leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamProof {
    /// A signed note: the checkpoint with its cosignatures.
    pub checkpoint: String,
    /// RFC 9162 consistency proof from the size asked for; empty when none was, or nothing lies between.
    pub consistency: Vec<Hash32>,
    /// Where the head is in the map.
    pub map: MapProof,
    /// The head; `None` when the checkpoint knows no such stream.
    pub head: Option<CommittedHead>,
    /// Indices of the withdrawn leaves in the order of their withdrawal.
    pub withdrawn: Vec<u64>,
}

/// The directory of members, with the proof that it is the one a checkpoint commits to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryProof {
    /// A signed note: the checkpoint with its cosignatures.
    pub checkpoint: String,
    /// RFC 9162 consistency proof from the size asked for.
    pub consistency: Vec<Hash32>,
    /// Where the directory is in the map.
    pub map: MapProof,
    /// The directory as of the checkpoint.
    pub directory: MemberDirectory,
}

/// A checkpoint with what joins it to an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckpointProof {
    /// A signed note: the checkpoint with its cosignatures.
    pub checkpoint: String,
    /// RFC 9162 consistency proof from the size asked for.
    pub consistency: Vec<Hash32>,
}

/// RFC 9162 consistency proof between two sizes of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsistencyProof {
    /// Hashes, in the order of the standard. At most `LOG_PROOF_MAX`.
    pub hashes: Vec<Hash32>,
}

/// A passport's proof as a file: what was checked, and by what policy, for anyone to check again without the relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// Version of this format: 1.
    pub version: u8,
    /// When the proof was checked and written down.
    pub made_at: Timestamp,
    /// The policy it was checked against, a C2SP trust policy. Whoever has one of their own uses that instead.
    pub policy: String,
    /// The stream.
    pub stream: StreamId,
    /// The proof; `consistency` is empty, for it says nothing to somebody else.
    pub proof: StreamProof,
    /// Hash of each leaf in the stream's tree, in order: they show that nothing was left out and tell nothing else.
    pub leaves: Vec<Hash32>,
}

/// Asks a cosigner for its signature on a checkpoint, with the next transactions it has not seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CosignRequest {
    /// Transactions that the cosigner has already.
    pub from: u64,
    /// Those after them, in order; perhaps not all up to the checkpoint.
    pub transactions: Vec<Signed<Transaction>>,
    /// The checkpoint, signed by its log.
    pub checkpoint: String,
    /// RFC 9162 consistency proof from the size that these transactions lead to, up to the checkpoint.
    pub consistency: Vec<Hash32>,
}

/// What a cosigner answers when it has taken everything in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CosignAnswer {
    /// Its line for the note.
    Cosigned {
        /// `— name base64`, without a newline.
        line: String,
    },
    /// The checkpoint is larger: it has this many transactions now and wants the next ones.
    More {
        /// Transactions it has.
        size: u64,
    },
    /// The request began elsewhere: it has this many transactions.
    Elsewhere {
        /// Transactions it has.
        size: u64,
    },
}
