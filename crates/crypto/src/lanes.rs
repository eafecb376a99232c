//! SHA-256 of four messages at once, HKDF-Expand of four keys, ChaCha20 of four blocks or four keys, in the four lanes
//! of a 128-bit vector: what a browser's wallet spends its time on when it opens many records.
//!
//! The standards are those of the plain crates (FIPS 180-4, RFC 5869, RFC 8439), and so is every bit of the results: the tests
//! hold one against the other, natively and in the browser. Nothing here branches on data or looks anything up by it.
//! Where there are no such vectors the plain crates are used (`docs/decisions/lanes.md`).

mod chacha20;
mod hkdf;
mod sha256;
mod word;

pub(crate) use chacha20::{Keystream, Keystreams};
pub(crate) use hkdf::expand;
pub(crate) use sha256::digest;

/// How many are done at once.
pub(crate) const LANES: usize = 4;

/// Whether lanes are faster here than the plain crates, which know the instructions of other processors.
pub(crate) const WORTHWHILE: bool = cfg!(all(target_arch = "wasm32", target_feature = "simd128"));

#[cfg(test)]
mod tests;
