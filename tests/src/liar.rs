//! A relay that lies to a browser: a proxy in front of the real one whose answers go through the hostile relay's fixture.

use crate::Step;
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use carnet_hostile_relay::{Answer, Asked, Heard, HostileRelay, Lie};
use carnet_protocol::api::receipt::HEADER as RECEIPT;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use std::sync::{Arc, Mutex};
use tokio::net::{TcpListener, TcpStream};

/// More than any body of the app or the relay.
const BODY_MAX: usize = 64 * 1024 * 1024;

/// The proxy; honest until it is told what to lie about. It ends with the runtime of its test.
pub struct Liar {
    port: u16,
    relay: Arc<Mutex<HostileRelay>>,
}

#[derive(Clone)]
struct Between {
    target: Arc<str>,
    relay: Arc<Mutex<HostileRelay>>,
}

impl Liar {
    /// Listens on a port of its own in front of the relay at `target`.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(target: &str) -> Step<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let relay = Arc::new(Mutex::new(HostileRelay::new(Heard::default())));
        let between = Between { target: target.into(), relay: relay.clone() };
        let app = Router::new().fallback(pass).with_state(between);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { port, relay })
    }

    /// Where the browser goes.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Lies from now on.
    pub fn lie(&self, lie: Lie) {
        self.relay.lock().expect("no holder of the lock panics").begin(lie);
    }

    /// How many answers were changed since.
    pub fn told(&self) -> usize {
        self.relay.lock().expect("no holder of the lock panics").told()
    }
}

/// One request there and its answer back.
async fn pass(State(between): State<Between>, request: Request) -> Response {
    match exchange(&between, request).await {
        Ok(response) => response,
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    }
}

async fn exchange(between: &Between, request: Request) -> Step<Response> {
    let (mut parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    parts.uri = path.parse()?;
    // What is compressed could not be changed.
    if path.starts_with("/v1/") {
        parts.headers.remove(header::ACCEPT_ENCODING);
    }
    let sent = to_bytes(body, BODY_MAX).await?;
    let asked = Asked { method: parts.method.to_string(), path, body: sent.to_vec() };
    let stream = TcpStream::connect(&*between.target).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let response = sender.send_request(Request::from_parts(parts, Full::new(sent))).await?;
    let (mut parts, body) = response.into_parts();
    let endless = parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
    if endless {
        return Ok(Response::from_parts(parts, Body::new(body)));
    }
    let body = body.collect().await?.to_bytes().to_vec();
    let receipt = parts.headers.remove(RECEIPT).and_then(|value| value.to_str().ok().map(str::to_owned));
    let honest = Answer { status: parts.status.as_u16(), receipt, body };
    let told = between.relay.lock().expect("no holder of the lock panics").answer(&asked, honest);
    parts.status = StatusCode::from_u16(told.status)?;
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::TRANSFER_ENCODING);
    if let Some(receipt) = told.receipt {
        parts.headers.insert(RECEIPT, receipt.parse()?);
    }
    Ok(Response::from_parts(parts, Body::from(Bytes::from(told.body))))
}
