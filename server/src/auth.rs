//! Who sends a request: a proved key, the holder of a view token, or anyone.
//!
//! The three are extractors of different types, so that a handler's signature says what it asks for and a route without
//! one of them does not compile into the router's table unnoticed (`router.rs` names the proof beside each handler).

use crate::{
    error::ApiError,
    limit::{
        body::Received,
        gate::Peer,
        nonce::{SEEN, nonce_name},
        quota::Caller,
    },
    relay::{App, Relay},
    store::ViewTokenRow,
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use carnet_crypto::{
    link::token_hash,
    request::{CheckedRequest, RequestError, check_request, read_proof},
};
use carnet_protocol::{
    api::auth::{KEY_SCHEME, RequestProof, VIEW_SCHEME},
    day::Timestamp,
    key::VerifyingKey,
    limits::REQUEST_SKEW_MS,
};
use std::{net::IpAddr, net::Ipv4Addr, time::Instant};

/// What a failed proof costs the network address, in requests: it costs the relay a signature check.
const FAILED_PROOF_COST: u32 = 5;

/// What a key that has not asked lately costs the network address, in requests.
const NEW_KEY_COST: u32 = 5;

/// Anyone; pays from the network address's quota.
#[derive(Debug, Clone, Copy)]
pub struct Anyone;

/// The key that signed the request; pays from its own quota.
#[derive(Debug, Clone, Copy)]
pub struct Proven(pub VerifyingKey);

/// Who reads a grant.
#[derive(Debug, Clone, Copy)]
pub enum Reader {
    /// A grantee's key.
    Key(VerifyingKey),
    /// The holder of a token that opening a link gave.
    View(ViewTokenRow),
}

/// A view token shown beside something else, where there is one and it is good.
#[derive(Debug, Clone, Copy)]
pub struct MaybeView(pub Option<ViewTokenRow>);

impl FromRequestParts<App> for Anyone {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        app.peer_quota.charge(peer(parts), 1, Instant::now())?;
        Ok(Self)
    }
}

impl FromRequestParts<App> for Proven {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let checked = check(parts, app).inspect_err(|_| failed(app, peer(parts)))?;
        let (caller, now) = (Caller::Key(checked.key), Instant::now());
        if !app.key_quota.knows(caller, now) {
            app.peer_quota.charge(peer(parts), NEW_KEY_COST, now)?;
        }
        app.key_quota.charge(caller, 1, now)?;
        app.house_quota.charge(peer(parts), 1, now)?;
        remember(app, &checked).await?;
        Ok(Self(checked.key))
    }
}

impl FromRequestParts<App> for Reader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        if !has_scheme(&parts.headers, VIEW_SCHEME) {
            return Proven::from_request_parts(parts, app).await.map(|proven| Self::Key(proven.0));
        }
        app.peer_quota.charge(peer(parts), 1, Instant::now())?;
        let token = view_token(&parts.headers, app).await?;
        token.map(Self::View).ok_or(ApiError::Unauthenticated("The view is over. Open the link again."))
    }
}

impl FromRequestParts<App> for MaybeView {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        view_token(&parts.headers, app).await.map(Self)
    }
}

fn peer(parts: &Parts) -> Caller {
    parts.extensions.get::<Peer>().map_or(Caller::peer(IpAddr::from(Ipv4Addr::UNSPECIFIED)), |peer| peer.0)
}

fn has_scheme(headers: &HeaderMap, scheme: &str) -> bool {
    authorization(headers).is_some_and(|value| value.strip_prefix(scheme).is_some_and(|rest| rest.starts_with(' ')))
}

fn authorization(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok();
    value.filter(|_| values.next().is_none())
}

/// Refuses a request whose proof cannot be good whatever its body: before that is read.
///
/// # Errors
/// As [`Proven`], but for the signature and the nonce.
pub fn expect_proof(parts: &Parts, app: &Relay, peer: Caller) -> Result<(), ApiError> {
    let read = || -> Result<RequestProof, ApiError> {
        let proof = read_proof(shown(parts)?, app.clock.now()).map_err(refusal)?;
        authority(parts, app)?;
        not_from_before(proof.at, app)?;
        Ok(proof)
    };
    let proof = read().inspect_err(|_| failed(app, peer))?;
    // Whose key it is is not proved yet, so nothing is taken from its quota.
    app.key_quota.check(Caller::Key(proof.key), Instant::now())
}

fn failed(app: &Relay, peer: Caller) {
    app.peer_quota.owe(peer, FAILED_PROOF_COST, Instant::now());
}

/// The one proof that a request shows.
fn shown(parts: &Parts) -> Result<&str, ApiError> {
    if has_scheme(&parts.headers, KEY_SCHEME) {
        Ok(authorization(&parts.headers).unwrap_or_default())
    } else {
        Err(ApiError::Unauthenticated("This needs an Authorization header with a Carnet-Key proof."))
    }
}

fn check(parts: &Parts, app: &Relay) -> Result<CheckedRequest, ApiError> {
    let proof = shown(parts)?;
    let authority = authority(parts, app)?;
    let path = parts.uri.path_and_query().map_or(parts.uri.path(), |path| path.as_str());
    let body = parts.extensions.get::<Received>().map(|received| received.bytes.clone()).unwrap_or_default();
    let checked = check_request(proof, parts.method.as_str(), &authority, path, &body, app.clock.now());
    let checked = checked.map_err(refusal)?;
    not_from_before(checked.at, app)?;
    Ok(checked)
}

fn refusal(error: RequestError) -> ApiError {
    match error {
        RequestError::ClockSkew { .. } => ApiError::ClockSkew,
        RequestError::Malformed => ApiError::Unauthenticated("The Carnet-Key proof is malformed."),
        RequestError::Signature => ApiError::Unauthenticated("The proof is not over this request."),
    }
}

/// The nonces seen before this run are forgotten, so what was signed before it could be a replay. To come back with a
/// fresh signature is all it takes.
fn not_from_before(at: Timestamp, app: &Relay) -> Result<(), ApiError> {
    if at < app.started { Err(ApiError::Busy) } else { Ok(()) }
}

/// Notes a proof's nonce. One that is dated ahead of this relay's clock is noted on disk as well: it would be good again
/// after a restart, by the clock of then.
async fn remember(app: &Relay, checked: &CheckedRequest) -> Result<(), ApiError> {
    let (now, at, name) = (app.clock.now(), checked.at, nonce_name(&checked.key, &checked.nonce));
    app.nonces.note(name, at, now)?;
    // What an earlier run let in is dated no later than its end and the allowed skew.
    if at.0.saturating_sub(app.started.0) <= REQUEST_SKEW_MS
        && app.store.read(move |tables| tables.has_nonce(name)).await.map_err(ApiError::from)?
    {
        return Err(SEEN);
    }
    if at > now {
        app.store.write(move |tables| tables.keep_nonce(name, at, now)).await.map_err(ApiError::from)?;
    }
    Ok(())
}

/// The host the request was meant for. Only the relay's own names are taken: a proof made for another relay is no
/// good here, even if that relay passes it on.
fn authority(parts: &Parts, app: &Relay) -> Result<String, ApiError> {
    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if app.authorities.accept(host) {
        Ok(host.to_owned())
    } else {
        Err(ApiError::Unauthenticated("The request was made for a host that is not this relay's."))
    }
}

async fn view_token(headers: &HeaderMap, app: &Relay) -> Result<Option<ViewTokenRow>, ApiError> {
    let Some(text) = authorization(headers).and_then(|value| value.strip_prefix(VIEW_SCHEME)?.strip_prefix(' ')) else {
        return Ok(None);
    };
    let Ok(token) = URL_SAFE_NO_PAD.decode(text) else { return Ok(None) };
    // Found by its hash: how long the look-up takes says nothing about the token.
    let hash = token_hash(&token);
    let found = app.store.read(move |tables| tables.view_token(hash)).await.map_err(ApiError::from)?;
    Ok(found.filter(|row| row.until >= app.clock.now()))
}
