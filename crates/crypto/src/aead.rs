//! ChaCha20-Poly1305 (RFC 8439), in place.

use crate::{
    error::OpenError,
    lanes::{LANES, WORTHWHILE},
};
use carnet_protocol::key::AeadNonce;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, aead::AeadInOut};
use in_lanes::CipherInLanes;
use rand_core::CryptoRng;

pub(crate) mod in_lanes;

/// Length of an authentication tag.
pub(crate) const TAG_LEN: usize = 16;
/// Length of a nonce.
pub(crate) const NONCE_LEN: usize = 12;

/// One key, for as many messages as its user gives it distinct nonces. Wiped on drop.
pub(crate) struct Cipher(Kind);

enum Kind {
    Plain(ChaCha20Poly1305),
    InLanes(CipherInLanes),
}

impl Cipher {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(if WORTHWHILE {
            Kind::InLanes(CipherInLanes::new(key))
        } else {
            Kind::Plain(ChaCha20Poly1305::new(key.into()))
        })
    }

    /// Encrypts `text` in place; returns the tag.
    pub(crate) fn seal_in_place(&self, nonce: &[u8; NONCE_LEN], aad: &[u8], text: &mut [u8]) -> [u8; TAG_LEN] {
        match &self.0 {
            Kind::Plain(cipher) => cipher
                .encrypt_inout_detached(nonce.into(), aad, text.into())
                .expect("no message comes near the cipher's limit of 256 GiB")
                .into(),
            Kind::InLanes(cipher) => cipher.seal_in_place(nonce, aad, text),
        }
    }

    /// Checks the tag, then decrypts `text` in place. On failure `text` is unchanged.
    pub(crate) fn open_in_place(
        &self,
        nonce: &[u8; NONCE_LEN],
        aad: &[u8],
        text: &mut [u8],
        tag: &[u8],
    ) -> Result<(), OpenError> {
        match &self.0 {
            Kind::Plain(cipher) => {
                let tag = tag.try_into().map_err(|_| OpenError)?;
                cipher.decrypt_inout_detached(nonce.into(), aad, text.into(), tag).map_err(|_| OpenError)
            }
            Kind::InLanes(cipher) => cipher.open_in_place(nonce, aad, text, tag),
        }
    }

    /// Encrypts to a new buffer: ciphertext and tag.
    pub(crate) fn seal(&self, nonce: &[u8; NONCE_LEN], aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(plaintext.len() + TAG_LEN);
        out.extend_from_slice(plaintext);
        let tag = self.seal_in_place(nonce, aad, &mut out);
        out.extend_from_slice(&tag);
        out
    }

    /// Decrypts to a new buffer.
    pub(crate) fn open(&self, nonce: &[u8; NONCE_LEN], aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        let (text, tag) = sealed.split_at_checked(sealed.len().wrapping_sub(TAG_LEN)).ok_or(OpenError)?;
        let mut out = text.to_vec();
        self.open_in_place(nonce, aad, &mut out, tag)?;
        Ok(out)
    }
}

/// A message that is opened in place, under a key of its own.
pub(crate) struct Sealed<'a> {
    pub key: &'a [u8; 32],
    pub nonce: [u8; NONCE_LEN],
    pub aad: &'a [u8],
    pub text: &'a mut [u8],
    pub tag: &'a [u8],
}

/// [`Cipher::open_in_place`] of each: what does not open stays unchanged, whatever becomes of the others.
pub(crate) fn open_each_in_place(messages: &mut [Sealed<'_>]) -> Vec<Result<(), OpenError>> {
    let one = |sealed: &mut Sealed<'_>| {
        Cipher::new(sealed.key).open_in_place(&sealed.nonce, sealed.aad, sealed.text, sealed.tag)
    };
    let mut outcomes = Vec::with_capacity(messages.len());
    let (fours, rest) = messages.as_chunks_mut::<LANES>();
    for four in fours {
        // Side by side the shorter ones wait for the longest.
        let lengths = four.each_ref().map(|sealed| sealed.text.len());
        let alike = lengths.iter().max() <= lengths.iter().min().map(|shortest| shortest + ALIKE).as_ref();
        if WORTHWHILE && alike {
            outcomes.extend(in_lanes::open_four(four));
        } else {
            outcomes.extend(four.iter_mut().map(one));
        }
    }
    outcomes.extend(rest.iter_mut().map(one));
    outcomes
}

/// Bytes by which messages may differ in length and still be opened side by side.
const ALIKE: usize = 512;

/// A random nonce. At 2^32 messages under one key two meet with a chance of 2^-33; no key here sees a millionth of
/// that.
pub(crate) fn random_nonce(rng: &mut impl CryptoRng) -> AeadNonce {
    let mut nonce = AeadNonce([0; NONCE_LEN]);
    rng.fill_bytes(&mut nonce.0);
    nonce
}

#[cfg(test)]
mod tests;
