//! How a request proves who sends it.
//!
//! `Authorization: Carnet-Key <proof>` carries a [`RequestProof`], canonically encoded, in base64url: a signature over
//! method, authority, path with query, body hash, time and a nonce. The relay refuses a time further off than
//! `REQUEST_SKEW_MS` and a nonce seen before within it. `Authorization: Carnet-View <token>` carries a view token
//! that opening a link gave.

use crate::{
    day::Timestamp,
    domain::Domain,
    id::{Hash32, Nonce16},
    key::{Signature, VerifyingKey},
    signed::Signable,
};
use serde::{Deserialize, Serialize};

/// Scheme of a signed request.
pub const KEY_SCHEME: &str = "Carnet-Key";
/// Scheme of a link reader's request.
pub const VIEW_SCHEME: &str = "Carnet-View";

/// What the signature of a request covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestClaim {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: String,
    /// Host and port as in the URL, so that a proof given to one relay is no good at another.
    pub authority: String,
    /// Path and query, exactly as sent.
    pub path: String,
    /// Hash of the body (of zero bytes when there is none), label `HASH_BODY`.
    pub body: Hash32,
    /// The sender's clock.
    pub at: Timestamp,
    /// Unique.
    pub nonce: Nonce16,
}

impl Signable for RequestClaim {
    const DOMAIN: Domain = Domain::SIGN_REQUEST;
}

/// What travels in the header; the relay rebuilds the claim from the request itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestProof {
    /// Who sends.
    pub key: VerifyingKey,
    /// As in the claim.
    pub at: Timestamp,
    /// As in the claim.
    pub nonce: Nonce16,
    /// Over the claim.
    pub signature: Signature,
}
