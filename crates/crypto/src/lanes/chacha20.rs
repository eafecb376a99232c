//! ChaCha20 (RFC 8439, section 2.4): four blocks of one keystream at once, or one block of each of four keystreams.

use super::{
    LANES,
    word::{Wiped, Words},
};
use zeroize::Zeroizing;

/// Bytes of keystream that are made at once: four blocks.
pub(crate) const PER_PASS: usize = 64 * LANES;

/// "expand 32-byte k".
const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];

/// The keystream of one key and nonce, from its block 0 on. Wiped on drop.
pub(crate) struct Keystream {
    words: Zeroizing<[u32; 16]>,
    /// The four blocks made last, as the words that their bytes are, least significant first.
    made: Zeroizing<[u32; PER_PASS / 4]>,
}

impl Keystream {
    /// At its start, with nothing made yet.
    pub(crate) fn new(key: &[u8; 32], nonce: &[u8; 12]) -> Self {
        let mut words = Zeroizing::new([0; 16]);
        words[..4].copy_from_slice(&CONSTANTS);
        for (word, bytes) in words[4..12].iter_mut().zip(key.as_chunks::<4>().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        for (word, bytes) in words[13..].iter_mut().zip(nonce.as_chunks::<4>().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        Self { words, made: Zeroizing::new([0; PER_PASS / 4]) }
    }

    /// Makes the next four blocks.
    fn next(&mut self) -> &[u32; PER_PASS / 4] {
        let counter = self.words[12];
        let mut first = Wiped(self.words.map(Words::splat));
        first[12] = Words::new(core::array::from_fn(|lane| counter.wrapping_add(lane as u32)));
        let x = blocks(&first);
        for (group, words) in x.as_chunks::<4>().0.iter().enumerate() {
            for (block, row) in Words::transpose(*words).into_iter().enumerate() {
                let at = block * 16 + group * 4;
                self.made[at..at + 4].copy_from_slice(&row.to_words());
            }
        }
        self.words[12] = counter.wrapping_add(LANES as u32);
        &self.made
    }

    /// Makes the first four blocks; the first 32 bytes of them, for the authenticator.
    pub(crate) fn start(&mut self) -> Zeroizing<[u8; 32]> {
        authenticator_key(self.next())
    }

    /// Encrypts or decrypts `text`, which begins with the second of the four blocks made last.
    pub(crate) fn apply(&mut self, text: &mut [u8]) {
        let (first, rest) = text.split_at_mut(text.len().min(PER_PASS - 64));
        xor(first, &self.made[16..]);
        for chunk in rest.chunks_mut(PER_PASS) {
            xor(chunk, self.next());
        }
    }
}

/// The keystreams of four keys side by side, from block 0 on, a block of each at a time. Wiped on drop.
pub(crate) struct Keystreams {
    first: Wiped<16>,
    /// The block of each made last, as words.
    made: Zeroizing<[[u32; 16]; LANES]>,
}

impl Keystreams {
    /// At their start, with nothing made yet.
    pub(crate) fn new(keys: [&[u8; 32]; LANES], nonces: [&[u8; 12]; LANES]) -> Self {
        let keys = keys.map(|key| key.as_chunks::<4>().0);
        let nonces = nonces.map(|nonce| nonce.as_chunks::<4>().0);
        let first = core::array::from_fn(|word| match word {
            0..4 => Words::splat(CONSTANTS[word]),
            4..12 => Words::from_le(keys.map(|key| key[word - 4])),
            12 => Words::splat(0),
            _ => Words::from_le(nonces.map(|nonce| nonce[word - 13])),
        });
        Self { first: Wiped(first), made: Zeroizing::new([[0; 16]; LANES]) }
    }

    /// Makes the next block of each.
    fn next(&mut self) -> &[[u32; 16]; LANES] {
        let x = blocks(&self.first);
        for (group, words) in x.as_chunks::<4>().0.iter().enumerate() {
            for (made, row) in self.made.iter_mut().zip(Words::transpose(*words)) {
                made[group * 4..group * 4 + 4].copy_from_slice(&row.to_words());
            }
        }
        self.first[12] = self.first[12] + Words::splat(1);
        &self.made
    }

    /// Makes the first block of each; the first 32 bytes of each, for the authenticators.
    pub(crate) fn start(&mut self) -> [Zeroizing<[u8; 32]>; LANES] {
        self.next().each_ref().map(|made| authenticator_key(made))
    }

    /// Decrypts texts, each of which begins with the next block of its keystream; where there is none that lane idles.
    pub(crate) fn apply(&mut self, mut texts: [Option<&mut [u8]>; LANES]) {
        while texts.iter().flatten().any(|text| !text.is_empty()) {
            for (text, made) in texts.iter_mut().zip(self.next()) {
                if let Some(left) = text.take() {
                    let (now, later) = left.split_at_mut(left.len().min(64));
                    xor(now, made);
                    *text = Some(later);
                }
            }
        }
    }
}

/// The key of the authenticator, from the first block of a keystream (RFC 8439, section 2.6).
fn authenticator_key(block: &[u32]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    for (bytes, word) in key.as_chunks_mut::<4>().0.iter_mut().zip(block) {
        *bytes = word.to_le_bytes();
    }
    key
}

/// Four blocks from their first states.
fn blocks(first: &[Words; 16]) -> Wiped<16> {
    let mut x = Wiped(*first);
    for _ in 0..10 {
        double_round(&mut x);
    }
    for (word, first) in x.iter_mut().zip(first) {
        *word = *word + *first;
    }
    x
}

fn xor(text: &mut [u8], stream: &[u32]) {
    let (words, rest) = text.as_chunks_mut::<4>();
    for (bytes, stream) in words.iter_mut().zip(stream) {
        *bytes = (u32::from_le_bytes(*bytes) ^ stream).to_le_bytes();
    }
    let last = stream.get(words.len()).map_or([0; 4], |word| word.to_le_bytes());
    rest.iter_mut().zip(last).for_each(|(byte, stream)| *byte ^= stream);
}

macro_rules! quarter {
    ($x:ident: $a:literal $b:literal $c:literal $d:literal) => {
        $x[$a] = $x[$a] + $x[$b];
        $x[$d] = ($x[$d] ^ $x[$a]).rotate_left::<16>();
        $x[$c] = $x[$c] + $x[$d];
        $x[$b] = ($x[$b] ^ $x[$c]).rotate_left::<12>();
        $x[$a] = $x[$a] + $x[$b];
        $x[$d] = ($x[$d] ^ $x[$a]).rotate_left::<8>();
        $x[$c] = $x[$c] + $x[$d];
        $x[$b] = ($x[$b] ^ $x[$c]).rotate_left::<7>();
    };
}

#[inline(always)]
fn double_round(x: &mut [Words; 16]) {
    quarter!(x: 0 4 8 12);
    quarter!(x: 1 5 9 13);
    quarter!(x: 2 6 10 14);
    quarter!(x: 3 7 11 15);
    quarter!(x: 0 5 10 15);
    quarter!(x: 1 6 11 12);
    quarter!(x: 2 7 8 13);
    quarter!(x: 3 4 9 14);
}
