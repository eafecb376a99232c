//! Co-holders: invitations with their one answer, and the bundles of keys. All of it is opaque or signed.

use crate::{
    auth::{Anyone, Proven},
    error::ApiError,
    exchange::{Cbor, Ids},
    relay::{Access, App},
    store::{InvitationRow, Tables},
};
use axum::{extract::State, http::StatusCode};
use carnet_crypto::{
    holder::verify_bundle,
    sealing::check_sealing_key,
    signature::{check_verifying_key, verify_by},
};
use carnet_protocol::{
    api::body::{Joins, Stored},
    day::Timestamp,
    holder::{BundleEnvelope, Invitation, Join},
    id::StreamId,
    key::VerifyingKey,
    ledger::StreamStatus,
    limits::{BUNDLE_MAX, HOLDERS_MAX},
    signed::Signed,
};

/// Invitations of one stream at a time; those that expired make room.
const INVITATIONS_MAX: usize = 16;

/// Stores an invitation.
pub async fn invite(
    State(app): State<App>,
    Proven(key): Proven,
    Ids((stream, of)): Ids<(StreamId, VerifyingKey)>,
    Cbor(signed): Cbor<Signed<Invitation>>,
) -> Result<Cbor<Stored>, ApiError> {
    let invitation =
        verify_by(&signed, &key).map_err(|_| ApiError::BadRequest("The invitation's signature is wrong."))?;
    if (invitation.stream, invitation.key) != (stream, of) {
        return Err(ApiError::BadRequest("The invitation is not the one the path names."));
    }
    let now = app.clock.now();
    if invitation.expires <= now {
        return Err(ApiError::Gone("The invitation has expired already."));
    }
    app.owned(stream, key, Access::Write).await?;
    app.store.write(move |tables| keep(tables, &invitation, now)).await.map(|new| Cbor(Stored { new }))
}

fn keep(tables: &mut dyn Tables, invitation: &Invitation, now: Timestamp) -> Result<u32, ApiError> {
    match tables.invitation(invitation.key)? {
        Some(there) if there.invitation == *invitation => return Ok(0),
        Some(_) => return Err(ApiError::Conflict("Another invitation stands under this key.")),
        None => {}
    }
    let mut standing = 0;
    for row in tables.invitations_of(invitation.stream)? {
        if row.invitation.expires <= now && row.join.is_none() {
            tables.delete_invitation(row.invitation.key)?;
        } else {
            standing += 1;
        }
    }
    if standing >= INVITATIONS_MAX {
        return Err(ApiError::StreamFull);
    }
    tables.insert_invitation(&InvitationRow { invitation: invitation.clone(), join: None })?;
    Ok(1)
}

/// Ends an invitation, answered or not.
pub async fn withdraw(
    State(app): State<App>,
    Proven(key): Proven,
    Ids((stream, of)): Ids<(StreamId, VerifyingKey)>,
) -> Result<StatusCode, ApiError> {
    app.owned(stream, key, Access::Keep).await?;
    app.store
        .write(move |tables| match tables.invitation(of)? {
            Some(row) if row.invitation.stream == stream => tables.delete_invitation(of),
            _ => Ok(()),
        })
        .await
        .map_err(ApiError::from)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the one answer to an invitation. Its signature is all the proof there is: it needs the code's secret.
pub async fn join(
    State(app): State<App>,
    _: Anyone,
    Ids(of): Ids<VerifyingKey>,
    Cbor(signed): Cbor<Signed<Join>>,
) -> Result<Cbor<Stored>, ApiError> {
    let join = verify_by(&signed, &of).map_err(|_| ApiError::Forbidden("The answer is not the invited person's."))?;
    if check_verifying_key(&join.sign).is_err() || check_sealing_key(&join.seal).is_err() {
        return Err(ApiError::BadRequest("The keys of the answer are weak."));
    }
    let now = app.clock.now();
    let new = app
        .store
        .write(move |tables| {
            let row = tables.invitation(of)?.ok_or(ApiError::NotFound)?;
            if row.invitation.stream != join.stream {
                return Err(ApiError::BadRequest("The answer is for another passport."));
            }
            match row.join {
                Some(there) if there == signed => Ok(0),
                Some(_) => Err(ApiError::Gone("This invitation was answered already.")),
                None if row.invitation.expires <= now => Err(ApiError::Gone("This invitation has expired.")),
                None => {
                    tables.set_join(of, &signed)?;
                    Ok(1)
                }
            }
        })
        .await?;
    if new > 0 {
        app.tell_owner(join.stream);
    }
    Ok(Cbor(Stored { new }))
}

/// The answers to a stream's invitations.
pub async fn joins(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(stream): Ids<StreamId>,
) -> Result<Cbor<Joins>, ApiError> {
    app.owned(stream, key, Access::Keep).await?;
    let rows = app.store.read(move |tables| tables.invitations_of(stream)).await.map_err(ApiError::from)?;
    Ok(Cbor(Joins { joins: rows.into_iter().filter_map(|row| row.join).collect() }))
}

/// Stores a co-holder's bundle. A newer one takes the place of an older one.
pub async fn store(
    State(app): State<App>,
    Proven(key): Proven,
    Ids((stream, holder)): Ids<(StreamId, VerifyingKey)>,
    Cbor(envelope): Cbor<BundleEnvelope>,
) -> Result<Cbor<Stored>, ApiError> {
    let bundle =
        verify_bundle(&envelope, &key).map_err(|_| ApiError::BadRequest("The bundle's signature or seal is wrong."))?;
    if (bundle.stream, bundle.holder) != (stream, holder) {
        return Err(ApiError::BadRequest("The bundle is not the one the path names."));
    }
    if envelope.sealed.len() > BUNDLE_MAX {
        return Err(ApiError::TooLarge { max: BUNDLE_MAX });
    }
    app.owned(stream, key, Access::Write).await?;
    let new = app
        .store
        .write(move |tables| {
            match tables.bundle(stream, holder)? {
                Some((_, there)) if there == envelope => return Ok(0),
                Some((version, _)) if version >= bundle.version => {
                    return Err(ApiError::Conflict("A newer bundle is here already."));
                }
                None if tables.bundles_of(stream)? >= HOLDERS_MAX as u64 => return Err(ApiError::StreamFull),
                _ => {}
            }
            tables.put_bundle(stream, holder, bundle.version, &envelope)?;
            Ok(1)
        })
        .await?;
    if new > 0 {
        app.tell_stream(stream);
    }
    Ok(Cbor(Stored { new }))
}

/// The newest bundle, for its co-holder while the ledger says that this is one, and of an open passport.
pub async fn show(
    State(app): State<App>,
    Proven(key): Proven,
    Ids((stream, holder)): Ids<(StreamId, VerifyingKey)>,
) -> Result<Cbor<BundleEnvelope>, ApiError> {
    if key != holder {
        return Err(ApiError::Forbidden("A bundle is for its co-holder's key."));
    }
    // Before anything else, so that who waits to be let in hears that nobody will be.
    if app.ledger.stream_head(stream).await?.is_some_and(|head| head.status == StreamStatus::Closed) {
        return Err(ApiError::Gone("This passport was closed; nobody holds it together any more."));
    }
    match app.ledger.holder(stream, holder).await? {
        Some(state) if state.removed_at.is_some() => return Err(ApiError::Gone("This person was removed.")),
        Some(_) => {}
        None => return Err(ApiError::NotFound),
    }
    let found = app.store.read(move |tables| tables.bundle(stream, holder)).await.map_err(ApiError::from)?;
    found.map(|(_, envelope)| Cbor(envelope)).ok_or(ApiError::NotFound)
}

/// Removes a co-holder's bundle.
pub async fn remove(
    State(app): State<App>,
    Proven(key): Proven,
    Ids((stream, holder)): Ids<(StreamId, VerifyingKey)>,
) -> Result<StatusCode, ApiError> {
    app.owned(stream, key, Access::Keep).await?;
    app.store.write(move |tables| tables.delete_bundle(stream, holder)).await.map_err(ApiError::from)?;
    app.tell_stream(stream);
    Ok(StatusCode::NO_CONTENT)
}
