//! How cars stand, what members voted, and tags of VINs for members.

use crate::{
    auth::{Anyone, Proven},
    error::ApiError,
    exchange::{After, Cbor, Ids},
    random::Random,
    relay::App,
};
use axum::extract::State;
use carnet_protocol::{
    api::body::{ClassIndices, EventPage},
    day::Timestamp,
    id::{StreamId, VinTag},
    key::VerifyingKey,
    ledger::{CarStanding, StreamStatus, Transaction},
    sale::SaleState,
    signed::Signed,
    vin::{TagLookup, VinAnswer, VinQuestion},
};

/// How a stream's car stands.
pub async fn standing(
    State(app): State<App>,
    _: Anyone,
    Ids(stream): Ids<StreamId>,
) -> Result<Cbor<CarStanding>, ApiError> {
    app.ledger.standing(stream).await?.map(Cbor).ok_or(ApiError::NotFound)
}

/// A page of what was said of a stream's car.
pub async fn events(
    State(app): State<App>,
    _: Anyone,
    Ids(stream): Ids<StreamId>,
    After(after): After,
) -> Result<Cbor<EventPage>, ApiError> {
    app.ledger.standing_events(stream, after).await?.map(Cbor).ok_or(ApiError::NotFound)
}

/// The newest offer to sell a stream's car.
pub async fn sale(State(app): State<App>, _: Anyone, Ids(stream): Ids<StreamId>) -> Result<Cbor<SaleState>, ApiError> {
    app.ledger.sale(stream).await?.map(Cbor).ok_or(ApiError::NotFound)
}

/// The classes' indices and the proposals.
pub async fn classes(State(app): State<App>, _: Anyone) -> Result<Cbor<ClassIndices>, ApiError> {
    Ok(Cbor(app.ledger.class_indices().await?))
}

/// The transaction that named the key for VIN tags.
pub async fn vin_key(State(app): State<App>, _: Anyone) -> Result<Cbor<Signed<Transaction>>, ApiError> {
    app.ledger.vin_key().await?.map(Cbor).ok_or(ApiError::NotFound)
}

/// Evaluates a blinded VIN for a member, within its quota of the day. Counted durably before it is answered, so that
/// neither a restart nor many questions at once give more.
pub async fn evaluate(
    State(app): State<App>,
    Proven(key): Proven,
    Cbor(question): Cbor<VinQuestion>,
) -> Result<Cbor<VinAnswer>, ApiError> {
    let evaluator = app.vin.as_ref().ok_or(ApiError::NotFound)?;
    member(&app, key).await?;
    let answer = evaluator.evaluate(&question, &mut Random::new()?);
    let answer = answer.map_err(|_| ApiError::BadRequest("The blinded VIN is not a point of ristretto255."))?;
    let (now, max) = (app.clock.now(), app.config.limits.vin_evaluations);
    let charge = app.store.write(move |tables| {
        if tables.vin_evaluations(key, now.day())? >= max {
            return Err(ApiError::QuotaExceeded { retry_after: seconds_of_day_left(now) });
        }
        Ok(tables.count_vin_evaluation(key, now.day())?)
    });
    charge.await?;
    Ok(Cbor(answer))
}

/// Which passport stands for a tag, for members; the same form and size whether one does.
pub async fn holder(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(tag): Ids<VinTag>,
) -> Result<Cbor<TagLookup>, ApiError> {
    member(&app, key).await?;
    let holder = app.ledger.tag_holder(tag).await?;
    Ok(Cbor(TagLookup {
        known: holder.is_some(),
        open: holder.is_some_and(|holder| holder.status == StreamStatus::Open),
        stream: holder.map_or(StreamId([0; 16]), |holder| holder.stream),
    }))
}

/// Makes sure that a key is a member's.
pub(super) async fn member(app: &App, key: VerifyingKey) -> Result<(), ApiError> {
    let known = app.ledger.member(key).await?;
    known.map(drop).ok_or(ApiError::Forbidden("Only members of the consortium may ask this."))
}

fn seconds_of_day_left(now: Timestamp) -> u32 {
    let left = Timestamp::DAY - now.0 % Timestamp::DAY;
    u32::try_from(left.div_ceil(Timestamp::SECOND)).unwrap_or(u32::MAX)
}
