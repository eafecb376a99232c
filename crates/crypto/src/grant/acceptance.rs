//! The key that accepts one grant on the ledger.
//!
//! The ledger must not name the grantee, so it holds the hash of a key made for one grant. The owner derives the key,
//! names its hash when issuing, and hands the seed over inside the sealed part.

use crate::{hash::digest, kdf::expand, secret::Secret, signature::SigningKey};
use carnet_protocol::{
    domain::Domain,
    id::{GrantId, Hash32, StreamId},
    key::VerifyingKey,
    ledger::acceptor_bytes,
};

/// The key that accepts a grant, as its owner derives it; the grantee finds it in [`super::OpenedGrant`].
pub fn acceptance_key(owner: &SigningKey, stream: &StreamId, grant: &GrantId) -> SigningKey {
    SigningKey::from_seed(&seed(owner, stream, grant))
}

/// What an `IssueGrant` says of the key that may accept: SHA-256 behind `HASH_ACCEPTOR`.
pub fn acceptor_hash(stream: &StreamId, grant: &GrantId, key: &VerifyingKey) -> Hash32 {
    digest(Domain::HASH_ACCEPTOR, &acceptor_bytes(stream, grant, key))
}

pub(super) fn seed(owner: &SigningKey, stream: &StreamId, grant: &GrantId) -> Secret<32> {
    expand(&owner.seed(), Domain::DERIVE_ACCEPTANCE, &[&stream.0, &grant.0])
}
