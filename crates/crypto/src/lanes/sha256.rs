//! SHA-256 (FIPS 180-4), four messages at once.

use super::{LANES, word::Words};

/// Bytes of a block.
pub(super) const BLOCK_LEN: usize = 64;

/// The working state of four hashes (section 5.3.3).
pub(super) const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// Section 4.2.2.
#[rustfmt::skip]
const K: [u32; 64] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
];

/// The states of four hashes.
pub(super) type States = [Words; 8];

/// One block of each of four messages, as words.
pub(super) type Blocks = [Words; 16];

/// The states before the first block.
pub(super) fn initial() -> States {
    INITIAL.map(Words::splat)
}

macro_rules! round {
    ($a:ident $b:ident $c:ident $d:ident $e:ident $f:ident $g:ident $h:ident, $k:expr, $w:expr) => {
        let sum1 = $e.rotate_right::<6>() ^ $e.rotate_right::<11>() ^ $e.rotate_right::<25>();
        let first = $h + sum1 + $e.choose($f, $g) + (Words::splat($k) + $w);
        let sum0 = $a.rotate_right::<2>() ^ $a.rotate_right::<13>() ^ $a.rotate_right::<22>();
        $d = $d + first;
        // The majority: where a and b differ c decides, otherwise either of them.
        $h = first + sum0 + ($a ^ $b).choose($c, $a);
    };
}

macro_rules! eight_rounds {
    ($a:ident $b:ident $c:ident $d:ident $e:ident $f:ident $g:ident $h:ident, $k:ident, $w:ident, $from:literal) => {
        round!($a $b $c $d $e $f $g $h, $k[$from], $w[$from]);
        round!($h $a $b $c $d $e $f $g, $k[$from + 1], $w[$from + 1]);
        round!($g $h $a $b $c $d $e $f, $k[$from + 2], $w[$from + 2]);
        round!($f $g $h $a $b $c $d $e, $k[$from + 3], $w[$from + 3]);
        round!($e $f $g $h $a $b $c $d, $k[$from + 4], $w[$from + 4]);
        round!($d $e $f $g $h $a $b $c, $k[$from + 5], $w[$from + 5]);
        round!($c $d $e $f $g $h $a $b, $k[$from + 6], $w[$from + 6]);
        round!($b $c $d $e $f $g $h $a, $k[$from + 7], $w[$from + 7]);
    };
}

/// Section 6.2.2, steps 2 and 3.
macro_rules! sixteen_rounds {
    ($k:ident, $w:ident, $a:ident $b:ident $c:ident $d:ident $e:ident $f:ident $g:ident $h:ident) => {
        eight_rounds!($a $b $c $d $e $f $g $h, $k, $w, 0);
        eight_rounds!($a $b $c $d $e $f $g $h, $k, $w, 8);
    };
}

macro_rules! schedule {
    ($w:ident: $($i:literal)*) => {
        $(
            let (two, fifteen) = ($w[($i + 14) % 16], $w[($i + 1) % 16]);
            let sigma0 = fifteen.rotate_right::<7>() ^ fifteen.rotate_right::<18>() ^ fifteen.shift_right::<3>();
            let sigma1 = two.rotate_right::<17>() ^ two.rotate_right::<19>() ^ two.shift_right::<10>();
            $w[$i] = $w[$i] + sigma0 + $w[($i + 9) % 16] + sigma1;
        )*
    };
}

/// Takes in one block of each.
#[allow(clippy::many_single_char_names)]
pub(super) fn compress(states: &mut States, blocks: &Blocks) {
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *states;
    let mut w = *blocks;
    let (constants, _) = K.as_chunks::<16>();
    for (number, k) in constants.iter().enumerate() {
        if number > 0 {
            schedule!(w: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
        }
        sixteen_rounds!(k, w, a b c d e f g h);
    }
    for (state, word) in states.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *state = *state + word;
    }
}

/// The words of one block of each.
#[inline(always)]
pub(super) fn words(blocks: [&[u8; BLOCK_LEN]; LANES]) -> Blocks {
    // Four words of one message are read at once, and then put side by side with those of the others.
    let rows = blocks.map(|block| block.as_chunks::<4>().0.as_chunks::<LANES>().0);
    let mut out = [Words::splat(0); 16];
    for (group, words) in out.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
        *words = Words::transpose(rows.map(|row| Words::from_be(row[group])));
    }
    out
}

/// The hashes that states stand for.
pub(super) fn finish(states: &States) -> [[u8; 32]; LANES] {
    let mut out = [[0; 32]; LANES];
    for (word, lanes) in states.iter().enumerate() {
        for (hash, bytes) in out.iter_mut().zip(lanes.to_be()) {
            hash[word * 4..word * 4 + 4].copy_from_slice(&bytes);
        }
    }
    out
}

/// The end of a message behind `prefix`, with its padding (section 5.1.1): one or two blocks.
struct Tail {
    bytes: [u8; 2 * BLOCK_LEN],
    blocks: usize,
}

/// A message behind a prefix, block by block.
struct Message<'a> {
    /// The blocks that hold the prefix and what follows it, when the prefix does not end with a block.
    head: [u8; BLOCK_LEN],
    /// Blocks before `body`: none or one.
    heads: usize,
    body: &'a [[u8; BLOCK_LEN]],
    tail: Tail,
}

impl<'a> Message<'a> {
    /// `prefix` is shorter than a block.
    fn new(prefix: &[u8], message: &'a [u8]) -> Self {
        let bits = ((prefix.len() + message.len()) as u64) * 8;
        let (mut head, mut heads, mut rest) = ([0; BLOCK_LEN], 0, message);
        let mut tail = Tail { bytes: [0; 2 * BLOCK_LEN], blocks: 1 };
        let mut begun = prefix.len();
        head[..begun].copy_from_slice(prefix);
        if let Some((first, after)) = message.split_at_checked(BLOCK_LEN - begun) {
            head[begun..].copy_from_slice(first);
            (heads, rest, begun) = (1, after, 0);
        } else {
            tail.bytes[..begun].copy_from_slice(prefix);
        }
        let (body, left) = rest.as_chunks::<BLOCK_LEN>();
        let end = begun + left.len();
        tail.bytes[begun..end].copy_from_slice(left);
        tail.bytes[end] = 0x80;
        tail.blocks = if end < BLOCK_LEN - 8 { 1 } else { 2 };
        let length = tail.blocks * BLOCK_LEN - 8;
        tail.bytes[length..length + 8].copy_from_slice(&bits.to_be_bytes());
        Self { head, heads, body, tail }
    }

    fn blocks(&self) -> usize {
        self.heads + self.body.len() + self.tail.blocks
    }

    /// A block by its number; beyond the last one the last.
    fn block(&self, number: usize) -> &[u8; BLOCK_LEN] {
        if number < self.heads {
            return &self.head;
        }
        let number = number - self.heads;
        let tail = || {
            let last = (number - self.body.len()).min(self.tail.blocks - 1);
            &self.tail.bytes.as_chunks::<BLOCK_LEN>().0[last]
        };
        self.body.get(number).unwrap_or_else(tail)
    }
}

/// The hashes of four messages of any lengths, each behind the same `prefix` of less than a block.
pub(crate) fn digest(prefix: &[u8], messages: [&[u8]; LANES]) -> [[u8; 32]; LANES] {
    let messages = messages.map(|message| Message::new(prefix, message));
    let blocks = messages.each_ref().map(Message::blocks);
    let longest = blocks.into_iter().max().unwrap_or_default();
    let mut states = initial();
    for number in 0..longest {
        let before = states;
        compress(&mut states, &words(messages.each_ref().map(|message| message.block(number))));
        if blocks.iter().any(|blocks| *blocks <= number) {
            // Lengths are public. A lane that has come to its end keeps its state.
            let going_on = Words::new(blocks.map(|blocks| if number < blocks { u32::MAX } else { 0 }));
            for (state, before) in states.iter_mut().zip(before) {
                *state = going_on.choose(*state, before);
            }
        }
    }
    finish(&states)
}
