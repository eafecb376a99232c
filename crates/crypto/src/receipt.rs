//! The relay's receipts: the log's key signs what was asked and what was answered. Format: `docs/formats/receipt.md`.

use crate::{hash::digest, note::NoteKey, signature::verify_detached};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use carnet_protocol::{
    Blob,
    api::receipt::{KeptReceipt, ReceiptClaim, ReceiptProof},
    day::Timestamp,
    domain::Domain,
    encoding,
    id::Hash32,
    key::VerifyingKey,
};

/// Longer than any receipt in canonical form (about 130 characters): longer headers are not looked at.
const HEADER_MAX: usize = 256;

/// A request and its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchange<'a> {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: &'a str,
    /// Path and query, exactly as sent.
    pub path: &'a str,
    /// The `Authorization` header; empty for none.
    pub authorization: &'a str,
    /// Hash of the request's body, as in the request's own proof ([`body_hash`]).
    pub body: Hash32,
    /// The answer's status.
    pub status: u16,
    /// The answer's body; empty for none.
    pub answer: &'a [u8],
}

/// A receipt is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Not a canonical receipt.
    #[error("the receipt is malformed")]
    Malformed,
    /// No known log has signed it over this request and answer.
    #[error("the receipt is not signed by the log over this request and answer")]
    Signature,
}

impl Exchange<'_> {
    fn claim(&self, at: Timestamp) -> ReceiptClaim {
        ReceiptClaim {
            method: self.method.to_owned(),
            path: self.path.to_owned(),
            authorization: digest(Domain::HASH_AUTHORIZATION, self.authorization.as_bytes()),
            body: self.body,
            status: self.status,
            answer: digest(Domain::HASH_ANSWER, self.answer),
            at,
        }
    }
}

/// The hash of a request's body; of no bytes where there is none.
pub fn body_hash(body: &[u8]) -> Hash32 {
    digest(Domain::HASH_BODY, body)
}

/// The value of the `Carnet-Receipt` header for an answer.
pub fn sign_receipt(key: &NoteKey, exchange: &Exchange<'_>, at: Timestamp) -> String {
    let signature = key.sign_detached(&exchange.claim(at));
    URL_SAFE_NO_PAD.encode(encoding::encode(&ReceiptProof { at, signature }))
}

/// Checks the value of a `Carnet-Receipt` header against what was asked and answered; `logs` are the keys of those that
/// may have signed.
///
/// # Errors
/// [`ReceiptError`].
pub fn check_receipt(
    header: &str,
    exchange: &Exchange<'_>,
    logs: &[VerifyingKey],
) -> Result<KeptReceipt, ReceiptError> {
    let ReceiptProof { at, signature } = parse(header).ok_or(ReceiptError::Malformed)?;
    let claim = exchange.claim(at);
    let signed = logs.iter().find(|log| verify_detached(&claim, log, &signature).is_ok());
    let log = *signed.ok_or(ReceiptError::Signature)?;
    Ok(KeptReceipt { claim, log, signature, answer: Blob(exchange.answer.to_vec()) })
}

/// Verifies a receipt that somebody kept: the signature of the log named in it, and that the answer is the one signed for.
///
/// # Errors
/// [`ReceiptError::Signature`].
pub fn verify_kept(kept: &KeptReceipt) -> Result<(), ReceiptError> {
    let same = digest(Domain::HASH_ANSWER, &kept.answer.0) == kept.claim.answer;
    let signed = verify_detached(&kept.claim, &kept.log, &kept.signature).is_ok();
    if same && signed { Ok(()) } else { Err(ReceiptError::Signature) }
}

fn parse(header: &str) -> Option<ReceiptProof> {
    if header.len() > HEADER_MAX {
        return None;
    }
    encoding::decode(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()
}
