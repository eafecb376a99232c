//! Keys of logs and cosigners, which sign C2SP notes.
//!
//! Those standards fix every signed byte, so there is no room for one of our labels. Instead these keys are a type of
//! their own and sign nothing else but a log's receipts (`receipt.rs`); and no note can pass for a labelled message, for
//! a label ends in a zero byte and a note has none.

use crate::{
    kdf::expand,
    secret::Secret,
    signature::{self, SignatureError, SigningKey},
};
use carnet_protocol::{
    domain::Domain,
    key::{Signature, VerifyingKey},
    signed::Signable,
};

/// A key that signs notes.
#[derive(Debug)]
pub struct NoteKey(SigningKey);

impl NoteKey {
    /// The key of a seed.
    pub fn from_seed(seed: &Secret<32>) -> Self {
        Self(SigningKey::from_seed(&expand(seed, Domain::DERIVE_NOTE_KEY, &[])))
    }

    /// The public half.
    pub fn verifying_key(&self) -> VerifyingKey {
        self.0.verifying_key()
    }

    /// Signs the message of a note or of a cosignature.
    pub fn sign(&self, message: &[u8]) -> Signature {
        self.0.sign_unlabelled(message)
    }

    /// Signs a value behind its label.
    pub(crate) fn sign_detached<T: Signable>(&self, value: &T) -> Signature {
        self.0.sign_detached(value)
    }
}

/// Verifies a signature on a note's message, by the one rule for all signatures.
///
/// # Errors
/// [`SignatureError::Invalid`].
pub fn verify(message: &[u8], key: &VerifyingKey, signature: &Signature) -> Result<(), SignatureError> {
    signature::verify_bytes(message, key, signature)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_seed_gives_a_key_of_its_own_for_notes() {
        let seed = Secret::from_slice(&[7; 32]).unwrap();
        let key = NoteKey::from_seed(&seed);
        assert_ne!(key.verifying_key(), SigningKey::from_seed(&seed).verifying_key());
        let signature = key.sign(b"text\n");
        assert_eq!(verify(b"text\n", &key.verifying_key(), &signature), Ok(()));
        assert!(verify(b"texts\n", &key.verifying_key(), &signature).is_err());
    }
}
