//! The relay's signed word for what it answered.
//!
//! Every answer to a request that changes something carries `Carnet-Receipt: <proof>`: a [`ReceiptProof`], canonically
//! encoded, in base64url, signed by the key of the ledger's log, which readers know from their policy. What it covers
//! both sides put together themselves, as for a request's proof. Format: `docs/formats/receipt.md`.

use crate::{
    Blob,
    day::Timestamp,
    domain::Domain,
    id::Hash32,
    key::{Signature, VerifyingKey},
    signed::Signable,
};
use serde::{Deserialize, Serialize};

/// The header that carries the proof.
pub const HEADER: &str = "carnet-receipt";

/// What the signature of a receipt covers: a request and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptClaim {
    /// As in the request's own proof.
    pub method: String,
    /// Path and query, exactly as sent.
    pub path: String,
    /// Hash of the request's `Authorization` header (of no bytes where there is none), label `HASH_AUTHORIZATION`: its
    /// nonce binds the receipt to this very request.
    pub authorization: Hash32,
    /// Hash of the request's body, label `HASH_BODY`.
    pub body: Hash32,
    /// The answer's status.
    pub status: u16,
    /// Hash of the answer's body, label `HASH_ANSWER`: for transactions it lists each one's hash and outcome.
    pub answer: Hash32,
    /// The relay's clock.
    pub at: Timestamp,
}

impl Signable for ReceiptClaim {
    const DOMAIN: Domain = Domain::SIGN_RECEIPT;
}

/// What travels in the header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptProof {
    /// As in the claim.
    pub at: Timestamp,
    /// Over the claim.
    pub signature: Signature,
}

/// A receipt as a client keeps it: whoever knows the log's key can check it, and hold the relay to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptReceipt {
    /// What was asked and answered.
    pub claim: ReceiptClaim,
    /// The key of the log.
    pub log: VerifyingKey,
    /// By that key, over the claim.
    pub signature: Signature,
    /// The answer's body.
    pub answer: Blob,
}

/// The receipts a client has kept, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptReceipts {
    /// At most `RECEIPTS_KEPT`.
    pub receipts: Vec<KeptReceipt>,
}
