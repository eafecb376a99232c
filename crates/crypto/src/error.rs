//! Errors that several formats share.

/// The bytes did not open. Deliberately says no more: which check failed would help only an attacker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sealed data could not be opened with this key")]
pub struct OpenError;

/// A key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// A secret of another length.
    #[error("the key has {found} bytes instead of {expected}")]
    Length {
        /// Bytes the key must have.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// A public key that is no canonical point of the curve's large subgroup.
    #[error("the public key is not a usable point of the curve")]
    WeakPoint,
}
