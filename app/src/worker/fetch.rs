//! The way to the relay: `fetch`, to the origin that served the application.

use carnet_protocol::{api::CBOR, limits::SEALED_RECORD_MAX};
use carnet_wallet::transport::{Request, Response, Transport, TransportError};
use gloo::timers::callback::Timeout;
use js_sys::{Reflect, Uint8Array};
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, DedicatedWorkerGlobalScope, Headers, ReadableStreamDefaultReader, ReferrerPolicy, RequestCache,
    RequestCredentials, RequestInit, RequestMode, RequestRedirect, Response as FetchResponse,
};

/// How long the relay may be silent.
const SILENCE_MS: u32 = 20_000;

/// What a slow uplink carries in a millisecond, in bytes: 32 KiB/s. A full attachment gets eleven minutes.
const UPLINK_PER_MS: usize = 32;

/// The largest answer: one sealed record with the largest attachment. Pages are smaller.
const ANSWER_MAX: usize = SEALED_RECORD_MAX;

/// Requests to the relay.
pub(super) struct FetchTransport {
    scope: DedicatedWorkerGlobalScope,
    authority: String,
}

impl FetchTransport {
    /// To the origin of this worker.
    pub(super) fn new(scope: DedicatedWorkerGlobalScope) -> Self {
        let authority = scope.location().host();
        Self { scope, authority }
    }

    async fn exchange(&self, request: Request, watch: &mut Watch) -> Result<Response, Failure> {
        let sent = request.body.as_ref().map_or(0, Vec::len);
        watch.allow(SILENCE_MS.saturating_add(u32::try_from(sent / UPLINK_PER_MS).unwrap_or(u32::MAX)));
        let init = init(&request, watch)?;
        // A path alone: it goes to the worker's own origin, wherever that is.
        let fetched = JsFuture::from(self.scope.fetch_with_str_and_init(&request.path, &init)).await?;
        let fetched: FetchResponse = fetched.dyn_into()?;
        let body = read(&fetched, watch).await?;
        let retry_after_s = fetched.headers().get("retry-after")?.and_then(|value| value.trim().parse().ok());
        Ok(Response { status: fetched.status(), retry_after_s, body })
    }
}

impl Transport for FetchTransport {
    fn authority(&self) -> &str {
        &self.authority
    }

    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let mut watch = Watch::new().map_err(|_| TransportError::Unreachable)?;
        let result = self.exchange(request, &mut watch).await;
        watch.done();
        result.map_err(|failure| match failure {
            Failure::TooLarge => TransportError::TooLarge,
            Failure::Thrown if watch.expired.get() => TransportError::TimedOut,
            Failure::Thrown => TransportError::Unreachable,
        })
    }
}

/// Why an exchange ended early. What the browser throws says no more than that.
enum Failure {
    Thrown,
    TooLarge,
}

impl From<JsValue> for Failure {
    fn from(_: JsValue) -> Self {
        Failure::Thrown
    }
}

/// Ends an exchange that takes too long, or that nobody waits for any more.
struct Watch {
    controller: AbortController,
    expired: Rc<Cell<bool>>,
    timeout: Option<Timeout>,
    done: bool,
}

impl Watch {
    fn new() -> Result<Self, JsValue> {
        Ok(Self { controller: AbortController::new()?, expired: Rc::default(), timeout: None, done: false })
    }

    /// From now on, this long.
    fn allow(&mut self, milliseconds: u32) {
        let (controller, expired) = (self.controller.clone(), self.expired.clone());
        // The earlier one is cancelled by being dropped.
        self.timeout = Some(Timeout::new(milliseconds, move || {
            expired.set(true);
            controller.abort();
        }));
    }

    fn done(&mut self) {
        self.done = true;
        self.timeout = None;
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if !self.done {
            self.controller.abort();
        }
    }
}

fn init(request: &Request, watch: &Watch) -> Result<RequestInit, JsValue> {
    let headers = Headers::new()?;
    headers.set("accept", CBOR)?;
    if let Some(authorization) = &request.authorization {
        headers.set("authorization", authorization)?;
    }
    let init = RequestInit::new();
    init.set_method(request.method.as_str());
    if let Some(body) = &request.body {
        headers.set("content-type", CBOR)?;
        init.set_body(&Uint8Array::from(body.as_slice()));
    }
    init.set_headers(&headers);
    init.set_mode(RequestMode::SameOrigin);
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(RequestCache::NoStore);
    init.set_redirect(RequestRedirect::Error);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_signal(Some(&watch.controller.signal()));
    Ok(init)
}

/// Reads the body piece by piece: the limit holds whatever the relay claims its length to be, and each piece may take
/// its time.
async fn read(fetched: &FetchResponse, watch: &mut Watch) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    let Some(stream) = fetched.body() else { return Ok(body) };
    let reader: ReadableStreamDefaultReader = stream.get_reader().dyn_into().map_err(JsValue::from)?;
    loop {
        watch.allow(SILENCE_MS);
        let piece = JsFuture::from(reader.read()).await?;
        if Reflect::get(&piece, &"done".into())?.is_truthy() {
            return Ok(body);
        }
        let piece: Uint8Array = Reflect::get(&piece, &"value".into())?.dyn_into()?;
        let length = piece.length() as usize;
        if body.len() + length > ANSWER_MAX {
            watch.controller.abort();
            return Err(Failure::TooLarge);
        }
        let at = body.len();
        body.resize(at + length, 0);
        piece.copy_to(&mut body[at..]);
    }
}
