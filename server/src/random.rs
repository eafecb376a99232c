//! Randomness of the operating system, for tokens, tickets and the demo's seeds.

use crate::error::ApiError;

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
