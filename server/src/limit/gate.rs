//! The gate every request passes before its handler: caller's quota, body, a slot to run.
//!
//! The body is read before a slot is taken, so slow senders cost memory they have filled themselves and nobody's turn.
//! A large one is read only for who shows a proof that may turn out to be good.

use super::{
    body::{BodyRules, SMALL_BODY, announced, receive},
    quota::Caller,
};
use crate::{auth, error::ApiError, receipt::Receipted, relay::App};
use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::HeaderMap,
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Instant,
};

/// The gate of one route.
#[derive(Clone)]
pub struct Gate {
    /// The relay.
    pub app: App,
    /// The route's method and template, for log and metrics: never the path itself.
    pub method: &'static str,
    /// See `method`.
    pub route: &'static str,
    /// Bytes its bodies may have.
    pub body_max: usize,
    /// Whether it takes a signed request only.
    pub signed: bool,
    /// Whether its answers carry a receipt.
    pub receipted: bool,
}

/// Where a request comes from, for quotas only: never logged, never stored.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub Caller);

/// Middleware: lets a request through or refuses it, and notes what became of it.
pub async fn admit(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let response = pass(&gate, request, next).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    gate.app.metrics.request(gate.method, gate.route, status, took);
    tracing::debug!(method = gate.method, route = gate.route, status, took_us = took.as_micros() as u64, "request");
    response
}

async fn pass(gate: &Gate, request: Request, next: Next) -> Response {
    match prepare(gate, request).await {
        Err(refusal) => refusal.into_response(),
        Ok(request) => match gate.app.queue.enter().await {
            Err(refusal) => refusal.into_response(),
            Ok(_slot) if gate.receipted => {
                let receipted = Receipted::of(&request);
                receipted.sign(&gate.app, next.run(request).await).await
            }
            Ok(_slot) => next.run(request).await,
        },
    }
}

async fn prepare(gate: &Gate, request: Request) -> Result<Request, ApiError> {
    let (mut parts, body) = request.into_parts();
    let peer = peer(parts.extensions.get::<ConnectInfo<SocketAddr>>(), &parts.headers, gate.app.config.behind_proxy);
    gate.app.peer_quota.check(peer, Instant::now())?;
    // A small one is read first, so that its sender hears the refusal and not the end of the connection.
    if gate.signed && announced(&parts.headers).unwrap_or(gate.body_max) > SMALL_BODY {
        auth::expect_proof(&parts, &gate.app, peer)?;
    }
    let rules = BodyRules { max: gate.body_max, timeout: gate.app.config.limits.body_timeout };
    let received = receive(peer, &parts.headers, body, rules, &gate.app.budget).await?;
    parts.extensions.insert(Peer(peer));
    parts.extensions.insert(received);
    Ok(Request::from_parts(parts, Body::empty()))
}

fn peer(connection: Option<&ConnectInfo<SocketAddr>>, headers: &HeaderMap, behind_proxy: bool) -> Caller {
    // Only the last entry was written by the proxy; those before it are the client's own word.
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
    let forwarded = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
    let direct = connection.map_or(IpAddr::from(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
    Caller::peer(forwarded.filter(|_| behind_proxy).unwrap_or(direct))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_forwarded_address_counts_only_behind_a_proxy_and_only_its_own_entry() {
        let connection = ConnectInfo("192.0.2.1:9".parse::<SocketAddr>().unwrap());
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "198.51.100.1, 203.0.113.5".parse().unwrap());
        let direct = Caller::peer("192.0.2.1".parse().unwrap());
        assert_eq!(peer(Some(&connection), &headers, false), direct);
        assert_eq!(peer(Some(&connection), &headers, true), Caller::peer("203.0.113.5".parse().unwrap()));
        headers.insert("x-forwarded-for", "nonsense".parse().unwrap());
        assert_eq!(peer(Some(&connection), &headers, true), direct);
    }
}
