//! The two keys of a consortium member, from one seed.

use crate::{kdf::expand, sealing::SealingSecret, secret::Secret, signature::SigningKey};
use carnet_protocol::domain::Domain;

/// A member's keys.
#[derive(Debug)]
pub struct MemberKeys {
    /// Signs transactions and requests; names the member.
    pub sign: SigningKey,
    /// Opens grants.
    pub seal: SealingSecret,
}

impl MemberKeys {
    /// Derives both.
    pub fn from_seed(seed: &Secret<32>) -> Self {
        Self {
            sign: SigningKey::from_seed(&expand(seed, Domain::DERIVE_MEMBER_SIGN, &[])),
            seal: SealingSecret::derive(&expand(seed, Domain::DERIVE_MEMBER_SEAL, &[])),
        }
    }
}
