//! A device's secret and the account's list of devices. Format: `docs/formats/devices.md`.
//!
//! A browser keeps 32 random bytes of its own, under its passphrase and passkeys; the words' root stays on paper. So a
//! stolen device can be shut out, and a device never has what would open the account for ever.

mod list;

pub use list::{Device, DeviceError, DeviceList};

use crate::{
    aead::{Cipher, random_nonce},
    error::OpenError,
    kdf::expand,
    local::LocalKey,
    sealing::SealingSecret,
    secret::Secret,
    signature::SigningKey,
};
use carnet_protocol::{Blob, device::DeviceKeys, domain::Domain, id::Hash32, key::AeadNonce};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// What a device is. Kept in a [`crate::passphrase::PassphraseEnvelope`], and in [`crate::passkey::PasskeyEnvelope`]s
/// beside it.
#[derive(Debug, PartialEq, Eq)]
pub struct DeviceSecret(Secret<32>);

impl DeviceSecret {
    /// A new device's.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self(Secret::generate(rng))
    }

    /// One whose bytes were kept.
    pub fn from_secret(secret: Secret<32>) -> Self {
        Self(secret)
    }

    /// Signs keyring versions, entries of the list and requests for them.
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::from_seed(&expand(&self.0, Domain::DERIVE_DEVICE_SIGN, &[]))
    }

    /// Opens the keyring's key.
    pub fn sealing_secret(&self) -> SealingSecret {
        SealingSecret::derive(&expand(&self.0, Domain::DERIVE_DEVICE_SEAL, &[]))
    }

    /// The public halves.
    pub fn keys(&self) -> DeviceKeys {
        DeviceKeys { sign: self.signing_key().verifying_key(), seal: self.sealing_secret().public() }
    }

    /// The key of the local store.
    pub fn local_key(&self) -> LocalKey {
        LocalKey::from_secret(expand(&self.0, Domain::DERIVE_LOCAL, &[]))
    }

    /// The bytes.
    pub(crate) fn secret(&self) -> &Secret<32> {
        &self.0
    }
}

/// A secret under a key: the part that all envelopes share.
pub(crate) struct SealedSecret {
    pub nonce: AeadNonce,
    pub commitment: Hash32,
    pub sealed: Blob,
}

impl SealedSecret {
    /// Seals a secret under `keys`: 32 bytes of encryption key, 32 of commitment.
    pub fn seal(secret: &Secret<32>, keys: &Secret<64>, aad: &[u8], rng: &mut impl CryptoRng) -> Self {
        let (encryption, commitment) = split(keys);
        let nonce = random_nonce(rng);
        let sealed = Cipher::new(encryption).seal(&nonce.0, aad, secret.expose());
        Self { nonce, commitment: Hash32(*commitment), sealed: Blob(sealed) }
    }

    /// Opens what [`Self::seal`] made; the commitment is checked first, so that one envelope opens under one key only.
    pub fn open(
        keys: &Secret<64>,
        aad: &[u8],
        nonce: &AeadNonce,
        commitment: &Hash32,
        sealed: &[u8],
    ) -> Result<Secret<32>, OpenError> {
        let (encryption, expected) = split(keys);
        if !bool::from(expected.ct_eq(commitment.as_bytes())) {
            return Err(OpenError);
        }
        let secret = Zeroizing::new(Cipher::new(encryption).open(&nonce.0, aad, sealed)?);
        Secret::from_slice(&secret).map_err(|_| OpenError)
    }
}

fn split(keys: &Secret<64>) -> (&[u8; 32], &[u8; 32]) {
    let (encryption, commitment) = keys.expose().split_first_chunk().expect("64 bytes hold 32");
    (encryption, commitment.try_into().expect("64 bytes hold twice 32"))
}
