//! Proofs of who sends a request. Format: `docs/formats/request-proof.md`.

use crate::{
    hash::digest,
    signature::{SigningKey, verify_detached},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use carnet_protocol::{
    api::auth::{KEY_SCHEME, RequestClaim, RequestProof},
    day::Timestamp,
    domain::Domain,
    encoding,
    id::Nonce16,
    key::VerifyingKey,
    limits::REQUEST_SKEW_MS,
};

/// Longer than any proof in canonical form (about 200 bytes in base64url): longer headers are not looked at.
const HEADER_MAX: usize = 512;

/// A request's sender, proved. The nonce must not have been seen within the allowed skew: that is the relay's to check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckedRequest {
    /// Who sends.
    pub key: VerifyingKey,
    /// The sender's clock.
    pub at: Timestamp,
    /// Unique.
    pub nonce: Nonce16,
}

/// A proof is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Not `Carnet-Key` and a canonical proof.
    #[error("the Authorization header is not a Carnet-Key proof")]
    Malformed,
    /// The sender's clock is too far off.
    #[error("the clock of the sender is off by {off_ms} ms; {REQUEST_SKEW_MS} are allowed")]
    ClockSkew {
        /// By how much, in milliseconds.
        off_ms: u64,
    },
    /// The signature is not over this request.
    #[error("the proof is not over this request")]
    Signature,
}

/// The value of the `Authorization` header for a request; `path` is path and query exactly as sent.
pub fn prove_request(
    key: &SigningKey,
    method: &str,
    authority: &str,
    path: &str,
    body: &[u8],
    at: Timestamp,
    nonce: Nonce16,
) -> String {
    let signature = key.sign_detached(&claim(method, authority, path, body, at, nonce));
    let proof = RequestProof { key: key.verifying_key(), at, nonce, signature };
    format!("{KEY_SCHEME} {}", URL_SAFE_NO_PAD.encode(encoding::encode(&proof)))
}

/// Reads the value of an `Authorization` header as far as it can be without the request's body: form and time, not the
/// signature.
///
/// # Errors
/// [`RequestError::Malformed`], [`RequestError::ClockSkew`].
pub fn read_proof(header: &str, now: Timestamp) -> Result<RequestProof, RequestError> {
    let proof = parse(header).ok_or(RequestError::Malformed)?;
    let off_ms = proof.at.0.abs_diff(now.0);
    if off_ms > REQUEST_SKEW_MS { Err(RequestError::ClockSkew { off_ms }) } else { Ok(proof) }
}

/// Checks the value of an `Authorization` header against the request it came with.
///
/// # Errors
/// [`RequestError`].
pub fn check_request(
    header: &str,
    method: &str,
    authority: &str,
    path: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<CheckedRequest, RequestError> {
    let RequestProof { key, at, nonce, signature } = read_proof(header, now)?;
    verify_detached(&claim(method, authority, path, body, at, nonce), &key, &signature)
        .map_err(|_| RequestError::Signature)?;
    Ok(CheckedRequest { key, at, nonce })
}

fn parse(header: &str) -> Option<RequestProof> {
    if header.len() > HEADER_MAX {
        return None;
    }
    let proof = header.strip_prefix(KEY_SCHEME)?.strip_prefix(' ')?;
    encoding::decode(&URL_SAFE_NO_PAD.decode(proof).ok()?).ok()
}

fn claim(method: &str, authority: &str, path: &str, body: &[u8], at: Timestamp, nonce: Nonce16) -> RequestClaim {
    RequestClaim {
        method: method.to_owned(),
        authority: authority.to_owned(),
        path: path.to_owned(),
        body: digest(Domain::HASH_BODY, body),
        at,
        nonce,
    }
}
