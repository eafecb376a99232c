//! What a device signs of a keyring. Format: `docs/formats/keyring.md`.

use crate::{
    Blob,
    domain::Domain,
    id::Hash32,
    key::{EncappedKey, SealingKey, VerifyingKey},
    signed::Signable,
};
use serde::{Deserialize, Serialize};

/// One version of a keyring, named by its number and the hashes of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KeyringVersion {
    /// Whose.
    pub account: VerifyingKey,
    /// From 1, one more each time.
    pub version: u64,
    /// The last entry of the device list, label `HASH_DEVICE`.
    pub devices: Hash32,
    /// Of the wraps, label `HASH_KEYRING_WRAPS`.
    pub wraps: Hash32,
    /// Of the sealed bytes, label `HASH_KEYRING`.
    pub sealed: Hash32,
}

impl Signable for KeyringVersion {
    const DOMAIN: Domain = Domain::SIGN_KEYRING;
}

/// The keyring's key for one of those who may open it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyringWrap {
    /// For whom: the words or a device.
    pub to: SealingKey,
    /// HPKE.
    pub enc: EncappedKey,
    /// 32 bytes and a tag of 16.
    pub sealed: Blob,
}
