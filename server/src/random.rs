//! Randomness of the operating system, for tokens, tickets and the demo's seeds.

use crate::error::ApiError;
use core::convert::Infallible;
use rand_core::{TryCryptoRng, TryRng};

/// Fresh random bytes.
///
/// # Errors
/// [`ApiError::Internal`] when the system has none to give.
pub fn bytes<const N: usize>() -> Result<[u8; N], ApiError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| {
        tracing::error!("the operating system gave no randomness");
        ApiError::Internal
    })?;
    Ok(bytes)
}

/// Randomness for what is written against `rand_core`: blocks of the operating system's, fetched ahead so that drawing
/// cannot fail in the middle.
pub struct Random {
    block: [u8; Self::BLOCK],
    used: usize,
}

impl Random {
    /// A proof draws one scalar from 64 bytes, and again in one case of 2^252.
    const BLOCK: usize = 256;

    /// Fetches the block.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when the system has none to give.
    pub fn new() -> Result<Self, ApiError> {
        Ok(Self { block: bytes()?, used: 0 })
    }
}

impl TryRng for Random {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        let rest = &self.block[self.used..];
        let drawn = rest.get(..out.len()).expect("nobody draws more than a block from one that lives for one answer");
        out.copy_from_slice(drawn);
        self.used += out.len();
        Ok(())
    }
}

impl TryCryptoRng for Random {}
