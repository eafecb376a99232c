//! The root: what the recovery words stand for. It begins an account and brings it back; no browser keeps it.

use crate::{kdf::expand, sealing::SealingSecret, secret::Secret, signature::SigningKey};
use carnet_protocol::domain::Domain;

/// The root. Comes from [`crate::words::RecoveryWords`].
#[derive(Debug, PartialEq, Eq)]
pub struct Root(Secret<32>);

impl Root {
    /// A root whose bytes were kept.
    pub fn from_secret(secret: Secret<32>) -> Self {
        Self(secret)
    }

    /// The bytes.
    pub fn secret(&self) -> &Secret<32> {
        &self.0
    }

    /// The account's signing key: names the account, begins and changes its device list.
    pub fn account_key(&self) -> SigningKey {
        SigningKey::from_seed(&expand(&self.0, Domain::DERIVE_ACCOUNT, &[]))
    }

    /// Opens the keyring's key, which is wrapped for it as for each device.
    pub fn sealing_secret(&self) -> SealingSecret {
        SealingSecret::derive(&expand(&self.0, Domain::DERIVE_WORDS_SEAL, &[]))
    }
}
