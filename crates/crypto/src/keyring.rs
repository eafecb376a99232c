//! Keyring versions: sealed under the root, signed by the account. Format: `docs/formats/keyring.md`.

use crate::{
    aead::{Cipher, NONCE_LEN, random_nonce},
    error::OpenError,
    hash::digest,
    padding,
    root::Root,
    signature::{SignatureError, SigningKey, verify_detached},
};
use carnet_protocol::{
    domain::Domain,
    key::{Signature, VerifyingKey},
    keyring::KeyringVersion,
    record::Suite,
};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

const COMMITMENT_LEN: usize = 32;

impl Root {
    /// Seals one version of a keyring: suite (1), nonce (12), key commitment (32), ciphertext and tag (16).
    pub fn seal_keyring(&self, version: u64, plaintext: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
        let keys = self.keyring_keys();
        let (encryption, commitment) = split(keys.expose());
        let nonce = random_nonce(rng);
        let padded = Zeroizing::new(padding::pad(plaintext));
        let text = Cipher::new(encryption).seal(&nonce.0, &associated(version), &padded);
        [&[u8::from(Suite::Classic)], nonce.0.as_slice(), commitment, &text].concat()
    }

    /// Opens the version of a keyring that the caller asked for; another one does not open.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open_keyring(&self, version: u64, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (suite, rest) = sealed.split_first().ok_or(OpenError)?;
        Suite::try_from(*suite).map_err(|_| OpenError)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE_LEN>().ok_or(OpenError)?;
        let (found, text) = rest.split_first_chunk::<COMMITMENT_LEN>().ok_or(OpenError)?;
        let keys = self.keyring_keys();
        let (encryption, commitment) = split(keys.expose());
        if !bool::from(found.as_slice().ct_eq(commitment)) {
            return Err(OpenError);
        }
        let padded = Zeroizing::new(Cipher::new(encryption).open(nonce, &associated(version), text)?);
        let range = padding::unpad(&padded)?;
        Ok(Zeroizing::new(padded[range].to_vec()))
    }
}

/// Signs a sealed version with the account key.
pub fn sign_keyring(account: &SigningKey, version: u64, sealed: &[u8]) -> Signature {
    account.sign_detached(&named(version, sealed))
}

/// Verifies the account key's signature over a sealed version.
///
/// # Errors
/// [`SignatureError::Invalid`].
pub fn verify_keyring(
    account: &VerifyingKey,
    version: u64,
    sealed: &[u8],
    signature: &Signature,
) -> Result<(), SignatureError> {
    verify_detached(&named(version, sealed), account, signature)
}

fn named(version: u64, sealed: &[u8]) -> KeyringVersion {
    KeyringVersion { version, hash: digest(Domain::HASH_KEYRING, sealed) }
}

fn associated(version: u64) -> Vec<u8> {
    [Domain::SEAL_KEYRING.as_bytes(), &[u8::from(Suite::Classic)], &version.to_be_bytes()].concat()
}

fn split(keys: &[u8; 64]) -> (&[u8; 32], &[u8]) {
    keys.split_first_chunk().expect("64 bytes hold 32")
}
