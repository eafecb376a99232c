//! The one box for secret bytes.

use crate::error::KeyError;
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

/// `N` secret bytes on the heap, filled in place and wiped on drop.
///
/// Moving it moves a pointer, never the bytes. It cannot be cloned, printed or serialised; copying is explicit
/// ([`Secret::duplicate`]) and so is looking inside ([`Secret::expose`]).
pub struct Secret<const N: usize>(Box<[u8; N]>);

impl<const N: usize> Secret<N> {
    /// Draws fresh random bytes.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self::filled_by(|bytes| rng.fill_bytes(bytes))
    }

    /// Copies a secret out of a buffer; the caller wipes the buffer.
    ///
    /// # Errors
    /// [`KeyError::Length`] unless `bytes` has exactly `N` bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, KeyError> {
        if bytes.len() == N {
            Ok(Self::filled_by(|secret| secret.copy_from_slice(bytes)))
        } else {
            Err(KeyError::Length { expected: N, found: bytes.len() })
        }
    }

    /// The bytes.
    pub fn expose(&self) -> &[u8; N] {
        &self.0
    }

    pub(crate) fn expose_mut(&mut self) -> &mut [u8; N] {
        &mut self.0
    }

    /// A second copy, wiped on its own.
    pub fn duplicate(&self) -> Self {
        Self::filled_by(|bytes| bytes.copy_from_slice(self.expose()))
    }

    /// Lets `fill` write the bytes where they will stay.
    pub(crate) fn filled_by(fill: impl FnOnce(&mut [u8; N])) -> Self {
        let mut secret = Self(Box::new([0; N]));
        fill(&mut secret.0);
        secret
    }
}

impl<const N: usize> Drop for Secret<N> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<const N: usize> core::fmt::Debug for Secret<N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Secret<{N}>(…)")
    }
}

/// In constant time.
impl<const N: usize> PartialEq for Secret<N> {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_slice().ct_eq(other.0.as_slice()).into()
    }
}

impl<const N: usize> Eq for Secret<N> {}

#[cfg(test)]
mod tests;
