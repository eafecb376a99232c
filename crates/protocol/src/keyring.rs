//! What the account key signs of a keyring. Format: `docs/formats/keyring.md`.

use crate::{domain::Domain, id::Hash32, signed::Signable};
use serde::{Deserialize, Serialize};

/// One version of a keyring, named by its number and the hash of its sealed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KeyringVersion {
    /// From 1, one more each time.
    pub version: u64,
    /// Of the sealed bytes, label `HASH_KEYRING`.
    pub hash: Hash32,
}

impl Signable for KeyringVersion {
    const DOMAIN: Domain = Domain::SIGN_KEYRING;
}
