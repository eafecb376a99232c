//! A record header bound to everything that belongs to it.

use crate::hash::{digest, digest_each};
use carnet_protocol::{domain::Domain, encoding, id::Hash32, record::RecordHeader};

/// A header with its canonical bytes and their hash, computed once for wrap and body.
pub struct BoundHeader<'a> {
    header: &'a RecordHeader,
    bytes: Vec<u8>,
    hash: Hash32,
}

impl<'a> BoundHeader<'a> {
    /// Encodes and hashes the header.
    pub fn new(header: &'a RecordHeader) -> Self {
        let bytes = encoding::encode(header);
        let hash = digest(Domain::HASH_HEADER, &bytes);
        Self { header, bytes, hash }
    }

    /// [`Self::new`] of each.
    pub fn each(headers: impl IntoIterator<Item = &'a RecordHeader>) -> Vec<Self> {
        let encoded: Vec<_> = headers.into_iter().map(|header| (header, encoding::encode(header))).collect();
        let bytes: Vec<&[u8]> = encoded.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        let hashes = digest_each(Domain::HASH_HEADER, &bytes);
        encoded.into_iter().zip(hashes).map(|((header, bytes), hash)| Self { header, bytes, hash }).collect()
    }

    /// The header.
    pub fn header(&self) -> &'a RecordHeader {
        self.header
    }

    /// SHA-256 behind `HASH_HEADER` over the canonical encoding.
    pub fn hash(&self) -> &Hash32 {
        &self.hash
    }

    /// The canonical encoding.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}
