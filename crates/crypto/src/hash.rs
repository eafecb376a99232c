//! Hashes behind a label.

use carnet_protocol::{domain::Domain, id::Hash32};
use sha2::{Digest, Sha256};

/// SHA-256 over the label and then `data`.
pub fn digest(domain: Domain, data: &[u8]) -> Hash32 {
    Hash32(Sha256::new().chain_update(domain.as_bytes()).chain_update(data).finalize().into())
}
