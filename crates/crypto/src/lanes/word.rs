//! Four 32-bit words side by side: a vector in the browser, an array elsewhere.

use core::ops::{Add, BitXor};

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use simd as backend;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use portable as backend;

/// Four words.
#[derive(Clone, Copy)]
pub(super) struct Words(backend::Inner);

/// Words that say something of a key: overwritten when they are dropped.
pub(super) struct Wiped<const N: usize>(pub(super) [Words; N]);

impl<const N: usize> Drop for Wiped<N> {
    fn drop(&mut self) {
        self.0 = [Words::splat(0); N];
        zeroize::optimization_barrier(&self.0);
    }
}

impl<const N: usize> core::ops::Deref for Wiped<N> {
    type Target = [Words; N];
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<const N: usize> core::ops::DerefMut for Wiped<N> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl Words {
    #[inline(always)]
    pub(super) fn new(words: [u32; 4]) -> Self {
        Self(backend::new(words))
    }

    /// The same word in every lane.
    #[inline(always)]
    pub(super) fn splat(word: u32) -> Self {
        Self(backend::new([word; 4]))
    }

    /// Four times four bytes, most significant first.
    #[inline(always)]
    pub(super) fn from_be(bytes: [[u8; 4]; 4]) -> Self {
        Self(backend::swap_bytes(backend::new(bytes.map(u32::from_le_bytes))))
    }

    /// Four times four bytes, least significant first.
    #[inline(always)]
    pub(super) fn from_le(bytes: [[u8; 4]; 4]) -> Self {
        Self(backend::new(bytes.map(u32::from_le_bytes)))
    }

    /// See [`Self::from_be`].
    #[inline(always)]
    pub(super) fn to_be(self) -> [[u8; 4]; 4] {
        backend::words(backend::swap_bytes(self.0)).map(u32::to_le_bytes)
    }

    #[inline(always)]
    pub(super) fn to_words(self) -> [u32; 4] {
        backend::words(self.0)
    }

    /// Rotated to the left in each lane, by less than 32.
    #[inline(always)]
    pub(super) fn rotate_left<const BY: u32>(self) -> Self {
        Self(backend::rotate_left::<BY>(self.0))
    }

    /// Rotated to the right in each lane, by less than 32.
    #[inline(always)]
    pub(super) fn rotate_right<const BY: u32>(self) -> Self {
        Self(backend::rotate_right::<BY>(self.0))
    }

    /// Shifted to the right in each lane.
    #[inline(always)]
    pub(super) fn shift_right<const BY: u32>(self) -> Self {
        Self(backend::shift_right::<BY>(self.0))
    }

    /// The bits of `ones` where this has ones, those of `zeros` elsewhere.
    #[inline(always)]
    pub(super) fn choose(self, ones: Self, zeros: Self) -> Self {
        Self(backend::choose(self.0, ones.0, zeros.0))
    }

    /// Rows to columns.
    #[inline(always)]
    pub(super) fn transpose(rows: [Self; 4]) -> [Self; 4] {
        backend::transpose(rows.map(|row| row.0)).map(Self)
    }
}

impl Add for Words {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(backend::add(self.0, other.0))
    }
}

impl BitXor for Words {
    type Output = Self;
    #[inline(always)]
    fn bitxor(self, other: Self) -> Self {
        Self(backend::xor(self.0, other.0))
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd {
    use core::arch::wasm32::{
        i8x16_shuffle, i32x4_shuffle, u32x4, u32x4_add, u32x4_extract_lane, u32x4_shl, u32x4_shr, v128, v128_bitselect,
        v128_or, v128_xor,
    };

    pub(super) type Inner = v128;

    #[inline(always)]
    pub(super) fn new([a, b, c, d]: [u32; 4]) -> v128 {
        u32x4(a, b, c, d)
    }

    #[inline(always)]
    pub(super) fn words(x: v128) -> [u32; 4] {
        [u32x4_extract_lane::<0>(x), u32x4_extract_lane::<1>(x), u32x4_extract_lane::<2>(x), u32x4_extract_lane::<3>(x)]
    }

    #[inline(always)]
    pub(super) fn swap_bytes(x: v128) -> v128 {
        i8x16_shuffle::<3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12>(x, x)
    }

    /// By whole bytes it is one instruction, otherwise three.
    #[inline(always)]
    pub(super) fn rotate_left<const BY: u32>(x: v128) -> v128 {
        match BY {
            16 => i8x16_shuffle::<2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13>(x, x),
            8 => i8x16_shuffle::<3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14>(x, x),
            _ => v128_or(u32x4_shl(x, BY), u32x4_shr(x, 32 - BY)),
        }
    }

    #[inline(always)]
    pub(super) fn rotate_right<const BY: u32>(x: v128) -> v128 {
        v128_or(u32x4_shr(x, BY), u32x4_shl(x, 32 - BY))
    }

    #[inline(always)]
    pub(super) fn shift_right<const BY: u32>(x: v128) -> v128 {
        u32x4_shr(x, BY)
    }

    #[inline(always)]
    pub(super) fn choose(mask: v128, ones: v128, zeros: v128) -> v128 {
        v128_bitselect(ones, zeros, mask)
    }

    #[inline(always)]
    pub(super) fn add(x: v128, y: v128) -> v128 {
        u32x4_add(x, y)
    }

    #[inline(always)]
    pub(super) fn xor(x: v128, y: v128) -> v128 {
        v128_xor(x, y)
    }

    #[inline(always)]
    pub(super) fn transpose([a, b, c, d]: [v128; 4]) -> [v128; 4] {
        let (ab_low, ab_high) = (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
        let (cd_low, cd_high) = (i32x4_shuffle::<0, 4, 1, 5>(c, d), i32x4_shuffle::<2, 6, 3, 7>(c, d));
        [
            i32x4_shuffle::<0, 1, 4, 5>(ab_low, cd_low),
            i32x4_shuffle::<2, 3, 6, 7>(ab_low, cd_low),
            i32x4_shuffle::<0, 1, 4, 5>(ab_high, cd_high),
            i32x4_shuffle::<2, 3, 6, 7>(ab_high, cd_high),
        ]
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable {
    pub(super) type Inner = [u32; 4];

    pub(super) fn new(words: [u32; 4]) -> Inner {
        words
    }

    pub(super) fn words(x: Inner) -> [u32; 4] {
        x
    }

    pub(super) fn swap_bytes(x: Inner) -> Inner {
        x.map(u32::swap_bytes)
    }

    pub(super) fn rotate_left<const BY: u32>(x: Inner) -> Inner {
        x.map(|word| word.rotate_left(BY))
    }

    pub(super) fn rotate_right<const BY: u32>(x: Inner) -> Inner {
        x.map(|word| word.rotate_right(BY))
    }

    pub(super) fn shift_right<const BY: u32>(x: Inner) -> Inner {
        x.map(|word| word >> BY)
    }

    pub(super) fn choose(mask: Inner, ones: Inner, zeros: Inner) -> Inner {
        core::array::from_fn(|lane| mask[lane] & ones[lane] | !mask[lane] & zeros[lane])
    }

    pub(super) fn add(x: Inner, y: Inner) -> Inner {
        core::array::from_fn(|lane| x[lane].wrapping_add(y[lane]))
    }

    pub(super) fn xor(x: Inner, y: Inner) -> Inner {
        core::array::from_fn(|lane| x[lane] ^ y[lane])
    }

    pub(super) fn transpose(rows: [Inner; 4]) -> [Inner; 4] {
        core::array::from_fn(|column| rows.map(|row| row[column]))
    }
}
