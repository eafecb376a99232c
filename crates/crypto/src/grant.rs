//! Grants: signed by the stream's owner, keys sealed to the grantee. Format: `docs/formats/grant.md`.

mod acceptance;
mod envelope;
mod opened;

pub use acceptance::{acceptance_key, acceptor_hash};
pub use envelope::{GrantDraft, grant_hash, seal_grant, seal_link_grant};
pub use opened::{OpenedEarlier, OpenedGrant, OpenedScope, open_grant, open_link_grant, verify_grant};

use crate::{
    error::{KeyError, OpenError},
    signature::SignatureError,
    tree::CoverError,
};
use carnet_protocol::{
    Blob,
    category::Category,
    day::{DayRange, Timestamp},
    domain::Domain,
    encoding,
    grant::{EarlierScopes, Grant, GrantScope, GrantSecret, Grantee, SealedGrant},
    id::{CategoryLabel, GrantId, Hash32, StreamId},
    key::VerifyingKey,
    record::Suite,
};
use serde::Serialize;
use zeroize::Zeroize as _;

/// A grant cannot be made or is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// The owner's signature.
    #[error("the grant's signature: {0}")]
    Signature(#[from] SignatureError),
    /// The sealed part is not the one that was signed.
    #[error("the sealed part of the grant is not the one its owner signed")]
    OtherSealedPart,
    /// Sealed to someone else.
    #[error("the grant is made out to another key")]
    OtherGrantee,
    /// The grantee's key.
    #[error("the grantee's key: {0}")]
    GranteeKey(#[from] KeyError),
    /// The sealed part does not open, or was not sealed by who knows the link.
    #[error("the grant: {0}")]
    Open(#[from] OpenError),
    /// The sealed part has keys for fewer or more scopes than the signed part names.
    #[error("the grant holds keys for something else than it says outside")]
    OtherScopes,
    /// Keys that do not fit their range of days.
    #[error("the keys of the grant: {0}")]
    Cover(#[from] CoverError),
    /// No scope at all, or more than `GRANT_SCOPES_MAX`.
    #[error("a grant opens between 1 and 352 scopes, this one {found}")]
    ScopeCount {
        /// Scopes found.
        found: usize,
    },
}

/// Everything of a grant but the hash of its sealed part, bound into that sealed part as associated data; with the
/// owner's key, so that nobody can sign a sealed part of someone else's as their own.
#[derive(Serialize)]
struct Bound<'a> {
    suite: Suite,
    grant: &'a GrantId,
    stream: &'a StreamId,
    owner: &'a VerifyingKey,
    grantee: &'a Grantee,
    scopes: &'a [GrantScope],
    earlier: &'a [EarlierScopes],
    issued_at: Timestamp,
    not_after: Timestamp,
    checkpoint: &'a Option<String>,
}

fn associated(grant: &Grant, owner: &VerifyingKey) -> Vec<u8> {
    encoding::encode(&Bound {
        suite: grant.suite,
        grant: &grant.grant,
        stream: &grant.stream,
        owner,
        grantee: &grant.grantee,
        scopes: &grant.scopes,
        earlier: &grant.earlier,
        issued_at: grant.issued_at,
        not_after: grant.not_after,
        checkpoint: &grant.checkpoint,
    })
}

fn sealed_hash(sealed: &SealedGrant) -> Hash32 {
    crate::hash::digest(Domain::HASH_SEALED_GRANT, &encoding::encode(sealed))
}

/// What a scope opens, and its keys: what a grant is made of. Wiped on drop.
pub struct ScopeKeys {
    /// The category.
    pub category: Category,
    /// Its label.
    pub label: CategoryLabel,
    /// Generation of the day tree.
    pub generation: u16,
    /// The days.
    pub days: DayRange,
    /// The node keys, as [`crate::tree::DayCover::keys`] has them.
    pub cover: Vec<Blob>,
}

impl Drop for ScopeKeys {
    fn drop(&mut self) {
        self.cover.iter_mut().for_each(|key| key.0.zeroize());
    }
}

/// What a grant opens of an earlier owner's passport, and its keys.
pub struct EarlierKeys {
    /// Its stream.
    pub stream: StreamId,
    /// The keys.
    pub scopes: Vec<ScopeKeys>,
}

/// At least one of the stream itself, and no more in all than fit.
fn check_scope_count(own: usize, earlier: impl Iterator<Item = usize>) -> Result<(), GrantError> {
    let found = own + earlier.sum::<usize>();
    if own > 0 && found <= carnet_protocol::limits::GRANT_SCOPES_MAX {
        Ok(())
    } else {
        Err(GrantError::ScopeCount { found })
    }
}

/// A grant's keys in plain memory, wiped when done with.
struct Wiped(GrantSecret);

impl Drop for Wiped {
    fn drop(&mut self) {
        let secret = &mut self.0;
        let keys = secret.keys.iter_mut().chain(secret.earlier.iter_mut().flatten());
        keys.for_each(|(_, keys)| keys.0.zeroize());
        for seed in [&mut secret.acceptance, &mut secret.sale_code].into_iter().flatten() {
            seed.0.zeroize();
        }
    }
}
