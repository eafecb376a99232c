//! Grants addressed to the signing key.

use super::grants::read;
use crate::{auth::Proven, error::ApiError, exchange::Cbor, relay::App};
use axum::extract::State;
use carnet_protocol::{
    api::body::{Inbox, InboxItem},
    ledger::StreamStatus,
    limits::{BODY_MAX, PAGE_MAX},
};

/// Newest first, as many as fit into a body.
pub async fn list(State(app): State<App>, Proven(key): Proven) -> Result<Cbor<Inbox>, ApiError> {
    let rows = app.store.read(move |tables| tables.inbox(key, PAGE_MAX, BODY_MAX)).await.map_err(ApiError::from)?;
    let mut grants = Vec::with_capacity(rows.len());
    let mut bytes = 0;
    for row in rows {
        bytes += row.envelope.sealed.sealed.len() + row.envelope.grant.body.len() + 256;
        if bytes > BODY_MAX {
            break;
        }
        let known = read(row)?;
        let (stream, id) = (known.grant.stream, known.grant.grant);
        let on_ledger = app.ledger.grant_state(stream, id).await?;
        let taken_back = known.row.revoked || on_ledger.is_some_and(|state| state.revoked_at.is_some());
        // With its passport, when the car was sold or erased, every grant ends.
        let head = if taken_back { None } else { app.ledger.stream_head(stream).await? };
        let revoked = taken_back || head.is_some_and(|head| head.status == StreamStatus::Closed);
        grants.push(InboxItem { envelope: known.row.envelope, answer: known.row.answer, revoked });
    }
    Ok(Cbor(Inbox { grants }))
}
