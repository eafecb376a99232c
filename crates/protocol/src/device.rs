//! The devices of an account: a list that only grows, each entry signed by the account or by a device that is on it.
//! Format: `docs/formats/devices.md`.

use crate::{
    day::Timestamp,
    domain::Domain,
    id::Hash32,
    key::{SealingKey, VerifyingKey},
    signed::Signable,
};
use serde::{Deserialize, Serialize};

/// The public keys of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DeviceKeys {
    /// Signs keyring versions, entries of the list and requests; names the device.
    pub sign: VerifyingKey,
    /// The keyring's key is wrapped for it.
    pub seal: SealingKey,
}

/// What an entry of the list does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceChange {
    /// Begins the list: the first entry and no other. Signed by the account.
    Begin {
        /// The keyring's key is wrapped for the recovery words.
        words: SealingKey,
    },
    /// Adds a device.
    Add {
        /// Its keys; none that was ever on the list.
        device: DeviceKeys,
    },
    /// Removes a device for good.
    Remove {
        /// Its name.
        device: VerifyingKey,
    },
}

/// One entry of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceEntry {
    /// Whose list.
    pub account: VerifyingKey,
    /// From 0, one more each time.
    pub sequence: u64,
    /// Of the signed entry before, label `HASH_DEVICE`; zeros in the first.
    pub previous: Hash32,
    /// The clock of who signed.
    pub at: Timestamp,
    /// What it does.
    pub change: DeviceChange,
}

impl Signable for DeviceEntry {
    const DOMAIN: Domain = Domain::SIGN_DEVICE;
}
