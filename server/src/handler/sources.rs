//! What sources ask for and send: offers to pair, day seal keys, records, and the owner's answers to them.

use super::{
    cars::member,
    records::{bounded, upload},
};
use crate::{
    auth::{Anyone, Proven},
    error::ApiError,
    exchange::{Cbor, Ids, off_thread},
    relay::{Access, App},
    store::Tables,
};
use axum::extract::State;
use carnet_proofs::seal_keys;
use carnet_protocol::{
    api::body::{SealedAnswer, SourceReceipt, SourceUpload, Stored},
    day::{Day, Timestamp},
    encoding,
    id::{CategoryLabel, OfferId, PairingId, RecordId, StreamId},
    key::VerifyingKey,
    ledger::StreamStatus,
    limits::{
        ANSWER_MAX, OFFER_MAX, PAIRING_CODE_MS, QUARANTINE_MAX, QUARANTINE_MS, SEALED_RECORD_MAX, WRITE_SCOPES_MAX,
    },
    pairing::{PairingState, SealedOffer},
    record::{RecordWrap, WrappedKey},
    seal_keys::{DaySealKey, SealKeys},
};
use std::sync::atomic::Ordering;

/// Live offers of one stream: a code for each of a few counters at a time.
const OFFERS_MAX: u64 = 16;

/// Bytes that a member without a pairing may store in a stream within `QUARANTINE_MS`: a report and its photographs.
const UNPAIRED_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The state of a pairing.
pub async fn pairing(
    State(app): State<App>,
    _: Anyone,
    Ids((stream, pairing)): Ids<(StreamId, PairingId)>,
) -> Result<Cbor<PairingState>, ApiError> {
    app.ledger.pairing(stream, pairing).await?.map(Cbor).ok_or(ApiError::NotFound)
}

/// Keeps an offer to pair for as long as its code can be used.
pub async fn store_offer(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(offer): Ids<OfferId>,
    Cbor(sealed): Cbor<SealedOffer>,
) -> Result<Cbor<Stored>, ApiError> {
    let stream = sealed.stream;
    app.owned(stream, key, Access::Write).await?;
    let now = app.clock.now();
    if sealed.sealed.len() > OFFER_MAX || sealed.expires > now.plus(2 * PAIRING_CODE_MS) {
        return Err(ApiError::BadRequest("The offer is too large, or lasts longer than a pairing code may."));
    }
    let new = app.store.write(move |tables| {
        tables.purge_offers(now)?;
        match tables.offer(offer)? {
            Some(there) if there == sealed => return Ok(0),
            // Sealed again by its owner, who did not hear that it had arrived.
            Some(there) if there.stream == stream => {}
            Some(_) => return Err(ApiError::Conflict("Another offer stands under this identifier.")),
            None if tables.offers_of(stream)? >= OFFERS_MAX => {
                return Err(ApiError::Conflict("This passport has too many pairing codes at a time."));
            }
            None => {}
        }
        tables.put_offer(offer, &sealed)?;
        Ok(1)
    });
    Ok(Cbor(Stored { new: new.await? }))
}

/// An offer, for a member that knows where it lies.
pub async fn offer(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(offer): Ids<OfferId>,
) -> Result<Cbor<SealedOffer>, ApiError> {
    member(&app, key).await?;
    let found = app.store.read(move |tables| tables.offer(offer)).await.map_err(ApiError::from)?;
    let found = found.ok_or(ApiError::NotFound)?;
    if found.expires < app.clock.now() { Err(ApiError::Gone("This pairing code has ended.")) } else { Ok(Cbor(found)) }
}

/// Replaces a category's batch of day seal keys.
pub async fn store_seal_keys(
    State(app): State<App>,
    Proven(key): Proven,
    Ids((stream, label)): Ids<(StreamId, CategoryLabel)>,
    Cbor(keys): Cbor<SealKeys>,
) -> Result<Cbor<Stored>, ApiError> {
    app.owned(stream, key, Access::Write).await?;
    let (batch, bytes) = off_thread(move || {
        let batch = seal_keys::check(&keys).map_err(|_| ApiError::BadRequest("The day seal keys do not verify."))?;
        if keys.batch.key != key {
            return Err(ApiError::BadRequest("The day seal keys are signed by another key."));
        }
        Ok((batch, encoding::encode(&keys)))
    })
    .await?;
    if (batch.stream, batch.label) != (stream, label) {
        return Err(ApiError::BadRequest("The day seal keys are of another passport or category."));
    }
    let new = app.store.write(move |tables| {
        let known = tables.seal_keys(stream, label)?;
        if known.as_deref() == Some(bytes.as_slice()) {
            return Ok(0);
        }
        if known.is_none() && tables.seal_keys_of(stream)? >= WRITE_SCOPES_MAX as u64 {
            return Err(ApiError::StreamFull);
        }
        tables.put_seal_keys(stream, label, &bytes)?;
        Ok(1)
    });
    Ok(Cbor(Stored { new: new.await? }))
}

/// One day's seal key with its proof.
pub async fn day_seal_key(
    State(app): State<App>,
    Proven(key): Proven,
    Ids((stream, label, day)): Ids<(StreamId, CategoryLabel, u16)>,
) -> Result<Cbor<DaySealKey>, ApiError> {
    member(&app, key).await?;
    let found = app.store.read(move |tables| tables.seal_keys(stream, label)).await.map_err(ApiError::from)?;
    let bytes = found.ok_or(ApiError::NotFound)?;
    off_thread(move || {
        let keys: SealKeys = encoding::decode(&bytes).map_err(|_| ApiError::Internal)?;
        let batch = encoding::decode(&keys.batch.body).map_err(|_| ApiError::Internal)?;
        Ok(Cbor(seal_keys::prove(&keys, &batch, Day(day))))
    })
    .await
}

/// Stores a record that a member wrote.
pub async fn write(
    State(app): State<App>,
    Proven(key): Proven,
    Ids((stream, record)): Ids<(StreamId, RecordId)>,
    Cbor(body): Cbor<SourceUpload>,
) -> Result<Cbor<Stored>, ApiError> {
    member(&app, key).await?;
    let head = app.ledger.stream_head(stream).await?.ok_or(ApiError::NotFound)?;
    if head.status == StreamStatus::Closed {
        return Err(ApiError::Gone("This passport was closed; it takes nothing new."));
    }
    let SourceUpload { pairing, record: sent } = body;
    let new = off_thread(move || upload::parse(sent, stream, SEALED_RECORD_MAX)).await?;
    let header = &new.record.header;
    if header.record != record || header.source != key {
        return Err(ApiError::BadRequest("The record is not the one the path names, or another key's."));
    }
    if new.wraps.is_empty() || new.wraps.iter().any(|wrap| matches!(wrap.key, WrappedKey::Day { .. })) {
        return Err(ApiError::BadRequest("A source wraps to a day seal key or to the inbox key."));
    }
    let paired = match pairing {
        None => false,
        Some(pairing) => {
            let now = app.clock.now();
            let state = app.ledger.pairing(stream, pairing).await?;
            let state = state.filter(|state| state.source == Some(key) && state.ended_at.is_none());
            let state = state.filter(|state| state.not_after >= now);
            state.ok_or(ApiError::Forbidden("The passport's owner has not paired this source, or no longer."))?;
            true
        }
    };
    let (now, bytes_max) = (app.clock.now(), app.config.limits.stream_bytes);
    let stored = app.store.write(move |tables| keep(tables, &new, paired, now, bytes_max)).await?;
    if stored > 0 {
        app.metrics.records_stored.fetch_add(u64::from(stored), Ordering::Relaxed);
        app.tell_stream(stream);
    }
    Ok(Cbor(Stored { new: stored }))
}

fn keep(
    tables: &mut dyn Tables,
    new: &upload::NewUpload,
    paired: bool,
    now: Timestamp,
    bytes_max: u64,
) -> Result<u32, ApiError> {
    let (header, size) = (&new.record.header, new.record.sealed.len() as u64);
    let (stream, record) = (header.stream, header.record);
    let stored = match tables.record(stream, record)? {
        Some(there) if there.commitment != new.record.commitment => {
            return Err(ApiError::Conflict("Another record stands under this identifier."));
        }
        Some(_) => 0,
        None => {
            if !paired {
                charge(tables, stream, header.source, size, now)?;
            }
            tables.insert_record(&new.record)?;
            1
        }
    };
    add_wraps(tables, stream, record, &new.wraps)?;
    let used = tables.stream_use(stream)?;
    let full = used.records > super::records::STREAM_RECORDS_MAX || used.bytes > bytes_max;
    if full && stored > 0 { Err(ApiError::StreamFull) } else { Ok(stored) }
}

/// A generation that has a wrap keeps it: it may be the owner's own by now.
fn add_wraps(
    tables: &mut dyn Tables,
    stream: StreamId,
    record: RecordId,
    wraps: &[RecordWrap],
) -> Result<(), ApiError> {
    let there = tables.wraps(stream, record)?;
    for wrap in wraps.iter().filter(|wrap| there.iter().all(|known| known.generation != wrap.generation)) {
        tables.put_wrap(stream, wrap)?;
    }
    bounded(tables, stream, record)
}

/// Counts what a member without a pairing stores, and refuses when it is too much.
fn charge(
    tables: &mut dyn Tables,
    stream: StreamId,
    source: VerifyingKey,
    size: u64,
    now: Timestamp,
) -> Result<(), ApiError> {
    let since = Timestamp(now.0.saturating_sub(QUARANTINE_MS));
    let used = tables.unpaired_since(stream, source, since)?;
    if used.records >= u64::from(QUARANTINE_MAX) || used.bytes + size > UNPAIRED_BYTES_MAX {
        let day = u32::try_from(Timestamp::DAY / Timestamp::SECOND).unwrap_or(u32::MAX);
        return Err(ApiError::QuotaExceeded { retry_after: day });
    }
    Ok(tables.note_unpaired(stream, source, now, size)?)
}

/// What became of a record, for who wrote it.
pub async fn receipt(
    State(app): State<App>,
    Proven(key): Proven,
    Ids((stream, record)): Ids<(StreamId, RecordId)>,
) -> Result<Cbor<SourceReceipt>, ApiError> {
    let leaf = app.ledger.leaf(stream, record).await?;
    let found = app
        .store
        .read(move |tables| Ok::<_, ApiError>((tables.record(stream, record)?, tables.answer(stream, record)?)))
        .await?;
    let (stored, answer) = found;
    let source = leaf.map(|leaf| leaf.source).or(stored.map(|stored| stored.header.source));
    // Whether there is such a record is nobody else's business.
    if source == Some(key) { Ok(Cbor(SourceReceipt { leaf, answer })) } else { Err(ApiError::NotFound) }
}

/// Keeps the owner's answer to who wrote a record.
pub async fn answer(
    State(app): State<App>,
    Proven(key): Proven,
    Ids((stream, record)): Ids<(StreamId, RecordId)>,
    Cbor(answer): Cbor<SealedAnswer>,
) -> Result<Cbor<Stored>, ApiError> {
    app.owned(stream, key, Access::Write).await?;
    if answer.sealed.len() > ANSWER_MAX {
        return Err(ApiError::TooLarge { max: ANSWER_MAX });
    }
    // Answers are kept for records of others alone, so that they are as many as these.
    let leaf = app.ledger.leaf(stream, record).await?;
    let source = leaf.map(|leaf| leaf.source).filter(|source| *source != key).ok_or(ApiError::NotFound)?;
    let new = app.store.write(move |tables| {
        if tables.answer(stream, record)?.as_ref() == Some(&answer) {
            return Ok::<u32, ApiError>(0);
        }
        tables.put_answer(stream, record, &answer)?;
        Ok(1)
    });
    let new = new.await?;
    if new > 0 {
        app.tell_inbox(source);
    }
    Ok(Cbor(Stored { new }))
}
