//! Bodies, identifiers and queries of requests, and canonical answers. What cannot be read is refused here, in one form.

use crate::{
    error::ApiError,
    limit::body::{Held, Received, Reservation},
    relay::App,
};
use axum::{
    body::Body,
    extract::{FromRequestParts, Path},
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use carnet_protocol::{api::CBOR, encoding};
use serde::{Serialize, de::DeserializeOwned};

/// Bodies larger than this are decoded off the threads that serve.
const DECODE_INLINE: usize = 256 * 1024;

/// A canonical CBOR body, in or out.
#[derive(Debug, Clone)]
pub struct Cbor<T>(pub T);

impl<T> FromRequestParts<App> for Cbor<T>
where
    T: Serialize + DeserializeOwned + Send + 'static,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        // A form on another site can post neither this type nor a custom header without asking first.
        if parts.headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != CBOR) {
            return Err(ApiError::BadRequest("The body must be application/cbor."));
        }
        let received = parts.extensions.get::<Received>().cloned();
        let received = received.ok_or(ApiError::BadRequest("This needs a body."))?;
        decoded(received).await.map(Self)
    }
}

/// Decodes on a thread of its own when that takes long.
async fn decoded<T>(received: Received) -> Result<T, ApiError>
where
    T: Serialize + DeserializeOwned + Send + 'static,
{
    let small = received.bytes.len() <= DECODE_INLINE;
    let decode = move || encoding::decode(&received.bytes).map_err(|_| BAD_BODY);
    if small { decode() } else { off_thread(decode).await }
}

const BAD_BODY: ApiError = ApiError::BadRequest("The body is not the canonical encoding of what is expected here.");

/// Runs what would hold up a serving thread on another one.
///
/// # Errors
/// What `work` answers; [`ApiError::Internal`] when it panics.
pub async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(ApiError::Internal))
}

impl<T: Serialize> IntoResponse for Cbor<T> {
    fn into_response(self) -> Response {
        cbor_bytes(encoding::encode(&self.0))
    }
}

fn cbor_bytes(bytes: impl Into<Body>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static(CBOR))], bytes.into()).into_response()
}

/// An answer of canonical bytes, which counts against the memory for bodies until the client has taken it.
pub fn large(bytes: Vec<u8>, held: Reservation) -> Response {
    cbor_bytes(Body::new(Held::new(bytes, held)))
}

/// Identifiers in the path.
#[derive(Debug, Clone, Copy)]
pub struct Ids<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Ids<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let path = Path::<T>::from_request_parts(parts, app).await;
        path.map(|ids| Self(ids.0)).map_err(|_| ApiError::BadRequest("An identifier in the path is malformed."))
    }
}

/// `?after=<number>`: where a page starts; 0 when absent. Nothing else may stand in the query.
#[derive(Debug, Clone, Copy)]
pub struct After(pub Option<u64>);

impl FromRequestParts<App> for After {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        let Some(query) = parts.uri.query().filter(|query| !query.is_empty()) else { return Ok(Self(None)) };
        let after = query.strip_prefix("after=").and_then(|text| text.parse().ok());
        after.map(|after| Self(Some(after))).ok_or(ApiError::BadRequest("The query must be after=<number>."))
    }
}
