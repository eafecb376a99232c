//! How requests reach the relay. The wallet builds and signs them; a transport only carries bytes.

use core::future::Future;

/// Methods that the relay's interface knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `DELETE`
    Delete,
}

impl Method {
    /// As in the request line and in what is signed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }
}

/// A request, ready to send.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Its method.
    pub method: Method,
    /// Path and query, to be put behind the relay's origin.
    pub path: String,
    /// The `Authorization` header.
    pub authorization: Option<String>,
    /// The body, canonical CBOR.
    pub body: Option<Vec<u8>>,
}

/// A response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Status.
    pub status: u16,
    /// The `Retry-After` header in seconds, where there is one.
    pub retry_after_s: Option<u32>,
    /// The `Carnet-Receipt` header, where there is one.
    pub receipt: Option<String>,
    /// The body, read up to the transport's limit.
    pub body: Vec<u8>,
}

/// No response came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No connection, or it broke.
    #[error("the relay cannot be reached")]
    Unreachable,
    /// It took too long.
    #[error("the relay did not answer in time")]
    TimedOut,
    /// The body is larger than the limit of the wallet.
    #[error("the relay's answer is too large")]
    TooLarge,
}

/// Carries requests to one relay.
pub trait Transport {
    /// Host and port, as in the relay's URL: part of what a request's signature covers.
    fn authority(&self) -> &str;

    /// Sends a request and reads the whole response.
    fn send(&self, request: Request) -> impl Future<Output = Result<Response, TransportError>>;
}
