//! Erasure: what an owner has removed, what the relay says of it, and the receipt. Format: `docs/formats/erasure.md`.

use crate::{
    category::Category,
    day::{Day, Timestamp},
    device::DeviceEntry,
    domain::Domain,
    id::{GrantId, Hash32, RecordId, StreamId},
    key::VerifyingKey,
    signed::{Signable, Signed},
};
use serde::{Deserialize, Serialize};

/// What is to be removed of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Removal {
    /// Records, and the old wraps of others.
    Records {
        /// Records whose ciphertext and wraps go, at most `BATCH_MAX`.
        records: Vec<RecordId>,
        /// Records of which only one wrap stays, at most `BATCH_MAX`.
        rewrapped: Vec<Rewrapped>,
    },
    /// All of it: records, grants, links, looks. Where its car was sold, all but what was handed over.
    Stream,
}

/// A record that was wrapped anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rewrapped {
    /// The record.
    pub record: RecordId,
    /// The generation of the one wrap that stays.
    pub generation: u16,
}

/// What was removed at a relay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Removed {
    /// Records of a stream.
    Records {
        /// The stream.
        stream: StreamId,
        /// Them, as they were asked for.
        records: Vec<RecordId>,
    },
    /// All of a stream.
    Stream(StreamId),
    /// All of a stream whose car was sold, but for what was handed over: that is its buyer's.
    Archive(StreamId),
    /// A keyring in all its versions.
    Keyring(VerifyingKey),
}

/// A relay's word for a removal, signed with the key in [`crate::api::body::RelayInfo`] once the removal is durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureStatement {
    /// What it removed, or found to be gone.
    pub removed: Removed,
    /// When.
    pub at: Timestamp,
    /// By when its last backup with the ciphertext is gone.
    pub records_until: Timestamp,
    /// By when its last backup with a keyring of before is gone.
    pub keyrings_until: Timestamp,
}

impl Signable for ErasureStatement {
    const DOMAIN: Domain = Domain::SIGN_ERASURE;
}

/// An owner's word that a whole wallet is erased, by its account key or a device on its list. It takes the keyring's place at the relay, so that
/// other devices of the wallet hear of it, and from nobody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalletErasure {
    /// The account.
    pub account: VerifyingKey,
    /// Its whole device list: who may say so, and who may read it.
    pub devices: Vec<Signed<DeviceEntry>>,
    /// When.
    pub at: Timestamp,
}

impl Signable for WalletErasure {
    const DOMAIN: Domain = Domain::SIGN_WALLET_ERASURE;
}

/// What was erased in one go, without anything of its content: the machine-readable part of the receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureReceipt {
    /// What was asked for.
    pub scope: ErasureScope,
    /// When the keys were deleted.
    pub at: Timestamp,
    /// Of which passports.
    pub streams: Vec<ErasedStream>,
    /// What the relay has said to it, as far as it has.
    pub statements: Vec<Signed<ErasureStatement>>,
}

/// How much was to be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErasureScope {
    /// One record with its files.
    Record,
    /// A category of a car.
    Category(Category),
    /// A car.
    Vehicle,
    /// The wallet.
    Everything,
}

/// What was erased of one passport.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedStream {
    /// The stream.
    pub stream: StreamId,
    /// Its records that were erased, files among them.
    pub records: Vec<ErasedRecord>,
    /// Shares that ended with them.
    pub grants: Vec<GrantId>,
}

/// A record that was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ErasedRecord {
    /// The record.
    pub record: RecordId,
    /// Its category.
    pub category: Category,
    /// The day it spoke of.
    pub day: Day,
    /// The commitment that stays on the ledger: the hash of a ciphertext that is lost. `None` where it was never sent.
    pub commitment: Option<Hash32>,
}
