//! Key pairs to which others seal: X25519 for HPKE.

use crate::{
    error::KeyError,
    hpke::{self, PrivateKey},
    secret::Secret,
};
use carnet_protocol::key::SealingKey;
use rand_core::CryptoRng;

/// The secret half of a sealing key pair: an inbox, a member, a person, a link. Wiped on drop.
pub struct SealingSecret {
    material: Secret<32>,
    key: Box<PrivateKey>,
}

impl SealingSecret {
    /// A fresh random key pair.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self::derive(&Secret::generate(rng))
    }

    /// The key pair of 32 secret bytes (HPKE `DeriveKeyPair`).
    pub fn derive(material: &Secret<32>) -> Self {
        Self { material: material.duplicate(), key: Box::new(hpke::derive_key_pair(material)) }
    }

    /// The bytes it was derived from, for the keyring.
    pub fn material(&self) -> &Secret<32> {
        &self.material
    }

    /// The public half.
    pub fn public(&self) -> SealingKey {
        hpke::public_key(&self.key)
    }

    pub(crate) fn private(&self) -> &PrivateKey {
        &self.key
    }
}

impl core::fmt::Debug for SealingSecret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SealingSecret(…)")
    }
}

/// Whether something can be sealed to a public key: canonical and not of small order.
///
/// # Errors
/// [`KeyError::WeakPoint`].
pub fn check_sealing_key(key: &SealingKey) -> Result<(), KeyError> {
    hpke::check_point(key)
}
