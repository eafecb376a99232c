//! Lanes against the plain crates: the browser runs the same (`tests/browser.rs`).

use super::{LANES, chacha20::PER_PASS, digest, expand};
use crate::aead::{Sealed, in_lanes::open_four};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _, aead::AeadInOut as _};
use hkdf::Hkdf;
use sha2::{Digest as _, Sha256};

/// Bytes that differ from place to place and from seed to seed.
fn bytes(seed: usize, len: usize) -> Vec<u8> {
    (0..len).map(|at| (at.wrapping_mul(167) ^ (seed + at / 251).wrapping_mul(59)) as u8).collect()
}

fn hashes_agree(prefix: &[u8], messages: [&[u8]; LANES]) {
    let plain: [[u8; 32]; LANES] =
        messages.map(|message| Sha256::new().chain_update(prefix).chain_update(message).finalize().into());
    assert_eq!(digest(prefix, messages), plain, "{} {:?}", prefix.len(), messages.map(<[u8]>::len));
}

#[test]
fn every_length_hashes_as_the_plain_code_does() {
    for len in 0..=300 {
        let messages: [Vec<u8>; LANES] = core::array::from_fn(|lane| bytes(lane, len));
        for prefix in [0, 1, 23, 63] {
            hashes_agree(&bytes(9, prefix), messages.each_ref().map(Vec::as_slice));
        }
    }
}

#[test]
fn messages_of_different_lengths_hash_side_by_side() {
    for start in 0..200 {
        let messages: [Vec<u8>; LANES] = core::array::from_fn(|lane| bytes(lane, (start * (lane + 1) * 7) % 700));
        for prefix in [0, 23, 55, 56] {
            hashes_agree(&bytes(8, prefix), messages.each_ref().map(Vec::as_slice));
        }
    }
    hashes_agree(b"", [b"", b"abc", &bytes(1, 16_384), b""]);
}

fn expands_agree<const N: usize>(label: &[u8], context: usize) {
    let keys: [[u8; 32]; LANES] = core::array::from_fn(|lane| bytes(lane, 32).try_into().expect("32 bytes"));
    let contexts: [Vec<u8>; LANES] = core::array::from_fn(|lane| bytes(lane + 4, context));
    let mut out = [[0; N]; LANES];
    expand(keys.each_ref(), label, contexts.each_ref().map(Vec::as_slice), out.each_mut());
    for ((key, context), out) in keys.iter().zip(&contexts).zip(&out) {
        let mut plain = [0; N];
        let hkdf = Hkdf::<Sha256>::from_prk(key).expect("32 bytes");
        hkdf.expand_multi_info(&[label, context], &mut plain).expect("short");
        assert_eq!(*out, plain, "label {}, context {}", label.len(), context.len());
    }
}

#[test]
fn keys_expand_as_the_plain_code_does_with_every_length_of_info() {
    for info in 0..=86 {
        for label in [0, info / 2, info] {
            expands_agree::<32>(&bytes(7, label), info - label);
            expands_agree::<64>(&bytes(7, label), info - label);
            expands_agree::<96>(&bytes(7, label), info - label);
        }
    }
}

#[test]
fn every_length_is_sealed_as_the_plain_code_does() {
    let (key, nonce): ([u8; 32], [u8; 12]) = ([7; 32], [9; 12]);
    let plain = ChaCha20Poly1305::new(&key.into());
    let ours = crate::aead::in_lanes::CipherInLanes::new(&key);
    for len in (0..=3 * PER_PASS).chain([16_384, 16_385]) {
        let (text, aad) = (bytes(len, len), bytes(1, len % 40));
        let mut expected = text.clone();
        let tag = plain.encrypt_inout_detached(&nonce.into(), &aad, expected.as_mut_slice().into()).expect("short");
        let mut sealed = text.clone();
        assert_eq!(ours.seal_in_place(&nonce, &aad, &mut sealed), <[u8; 16]>::from(tag), "{len}");
        assert_eq!(sealed, expected, "{len}");
        for bit in [0, 64, 127] {
            let mut wrong = <[u8; 16]>::from(tag);
            wrong[bit / 8] ^= 1 << (bit % 8);
            assert!(ours.open_in_place(&nonce, &aad, &mut sealed, &wrong).is_err(), "{len}");
            assert_eq!(sealed, expected, "untouched where the tag is wrong");
        }
        assert!(ours.open_in_place(&nonce, &aad, &mut sealed, &tag[..15]).is_err());
        ours.open_in_place(&nonce, &aad, &mut sealed, &tag).expect("its own tag");
        assert_eq!(sealed, text, "{len}");
    }
}

/// Four keys side by side, of every mix of lengths: a wrong tag fails alone, and leaves its text as it was.
#[test]
fn four_messages_open_side_by_side_as_each_alone() {
    for start in 0..300 {
        let lengths: [usize; LANES] = core::array::from_fn(|lane| (start * (lane + 1) * 5) % 400);
        let keys: [[u8; 32]; LANES] =
            core::array::from_fn(|lane| bytes(start + lane, 32).try_into().expect("32 bytes"));
        let nonces: [[u8; 12]; LANES] = core::array::from_fn(|lane| bytes(7 + lane, 12).try_into().expect("12 bytes"));
        let texts = lengths.map(|length| bytes(length, length));
        let aads: [Vec<u8>; LANES] = core::array::from_fn(|lane| bytes(lane, start % 50 + lane));
        let mut sealed = texts.clone();
        let mut tags: [[u8; 16]; LANES] = core::array::from_fn(|lane| {
            ChaCha20Poly1305::new(&keys[lane].into())
                .encrypt_inout_detached(&nonces[lane].into(), &aads[lane], sealed[lane].as_mut_slice().into())
                .expect("short")
                .into()
        });
        let wrong = start % 5;
        if let Some(tag) = tags.get_mut(wrong) {
            tag[start % 16] ^= 1;
        }
        let mut opened = sealed.clone();
        let mut messages = opened
            .iter_mut()
            .zip(&aads)
            .zip(keys.iter().zip(&nonces))
            .zip(&tags)
            .map(|(((text, aad), (key, nonce)), tag)| Sealed { key, nonce: *nonce, aad, text, tag });
        let mut four: [Sealed<'_>; LANES] = core::array::from_fn(|_| messages.next().expect("four"));
        let outcomes = open_four(&mut four);
        for lane in 0..LANES {
            assert_eq!(outcomes[lane].is_ok(), lane != wrong, "{start}, {lane}");
            assert_eq!(
                opened[lane],
                if lane == wrong { &sealed[lane] } else { &texts[lane] }.as_slice(),
                "{start}, {lane}"
            );
        }
    }
}
