//! The same cipher with ChaCha20 in lanes (RFC 8439, section 2.8).

use super::{NONCE_LEN, Sealed, TAG_LEN};
use crate::{
    error::OpenError,
    lanes::{Keystream, Keystreams, LANES},
};
use poly1305::{
    Poly1305,
    universal_hash::{KeyInit as _, UniversalHash as _},
};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// One key. Wiped on drop.
pub(crate) struct CipherInLanes(Zeroizing<[u8; 32]>);

impl CipherInLanes {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(Zeroizing::new(*key))
    }

    /// See [`super::Cipher::seal_in_place`].
    pub(crate) fn seal_in_place(&self, nonce: &[u8; NONCE_LEN], aad: &[u8], text: &mut [u8]) -> [u8; TAG_LEN] {
        let (mut stream, authenticator) = self.start(nonce);
        stream.apply(text);
        tag(authenticator, aad, text)
    }

    /// See [`super::Cipher::open_in_place`].
    pub(crate) fn open_in_place(
        &self,
        nonce: &[u8; NONCE_LEN],
        aad: &[u8],
        text: &mut [u8],
        expected: &[u8],
    ) -> Result<(), OpenError> {
        let (mut stream, authenticator) = self.start(nonce);
        if !is(tag(authenticator, aad, text), expected) {
            return Err(OpenError);
        }
        stream.apply(text);
        Ok(())
    }

    /// The keystream with its first blocks made, and the authenticator keyed from the first.
    fn start(&self, nonce: &[u8; NONCE_LEN]) -> (Keystream, Poly1305) {
        let mut stream = Keystream::new(&self.0, nonce);
        let authenticator = Poly1305::new((&*stream.start()).into());
        (stream, authenticator)
    }
}

/// Opens four messages side by side: see [`super::open_each_in_place`].
pub(crate) fn open_four(four: &mut [Sealed<'_>; LANES]) -> [Result<(), OpenError>; LANES] {
    let mut streams =
        Keystreams::new(four.each_ref().map(|sealed| sealed.key), four.each_ref().map(|sealed| &sealed.nonce));
    let keys = streams.start();
    let mut outcomes = [Err(OpenError); LANES];
    let mut texts: [Option<&mut [u8]>; LANES] = core::array::from_fn(|_| None);
    // By reference: a key that is moved is wiped in its last place alone.
    for (((sealed, key), outcome), text) in four.iter_mut().zip(&keys).zip(&mut outcomes).zip(&mut texts) {
        if is(tag(Poly1305::new((&**key).into()), sealed.aad, sealed.text), sealed.tag) {
            *outcome = Ok(());
            *text = Some(&mut *sealed.text);
        }
    }
    streams.apply(texts);
    outcomes
}

/// Whether a tag is the expected one, in constant time.
fn is(found: [u8; TAG_LEN], expected: &[u8]) -> bool {
    let expected: Result<[u8; TAG_LEN], _> = expected.try_into();
    expected.is_ok_and(|expected| u128::from_le_bytes(found).ct_eq(&u128::from_le_bytes(expected)).into())
}

/// The tag over associated data and ciphertext, each padded, and their lengths.
fn tag(mut authenticator: Poly1305, aad: &[u8], text: &[u8]) -> [u8; TAG_LEN] {
    authenticator.update_padded(aad);
    authenticator.update_padded(text);
    let mut lengths = [0; TAG_LEN];
    lengths[..8].copy_from_slice(&(aad.len() as u64).to_le_bytes());
    lengths[8..].copy_from_slice(&(text.len() as u64).to_le_bytes());
    authenticator.update(&[lengths.into()]);
    authenticator.finalize().into()
}
