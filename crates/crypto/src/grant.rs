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
    day::Timestamp,
    domain::Domain,
    encoding,
    grant::{EarlierKeys, EarlierScopes, Grant, GrantScope, GrantSecret, Grantee, ScopeKeys, SealedGrant},
    id::{GrantId, Hash32, StreamId},
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
    /// The readable scopes are not the sealed ones.
    #[error("the grant says outside that it opens something else than inside")]
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

fn readable_scopes(scopes: &[ScopeKeys]) -> Vec<GrantScope> {
    scopes.iter().map(|s| GrantScope { label: s.label, days: s.days, generation: s.generation }).collect()
}

fn readable_earlier(secret: &GrantSecret) -> Vec<EarlierScopes> {
    let readable = |one: &EarlierKeys| EarlierScopes { stream: one.stream, scopes: readable_scopes(&one.scopes) };
    secret.earlier.iter().map(readable).collect()
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
        let earlier = secret.earlier.iter_mut().flat_map(|earlier| &mut earlier.scopes);
        for scope in secret.scopes.iter_mut().chain(earlier) {
            for key in &mut scope.cover {
                key.0.zeroize();
            }
        }
        for seed in [&mut secret.acceptance, &mut secret.sale_code].into_iter().flatten() {
            seed.0.zeroize();
        }
    }
}
