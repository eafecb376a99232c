//! Hashes behind a label.

use crate::lanes::{self, LANES, WORTHWHILE};
use carnet_protocol::{domain::Domain, id::Hash32};
use sha2::{Digest, Sha256};

/// SHA-256 over the label and then `data`.
pub fn digest(domain: Domain, data: &[u8]) -> Hash32 {
    one(domain.as_bytes(), data)
}

/// [`digest`] of each.
pub fn digest_each(domain: Domain, data: &[&[u8]]) -> Vec<Hash32> {
    prefixed_each(domain.as_bytes(), data)
}

/// SHA-256 of each message behind the same prefix of less than 64 bytes: a label, with what a tree puts in front of it.
pub fn prefixed_each(prefix: &[u8], messages: &[&[u8]]) -> Vec<Hash32> {
    let mut hashes = Vec::with_capacity(messages.len());
    let (fours, rest) = messages.as_chunks::<LANES>();
    if WORTHWHILE {
        fours.iter().for_each(|four| hashes.extend(lanes::digest(prefix, *four).map(Hash32)));
    } else {
        hashes.extend(fours.as_flattened().iter().map(|message| one(prefix, message)));
    }
    hashes.extend(rest.iter().map(|message| one(prefix, message)));
    hashes
}

fn one(prefix: &[u8], message: &[u8]) -> Hash32 {
    Hash32(Sha256::new().chain_update(prefix).chain_update(message).finalize().into())
}
