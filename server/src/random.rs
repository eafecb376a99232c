//! Randomness of the operating system, for tokens, tickets and the demo's seeds.

use crate::error::ApiError;
use core::convert::Infallible;
use rand_core::{TryCryptoRng, TryRng};
use zeroize::{Zeroize as _, Zeroizing};

/// Fresh random bytes.
///
/// # Errors
/// [`ApiError::Internal`] when the system has none to give.
pub fn bytes<const N: usize>() -> Result<[u8; N], ApiError> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    Ok(bytes)
}

fn fill(bytes: &mut [u8]) -> Result<(), ApiError> {
    getrandom::fill(bytes).map_err(|_| {
        tracing::error!("the operating system gave no randomness");
        ApiError::Internal
    })
}

/// Randomness for what is written against `rand_core`: blocks of the operating system's, fetched ahead so that drawing
/// cannot fail in the middle. What was drawn is wiped here at once, the rest with it: a proof's scalar comes from it, and
/// whoever learns that learns the key.
pub struct Random {
    block: Zeroizing<[u8; Self::BLOCK]>,
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
        let mut block = Zeroizing::new([0; Self::BLOCK]);
        fill(&mut block[..])?;
        Ok(Self { block, used: 0 })
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
        let rest = &mut self.block[self.used..];
        let drawn =
            rest.get_mut(..out.len()).expect("nobody draws more than a block from one that lives for one answer");
        out.copy_from_slice(drawn);
        drawn.zeroize();
        self.used += out.len();
        Ok(())
    }
}

impl TryCryptoRng for Random {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_was_drawn_is_wiped() {
        let mut random = Random::new().unwrap();
        let mut drawn = [0; 64];
        random.try_fill_bytes(&mut drawn).unwrap();
        assert_ne!(drawn, [0; 64]);
        assert_eq!(random.block[..64], [0; 64]);
        let mut more = [0; 64];
        random.try_fill_bytes(&mut more).unwrap();
        assert!(more != [0; 64] && more != drawn);
        // The rest goes with it.
        fn is_wiped_on_drop<T: zeroize::ZeroizeOnDrop>(_: &T) {}
        is_wiped_on_drop(&random.block);
    }
}
