//! The second listener: whether the relay is well, and its metrics. Not for the public.

use crate::{relay::App, store::StoreError};
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use carnet_protocol::id::StreamId;

/// Its routes.
pub(super) fn router(app: &App) -> Router {
    Router::new().route("/healthz", get(health)).route("/metrics", get(metrics)).with_state(app.clone())
}

/// Well means that store and ledger answer.
async fn health(State(app): State<App>) -> Response {
    let any = StreamId([0; 16]);
    let store: Result<_, StoreError> = app.store.read(move |tables| tables.stream_use(any)).await;
    let ledger = app.ledger.stream_head(any).await;
    match (store, ledger) {
        (Ok(_), Ok(_)) => "well\n".into_response(),
        (Err(_), _) => (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response(),
        (_, Err(_)) => (StatusCode::SERVICE_UNAVAILABLE, "the ledger does not answer\n").into_response(),
    }
}

async fn metrics(State(app): State<App>) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, app.metrics.text(app.gauges())).into_response()
}
