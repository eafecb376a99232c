//! Sealed records and their wraps, for the stream's owner and who holds it together with them.

pub(super) mod upload;

use super::{chain, grants::known, shared_records::in_scope};
use crate::{
    auth::Proven,
    error::ApiError,
    exchange::{After, Cbor, Ids, large, off_thread},
    limit::{gate::Peer, quota::Caller},
    relay::{Access, App},
    store::{PageBound, RecordMeta, RecordRow, StoreError, Tables},
};
use axum::{Extension, extract::State, http::StatusCode, response::Response};
use carnet_protocol::{
    Blob,
    api::body::{RecordBatch, RecordPage, RecordUpload, Removals, Stored, StoredRecord, Wraps},
    encoding,
    id::{RecordId, StreamId},
    key::VerifyingKey,
    ledger::StreamHead,
    limits::{BATCH_MAX, BODY_MAX, INLINE_RECORD_MAX, PAGE_MAX, SEALED_RECORD_MAX},
};
use std::{collections::BTreeSet, sync::atomic::Ordering};
use upload::{NewUpload, RECORD_WRAPS_MAX, check_wrap};

/// Where a page of records ends.
pub(super) const PAGE: PageBound =
    PageBound { records: PAGE_MAX, bytes: BODY_MAX, inline: INLINE_RECORD_MAX, looked_at: LOOKED_AT_MAX };
/// Records looked at for one page: about 10 ms.
const LOOKED_AT_MAX: usize = 5_000;
/// Records kept of one stream: a record a day for 270 years.
pub(super) const STREAM_RECORDS_MAX: u64 = 100_000;

/// Stores small records.
pub async fn store(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(stream): Ids<StreamId>,
    Cbor(batch): Cbor<RecordBatch>,
) -> Result<Cbor<Stored>, ApiError> {
    let head = app.held(stream, key, Access::Write).await?;
    if batch.records.is_empty() || batch.records.len() > BATCH_MAX {
        return Err(ApiError::BadRequest("There must be 1 to 500 records."));
    }
    let uploads =
        off_thread(move || batch.records.into_iter().map(|r| upload::parse(r, stream, INLINE_RECORD_MAX)).collect());
    let uploads: Vec<NewUpload> = uploads.await?;
    uploads.iter().try_for_each(|upload| writes(&head, key, upload))?;
    keep(&app, stream, uploads).await.map(Cbor)
}

/// Stores one record of any size.
pub async fn store_one(
    State(app): State<App>,
    Proven(key): Proven,
    Ids((stream, record)): Ids<(StreamId, RecordId)>,
    Cbor(body): Cbor<RecordUpload>,
) -> Result<Cbor<Stored>, ApiError> {
    let head = app.held(stream, key, Access::Write).await?;
    let new = off_thread(move || upload::parse(body, stream, SEALED_RECORD_MAX)).await?;
    writes(&head, key, &new)?;
    if new.record.header.record != record {
        return Err(ApiError::BadRequest("The record is not the one the path names."));
    }
    keep(&app, stream, vec![new]).await.map(Cbor)
}

/// A co-holder stores what it wrote itself: the wraps of other records are not its to replace.
fn writes(head: &StreamHead, key: VerifyingKey, upload: &NewUpload) -> Result<(), ApiError> {
    if head.owner == key || upload.record.header.source == key {
        return Ok(());
    }
    Err(ApiError::Forbidden("A co-holder stores only what it wrote."))
}

async fn keep(app: &App, stream: StreamId, mut uploads: Vec<NewUpload>) -> Result<Stored, ApiError> {
    let bytes_max = app.config.limits.stream_bytes;
    // What was withdrawn is gone for good: a request that was late, or is said again, does not bring it back.
    let named = uploads.iter().map(|upload| upload.record.header.record).collect();
    let withdrawn = app.ledger.withdrawn(stream, named).await?;
    uploads.retain(|upload| !withdrawn.contains(&upload.record.header.record));
    if uploads.is_empty() {
        return Ok(Stored { new: 0 });
    }
    let records = uploads.iter().map(|upload| upload.record.header.record).collect();
    let new = app.store.write(move |tables| keep_all(tables, stream, &uploads, bytes_max)).await?;
    if new > 0 {
        app.metrics.records_stored.fetch_add(u64::from(new), Ordering::Relaxed);
        // Grantees hear of a record once it is here and on the ledger, whichever comes last.
        let committed = app.ledger.committed(stream, records).await?;
        if committed.iter().any(Option::is_some) { app.tell_stream(stream) } else { app.tell_owner(stream) }
    }
    Ok(Stored { new })
}

/// One transaction: all records or none.
fn keep_all(tables: &mut dyn Tables, stream: StreamId, uploads: &[NewUpload], bytes_max: u64) -> Result<u32, ApiError> {
    let mut new = 0;
    for upload in uploads {
        match tables.record(stream, upload.record.header.record)? {
            Some(there) if there.commitment != upload.record.commitment => {
                return Err(ApiError::Conflict("Another record stands under this identifier."));
            }
            Some(_) => {}
            None => {
                tables.insert_record(&upload.record)?;
                new += 1;
            }
        }
        for wrap in &upload.wraps {
            tables.put_wrap(stream, wrap)?;
        }
        bounded(tables, stream, upload.record.header.record)?;
    }
    let used = tables.stream_use(stream)?;
    let full = used.records > STREAM_RECORDS_MAX || used.bytes > bytes_max;
    if full && new > 0 { Err(ApiError::StreamFull) } else { Ok(new) }
}

/// A record's wraps come with it in one page and are not counted among the stream's bytes, so they are bounded by number.
pub(super) fn bounded(tables: &dyn Tables, stream: StreamId, record: RecordId) -> Result<(), ApiError> {
    if tables.wraps(stream, record)?.len() > RECORD_WRAPS_MAX { Err(ApiError::StreamFull) } else { Ok(()) }
}

/// A page of the stream's records.
pub async fn list(
    State(app): State<App>,
    Proven(key): Proven,
    Extension(Peer(peer)): Extension<Peer>,
    Ids(stream): Ids<StreamId>,
    After(after): After,
) -> Result<Response, ApiError> {
    app.held(stream, key, Access::Keep).await?;
    let after = after.unwrap_or_default();
    let (rows, next) =
        app.store.read(move |tables| tables.records(stream, after, PAGE, &|_| true)).await.map_err(ApiError::from)?;
    answer(&app, peer, rows, next)
}

/// One sealed record.
pub async fn show(
    State(app): State<App>,
    Proven(key): Proven,
    Extension(Peer(peer)): Extension<Peer>,
    Ids((stream, record)): Ids<(StreamId, RecordId)>,
) -> Result<Response, ApiError> {
    app.held(stream, key, Access::Keep).await?;
    let meta = app.store.read(move |tables| tables.record(stream, record)).await.map_err(ApiError::from)?;
    sealed(&app, peer, stream, &meta.ok_or(ApiError::NotFound)?).await
}

/// A sealed record's bytes. Memory is reserved before it is read.
pub(super) async fn sealed(app: &App, peer: Caller, stream: StreamId, meta: &RecordMeta) -> Result<Response, ApiError> {
    let record = meta.header.record;
    let held = app.budget.reserve(peer, usize::try_from(meta.size).unwrap_or(usize::MAX))?;
    let sealed = app.store.read(move |tables| tables.sealed_record(stream, record)).await.map_err(ApiError::from)?;
    sealed.map(|bytes| large(bytes, held)).ok_or(ApiError::NotFound)
}

/// Removes a record's ciphertext and wraps. Its leaf on the ledger stays.
pub async fn remove(
    State(app): State<App>,
    Proven(key): Proven,
    Ids((stream, record)): Ids<(StreamId, RecordId)>,
) -> Result<StatusCode, ApiError> {
    let head = app.held(stream, key, Access::Keep).await?;
    removable(&app, stream, &[record], (head.owner != key).then_some(key)).await?;
    kept_for_buyer(&app, stream, &[record]).await?;
    if app.store.write(move |tables| tables.delete_record(stream, record)).await.map_err(ApiError::from)? {
        app.tell_stream(stream);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// A co-holder removes what it wrote itself; the owner anything.
async fn removable(
    app: &App,
    stream: StreamId,
    records: &[RecordId],
    holder: Option<VerifyingKey>,
) -> Result<(), ApiError> {
    let Some(holder) = holder else { return Ok(()) };
    let records = records.to_vec();
    let others = app.store.read(move |tables| {
        let mut others = false;
        for record in records {
            others |= tables.record(stream, record)?.is_some_and(|meta| meta.header.source != holder);
        }
        Ok::<bool, StoreError>(others)
    });
    if others.await.map_err(ApiError::from)? {
        return Err(ApiError::Forbidden("A co-holder removes only what it wrote."));
    }
    Ok(())
}

/// Removes many at once: all that a withdrawal names.
pub async fn remove_many(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(stream): Ids<StreamId>,
    Cbor(body): Cbor<Removals>,
) -> Result<Cbor<Stored>, ApiError> {
    let head = app.held(stream, key, Access::Keep).await?;
    if body.records.is_empty() || body.records.len() > BATCH_MAX {
        return Err(ApiError::BadRequest("There must be 1 to 500 records."));
    }
    removable(&app, stream, &body.records, (head.owner != key).then_some(key)).await?;
    kept_for_buyer(&app, stream, &body.records).await?;
    let removed = app
        .store
        .write(move |tables| {
            let mut removed = 0;
            for record in &body.records {
                removed += u32::from(tables.delete_record(stream, *record)?);
            }
            Ok::<u32, StoreError>(removed)
        })
        .await
        .map_err(ApiError::from)?;
    if removed > 0 {
        app.tell_stream(stream);
    }
    Ok(Cbor(Stored { new: removed }))
}

/// What was handed over at a sale is no more the seller's to remove; the rest is.
async fn kept_for_buyer(app: &App, stream: StreamId, records: &[RecordId]) -> Result<(), ApiError> {
    let Some(sale) = chain::handover(app, stream).await? else { return Ok(()) };
    let scopes = known(app, sale).await?.grant.scopes;
    for record in records.iter().copied() {
        let meta = app.store.read(move |tables| tables.record(stream, record)).await.map_err(ApiError::from)?;
        if meta.is_some_and(|meta| in_scope(&scopes, &meta.header)) {
            return Err(chain::HANDED_OVER);
        }
    }
    Ok(())
}

/// Replaces wraps, by record and generation. Wraps of records that are not (or no longer) here are passed over: their
/// upload brings its own.
pub async fn wrap(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(stream): Ids<StreamId>,
    Cbor(body): Cbor<Wraps>,
) -> Result<Cbor<Stored>, ApiError> {
    app.owned(stream, key, Access::Write).await?;
    if body.wraps.is_empty() || body.wraps.len() > BATCH_MAX {
        return Err(ApiError::BadRequest("There must be 1 to 500 wraps."));
    }
    body.wraps.iter().try_for_each(check_wrap)?;
    let new: u32 = app
        .store
        .write(move |tables| {
            let (mut new, mut touched) = (0, BTreeSet::new());
            for wrap in &body.wraps {
                if tables.record(stream, wrap.record)?.is_some() {
                    tables.put_wrap(stream, wrap)?;
                    touched.insert(wrap.record);
                    new += 1;
                }
            }
            touched.into_iter().try_for_each(|record| bounded(tables, stream, record))?;
            Ok::<u32, ApiError>(new)
        })
        .await?;
    if new > 0 {
        app.tell_stream(stream);
    }
    Ok(Cbor(Stored { new }))
}

/// Rows as they are served.
pub(super) fn answer(app: &App, peer: Caller, rows: Vec<RecordRow>, next: Option<u64>) -> Result<Response, ApiError> {
    let records = rows
        .into_iter()
        .map(|row| StoredRecord {
            sequence: row.meta.sequence,
            header: row.meta.header,
            record: row.sealed.map(Blob),
            size: row.meta.size,
            wraps: row.wraps,
        })
        .collect();
    let bytes = encoding::encode(&RecordPage { records, next });
    let held = app.budget.reserve(peer, bytes.len())?;
    Ok(large(bytes, held))
}
