//! Bodies in 16 KiB chunks, in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015), so that chunks can
//! neither be cut off nor exchanged.

use crate::{
    aead::{Cipher, NONCE_LEN, TAG_LEN},
    error::OpenError,
};
use carnet_protocol::limits::CHUNK_LEN;

const SEALED_CHUNK_LEN: usize = CHUNK_LEN + TAG_LEN;

/// The nonce of a chunk: its number (11 bytes, big-endian) and whether it is the last. The key is used for one body.
fn chunk_nonce(number: usize, is_last: bool) -> [u8; NONCE_LEN] {
    let mut nonce = [0; NONCE_LEN];
    nonce[3..11].copy_from_slice(&(number as u64).to_be_bytes());
    nonce[11] = u8::from(is_last);
    nonce
}

/// Seals padded bytes in place, and adds the chunks to `body`. One key seals one body.
pub(crate) fn seal_chunks(cipher: &Cipher, aad: &[u8], padded: &mut [u8], body: &mut Vec<u8>) {
    let chunks = padded.len().div_ceil(CHUNK_LEN);
    body.reserve(padded.len() + chunks * TAG_LEN);
    for (number, chunk) in padded.chunks_mut(CHUNK_LEN).enumerate() {
        let nonce = chunk_nonce(number, number + 1 == chunks);
        let tag = cipher.seal_in_place(&nonce, aad, chunk);
        body.extend_from_slice(chunk);
        body.extend_from_slice(&tag);
    }
}

/// Opens chunks to the padded bytes.
///
/// # Errors
/// [`OpenError`].
pub(crate) fn open_chunks(cipher: &Cipher, aad: &[u8], chunks: &[u8]) -> Result<Vec<u8>, OpenError> {
    let mut text = Vec::with_capacity(chunks.len());
    let count = chunks.len().div_ceil(SEALED_CHUNK_LEN);
    for (number, chunk) in chunks.chunks(SEALED_CHUNK_LEN).enumerate() {
        let (chunk, tag) = chunk.split_at_checked(chunk.len().wrapping_sub(TAG_LEN)).ok_or(OpenError)?;
        let nonce = chunk_nonce(number, number + 1 == count);
        let start = text.len();
        text.extend_from_slice(chunk);
        cipher.open_in_place(&nonce, aad, &mut text[start..], tag)?;
    }
    Ok(text)
}
