//! The relay's signed word for what it answered: a header over request and answer, signed by the log's key.
//!
//! Only what can settle something for the client is signed: that it was done, or that there is nothing left to do. A
//! relay without a log signs nothing, and a client whose policy names one goes on keeping what it has sent.

use crate::{error::ApiError, limit::body::Received, relay::Relay};
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use carnet_crypto::receipt::{Exchange, body_hash};
use carnet_protocol::{api::receipt::HEADER, id::Hash32};

/// Answers that are signed are small: the receipts of 64 transactions are the largest, about 6 KB.
const ANSWER_MAX: usize = 64 * 1024;

/// What of a request its receipt covers, taken down before the handler takes it.
pub struct Receipted {
    method: String,
    path: String,
    authorization: String,
    body: Hash32,
}

impl Receipted {
    /// Takes it down. The body has been received.
    pub fn of(request: &Request) -> Self {
        let path = request.uri().path_and_query().map_or(request.uri().path(), |path| path.as_str());
        let authorization = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let received = request.extensions().get::<Received>();
        Self {
            method: request.method().as_str().to_owned(),
            path: path.to_owned(),
            authorization: authorization.unwrap_or_default().to_owned(),
            body: body_hash(received.map_or(&[][..], |received| &received.bytes[..])),
        }
    }

    /// The answer with its receipt.
    pub async fn sign(self, relay: &Relay, answer: Response) -> Response {
        let Some(log) = relay.transparency.as_ref().filter(|_| settles(answer.status())) else { return answer };
        let (mut parts, body) = answer.into_parts();
        let Ok(bytes) = to_bytes(body, ANSWER_MAX).await else { return ApiError::Internal.into_response() };
        let exchange = Exchange {
            method: &self.method,
            path: &self.path,
            authorization: &self.authorization,
            body: self.body,
            status: parts.status.as_u16(),
            answer: &bytes,
        };
        let receipt = log.prover.receipt(&exchange, relay.clock.now());
        if let Ok(value) = HeaderValue::try_from(receipt) {
            parts.headers.insert(HEADER, value);
        }
        Response::from_parts(parts, Body::from(bytes))
    }
}

/// Whether a client may take something off its list by this answer.
fn settles(status: StatusCode) -> bool {
    status.is_success() || matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::CONFLICT)
}
