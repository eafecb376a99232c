//! The way to the relay: `fetch`, to the origin that served the application.

use carnet_protocol::{
    api::{CBOR, receipt::HEADER},
    limits::SEALED_RECORD_MAX,
};
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
    silence_ms: u32,
    answer_max: usize,
}

impl FetchTransport {
    /// To the origin of this worker.
    pub(super) fn new(scope: DedicatedWorkerGlobalScope) -> Self {
        let authority = scope.location().host();
        Self { scope, authority, silence_ms: SILENCE_MS, answer_max: ANSWER_MAX }
    }

    async fn exchange(&self, request: Request, watch: &mut Watch) -> Result<Response, Failure> {
        let sent = request.body.as_ref().map_or(0, Vec::len);
        watch.allow(self.silence_ms.saturating_add(u32::try_from(sent / UPLINK_PER_MS).unwrap_or(u32::MAX)));
        let init = init(&request, watch)?;
        // A path alone: it goes to the worker's own origin, wherever that is.
        let fetched = JsFuture::from(self.scope.fetch_with_str_and_init(&request.path, &init)).await?;
        let fetched: FetchResponse = fetched.dyn_into()?;
        let body = self.read(&fetched, watch).await?;
        let retry_after_s = fetched.headers().get("retry-after")?.and_then(|value| value.trim().parse().ok());
        let receipt = fetched.headers().get(HEADER)?;
        Ok(Response { status: fetched.status(), retry_after_s, receipt, body })
    }

    /// Reads the body piece by piece: the limit holds whatever the relay claims its length to be, and each piece may take
    /// its time.
    async fn read(&self, fetched: &FetchResponse, watch: &mut Watch) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        let Some(stream) = fetched.body() else { return Ok(body) };
        let reader: ReadableStreamDefaultReader = stream.get_reader().dyn_into().map_err(JsValue::from)?;
        loop {
            watch.allow(self.silence_ms);
            let piece = JsFuture::from(reader.read()).await?;
            if Reflect::get(&piece, &"done".into())?.is_truthy() {
                return Ok(body);
            }
            let piece: Uint8Array = Reflect::get(&piece, &"value".into())?.dyn_into()?;
            let length = piece.length() as usize;
            if body.len() + length > self.answer_max {
                watch.controller.abort();
                return Err(Failure::TooLarge);
            }
            let at = body.len();
            body.resize(at + length, 0);
            piece.copy_to(&mut body[at..]);
        }
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

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use carnet_wallet::transport::Method;
    use js_sys::{Array, Function};
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    /// A relay that is this JavaScript function of path and options; what it was asked is kept.
    fn relay(body: &str) -> (FetchTransport, Array) {
        let asked = Array::new();
        let answer = Function::new_with_args("path, options", body);
        let scope = Function::new_with_args(
            "answer, asked",
            "const scope = Object.create(self);
             scope.fetch = (path, options) => {
               asked.push(path, options);
               return new Promise((resolve, reject) => {
                 options.signal.addEventListener('abort', () => reject(options.signal.reason));
                 Promise.resolve(answer(path, options)).then(resolve, reject);
               });
             };
             return scope;",
        );
        let scope = scope.call2(&JsValue::UNDEFINED, &answer, &asked).unwrap().unchecked_into();
        let transport =
            FetchTransport { scope, authority: "relay.example".to_owned(), silence_ms: 200, answer_max: 1_000 };
        (transport, asked)
    }

    fn request() -> Request {
        let body = Some(vec![0xf6]);
        Request { method: Method::Post, path: "/v1/x?after=1".to_owned(), authorization: Some("A b".to_owned()), body }
    }

    #[wasm_bindgen_test]
    async fn it_carries_a_request_and_brings_status_waiting_time_and_body() {
        let (transport, asked) = relay(
            "return new Response(new Uint8Array([1, 2, 3]), { status: 503, headers: { 'Retry-After': '7', 'Carnet-Receipt': 'r' } });",
        );
        let response = transport.send(request()).await.unwrap();
        let receipt = Some("r".to_owned());
        assert_eq!(response, Response { status: 503, retry_after_s: Some(7), receipt, body: vec![1, 2, 3] });
        assert_eq!(asked.get(0), "/v1/x?after=1");
        let options = asked.get(1);
        let field = |name: &str| Reflect::get(&options, &name.into()).unwrap().as_string();
        assert_eq!(field("method").as_deref(), Some("POST"));
        for (name, value) in [
            ("credentials", "omit"),
            ("mode", "same-origin"),
            ("cache", "no-store"),
            ("redirect", "error"),
            ("referrerPolicy", "no-referrer"),
        ] {
            assert_eq!(field(name).as_deref(), Some(value), "{name}");
        }
        let headers: Headers = Reflect::get(&options, &"headers".into()).unwrap().unchecked_into();
        assert_eq!(headers.get("authorization").unwrap().as_deref(), Some("A b"));
        assert_eq!(headers.get("content-type").unwrap().as_deref(), Some(CBOR));
    }

    #[wasm_bindgen_test]
    async fn no_connection_and_silence_are_told_apart() {
        let (transport, _) = relay("throw new TypeError('no connection');");
        assert_eq!(transport.send(request()).await, Err(TransportError::Unreachable));
        let (transport, _) = relay("return new Promise(() => {});");
        assert_eq!(transport.send(request()).await, Err(TransportError::TimedOut));
    }

    #[wasm_bindgen_test]
    async fn a_body_that_stops_halfway_times_out() {
        let (transport, _) = relay(
            "const body = new ReadableStream({
               start(controller) {
                 controller.enqueue(new Uint8Array(10));
                 options.signal.addEventListener('abort', () => controller.error(options.signal.reason));
               },
             });
             return new Response(body);",
        );
        assert_eq!(transport.send(request()).await, Err(TransportError::TimedOut));
    }

    #[wasm_bindgen_test]
    async fn an_endless_body_is_cut_off() {
        let (transport, asked) =
            relay("return new Response(new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(400)); } }));");
        assert_eq!(transport.send(request()).await, Err(TransportError::TooLarge));
        let signal: web_sys::AbortSignal = Reflect::get(&asked.get(1), &"signal".into()).unwrap().unchecked_into();
        assert!(signal.aborted(), "the connection is not kept");
    }

    #[wasm_bindgen_test]
    async fn who_stops_waiting_ends_the_request() {
        let (transport, asked) = relay("return new Promise(() => {});");
        {
            let mut sending = std::pin::pin!(transport.send(request()));
            std::future::poll_fn(|context| {
                assert!(sending.as_mut().poll(context).is_pending());
                std::task::Poll::Ready(())
            })
            .await;
        }
        let signal: web_sys::AbortSignal = Reflect::get(&asked.get(1), &"signal".into()).unwrap().unchecked_into();
        assert!(signal.aborted());
    }
}
