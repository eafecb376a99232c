//! Event streams: a signed request for a ticket, then a connection with it.

use crate::{
    auth::{Anyone, Proven},
    error::ApiError,
    events::Feed,
    exchange::Cbor,
    limit::gate::Peer,
    relay::App,
};
use axum::{
    Extension,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Uri, header},
    response::Response,
};
use carnet_protocol::{
    api::body::{EventTicket, EventTopics},
    id::Nonce16,
};

/// Streams in one ticket: the cars of a family, or a desk's open grants.
const TOPICS_MAX: usize = 64;

/// Gives a ticket for what the key may hear of.
pub async fn ticket(
    State(app): State<App>,
    Proven(key): Proven,
    Extension(Peer(peer)): Extension<Peer>,
    Cbor(body): Cbor<EventTopics>,
) -> Result<Cbor<EventTicket>, ApiError> {
    if body.streams.len() > TOPICS_MAX {
        return Err(ApiError::BadRequest("A ticket is for at most 64 passports."));
    }
    let topics = app.may_hear(body, key).await?;
    let ticket = Nonce16(crate::random::bytes()?);
    app.tickets.issue(ticket, topics, peer, app.clock.now())?;
    Ok(Cbor(EventTicket { ticket }))
}

/// Opens the event stream of a ticket.
pub async fn listen(State(app): State<App>, _: Anyone, uri: Uri, headers: HeaderMap) -> Result<Response, ApiError> {
    let query = uri.query().unwrap_or_default();
    let ticket: Nonce16 = query
        .strip_prefix("ticket=")
        .and_then(|text| text.parse().ok())
        .ok_or(ApiError::BadRequest("The query must be ticket=<ticket>."))?;
    let clock = app.clock.clone();
    let ticket = app.tickets.connect(ticket, move || clock.now())?;
    // An id that is no number of ours counts as one from another life: the listener is reset.
    let last_seen = headers.get("last-event-id").map(|id| id.to_str().ok().and_then(|id| id.parse().ok()).unwrap_or(0));
    let keep_alive = app.config.limits.event_keep_alive;
    let feed = Feed::new(&app.events, ticket, last_seen, keep_alive, app.ending.clone());
    let mut response = Response::new(Body::new(feed.into_body()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    Ok(response)
}
