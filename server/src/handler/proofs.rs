//! Checkpoints and what they prove. Readers check it all; the relay only hands it out.

use crate::{
    auth::Anyone,
    error::ApiError,
    exchange::Cbor,
    relay::{App, Relay},
    transparency::Transparency,
};
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use carnet_protocol::proof::{
    CheckpointProof, CheckpointRequest, ConsistencyProof, ConsistencyRequest, DirectoryProof, ProofRequest, StreamProof,
};
use carnet_transparency::BooksError;

impl Relay {
    /// The log, where there is one.
    fn log(&self) -> Result<&Transparency, ApiError> {
        self.transparency.as_deref().ok_or(ApiError::NotFound)
    }
}

/// What a prover says; before the first checkpoint is cosigned it is worth asking again.
fn published<T>(answer: Result<Option<T>, BooksError>) -> Result<T, ApiError> {
    found(answer)?.ok_or(ApiError::Busy)
}

fn found<T>(answer: Result<Option<T>, BooksError>) -> Result<Option<T>, ApiError> {
    answer.map_err(|error| {
        tracing::error!(%error, "the transparency log could not be read");
        ApiError::Internal
    })
}

/// The newest cosigned checkpoint.
pub async fn checkpoint(State(app): State<App>, _: Anyone) -> Result<Response, ApiError> {
    let note = published(app.log()?.prover.published())?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))], note).into_response())
}

/// The same, with what joins it to one seen before.
pub async fn checkpoint_proof(
    State(app): State<App>,
    _: Anyone,
    Cbor(request): Cbor<CheckpointRequest>,
) -> Result<Cbor<CheckpointProof>, ApiError> {
    published(app.log()?.prover.checkpoint_proof(request.seen)).map(Cbor)
}

/// The proof of a stream, or that there is none.
pub async fn stream(
    State(app): State<App>,
    _: Anyone,
    Cbor(request): Cbor<ProofRequest>,
) -> Result<Cbor<StreamProof>, ApiError> {
    published(app.log()?.prover.stream_proof(&request)).map(Cbor)
}

/// The members, proved.
pub async fn directory(
    State(app): State<App>,
    _: Anyone,
    Cbor(request): Cbor<CheckpointRequest>,
) -> Result<Cbor<DirectoryProof>, ApiError> {
    published(app.log()?.prover.directory_proof(request.seen)).map(Cbor)
}

/// What joins two checkpoints.
pub async fn consistency(
    State(app): State<App>,
    _: Anyone,
    Cbor(request): Cbor<ConsistencyRequest>,
) -> Result<Cbor<ConsistencyProof>, ApiError> {
    found(app.log()?.prover.consistency_proof(request.from, request.to))?.map(Cbor).ok_or(ApiError::NotFound)
}
