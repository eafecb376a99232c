//! One HTTP/1.1 connection.
//!
//! Browsers and clients reach a public relay through a TLS proxy, which speaks HTTP/2 to them and HTTP/1.1 here.
//! `axum::serve` installs no timer, so its header timeout never fires; this does.

use super::stalled::Unstalled;
use crate::config::Limits;
use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::Watcher,
};
use std::{net::SocketAddr, time::Duration};
use tokio::net::TcpStream;
use tower::Service as _;

/// Bytes of a request's head, and of each direction's buffer.
const HEAD_MAX: usize = 64 * 1024;

/// What a connection may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    /// For a head to arrive whole, counted from the end of the request before: it ends idle connections too.
    header: Duration,
    /// For the client to take what is sent.
    write: Duration,
    /// For running requests when the relay ends.
    pub shutdown: Duration,
}

impl Rules {
    /// From the configuration.
    pub fn new(limits: &Limits) -> Self {
        Self { header: limits.header_timeout, write: limits.write_timeout, shutdown: limits.shutdown_timeout }
    }
}

/// Serves a connection to its end.
pub(super) async fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    rules: Rules,
    watcher: Watcher,
) {
    // Only a matter of speed; a socket that refuses it works all the same.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        // A router is always ready.
        router.clone().call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(rules.header)
        .max_buf_size(HEAD_MAX)
        .serve_connection(TokioIo::new(Unstalled::new(stream, rules.write)), service);
    if let Err(error) = watcher.watch(connection).await {
        // Broken-off and timed-out connections are everyday; nothing of them is worth keeping.
        tracing::debug!(timeout = error.is_timeout(), "a connection ended early");
    }
}
