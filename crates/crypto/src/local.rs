//! Rows of the local store, sealed under a key of the root.
//!
//! A sealed row is a nonce (12 bytes), ciphertext and tag (16 bytes), bound to its table and key: moved to another place
//! in the database it does not open.

use crate::{
    aead::{Cipher, NONCE_LEN, random_nonce},
    error::OpenError,
    secret::Secret,
};
use carnet_protocol::domain::Domain;
use rand_core::CryptoRng;

/// Seals and opens rows.
pub struct LocalKey(Secret<32>);

impl LocalKey {
    pub(crate) fn from_secret(secret: Secret<32>) -> Self {
        Self(secret)
    }

    /// Seals a row for its place.
    pub fn seal_row(&self, table: &str, key: &[u8], plaintext: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
        let nonce = random_nonce(rng);
        let mut row = Vec::with_capacity(NONCE_LEN + plaintext.len() + crate::aead::TAG_LEN);
        row.extend_from_slice(&nonce.0);
        row.extend_from_slice(plaintext);
        let tag = Cipher::new(self.0.expose()).seal_in_place(&nonce.0, &place(table, key), &mut row[NONCE_LEN..]);
        row.extend_from_slice(&tag);
        row
    }

    /// Opens the row of a place.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open_row(&self, table: &str, key: &[u8], row: &[u8]) -> Result<Vec<u8>, OpenError> {
        let (nonce, sealed) = row.split_first_chunk::<NONCE_LEN>().ok_or(OpenError)?;
        Cipher::new(self.0.expose()).open(nonce, &place(table, key), sealed)
    }
}

impl core::fmt::Debug for LocalKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("LocalKey(…)")
    }
}

/// Label, length of the table's name (4 bytes, big-endian), name, key.
fn place(table: &str, key: &[u8]) -> Vec<u8> {
    let length = u32::try_from(table.len()).expect("table names are short").to_be_bytes();
    [Domain::SEAL_LOCAL.as_bytes(), &length, table.as_bytes(), key].concat()
}
