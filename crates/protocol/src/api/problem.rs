//! Errors of the relay: RFC 9457 problem details.

use serde::{Deserialize, Serialize};

/// The body of an error response, `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// `urn:carnet:problem:<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short, in English, the same for every occurrence.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// The stable code.
    pub code: ProblemCode,
    /// What happened here and what to do; no identifier, no user data.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
}

/// Stable codes; clients decide by these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The request is malformed. 400.
    BadRequest,
    /// No valid proof of a key, or a time or nonce that is refused. 401.
    Unauthenticated,
    /// The clock of the sender is too far off. 401.
    ClockSkew,
    /// The key may not do this. 403.
    Forbidden,
    /// Wrong bearer token: a wrong link or a wrong PIN. 403.
    WrongToken,
    /// No such thing, or not for this key. 404.
    NotFound,
    /// Another version is there. 409.
    Conflict,
    /// Ended or closed. 410.
    Gone,
    /// A share or its link was taken back. 410.
    Revoked,
    /// The link was taken over into a wallet. 410.
    Claimed,
    /// The link was opened as often as allowed, or its PIN was missed too often. 410.
    UsedUp,
    /// The body is too large. 413.
    TooLarge,
    /// The ledger refused; `detail` carries the rejection's sentence. 422.
    LedgerRejected,
    /// Too many requests of this caller; see `Retry-After`. 429.
    QuotaExceeded,
    /// A fault of the relay. 500.
    Internal,
    /// Overloaded; see `Retry-After`. 503.
    Busy,
}
