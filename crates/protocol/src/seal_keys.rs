//! Public day seal keys, published ahead by the owner, so that a source needs one day's key and its proof. Format:
//! `docs/formats/seal-keys.md`.

use crate::{
    day::Day,
    domain::Domain,
    id::{CategoryLabel, Hash32, StreamId},
    key::SealingKey,
    proof::Committed,
    signed::{Signable, Signed},
};
use serde::{Deserialize, Serialize};

/// A batch of public day seal keys of one category and generation. Signed by the stream's owner.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SealKeyBatch {
    /// The stream.
    pub stream: StreamId,
    /// The category's label.
    pub label: CategoryLabel,
    /// Generation of the day tree.
    pub generation: u16,
    /// Day of the first key; one key per day from there on.
    pub first: Day,
    /// How many keys, and the root of the tree over them.
    pub keys: Committed,
    /// The stream's inbox key, for days beyond the batch.
    pub inbox: SealingKey,
}

impl Signable for SealKeyBatch {
    const DOMAIN: Domain = Domain::SIGN_SEAL_KEYS;
}

/// A batch with its keys, as the owner stores it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealKeys {
    /// What is signed.
    pub batch: Signed<SealKeyBatch>,
    /// The keys, in the order of days; at most `SEAL_KEYS_MAX`.
    pub keys: Vec<SealingKey>,
}

/// What a source gets for one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaySealKey {
    /// What the owner signed.
    pub batch: Signed<SealKeyBatch>,
    /// The day's key and its way to the root; `None` beyond the batch.
    pub key: Option<ProvedKey>,
}

/// A key with its way to the root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvedKey {
    /// The key.
    pub key: SealingKey,
    /// Hashes beside the way to the root (RFC 9162, section 2.1.3).
    pub path: Vec<Hash32>,
}
