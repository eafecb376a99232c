//! Padding to size buckets, so that the length of a sealed body says little about what is in it.
//!
//! Padded text: true length (4 bytes, big-endian), the text, zeros. Its total length is a multiple of 256 up to 4 KiB
//! and above that a Padmé length (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", PETS 2019), which
//! adds at most 12 % and leaks O(log log length) bits. Grants are padded to multiples of 256 whatever their length: nearly
//! all of it are keys, whose number the readable part tells anyway, and the steps hide how long the owner's words are.

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
    pad_to(text, bucket(LENGTH_LEN + text.len()))
}

/// The text padded to a multiple of 256 bytes.
pub(crate) fn pad_in_steps(text: &[u8]) -> Vec<u8> {
    pad_to(text, (LENGTH_LEN + text.len()).next_multiple_of(STEP))
}

fn pad_to(text: &[u8], padded: usize) -> Vec<u8> {
    let length = u32::try_from(text.len()).expect("texts are bounded far below 4 GiB by the protocol's limits");
    let mut out = Vec::with_capacity(padded);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(text);
    out.resize(padded, 0);
    out
}

/// Where the text lies in an opened, padded buffer; refuses every padding but the one [`pad`] makes.
pub(crate) fn unpad(padded: &[u8]) -> Result<core::ops::Range<usize>, OpenError> {
    unpad_from(padded, bucket)
}

/// [`unpad`] for [`pad_in_steps`].
pub(crate) fn unpad_steps(padded: &[u8]) -> Result<core::ops::Range<usize>, OpenError> {
    unpad_from(padded, |len| len.next_multiple_of(STEP))
}

fn unpad_from(padded: &[u8], bucket: fn(usize) -> usize) -> Result<core::ops::Range<usize>, OpenError> {
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
