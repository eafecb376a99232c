//! The records of a grant, for its grantee or the holder of a view token: those in scope, with the granted wraps.

use super::{
    chain,
    grants::{Known, known},
    records::{PAGE, answer, sealed},
};
use crate::{
    auth::Reader,
    error::ApiError,
    exchange::{After, Ids},
    limit::{gate::Peer, quota::Caller},
    relay::App,
    store::StoreError,
};
use axum::{Extension, extract::State, response::Response};
use carnet_protocol::{
    api::body::{GrantAnswer, ViewKind},
    day::Timestamp,
    grant::{Grant, GrantScope},
    id::{GrantId, Hash32, RecordId, StreamId},
    ledger::StreamStatus,
    record::RecordHeader,
};

/// A page of the granted records.
pub async fn list(
    State(app): State<App>,
    reader: Reader,
    Extension(Peer(peer)): Extension<Peer>,
    Ids(id): Ids<GrantId>,
    After(after): After,
) -> Result<Response, ApiError> {
    let known = readable(&app, reader, id).await?;
    let found = page(&app, peer, known.grant.stream, known.grant.scopes.clone(), after).await?;
    note(&app, &known.grant).await?;
    Ok(found)
}

/// A page of the granted records of an earlier owner's passport.
pub async fn list_earlier(
    State(app): State<App>,
    reader: Reader,
    Extension(Peer(peer)): Extension<Peer>,
    Ids((id, stream)): Ids<(GrantId, StreamId)>,
    After(after): After,
) -> Result<Response, ApiError> {
    let known = readable(&app, reader, id).await?;
    let scopes = chain::scopes(&app, &known.grant, stream).await?;
    page(&app, peer, stream, scopes, after).await
}

/// One granted record of an earlier owner's passport.
pub async fn show_earlier(
    State(app): State<App>,
    reader: Reader,
    Extension(Peer(peer)): Extension<Peer>,
    Ids((id, stream, record)): Ids<(GrantId, StreamId, RecordId)>,
) -> Result<Response, ApiError> {
    let known = readable(&app, reader, id).await?;
    let scopes = chain::scopes(&app, &known.grant, stream).await?;
    one(&app, peer, stream, record, &scopes).await
}

async fn page(
    app: &App,
    peer: Caller,
    stream: StreamId,
    scopes: Vec<GrantScope>,
    after: Option<u64>,
) -> Result<Response, ApiError> {
    let (after, wanted) = (after.unwrap_or_default(), scopes.clone());
    let (rows, next) = app
        .store
        .read(move |tables| tables.records(stream, after, PAGE, &|meta| in_scope(&wanted, &meta.header)))
        .await
        .map_err(ApiError::from)?;
    let mut rows = committed(app, stream, rows, |row| (row.meta.header.record, row.meta.commitment)).await?;
    for row in &mut rows {
        let header = &row.meta.header;
        row.wraps.retain(|wrap| opens(&scopes, header, wrap.generation));
    }
    answer(app, peer, rows, next)
}

/// One granted record, for those too large for a page.
pub async fn show(
    State(app): State<App>,
    reader: Reader,
    Extension(Peer(peer)): Extension<Peer>,
    Ids((id, record)): Ids<(GrantId, RecordId)>,
) -> Result<Response, ApiError> {
    let known = readable(&app, reader, id).await?;
    let found = one(&app, peer, known.grant.stream, record, &known.grant.scopes).await?;
    note(&app, &known.grant).await?;
    Ok(found)
}

async fn one(
    app: &App,
    peer: Caller,
    stream: StreamId,
    record: RecordId,
    scopes: &[GrantScope],
) -> Result<Response, ApiError> {
    let meta = app.store.read(move |tables| tables.record(stream, record)).await.map_err(ApiError::from)?;
    let meta = meta.filter(|meta| in_scope(scopes, &meta.header));
    let meta = committed(app, stream, meta.into_iter().collect(), |meta| (record, meta.commitment)).await?;
    sealed(app, peer, stream, meta.first().ok_or(ApiError::NotFound)?).await
}

/// Those that the ledger has, as they are here. Until then a record is its owner's alone: whoever knows its name and
/// hash could put a leaf under that name first.
async fn committed<T>(
    app: &App,
    stream: StreamId,
    found: Vec<T>,
    name: impl Fn(&T) -> (RecordId, Hash32),
) -> Result<Vec<T>, ApiError> {
    let leaves = app.ledger.committed(stream, found.iter().map(|one| name(one).0).collect()).await?;
    let with_leaves = found.into_iter().zip(leaves);
    Ok(with_leaves.filter_map(|(one, leaf)| (leaf == Some(name(&one).1)).then_some(one)).collect())
}

/// Whether this reader may read this grant now. The ledger has a say: a grant revoked there is served no more even
/// where its owner has not yet told the relay, and with a stream all its grants end.
async fn readable(app: &App, reader: Reader, id: GrantId) -> Result<Known, ApiError> {
    let known = known(app, id).await?;
    let allowed = match reader {
        Reader::Key(key) => known.reader() == Some(key),
        // Claiming a link removed its view tokens, so a token that is there is good.
        Reader::View(token) => token.grant == id,
    };
    if !allowed {
        return Err(ApiError::NotFound);
    }
    if known.row.revoked {
        return Err(ApiError::Revoked);
    }
    if known.row.answer == Some(GrantAnswer { accept: false }) {
        return Err(ApiError::Gone("This grant was declined."));
    }
    if known.grant.not_after < app.clock.now() {
        return Err(ApiError::Gone("This grant has ended."));
    }
    let stream = known.grant.stream;
    let closed = app.ledger.stream_head(stream).await?.is_none_or(|head| head.status == StreamStatus::Closed);
    // All but the handover of its sale, which is the buyer's for good.
    let closed = closed && chain::handover(app, stream).await? != Some(id);
    let revoked = app.ledger.grant_state(stream, id).await?.is_some_and(|state| state.revoked_at.is_some());
    if closed {
        return Err(ApiError::Gone("The passport that this grant opens was closed."));
    }
    if revoked {
        return Err(ApiError::Revoked);
    }
    Ok(known)
}

pub(super) fn in_scope(scopes: &[GrantScope], header: &RecordHeader) -> bool {
    scopes.iter().any(|scope| scope.label == header.label && scope.days.contains(header.day))
}

fn opens(scopes: &[GrantScope], header: &RecordHeader, generation: u16) -> bool {
    scopes
        .iter()
        .any(|scope| scope.label == header.label && scope.days.contains(header.day) && scope.generation == generation)
}

/// One look a day stands in the owner's log; the others of that day cost no write.
async fn note(app: &App, grant: &Grant) -> Result<(), ApiError> {
    let (stream, id, now) = (grant.stream, grant.grant, app.clock.now());
    let midnight = Timestamp(now.0 - now.0 % Timestamp::DAY);
    if app.store.read(move |tables| tables.fetched_since(stream, id, midnight)).await.map_err(ApiError::from)? {
        return Ok(());
    }
    let first = app
        .store
        .write(move |tables| -> Result<bool, StoreError> {
            if tables.fetched_since(stream, id, midnight)? {
                return Ok(false);
            }
            tables.append_view(stream, id, now, ViewKind::Fetched)?;
            Ok(true)
        })
        .await
        .map_err(ApiError::from)?;
    if first {
        app.tell_owner(stream);
    }
    Ok(())
}
