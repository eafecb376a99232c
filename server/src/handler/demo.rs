//! The demo consortium's members with their secret seeds, where there is one.

use crate::{auth::Anyone, error::ApiError, exchange::Cbor, relay::App};
use axum::extract::State;
use carnet_protocol::api::body::DemoMembers;

/// Everybody's keys, on purpose; nothing where real members are.
pub async fn members(State(app): State<App>, _: Anyone) -> Result<Cbor<DemoMembers>, ApiError> {
    app.demo.clone().map(Cbor).ok_or(ApiError::NotFound)
}
