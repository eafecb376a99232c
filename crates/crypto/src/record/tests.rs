#![allow(clippy::unwrap_used)]

use super::*;
use crate::chunks::chunk_nonce;
use crate::vectors::{bytes, cases};
use carnet_protocol::encoding;

fn key(number: u8) -> ContentKey {
    ContentKey::from_secret(Secret::from_slice(&[number; 32]).unwrap())
}

/// ChaCha20-Poly1305 alone lets one ciphertext open under two keys, to two texts: a source could show one service record
/// to the owner and another to the buyer. The key commitment in front of the chunks is what refuses it.
#[test]
fn a_ciphertext_made_for_two_keys_is_refused() {
    let case = &cases(include_str!("../../tests/vectors/two_keys.json"))[0];
    let header: RecordHeader = encoding::decode(&bytes(case, "header")).unwrap();
    let (header, chunk) = (BoundHeader::new(&header), bytes(case, "chunk"));
    let (nonce, keys) = (chunk_nonce(0, true), [key(1), key(2)]);
    let opened = keys.each_ref().map(|key| BodyKey::derive(key, &header).cipher.open(&nonce, header.bytes(), &chunk));
    assert!(opened.iter().all(Result::is_ok), "the vector opens under both keys but for the commitment");
    assert_ne!(opened[0], opened[1]);

    for committed in [&keys[0], &keys[1]] {
        let body = [BodyKey::derive(committed, &header).commitment.as_slice(), &chunk].concat();
        let others = keys.iter().filter(|key| *key != committed);
        assert!(others.map(|key| open_body(&header, &body, key)).all(|opened| opened == Err(OpenError)));
    }
}

#[test]
fn chunk_nonces_are_distinct_and_tell_the_last() {
    assert_eq!(chunk_nonce(0, false), [0; 12]);
    assert_eq!(chunk_nonce(0, true), [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    assert_eq!(chunk_nonce(0x0102, false), [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0]);
}
