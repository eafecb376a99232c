//! An export under a passphrase. Format: `docs/formats/export.md`.
//!
//! A secret drawn for this one file is sealed under the passphrase, as a device's is; under its keys the bytes are sealed in
//! chunks, as a record's are.

use crate::{
    aead::Cipher,
    chunks::{open_chunks, seal_chunks},
    error::OpenError,
    kdf::{KdfError, expand},
    padding,
    passphrase::{PassphraseEnvelope, PassphraseError, open_secret, seal_secret},
    secret::Secret,
};
use carnet_protocol::{Blob, domain::Domain, encoding, link::Argon2Params};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// What a sealed export begins with.
pub const MAGIC: &[u8] = b"carnet-export-sealed 1\n";

#[derive(Serialize, Deserialize)]
struct Sealed {
    envelope: PassphraseEnvelope,
    /// Commitment to the key, then chunks.
    body: Blob,
}

/// Whether bytes are those of a sealed export.
pub fn is_sealed(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Whether a sealed export has all its parts; one that was cut off has not, whatever its passphrase.
pub fn is_whole(bytes: &[u8]) -> bool {
    parts(bytes).is_some()
}

fn parts(bytes: &[u8]) -> Option<Sealed> {
    bytes.strip_prefix(MAGIC).and_then(|sealed| encoding::decode(sealed).ok())
}

/// Seals an export.
///
/// # Errors
/// [`KdfError`].
pub fn seal_export(
    plain: &[u8],
    passphrase: &str,
    cost: Argon2Params,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, KdfError> {
    let secret = Secret::generate(rng);
    let envelope = seal_secret(&secret, passphrase, cost, rng)?;
    let keys = expand::<64>(&secret, Domain::DERIVE_EXPORT, &[]);
    let (encryption, commitment) = split(keys.expose());
    let mut padded = Zeroizing::new(padding::pad(plain));
    let mut body = commitment.to_vec();
    seal_chunks(&Cipher::new(encryption), Domain::SEAL_EXPORT.as_bytes(), &mut padded, &mut body);
    Ok([MAGIC, &encoding::encode(&Sealed { envelope, body: Blob(body) })].concat())
}

/// Opens a sealed export.
///
/// # Errors
/// [`PassphraseError`]; whatever is wrong with the bytes is [`PassphraseError::Open`].
pub fn open_export(bytes: &[u8], passphrase: &str) -> Result<Zeroizing<Vec<u8>>, PassphraseError> {
    let sealed = parts(bytes).ok_or(OpenError)?;
    let secret = open_secret(&sealed.envelope, passphrase)?;
    let keys = expand::<64>(&secret, Domain::DERIVE_EXPORT, &[]);
    let (encryption, commitment) = split(keys.expose());
    let (found, chunks) = sealed.body.split_first_chunk::<32>().ok_or(OpenError)?;
    if !bool::from(found.as_slice().ct_eq(commitment)) {
        return Err(OpenError.into());
    }
    let mut text = Zeroizing::new(open_chunks(&Cipher::new(encryption), Domain::SEAL_EXPORT.as_bytes(), chunks)?);
    let range = padding::unpad(&text)?;
    let length = range.len();
    text.copy_within(range, 0);
    text.truncate(length);
    Ok(text)
}

fn split(keys: &[u8; 64]) -> (&[u8; 32], &[u8]) {
    keys.split_first_chunk().expect("64 bytes hold 32")
}
