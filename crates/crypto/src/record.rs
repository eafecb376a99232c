//! Sealed records. Format: `docs/formats/record.md`.
//!
//! The body is a key commitment followed by 16 KiB chunks (`chunks.rs`), so that no body opens under two keys.

use crate::{
    aead::{Cipher, Sealed, TAG_LEN, open_each_in_place},
    chunks::{chunk_nonce, open_chunks, seal_chunks},
    error::OpenError,
    hash::{digest, digest_each},
    header::BoundHeader,
    kdf::{expand, expand_each},
    padding,
    secret::Secret,
};
use carnet_protocol::{
    Blob,
    domain::Domain,
    id::Hash32,
    limits::CHUNK_LEN,
    record::{RecordHeader, SealedRecord},
};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

const COMMITMENT_LEN: usize = 32;

/// Encrypts one record, once. Handed around only wrapped.
#[derive(Debug, PartialEq, Eq)]
pub struct ContentKey(Secret<32>);

impl ContentKey {
    /// A fresh key, for one record.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self(Secret::generate(rng))
    }

    /// A key that was unwrapped or kept.
    pub fn from_secret(secret: Secret<32>) -> Self {
        Self(secret)
    }

    /// The bytes, to be wrapped.
    pub fn secret(&self) -> &Secret<32> {
        &self.0
    }
}

/// What is derived from a content key for one header. Wiped on drop.
struct BodyKey {
    cipher: Cipher,
    commitment: [u8; COMMITMENT_LEN],
}

impl BodyKey {
    fn derive(key: &ContentKey, header: &BoundHeader<'_>) -> Self {
        Self::of(&expand(&key.0, Domain::DERIVE_CONTENT, &[&header.hash().0]))
    }

    fn of(keys: &Secret<64>) -> Self {
        let (encryption, commitment) = halves(keys);
        Self { cipher: Cipher::new(encryption), commitment: *commitment }
    }
}

/// Seals a record's plaintext under a content key of its own.
///
/// Callers bound the plaintext by `ATTACHMENT_MAX`. Sealing the same header under the same key twice is safe only for
/// the same plaintext: generate a [`ContentKey`] per record.
pub fn seal_record(header: RecordHeader, plaintext: &[u8], key: &ContentKey) -> SealedRecord {
    let body = {
        let header = BoundHeader::new(&header);
        seal_body(&header, plaintext, key)
    };
    SealedRecord { header, body: Blob(body) }
}

fn seal_body(header: &BoundHeader<'_>, plaintext: &[u8], key: &ContentKey) -> Vec<u8> {
    let body_key = BodyKey::derive(key, header);
    let mut padded = Zeroizing::new(padding::pad(plaintext));
    let mut body = body_key.commitment.to_vec();
    seal_chunks(&body_key.cipher, header.bytes(), &mut padded, &mut body);
    body
}

/// Opens a sealed record.
///
/// # Errors
/// [`OpenError`], whatever is wrong with key, header or body.
pub fn open_record(record: &SealedRecord, key: &ContentKey) -> Result<Vec<u8>, OpenError> {
    open_body(&BoundHeader::new(&record.header), &record.body, key)
}

/// [`open_record`] for callers that bound the header already, to unwrap the key.
///
/// # Errors
/// As [`open_record`].
pub fn open_body(header: &BoundHeader<'_>, body: &[u8], key: &ContentKey) -> Result<Vec<u8>, OpenError> {
    open_with(&BodyKey::derive(key, header), header, body)
}

/// [`open_body`] of each: header, body, key.
pub fn open_bodies(records: &[(&BoundHeader<'_>, &[u8], &ContentKey)]) -> Vec<Result<Vec<u8>, OpenError>> {
    let keys: Vec<&Secret<32>> = records.iter().map(|(_, _, key)| &key.0).collect();
    let contexts: Vec<&[u8]> = records.iter().map(|(header, ..)| header.hash().as_bytes().as_slice()).collect();
    let derived = expand_each::<64>(&keys, Domain::DERIVE_CONTENT, &contexts);
    let single: Vec<Option<(&[u8], &[u8])>> =
        records.iter().zip(&derived).map(|((_, body, _), keys)| only_chunk(keys, body)).collect();
    let mut texts: Vec<Option<Vec<u8>>> = single.iter().map(|chunk| Some(chunk.as_ref()?.0.to_vec())).collect();
    let mut together: Vec<Sealed<'_>> = Vec::with_capacity(records.len());
    for (((header, ..), keys), (chunk, text)) in records.iter().zip(&derived).zip(single.iter().zip(&mut texts)) {
        if let (Some((_, tag)), Some(text)) = (chunk, text) {
            let (key, _) = halves(keys);
            together.push(Sealed { key, nonce: chunk_nonce(0, true), aad: header.bytes(), text, tag });
        }
    }
    let mut outcomes = open_each_in_place(&mut together).into_iter();
    let opened = records.iter().zip(&derived).zip(texts).map(|(((header, body, _), keys), text)| match text {
        Some(text) => outcomes.next().unwrap_or(Err(OpenError)).and_then(|()| unpadded(text)),
        None => open_with(&BodyKey::of(keys), header, body),
    });
    opened.collect()
}

/// Text and tag of a body that is one chunk and names its key.
fn only_chunk<'a>(keys: &Secret<64>, body: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
    let (commitment, chunk) = body.split_first_chunk::<COMMITMENT_LEN>()?;
    let text =
        chunk.len().checked_sub(TAG_LEN).filter(|text| names(commitment, halves(keys).1) && *text <= CHUNK_LEN)?;
    Some(chunk.split_at(text))
}

/// Whether a body names the key that it is opened with, in constant time.
fn names(commitment: &[u8; COMMITMENT_LEN], of_key: &[u8; COMMITMENT_LEN]) -> bool {
    let words = |bytes: &[u8; COMMITMENT_LEN]| -> [u64; 4] {
        core::array::from_fn(|at| u64::from_le_bytes(bytes.as_chunks::<8>().0[at]))
    };
    words(commitment).ct_eq(&words(of_key)).into()
}

/// The key of the cipher, and what a body names it by.
fn halves(keys: &Secret<64>) -> (&[u8; 32], &[u8; COMMITMENT_LEN]) {
    let (halves, _) = keys.expose().as_chunks::<32>();
    (&halves[0], &halves[1])
}

fn open_with(body_key: &BodyKey, header: &BoundHeader<'_>, body: &[u8]) -> Result<Vec<u8>, OpenError> {
    let (commitment, chunks) = body.split_first_chunk::<COMMITMENT_LEN>().ok_or(OpenError)?;
    if !names(commitment, &body_key.commitment) {
        return Err(OpenError);
    }
    unpadded(open_chunks(&body_key.cipher, header.bytes(), chunks)?)
}

fn unpadded(mut text: Vec<u8>) -> Result<Vec<u8>, OpenError> {
    let range = padding::unpad(&text)?;
    let length = range.len();
    text.copy_within(range, 0);
    text.truncate(length);
    Ok(text)
}

/// What the ledger holds of a record: SHA-256 behind `HASH_RECORD` over the canonical [`SealedRecord`].
pub fn commitment(sealed_bytes: &[u8]) -> Hash32 {
    digest(Domain::HASH_RECORD, sealed_bytes)
}

/// [`commitment`] of each.
pub fn commitments(sealed_bytes: &[&[u8]]) -> Vec<Hash32> {
    digest_each(Domain::HASH_RECORD, sealed_bytes)
}

#[cfg(test)]
mod tests;
