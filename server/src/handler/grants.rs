//! Grants: stored for the owner, shown to the grantee, answered, taken back.

use super::chain;
use crate::{
    auth::Proven,
    error::ApiError,
    exchange::{Cbor, Ids, off_thread},
    relay::{Access, App},
    store::{GrantRow, Tables},
};
use axum::{extract::State, http::StatusCode};
use carnet_crypto::grant::verify_grant;
use carnet_protocol::{
    api::body::{GrantAnswer, GrantBatch, Stored, ViewKind},
    day::Timestamp,
    encoding,
    grant::{Grant, GrantEnvelope, GrantScope},
    id::{GrantId, StreamId},
    key::VerifyingKey,
    limits::{GRANT_BATCH_MAX, GRANT_SCOPES_MAX, SEALED_GRANT_MAX},
};
use std::collections::BTreeSet;

/// Grants kept of one stream, revoked ones included: three a day for nine years.
const STREAM_GRANTS_MAX: u64 = 10_000;
/// Answers to one grant in a day: each is a line in the owner's log, which a grantee must not be able to fill.
const DAY_ANSWERS_MAX: u64 = 20;
/// Seconds after which a grantee who reached it may try again: midnight may be near.
const ANSWER_RETRY: u32 = 3_600;

/// A grant with its readable part, which was verified when it was stored.
pub(super) struct Known {
    /// As stored.
    pub row: GrantRow,
    /// The readable part.
    pub grant: Grant,
}

impl Known {
    /// The key that reads it: the claimer once its link was claimed, else the grantee.
    pub fn reader(&self) -> Option<VerifyingKey> {
        self.row.claimer.or(self.grant.grantee.sign)
    }
}

/// Looks a grant up.
pub(super) async fn known(app: &App, grant: GrantId) -> Result<Known, ApiError> {
    let row = app.store.read(move |tables| tables.grant(grant)).await.map_err(ApiError::from)?;
    read(row.ok_or(ApiError::NotFound)?)
}

pub(super) fn read(row: GrantRow) -> Result<Known, ApiError> {
    let grant = encoding::decode(&row.envelope.grant.body).map_err(|_| {
        tracing::error!("a stored grant does not decode");
        ApiError::Internal
    })?;
    Ok(Known { row, grant })
}

/// Stores a grant.
pub async fn store(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(id): Ids<GrantId>,
    Cbor(envelope): Cbor<GrantEnvelope>,
) -> Result<Cbor<Stored>, ApiError> {
    let grant = check(&envelope, id, key, app.clock.now())?;
    app.owned(grant.stream, key, Access::Write).await?;
    chain::check(&app, &grant).await?;
    let (stream, grantee) = (grant.stream, grant.grantee.sign);
    let new = app.store.write(move |tables| keep(tables, &grant, &envelope)).await?;
    if new > 0 {
        app.tell_owner(stream);
        grantee.into_iter().for_each(|key| app.tell_inbox(key));
    }
    Ok(Cbor(Stored { new }))
}

fn check(envelope: &GrantEnvelope, id: GrantId, key: VerifyingKey, now: Timestamp) -> Result<Grant, ApiError> {
    let grant = verify_grant(envelope).map_err(|_| ApiError::BadRequest("The grant's signature or seal is wrong."))?;
    if envelope.grant.key != key {
        return Err(ApiError::Forbidden("A grant is stored by the key that signed it."));
    }
    if grant.grant != id {
        return Err(ApiError::BadRequest("The grant is not the one the path names."));
    }
    let scopes = grant.scopes.len() + grant.earlier.iter().map(|earlier| earlier.scopes.len()).sum::<usize>();
    if grant.scopes.is_empty() || scopes > GRANT_SCOPES_MAX {
        return Err(ApiError::BadRequest("A grant has 1 to 352 scopes."));
    }
    if envelope.sealed.sealed.len() > SEALED_GRANT_MAX {
        return Err(ApiError::TooLarge { max: SEALED_GRANT_MAX });
    }
    if grant.not_after <= now {
        return Err(ApiError::Gone("The grant has ended already."));
    }
    Ok(grant)
}

fn keep(tables: &mut dyn Tables, grant: &Grant, envelope: &GrantEnvelope) -> Result<u32, ApiError> {
    make_room(tables, grant)?;
    match tables.grant(grant.grant)? {
        Some(row) if row.revoked => Err(ApiError::Gone("This grant was taken back.")),
        Some(row) if row.envelope == *envelope => Ok(0),
        Some(row) if reissues(grant, &read(row.clone())?.grant) => {
            tables.replace_envelope(grant.grant, envelope)?;
            Ok(1)
        }
        Some(_) => Err(ApiError::Conflict("Another grant stands under this identifier.")),
        None if tables.grants_of(grant.stream)? >= STREAM_GRANTS_MAX => Err(ApiError::StreamFull),
        None => {
            tables.insert_grant(grant, envelope)?;
            Ok(1)
        }
    }
}

/// Whoever reads the ledger's log learns a grant's name before its owner has brought it here, and could put a grant of
/// another passport under it. Such a one gives way: the name is the stream's for which the ledger issued it first.
fn make_room(tables: &mut dyn Tables, grant: &Grant) -> Result<(), ApiError> {
    match tables.issued_for(grant.grant)? {
        Some(stream) if stream != grant.stream => {
            Err(ApiError::Conflict("Another grant stands under this identifier."))
        }
        Some(stream) => match tables.grant(grant.grant)?.map(read).transpose()? {
            Some(stands) if stands.grant.stream != stream => Ok(tables.remove_grant(grant.grant)?),
            _ => Ok(()),
        },
        None => Ok(()),
    }
}

/// Gives many grants again, all or none. One that ended meanwhile or was taken back needs nothing any more, and one that
/// cannot take the place of what stands leaves it standing: neither must keep the others from their keys.
pub async fn store_again(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(stream): Ids<StreamId>,
    Cbor(batch): Cbor<GrantBatch>,
) -> Result<Cbor<Stored>, ApiError> {
    app.owned(stream, key, Access::Write).await?;
    if batch.grants.is_empty() || batch.grants.len() > GRANT_BATCH_MAX {
        return Err(ApiError::BadRequest("There must be 1 to 64 grants."));
    }
    let now = app.clock.now();
    let grants = off_thread(move || batch.grants.into_iter().map(|e| check_again(e, stream, key, now)).collect());
    let grants: Vec<(Grant, GrantEnvelope)> = grants.await?;
    let grantees: Vec<VerifyingKey> = grants.iter().filter_map(|(grant, _)| grant.grantee.sign).collect();
    let new = app.store.write(move |tables| keep_again(tables, &grants)).await?;
    if new > 0 {
        app.tell_owner(stream);
        grantees.into_iter().for_each(|key| app.tell_inbox(key));
    }
    Ok(Cbor(Stored { new }))
}

fn check_again(
    envelope: GrantEnvelope,
    stream: StreamId,
    key: VerifyingKey,
    now: Timestamp,
) -> Result<(Grant, GrantEnvelope), ApiError> {
    let named: Grant = encoding::decode(&envelope.grant.body)
        .map_err(|_| ApiError::BadRequest("The grant's signature or seal is wrong."))?;
    match check(&envelope, named.grant, key, now) {
        // It ended while it was on its way; `keep_again` passes over what is not to be kept.
        Err(ApiError::Gone(_)) | Ok(_) if named.stream == stream => Ok((named, envelope)),
        Ok(_) | Err(ApiError::Gone(_)) => Err(ApiError::BadRequest("A grant is another passport's.")),
        Err(refusal) => Err(refusal),
    }
}

fn keep_again(tables: &mut dyn Tables, grants: &[(Grant, GrantEnvelope)]) -> Result<u32, ApiError> {
    let mut new = 0;
    for (grant, envelope) in grants {
        if tables.grant(grant.grant)?.is_none() {
            continue;
        }
        new += match keep(tables, grant, envelope) {
            Err(ApiError::Gone(_) | ApiError::Conflict(_)) => 0,
            kept => kept?,
        };
    }
    Ok(new)
}

/// Whether a grant is the one that stands, given again with the keys of a further generation or with a later end: to the
/// same grantee, later, and for categories and days that were granted before. A link says itself when it expires, so
/// the end of what is behind it does not move.
fn reissues(again: &Grant, stands: &Grant) -> bool {
    let granted = |scope: &GrantScope| {
        stands.scopes.iter().any(|before| before.label == scope.label && before.days.contains_range(scope.days))
    };
    let ends =
        again.not_after == stands.not_after || again.not_after > stands.not_after && stands.grantee.sign.is_some();
    (again.stream, again.grantee) == (stands.stream, stands.grantee)
        && ends
        && again.earlier == stands.earlier
        && (again.issued_at > stands.issued_at || adds_generations(again, stands))
        && again.scopes.iter().all(granted)
}

/// Whether a grant has keys of further generations than another. The clocks of an owner's devices differ, and a device may
/// learn within one sync of records under a generation that it left out: who has joined both devices' generations must not
/// be passed over because its own clock is behind.
fn adds_generations(again: &Grant, stands: &Grant) -> bool {
    let of = |grant: &Grant, label| -> BTreeSet<u16> {
        grant.scopes.iter().filter(|scope| scope.label == label).map(|scope| scope.generation).collect()
    };
    let both: Vec<_> = stands.scopes.iter().map(|scope| (of(again, scope.label), of(stands, scope.label))).collect();
    let newer = both.iter().all(|(again, stands)| again.last() >= stands.last())
        && both.iter().any(|(again, stands)| again.last() > stands.last());
    let more =
        both.iter().all(|(again, stands)| again.is_superset(stands)) && both.iter().any(|(a, s)| a.len() > s.len());
    newer || more
}

/// Takes a grant back: from now on nothing of it is served, by key, link or view token.
pub async fn remove(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(id): Ids<GrantId>,
) -> Result<StatusCode, ApiError> {
    let known = known(&app, id).await?;
    app.owned(known.grant.stream, key, Access::Keep).await?;
    chain::not_handed_over(&app, known.grant.stream, |sale| sale == id).await?;
    app.store.write(move |tables| tables.revoke_grant(id)).await.map_err(ApiError::from)?;
    app.tell_owner(known.grant.stream);
    known.reader().into_iter().for_each(|reader| app.tell_inbox(reader));
    Ok(StatusCode::NO_CONTENT)
}

/// The envelope, for owner and grantee.
pub async fn show(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(id): Ids<GrantId>,
) -> Result<Cbor<GrantEnvelope>, ApiError> {
    let known = known(&app, id).await?;
    if known.row.envelope.grant.key == key {
        return Ok(Cbor(known.row.envelope));
    }
    if known.reader() != Some(key) {
        return Err(ApiError::NotFound);
    }
    if known.row.revoked {
        return Err(ApiError::Revoked);
    }
    Ok(Cbor(known.row.envelope))
}

/// The grantee accepts or declines; either can be changed while the grant stands.
pub async fn answer(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(id): Ids<GrantId>,
    Cbor(answer): Cbor<GrantAnswer>,
) -> Result<Cbor<Stored>, ApiError> {
    let now = app.clock.now();
    let known = known(&app, id).await?;
    if known.reader() != Some(key) {
        return Err(ApiError::NotFound);
    }
    let stream = known.grant.stream;
    let kind = if answer.accept { ViewKind::Accepted } else { ViewKind::Declined };
    let new = app
        .store
        .write(move |tables| {
            let row = tables.grant(id)?.ok_or(ApiError::NotFound)?;
            if row.revoked || known.grant.not_after < now {
                return Err(ApiError::Gone("This grant has ended or was taken back."));
            }
            if row.answer == Some(answer) {
                return Ok(0);
            }
            if tables.answers_since(stream, id, Timestamp(now.0 - now.0 % Timestamp::DAY))? >= DAY_ANSWERS_MAX {
                return Err(ApiError::QuotaExceeded { retry_after: ANSWER_RETRY });
            }
            tables.set_answer(id, answer)?;
            tables.append_view(stream, id, now, kind)?;
            Ok(1)
        })
        .await?;
    if new > 0 {
        app.tell_owner(stream);
    }
    Ok(Cbor(Stored { new }))
}
