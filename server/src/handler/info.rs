//! What this relay is.

use crate::{auth::Anyone, error::ApiError, exchange::Cbor, relay::App};
use axum::extract::State;
use carnet_protocol::api::body::RelayInfo;

/// Version, ledger, clock.
pub async fn show(State(app): State<App>, _: Anyone) -> Result<Cbor<RelayInfo>, ApiError> {
    Ok(Cbor(RelayInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ledger: app.ledger.genesis(),
        demo: app.demo.is_some(),
        now: app.clock.now(),
        key: app.sign.verifying_key(),
        retention: app.config.backups.retention(),
    }))
}
