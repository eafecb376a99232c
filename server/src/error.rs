//! Every way a request can fail, mapped once to status, stable code and RFC 9457 problem details.

use crate::{ledger::LedgerUnavailable, store::StoreError};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use carnet_protocol::api::{Problem, ProblemCode};

/// A refused or failed request. `detail` texts say what happened and what to do; they carry no identifier and no data
/// of anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiError {
    /// The request is malformed.
    BadRequest(&'static str),
    /// The path does not take this method.
    MethodNotAllowed,
    /// The body came too slowly.
    TooSlow,
    /// No valid proof.
    Unauthenticated(&'static str),
    /// The proof's time is too far from the relay's clock, which the `Date` header tells.
    ClockSkew,
    /// The key may not do this.
    Forbidden(&'static str),
    /// A wrong link or PIN.
    WrongToken,
    /// No such thing, or not for this key.
    NotFound,
    /// Another version is there.
    Conflict(&'static str),
    /// Ended or closed.
    Gone(&'static str),
    /// A share or its link that was taken back.
    Revoked,
    /// A link that was taken over into a wallet.
    Claimed,
    /// Opened as often as allowed, or its PIN missed too often.
    UsedUp,
    /// The body, or a part of it, is too large.
    TooLarge {
        /// Bytes allowed.
        max: usize,
    },
    /// This caller asks too often.
    QuotaExceeded {
        /// Seconds until there is room again.
        retry_after: u32,
    },
    /// This stream takes up as much as it may.
    StreamFull,
    /// The relay is overloaded.
    Busy,
    /// A fault of the relay; the log has it.
    Internal,
}

/// Seconds after which a caller may try again when the relay is overloaded: longer than any queue takes to drain.
const BUSY_RETRY: u32 = 2;
/// Seconds after which a full stream may have room again.
const FULL_RETRY: u32 = 3_600;

impl ApiError {
    fn parts(self) -> (StatusCode, ProblemCode, &'static str) {
        use ProblemCode as Code;
        match self {
            Self::BadRequest(_) => (StatusCode::BAD_REQUEST, Code::BadRequest, "Malformed request"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, Code::BadRequest, "Method not allowed"),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, Code::BadRequest, "Body sent too slowly"),
            Self::Unauthenticated(_) => (StatusCode::UNAUTHORIZED, Code::Unauthenticated, "No valid proof"),
            Self::ClockSkew => (StatusCode::UNAUTHORIZED, Code::ClockSkew, "Clock too far off"),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, Code::Forbidden, "Not allowed"),
            Self::WrongToken => (StatusCode::FORBIDDEN, Code::WrongToken, "Wrong link or PIN"),
            Self::NotFound => (StatusCode::NOT_FOUND, Code::NotFound, "Not found"),
            Self::Conflict(_) => (StatusCode::CONFLICT, Code::Conflict, "Another version is there"),
            Self::Gone(_) => (StatusCode::GONE, Code::Gone, "No longer available"),
            Self::Revoked => (StatusCode::GONE, Code::Revoked, "Taken back"),
            Self::Claimed => (StatusCode::GONE, Code::Claimed, "Link claimed"),
            Self::UsedUp => (StatusCode::GONE, Code::UsedUp, "Link used up"),
            Self::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge, "Too large"),
            Self::QuotaExceeded { .. } => (StatusCode::TOO_MANY_REQUESTS, Code::QuotaExceeded, "Too many requests"),
            Self::StreamFull => (StatusCode::TOO_MANY_REQUESTS, Code::QuotaExceeded, "Passport full"),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, Code::Busy, "Overloaded"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, "Fault of the relay"),
        }
    }

    fn detail(self) -> Option<String> {
        let text = match self {
            Self::BadRequest(text)
            | Self::Unauthenticated(text)
            | Self::Forbidden(text)
            | Self::Conflict(text)
            | Self::Gone(text) => text,
            Self::ClockSkew => "Set the clock by the Date header of this answer and sign again.",
            Self::TooLarge { max } => return Some(format!("At most {max} bytes are taken here.")),
            Self::Revoked => "Its owner took this share back.",
            Self::Claimed => "Somebody keeps what this link showed in a wallet; it opens nothing more.",
            Self::UsedUp => "It was opened as often as allowed, or missed too often. Ask for a new one.",
            Self::StreamFull => "This passport takes up as much room as this relay gives one.",
            Self::QuotaExceeded { .. } | Self::Busy => "Try again after the time in Retry-After.",
            Self::TooSlow => "Send the body faster, or in smaller batches.",
            Self::MethodNotAllowed | Self::WrongToken | Self::NotFound | Self::Internal => return None,
        };
        Some(text.to_owned())
    }

    fn retry_after(self) -> Option<u32> {
        match self {
            Self::Busy => Some(BUSY_RETRY),
            Self::QuotaExceeded { retry_after } => Some(retry_after),
            Self::StreamFull => Some(FULL_RETRY),
            _ => None,
        }
    }

    /// Whether the rest of the request was left unread, so that the connection must not be used again.
    fn leaves_body_unread(self) -> bool {
        matches!(self, Self::TooLarge { .. } | Self::TooSlow)
    }

    /// The problem details.
    pub fn problem(self) -> Problem {
        let (status, code, title) = self.parts();
        // The code's wire form is its serde name; a unit variant always has one.
        let name = serde_json::to_value(code).ok().and_then(|value| value.as_str().map(str::to_owned));
        Problem {
            kind: format!("urn:carnet:problem:{}", name.unwrap_or_default()),
            title: title.to_owned(),
            status: status.as_u16(),
            code,
            detail: self.detail(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.problem()).unwrap_or_default();
        let mut response = (self.parts().0, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.leaves_body_unread() {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Busy,
            error => {
                tracing::error!(%error, "the store failed");
                Self::Internal
            }
        }
    }
}

impl From<LedgerUnavailable> for ApiError {
    fn from(error: LedgerUnavailable) -> Self {
        match error {
            LedgerUnavailable::Busy => Self::Busy,
            LedgerUnavailable::Fault => Self::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_problem_names_its_code_as_the_protocol_does() {
        let problem = ApiError::QuotaExceeded { retry_after: 3 }.problem();
        assert_eq!(problem.kind, "urn:carnet:problem:quota_exceeded");
        assert_eq!(problem.status, 429);
        let json = serde_json::to_string(&problem).unwrap();
        assert!(json.contains("\"code\":\"quota_exceeded\""), "{json}");
    }

    #[test]
    fn overload_says_when_to_come_back() {
        let response = ApiError::Busy.into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[header::RETRY_AFTER], "2");
    }
}
