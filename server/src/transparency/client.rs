//! One question to a cosigner, over HTTP/1.

use carnet_protocol::{
    api::{CBOR, node},
    encoding,
    limits::NOTE_MAX,
    proof::{CosignAnswer, CosignRequest},
};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    Request, StatusCode,
    body::Bytes,
    client::conn::http1,
    header::{CONTENT_TYPE, HOST},
};
use hyper_util::rt::TokioIo;
use std::{error::Error, time::Duration};
use tokio::net::TcpStream;

/// For one request with its answer: a page of 30,000 commitments takes a cosigner a second or two.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum AskError {
    /// Nobody there, or broken off.
    #[error("it cannot be reached: {0}")]
    Unreachable(Box<dyn Error + Send + Sync>),
    /// It took too long.
    #[error("it did not answer in time")]
    TooSlow,
    /// It refuses.
    #[error("it refuses ({status}): {says}")]
    Refused {
        /// The status.
        status: StatusCode,
        /// In its words.
        says: String,
    },
    /// What came is no answer.
    #[error("its answer is not understood")]
    Malformed,
}

/// Asks the cosigner at `address`.
pub(super) async fn ask(address: &str, request: &CosignRequest) -> Result<CosignAnswer, AskError> {
    tokio::time::timeout(TIMEOUT, ask_now(address, encoding::encode(request))).await.unwrap_or(Err(AskError::TooSlow))
}

async fn ask_now(address: &str, body: Vec<u8>) -> Result<CosignAnswer, AskError> {
    let stream = TcpStream::connect(address).await.map_err(|error| AskError::Unreachable(error.into()))?;
    let handshake = http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(|error| AskError::Unreachable(error.into()))?;
    let driver = tokio::spawn(connection);
    let request = Request::post(node::COSIGN).header(HOST, address).header(CONTENT_TYPE, CBOR);
    let request = request.body(Full::new(Bytes::from(body))).map_err(|_| AskError::Malformed)?;
    let response = sender.send_request(request).await.map_err(|error| AskError::Unreachable(error.into()))?;
    let status = response.status();
    let body = Limited::new(response.into_body(), NOTE_MAX).collect().await.map_err(AskError::Unreachable)?.to_bytes();
    drop(sender);
    // The answer is here; how the connection ends does not matter.
    driver.abort();
    if status != StatusCode::OK {
        let says = String::from_utf8_lossy(&body).chars().take(300).collect();
        return Err(AskError::Refused { status, says });
    }
    encoding::decode(&body).map_err(|_| AskError::Malformed)
}
