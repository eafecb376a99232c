//! Padding to size buckets, so that the length of a sealed body says little about what is in it.
//!
//! Padded text: true length (4 bytes, big-endian), the text, zeros. Its total length is a multiple of 256 up to 4 KiB
//! and above that a Padmé length (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", PETS 2019), which
//! adds at most 12 % and leaks O(log log length) bits.

use crate::error::OpenError;

const LENGTH_LEN: usize = 4;
const STEP: usize = 256;
const STEPPED_MAX: usize = 4 * 1024;

/// The bucket for a padded text that needs `len` bytes.
pub(crate) fn bucket(len: usize) -> usize {
    if len <= STEPPED_MAX {
        return len.next_multiple_of(STEP).max(STEP);
    }
    // Padmé: the low E - S bits of the length become zero, E = floor(log2 len), S = floor(log2 E) + 1.
    let exponent = len.ilog2();
    let significant = exponent.ilog2() + 1;
    len.next_multiple_of(1 << (exponent - significant))
}

/// The padded text.
pub(crate) fn pad(text: &[u8]) -> Vec<u8> {
    let padded = bucket(LENGTH_LEN + text.len());
    let length = u32::try_from(text.len()).expect("texts are bounded far below 4 GiB by the protocol's limits");
    let mut out = Vec::with_capacity(padded);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(text);
    out.resize(padded, 0);
    out
}

/// Where the text lies in an opened, padded buffer; refuses every padding but the one [`pad`] makes.
pub(crate) fn unpad(padded: &[u8]) -> Result<core::ops::Range<usize>, OpenError> {
    let (length, rest) = padded.split_first_chunk::<LENGTH_LEN>().ok_or(OpenError)?;
    let length = u32::from_be_bytes(*length) as usize;
    let (_, zeros) = rest.split_at_checked(length).ok_or(OpenError)?;
    if padded.len() != bucket(LENGTH_LEN + length) || zeros.iter().any(|byte| *byte != 0) {
        return Err(OpenError);
    }
    Ok(LENGTH_LEN..LENGTH_LEN + length)
}

#[cfg(test)]
mod tests;
