//! Requests to the relay: building, proving, sending, and reading what comes back.

use crate::{
    error::{Distrust, WalletError},
    transport::{Method, Request, Response, Transport, TransportError},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use carnet_crypto::{request::prove_request, signature::SigningKey};
use carnet_protocol::{
    api::{Problem, ProblemCode, auth::VIEW_SCHEME},
    day::Timestamp,
    encoding,
    id::Nonce16,
};
use rand_core::CryptoRng;
use serde::{Serialize, de::DeserializeOwned};

/// The relay as it is asked at one moment.
pub(crate) struct Relay<'a, T> {
    pub transport: &'a T,
    pub now: Timestamp,
}

/// By what right a request is made.
#[derive(Clone, Copy)]
pub(crate) enum Auth<'a> {
    /// None is needed.
    Open,
    /// A signature.
    Key(&'a SigningKey),
    /// The view token of an opened link.
    View(&'a [u8]),
}

/// A request did not do what it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RelayError {
    /// No answer came: nothing is known of what happened.
    Offline,
    /// It asks to wait.
    Busy { retry_after_s: u32 },
    /// It refused.
    Refused { code: ProblemCode, sentence: String },
    /// The answer is not of the agreed form.
    Malformed,
    /// It says that something was done, but no log has signed that.
    NoReceipt,
}

impl RelayError {
    /// Whether it was refused with this code.
    pub fn is(&self, expected: ProblemCode) -> bool {
        matches!(self, RelayError::Refused { code, .. } if *code == expected)
    }
}

impl From<RelayError> for WalletError {
    fn from(error: RelayError) -> Self {
        match error {
            RelayError::Offline => WalletError::Offline,
            RelayError::Busy { retry_after_s } => WalletError::Busy { retry_after_s },
            RelayError::Malformed => WalletError::Untrusted { what: Distrust::Malformed },
            RelayError::NoReceipt => WalletError::Untrusted { what: Distrust::Receipt },
            RelayError::Refused { code: ProblemCode::ClockSkew, .. } => WalletError::ClockOff { relay: None },
            RelayError::Refused { code: ProblemCode::NotFound, .. } => WalletError::NotFound,
            RelayError::Refused { sentence, .. } => WalletError::Refused(sentence),
        }
    }
}

/// Waiting time where the relay gives none, in seconds.
const RETRY_AFTER_S: u32 = 5;

impl<T: Transport> Relay<'_, T> {
    /// Reads something.
    pub async fn get<A: Serialize + DeserializeOwned>(
        &self,
        path: &str,
        auth: Auth<'_>,
        rng: &mut impl CryptoRng,
    ) -> Result<A, RelayError> {
        decode(&self.send(Method::Get, path, auth, None, rng).await?)
    }

    /// Reads bytes as they are.
    pub async fn get_bytes(&self, path: &str, auth: Auth<'_>, rng: &mut impl CryptoRng) -> Result<Vec<u8>, RelayError> {
        self.send(Method::Get, path, auth, None, rng).await
    }

    /// Sends something for an answer.
    pub async fn post<B: Serialize, A: Serialize + DeserializeOwned>(
        &self,
        path: &str,
        auth: Auth<'_>,
        body: &B,
        rng: &mut impl CryptoRng,
    ) -> Result<A, RelayError> {
        decode(&self.send(Method::Post, path, auth, Some(encoding::encode(body)), rng).await?)
    }

    /// Sends a request; the answer's body is the caller's to read.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        auth: Auth<'_>,
        body: Option<Vec<u8>>,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, RelayError> {
        judge(self.exchange(self.request(method, path, auth, body, rng)).await?)
    }

    /// A request with its proof.
    pub fn request(
        &self,
        method: Method,
        path: &str,
        auth: Auth<'_>,
        body: Option<Vec<u8>>,
        rng: &mut impl CryptoRng,
    ) -> Request {
        let authorization = match auth {
            Auth::Open => None,
            Auth::View(token) => Some(format!("{VIEW_SCHEME} {}", URL_SAFE_NO_PAD.encode(token))),
            Auth::Key(key) => {
                let mut nonce = [0; Nonce16::LEN];
                rng.fill_bytes(&mut nonce);
                let authority = self.transport.authority();
                let bytes = body.as_deref().unwrap_or_default();
                Some(prove_request(key, method.as_str(), authority, path, bytes, self.now, Nonce16(nonce)))
            }
        };
        Request { method, path: path.to_owned(), authorization, body }
    }

    /// Whatever answer comes.
    pub async fn exchange(&self, request: Request) -> Result<Response, RelayError> {
        self.transport.send(request).await.map_err(|error| match error {
            TransportError::TooLarge => RelayError::Malformed,
            TransportError::Unreachable | TransportError::TimedOut => RelayError::Offline,
        })
    }
}

pub(crate) fn decode<A: Serialize + DeserializeOwned>(body: &[u8]) -> Result<A, RelayError> {
    encoding::decode(body).map_err(|_| RelayError::Malformed)
}

/// What an answer says.
pub(crate) fn judge(response: Response) -> Result<Vec<u8>, RelayError> {
    if (200..300).contains(&response.status) {
        return Ok(response.body);
    }
    let busy = RelayError::Busy { retry_after_s: response.retry_after_s.unwrap_or(RETRY_AFTER_S) };
    match serde_json::from_slice::<Problem>(&response.body) {
        Ok(problem) if matches!(problem.code, ProblemCode::Busy | ProblemCode::QuotaExceeded) => Err(busy),
        Ok(problem) => {
            Err(RelayError::Refused { code: problem.code, sentence: problem.detail.unwrap_or(problem.title) })
        }
        // A gateway in between speaks another language: 5xx and 429 pass, anything else is no answer of a relay.
        Err(_) if response.status >= 500 || response.status == 429 => Err(busy),
        Err(_) => Err(RelayError::Malformed),
    }
}

/// A path with `after`, where there is one.
pub(crate) fn page_path(path: String, after: Option<u64>) -> String {
    match after {
        Some(after) => format!("{path}?after={after}"),
        None => path,
    }
}
