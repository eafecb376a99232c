//! The wallet's root: what the recovery words stand for, and what everything of an account is derived from or sealed
//! under.

use crate::{
    aead::{Cipher, random_nonce},
    error::OpenError,
    kdf::expand,
    local::LocalKey,
    secret::Secret,
    signature::SigningKey,
};
use carnet_protocol::{Blob, domain::Domain, id::Hash32, key::AeadNonce};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// The root. Comes from [`crate::words::RecoveryWords`], or out of a [`crate::passphrase::PassphraseEnvelope`] or a
/// [`crate::passkey::PasskeyEnvelope`].
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

    /// Seals the root under `keys`: 32 bytes of encryption key, 32 of commitment.
    pub(crate) fn seal(&self, keys: &Secret<64>, aad: &[u8], rng: &mut impl CryptoRng) -> SealedRoot {
        let (encryption, commitment) = split(keys);
        let nonce = random_nonce(rng);
        let sealed = Cipher::new(encryption).seal(&nonce.0, aad, self.secret().expose());
        SealedRoot { nonce, commitment: Hash32(*commitment), sealed: Blob(sealed) }
    }

    /// Opens what [`Self::seal`] made; the commitment is checked first, so that one envelope opens under one key only.
    pub(crate) fn open(
        keys: &Secret<64>,
        aad: &[u8],
        nonce: &AeadNonce,
        commitment: &Hash32,
        sealed: &[u8],
    ) -> Result<Self, OpenError> {
        let (encryption, expected) = split(keys);
        if !bool::from(expected.ct_eq(commitment.as_bytes())) {
            return Err(OpenError);
        }
        let root = Zeroizing::new(Cipher::new(encryption).open(&nonce.0, aad, sealed)?);
        Ok(Self(Secret::from_slice(&root).map_err(|_| OpenError)?))
    }
}

/// A root under a key: the part that all envelopes share.
pub(crate) struct SealedRoot {
    pub nonce: AeadNonce,
    pub commitment: Hash32,
    pub sealed: Blob,
}

fn split(keys: &Secret<64>) -> (&[u8; 32], &[u8; 32]) {
    let (encryption, commitment) = keys.expose().split_first_chunk().expect("64 bytes hold 32");
    (encryption, commitment.try_into().expect("64 bytes hold twice 32"))
}
