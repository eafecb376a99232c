//! The viewing log, for the stream's owner.

use crate::{
    auth::Proven,
    error::ApiError,
    exchange::{After, Cbor, Ids},
    relay::{Access, App},
};
use axum::extract::State;
use carnet_protocol::{api::body::ViewPage, id::StreamId, limits::PAGE_MAX};

/// A page of looks, in order.
pub async fn list(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(stream): Ids<StreamId>,
    After(after): After,
) -> Result<Cbor<ViewPage>, ApiError> {
    app.owned(stream, key, Access::Keep).await?;
    let after = after.unwrap_or_default();
    // One more than the page, to know whether it is the last.
    let mut views =
        app.store.read(move |tables| tables.views(stream, after, PAGE_MAX + 1)).await.map_err(ApiError::from)?;
    let more = views.len() > PAGE_MAX;
    views.truncate(PAGE_MAX);
    let next = views.last().map(|view| view.sequence).filter(|_| more);
    Ok(Cbor(ViewPage { views, next }))
}
