//! The wallet's root: what the recovery words stand for, and what everything of an account is derived from or sealed
//! under.

use crate::{kdf::expand, local::LocalKey, secret::Secret, signature::SigningKey};
use carnet_protocol::domain::Domain;

/// The root. Comes from [`crate::words::RecoveryWords`] or out of a [`crate::passphrase::PassphraseEnvelope`].
#[derive(Debug, PartialEq, Eq)]
pub struct Root(Secret<32>);

impl Root {
    /// A root whose bytes were kept.
    pub fn from_secret(secret: Secret<32>) -> Self {
        Self(secret)
    }

    /// The bytes, to be sealed.
    pub fn secret(&self) -> &Secret<32> {
        &self.0
    }

    /// The account's signing key: signs keyring versions and requests for them.
    pub fn account_key(&self) -> SigningKey {
        SigningKey::from_seed(&expand(&self.0, Domain::DERIVE_ACCOUNT, &[]))
    }

    /// The key of the local store.
    pub fn local_key(&self) -> LocalKey {
        LocalKey::from_secret(expand(&self.0, Domain::DERIVE_LOCAL, &[]))
    }

    /// Encryption key and key commitment of the keyring.
    pub(crate) fn keyring_keys(&self) -> Secret<64> {
        expand(&self.0, Domain::DERIVE_KEYRING, &[])
    }
}
