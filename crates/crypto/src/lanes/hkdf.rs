//! HKDF-Expand with SHA-256 (RFC 5869, RFC 2104), four keys at once.

use super::{
    LANES,
    sha256::{BLOCK_LEN, States, compress, finish, initial, words},
};
use zeroize::Zeroize as _;

/// The output of the hash.
const HASH_LEN: usize = 32;

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
    let (inner, outer) = (keyed(keys, 0x36), keyed(keys, 0x5c));
    let mut before = [[0; HASH_LEN]; LANES];
    for number in 1..=N / HASH_LEN {
        let mut message = [[0; MESSAGE_MAX]; LANES];
        let chained = if number == 1 { 0 } else { HASH_LEN };
        let mut length = 0;
        for ((message, context), before) in message.iter_mut().zip(contexts).zip(&before) {
            let parts: [&[u8]; 4] = [&before[..chained], label, context, &[number as u8]];
            length = 0;
            for part in parts {
                message[length..length + part.len()].copy_from_slice(part);
                length += part.len();
            }
        }
        let hashed = finish_message(inner, message, length);
        before = finish_message(outer, hashed.map(in_block), HASH_LEN);
        for (out, bytes) in out.iter_mut().zip(&before) {
            out[(number - 1) * HASH_LEN..number * HASH_LEN].copy_from_slice(bytes);
        }
        message.zeroize();
    }
    before.zeroize();
}

/// The states after the block of each key, each byte of it changed as RFC 2104 says.
fn keyed(keys: [&[u8; HASH_LEN]; LANES], pad: u8) -> States {
    let mut blocks = [[pad; BLOCK_LEN]; LANES];
    for (block, key) in blocks.iter_mut().zip(keys) {
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
    }
    let mut states = initial();
    compress(&mut states, &words(blocks.each_ref()));
    blocks.zeroize();
    states
}

fn in_block(hash: [u8; HASH_LEN]) -> [u8; MESSAGE_MAX] {
    let mut block = [0; MESSAGE_MAX];
    block[..HASH_LEN].copy_from_slice(&hash);
    block
}

/// Goes on after a key's block with a message of `length` bytes, and ends.
fn finish_message(
    mut states: States,
    mut message: [[u8; MESSAGE_MAX]; LANES],
    length: usize,
) -> [[u8; HASH_LEN]; LANES] {
    let blocks = if length < BLOCK_LEN - 8 { 1 } else { 2 };
    let bits = ((BLOCK_LEN + length) as u64) * 8;
    for bytes in &mut message {
        bytes[length] = 0x80;
        bytes[blocks * BLOCK_LEN - 8..blocks * BLOCK_LEN].copy_from_slice(&bits.to_be_bytes());
    }
    for number in 0..blocks {
        compress(&mut states, &words(message.each_ref().map(|bytes| &bytes.as_chunks::<BLOCK_LEN>().0[number])));
    }
    message.zeroize();
    finish(&states)
}
