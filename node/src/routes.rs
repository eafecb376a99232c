//! The two routes.

use crate::serve::Clock;
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use carnet_protocol::{
    api::{CBOR, node},
    encoding,
    limits::{BODY_MAX, NOTE_MAX},
    proof::CosignRequest,
};
use carnet_transparency::{Cosigner, cosigner::Refusal};
use std::sync::Arc;

/// A page of transactions, a note and a proof.
const REQUEST_MAX: usize = BODY_MAX + NOTE_MAX + 64 * 1024;

/// What the handlers work with.
#[derive(Clone)]
pub(crate) struct Node {
    pub cosigner: Arc<Cosigner>,
    pub clock: Clock,
}

pub(crate) fn router(node: Node) -> Router {
    Router::new()
        .route(node::COSIGN, post(cosign))
        .route(node::COSIGNER, get(show))
        .layer(DefaultBodyLimit::max(REQUEST_MAX))
        .with_state(node)
}

/// Takes transactions in and signs.
async fn cosign(State(node): State<Node>, body: Bytes) -> Response {
    let Ok(request) = encoding::decode::<CosignRequest>(&body) else {
        return (StatusCode::BAD_REQUEST, "the body is not the canonical encoding of a request").into_response();
    };
    // Signatures and disk: not on a thread that serves.
    let answer = tokio::task::spawn_blocking(move || {
        let answer = node.cosigner.cosign(&request, (node.clock)());
        answer.inspect_err(|refusal| report(refusal, &request))
    });
    match answer.await {
        Ok(Ok(answer)) => {
            ([(header::CONTENT_TYPE, HeaderValue::from_static(CBOR))], encoding::encode(&answer)).into_response()
        }
        Ok(Err(refusal)) => (status(&refusal), refusal.to_string()).into_response(),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "the cosigner broke off").into_response(),
    }
}

/// A log that does wrong is news for the whole consortium: both notes stand in the log of this node, signed as they are.
fn report(refusal: &Refusal, request: &CosignRequest) {
    match refusal {
        Refusal::Malformed | Refusal::UnknownLog(_) | Refusal::NotByLog | Refusal::TooMany => {
            tracing::warn!(%refusal, "a request was refused");
        }
        Refusal::Books(error) => tracing::error!(%error, "the books failed"),
        Refusal::AgainstTheRules { .. } | Refusal::Fork { .. } | Refusal::WrongState => {
            tracing::error!(%refusal, checkpoint = request.checkpoint, "the log does wrong: nothing was signed");
        }
    }
}

fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::Malformed | Refusal::TooMany => StatusCode::BAD_REQUEST,
        Refusal::UnknownLog(_) => StatusCode::NOT_FOUND,
        Refusal::NotByLog => StatusCode::FORBIDDEN,
        Refusal::Fork { .. } => StatusCode::CONFLICT,
        Refusal::AgainstTheRules { .. } | Refusal::WrongState => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::Books(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Who it is and how far it is.
async fn show(State(node): State<Node>) -> Response {
    match (node.cosigner.verifier(), node.cosigner.size()) {
        (Some(verifier), Ok(size)) => format!("{verifier}\n{size}\n").into_response(),
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
