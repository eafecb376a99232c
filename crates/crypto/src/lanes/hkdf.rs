//! HKDF-Expand with SHA-256 (RFC 5869, RFC 2104), four keys at once.

use super::{
    LANES,
    sha256::{BLOCK_LEN, States, compress, finish, initial, words},
    word::{Wiped, Words},
};
use zeroize::Zeroizing;

/// The output of the hash, in bytes and in words.
const HASH_LEN: usize = 32;
const HASH_WORDS: usize = HASH_LEN / 4;

/// Two blocks: the longest message behind a key's block in what this expands.
const MESSAGE_MAX: usize = 2 * BLOCK_LEN;

/// Expands each key with its info, label first: `N` bytes of output, a multiple of 32. All infos have one length, and with the
/// output before them and their padding they fit two blocks.
pub(crate) fn expand<const N: usize>(
    keys: [&[u8; HASH_LEN]; LANES],
    label: &[u8],
    contexts: [&[u8]; LANES],
    mut out: [&mut [u8; N]; LANES],
) {
    const { assert!(N.is_multiple_of(HASH_LEN) && N > 0) };
    let key = Wiped(in_words(keys));
    let (inner, outer) = (Wiped(keyed(&key, 0x3636_3636)), Wiped(keyed(&key, 0x5c5c_5c5c)));
    let mut before: Option<Wiped<8>> = None;
    for number in 1..=N / HASH_LEN {
        let hashed = Wiped(info(&inner, before.as_deref(), label, contexts, number as u8));
        let bytes = Wiped(finish_hash(&outer, &hashed));
        let hashes = Zeroizing::new(finish(&bytes));
        for (out, hash) in out.iter_mut().zip(hashes.iter()) {
            out[(number - 1) * HASH_LEN..number * HASH_LEN].copy_from_slice(hash);
        }
        before = Some(bytes);
    }
}

/// A key's words in each lane.
#[inline(always)]
fn in_words(keys: [&[u8; HASH_LEN]; LANES]) -> States {
    let keys = keys.map(|key| key.as_chunks::<4>().0);
    core::array::from_fn(|word| Words::from_be(keys.map(|key| key[word])))
}

/// The states after the block of each key, each word of it changed as RFC 2104 says.
fn keyed(key: &States, pad: u32) -> States {
    let pad = Words::splat(pad);
    let block: Wiped<16> = Wiped(core::array::from_fn(|word| key.get(word).map_or(pad, |key| *key ^ pad)));
    let mut states = initial();
    compress(&mut states, &block);
    states
}

/// The inner hash: the output before, label, context and number behind a key's block. Only the output before is secret: it is
/// set in as words, and nothing of it stays in the message's bytes.
fn info(inner: &States, before: Option<&States>, label: &[u8], contexts: [&[u8]; LANES], number: u8) -> States {
    let mut message = [[0; MESSAGE_MAX]; LANES];
    let mut length = 0;
    for (message, context) in message.iter_mut().zip(contexts) {
        length = before.map_or(0, |_| HASH_LEN);
        for part in [label, context, &[number]] {
            message[length..length + part.len()].copy_from_slice(part);
            length += part.len();
        }
        message[length] = 0x80;
    }
    let blocks = if length < BLOCK_LEN - 8 { 1 } else { 2 };
    for message in &mut message {
        message[blocks * BLOCK_LEN - 8..blocks * BLOCK_LEN].copy_from_slice(&bits(length).to_be_bytes());
    }
    let mut states = *inner;
    for number in 0..blocks {
        let bytes = message.each_ref().map(|bytes| &bytes.as_chunks::<BLOCK_LEN>().0[number]);
        let mut block = Wiped(words(bytes));
        if let (0, Some(before)) = (number, before) {
            block[..HASH_WORDS].copy_from_slice(before);
        }
        compress(&mut states, &block);
    }
    states
}

/// The outer hash: what the inner one gave, behind a key's block.
fn finish_hash(outer: &States, hashed: &States) -> States {
    let end = |word| match word {
        HASH_WORDS => Words::splat(0x8000_0000),
        15 => Words::splat(bits(HASH_LEN) as u32),
        _ => Words::splat(0),
    };
    let block: Wiped<16> = Wiped(core::array::from_fn(|word| hashed.get(word).copied().unwrap_or_else(|| end(word))));
    let mut states = *outer;
    compress(&mut states, &block);
    states
}

/// Bits of a message of so many bytes behind a key's block.
fn bits(length: usize) -> u64 {
    ((BLOCK_LEN + length) as u64) * 8
}
