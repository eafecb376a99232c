//! What keeps the relay standing under load: limits on bodies, callers and work in progress.

pub mod body;
pub mod gate;
pub mod nonce;
pub mod queue;
pub mod quota;
