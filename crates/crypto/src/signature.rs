//! Ed25519 (RFC 8032) over labelled, canonical bytes.
//!
//! One rule everywhere: `verify_strict` (no small-order key or `R`, canonical `S`), a canonical key encoding, and a body
//! that is the canonical encoding of its type.

use crate::{error::KeyError, secret::Secret};
use carnet_protocol::{
    encoding,
    key::{Signature, VerifyingKey},
    signed::{Signable, Signed},
};
use rand_core::CryptoRng;

/// A signed object is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The signature, the key or the label is wrong.
    #[error("the signature is not valid")]
    Invalid,
    /// The signature is good, but by someone else.
    #[error("the signature is by another key than expected")]
    OtherSigner,
    /// The signed bytes are not the canonical encoding of the expected type.
    #[error("the signed bytes are not a canonical value of the expected type")]
    Encoding(#[from] encoding::DecodeError),
}

/// A key that signs. The expanded key lives in a box and is wiped on drop.
pub struct SigningKey(Box<ed25519_dalek::SigningKey>);

impl SigningKey {
    /// A fresh random key.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self::from_seed(&Secret::generate(rng))
    }

    /// The key of a 32-byte seed (RFC 8032's private key).
    pub fn from_seed(seed: &Secret<32>) -> Self {
        Self(Box::new(ed25519_dalek::SigningKey::from_bytes(seed.expose())))
    }

    /// The seed, for the keyring.
    pub fn seed(&self) -> Secret<32> {
        Secret::filled_by(|out| out.copy_from_slice(self.0.as_bytes()))
    }

    /// The public half.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key().to_bytes())
    }

    /// Signs a value's canonical encoding behind its label.
    pub fn sign<T: Signable>(&self, value: &T) -> Signed<T> {
        let body = encoding::encode(value);
        let signature = self.sign_bytes::<T>(&body);
        Signed::from_parts(body, self.verifying_key(), signature)
    }

    /// Signs a value that the verifier has anyway.
    pub fn sign_detached<T: Signable>(&self, value: &T) -> Signature {
        self.sign_bytes::<T>(&encoding::encode(value))
    }

    fn sign_bytes<T: Signable>(&self, body: &[u8]) -> Signature {
        self.sign_unlabelled(&labelled::<T>(body))
    }

    /// For messages that carry their label already, or whose every byte a standard fixes.
    pub(crate) fn sign_unlabelled(&self, message: &[u8]) -> Signature {
        use ed25519_dalek::Signer as _;
        Signature(self.0.sign(message).to_bytes())
    }
}

impl core::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// Verifies a signed object and hands out the value; the signer is `signed.key`, whose right to sign the caller judges.
///
/// # Errors
/// [`SignatureError`] when anything about it is not as it must be.
pub fn verify<T: Signable>(signed: &Signed<T>) -> Result<T, SignatureError> {
    verify_bytes(&labelled::<T>(&signed.body), &signed.key, &signed.signature)?;
    Ok(encoding::decode(&signed.body)?)
}

/// [`verify`], and the signer must be `signer`.
///
/// # Errors
/// [`SignatureError`], [`SignatureError::OtherSigner`] before the signature is looked at.
pub fn verify_by<T: Signable>(signed: &Signed<T>, signer: &VerifyingKey) -> Result<T, SignatureError> {
    if signed.key == *signer { verify(signed) } else { Err(SignatureError::OtherSigner) }
}

/// Verifies a signature over a value that did not travel with it.
///
/// # Errors
/// [`SignatureError::Invalid`].
pub fn verify_detached<T: Signable>(
    value: &T,
    signer: &VerifyingKey,
    signature: &Signature,
) -> Result<(), SignatureError> {
    verify_bytes(&labelled::<T>(&encoding::encode(value)), signer, signature)
}

/// Whether a public key can be a signer at all: a canonical encoding of a point that is not of small order.
///
/// # Errors
/// [`KeyError::WeakPoint`].
pub fn check_verifying_key(key: &VerifyingKey) -> Result<(), KeyError> {
    parse_key(key).map(drop)
}

/// The one verification rule, over bytes that already carry their label or can do without.
pub(crate) fn verify_bytes(message: &[u8], key: &VerifyingKey, signature: &Signature) -> Result<(), SignatureError> {
    let key = parse_key(key).map_err(|_| SignatureError::Invalid)?;
    let signature = ed25519_dalek::Signature::from_bytes(signature.as_bytes());
    key.verify_strict(message, &signature).map_err(|_| SignatureError::Invalid)
}

fn parse_key(key: &VerifyingKey) -> Result<ed25519_dalek::VerifyingKey, KeyError> {
    if !is_canonical_coordinate(key.as_bytes()) {
        return Err(KeyError::WeakPoint);
    }
    let key = ed25519_dalek::VerifyingKey::from_bytes(key.as_bytes()).map_err(|_| KeyError::WeakPoint)?;
    if key.is_weak() { Err(KeyError::WeakPoint) } else { Ok(key) }
}

/// Whether the low 255 bits are below p = 2^255 - 19; RFC 8032 section 5.1.3 refuses others, the library accepts them.
fn is_canonical_coordinate(bytes: &[u8; 32]) -> bool {
    let all_ones = bytes[31] & 0x7f == 0x7f && bytes[1..31].iter().all(|byte| *byte == 0xff);
    !(all_ones && bytes[0] >= 0xed)
}

fn labelled<T: Signable>(body: &[u8]) -> Vec<u8> {
    [T::DOMAIN.as_bytes(), body].concat()
}

#[cfg(test)]
mod tests;
