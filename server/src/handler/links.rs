//! Share links: stored by the owner, opened by whoever holds the token, claimed once.
//!
//! All that counts (openings, misses, the claim) is checked and counted in one transaction of the store, so that two
//! readers at the same moment cannot both have the last opening.

mod token;

use super::{
    chain,
    grants::{Known, known, read},
};
use crate::{
    auth::{Anyone, MaybeView, Proven},
    error::ApiError,
    exchange::{Cbor, Ids},
    relay::{Access, App},
    store::{LinkRow, LinkState, Tables, ViewTokenRow},
};
use axum::{extract::State, http::StatusCode};
use carnet_crypto::{link::token_hash, signature::verify};
use carnet_protocol::{
    Blob,
    api::body::{LinkClaim, LinkNotice, LinkOpen, LinkOpened, Stored, ViewKind},
    day::Timestamp,
    encoding,
    id::{LinkId, StreamId},
    ledger::StreamStatus,
    limits::{LINK_FAILURES_MAX, VIEW_MS},
    link::Link,
    signed::Signed,
};
use token::{Checked, check_token, is_over};

/// Openings of a link without a limit of its own: what its owner's viewing log can hold.
const OPENS_MAX: u32 = 10_000;

/// Links of one grant, ended ones included. Each link has a grant of its own; more than one are rare.
const GRANT_LINKS_MAX: u64 = 16;

/// Stores a link.
pub async fn store(
    State(app): State<App>,
    Proven(key): Proven,
    Ids(id): Ids<LinkId>,
    Cbor(signed): Cbor<Signed<Link>>,
) -> Result<Cbor<Stored>, ApiError> {
    let link = verify(&signed).map_err(|_| ApiError::BadRequest("The link's signature is wrong."))?;
    if signed.key != key {
        return Err(ApiError::Forbidden("A link is stored by the key that signed it."));
    }
    if link.link != id || link.max_opens == Some(0) {
        return Err(ApiError::BadRequest("The link is not the one the path names, or opens nothing."));
    }
    if link.expires <= app.clock.now() {
        return Err(ApiError::Gone("The link has expired already."));
    }
    app.owned(link.stream, key, Access::Write).await?;
    let stream = link.stream;
    let new = app.store.write(move |tables| keep(tables, &link, &encoding::encode(&signed))).await?;
    if new > 0 {
        app.tell_owner(stream);
    }
    Ok(Cbor(Stored { new }))
}

fn keep(tables: &mut dyn Tables, link: &Link, signed: &[u8]) -> Result<u32, ApiError> {
    match tables.link(link.link)? {
        Some(row) if row.state != LinkState::Live => return Err(ApiError::Gone("This link has ended.")),
        Some(row) if row.signed == signed => return Ok(0),
        Some(_) => return Err(ApiError::Conflict("Another link stands under this identifier.")),
        None => {}
    }
    let behind = read(tables.grant(link.grant)?.ok_or(ApiError::NotFound)?)?;
    if behind.grant.stream != link.stream || behind.grant.grantee.sign.is_some() {
        return Err(ApiError::BadRequest("The link's grant is another passport's, or addressed to a key."));
    }
    if behind.row.revoked {
        return Err(ApiError::Gone("The link's grant was taken back."));
    }
    if tables.links_of(link.grant)? >= GRANT_LINKS_MAX {
        return Err(ApiError::StreamFull);
    }
    tables.insert_link(link, signed)?;
    Ok(1)
}

/// Ends a link. A reader who claimed it keeps the grant until that is taken back.
pub async fn remove(State(app): State<App>, Proven(key): Proven, Ids(id): Ids<LinkId>) -> Result<StatusCode, ApiError> {
    let (row, link) = find(&app, id).await?;
    app.owned(link.stream, key, Access::Keep).await?;
    if row.state == LinkState::Live {
        app.store
            .write(move |tables| match tables.link(id)? {
                Some(row) if row.state == LinkState::Live => {
                    tables.update_link(id, row.opens, row.failures, LinkState::Ended)
                }
                _ => Ok(()),
            })
            .await
            .map_err(ApiError::from)?;
        app.tell_owner(link.stream);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Whether a PIN is asked for. Uses nothing up, so link scanners and previews do no harm.
pub async fn notice(State(app): State<App>, _: Anyone, Ids(id): Ids<LinkId>) -> Result<Cbor<LinkNotice>, ApiError> {
    let (row, link) = find(&app, id).await?;
    is_over(&row, &link, app.clock.now())?;
    serving(&app, &link).await?;
    let tries_left = LINK_FAILURES_MAX.saturating_sub(row.failures);
    Ok(Cbor(LinkNotice { pin: link.pin, expires: link.expires, tries_left }))
}

/// Opens a link: one opening, one line in the viewing log, one view token.
pub async fn open(
    State(app): State<App>,
    _: Anyone,
    Ids(id): Ids<LinkId>,
    Cbor(body): Cbor<LinkOpen>,
) -> Result<Cbor<LinkOpened>, ApiError> {
    let (_, link) = find(&app, id).await?;
    serving(&app, &link).await?;
    let (now, stream) = (app.clock.now(), link.stream);
    let view_token: [u8; 32] = crate::random::bytes()?;
    let opened = app.store.write(move |tables| open_once(tables, &link, &body, &view_token, now)).await?;
    app.tell_owner(stream);
    opened.map(Cbor)
}

/// A refusal for a wrong token is an outcome that is kept: it counts.
fn open_once(
    tables: &mut dyn Tables,
    link: &Link,
    body: &LinkOpen,
    view_token: &[u8; 32],
    now: Timestamp,
) -> Result<Result<LinkOpened, ApiError>, ApiError> {
    let row = tables.link(link.link)?.ok_or(ApiError::NotFound)?;
    is_over(&row, link, now)?;
    let opens_max = link.max_opens.unwrap_or(OPENS_MAX).min(OPENS_MAX);
    if row.opens >= opens_max {
        return Err(ApiError::UsedUp);
    }
    if let Checked::Wrong(refusal) = check_token(tables, link, &row, &body.token, now)? {
        return Ok(Err(refusal));
    }
    let behind = readable(tables, link, now)?;
    let opens = row.opens + 1;
    tables.update_link(link.link, opens, row.failures, LinkState::Live)?;
    tables.purge_view_tokens(now)?;
    let until = Timestamp(now.plus(VIEW_MS).0.min(link.expires.0));
    let token = ViewTokenRow { link: link.link, grant: link.grant, stream: link.stream, until };
    // A view token is a bearer token of the same kind as the link's: 32 random bytes of which only a hash is kept.
    tables.insert_view_token(token_hash(view_token), &token)?;
    tables.append_view(link.stream, link.grant, now, ViewKind::LinkOpened)?;
    Ok(Ok(LinkOpened {
        envelope: behind.row.envelope,
        view_token: Blob(view_token.to_vec()),
        expires: link.expires,
        opens_left: link.max_opens.map(|max| max.saturating_sub(opens)),
    }))
}

/// Hands the grant to the claimer's key. The link and its view tokens die with it. The same claim again is harmless.
///
/// A link whose openings are used up is claimed only by who still shows a view token of it: a use limit that claiming
/// could pass would be none.
pub async fn claim(
    State(app): State<App>,
    _: Anyone,
    MaybeView(view): MaybeView,
    Ids(id): Ids<LinkId>,
    Cbor(body): Cbor<LinkClaim>,
) -> Result<Cbor<Stored>, ApiError> {
    let claim = verify(&body.claim).map_err(|_| ApiError::BadRequest("The claim's signature is wrong."))?;
    if claim.link != id || claim.claimer != body.claim.key {
        return Err(ApiError::BadRequest("The claim is for another link, or signed by another key."));
    }
    let (_, link) = find(&app, id).await?;
    serving(&app, &link).await?;
    let (now, stream) = (app.clock.now(), link.stream);
    let views_it = view.is_some_and(|view| view.link == id);
    let claimer = claim.claimer;
    let claimed = app
        .store
        .write(move |tables| {
            let row = tables.link(id)?.ok_or(ApiError::NotFound)?;
            if row.state == LinkState::Claimed && token::matches(&link, &body.token) {
                let holder = read(tables.grant(link.grant)?.ok_or(ApiError::NotFound)?)?.row.claimer;
                return if holder == Some(claimer) { Ok(Ok(0)) } else { Err(ApiError::Claimed) };
            }
            is_over(&row, &link, now)?;
            if link.max_opens.is_some_and(|max| row.opens >= max) && !views_it {
                return Err(ApiError::UsedUp);
            }
            if let Checked::Wrong(refusal) = check_token(tables, &link, &row, &body.token, now)? {
                return Ok(Err(refusal));
            }
            readable(tables, &link, now)?;
            tables.set_claimer(link.grant, claimer)?;
            tables.update_link(id, row.opens, row.failures, LinkState::Claimed)?;
            tables.append_view(stream, link.grant, now, ViewKind::LinkClaimed)?;
            Ok(Ok(1))
        })
        .await?;
    app.tell_owner(stream);
    let new = claimed?;
    app.tell_inbox(claimer);
    Ok(Cbor(Stored { new }))
}

async fn find(app: &App, id: LinkId) -> Result<(LinkRow, Link), ApiError> {
    let row = app.store.read(move |tables| tables.link(id)).await.map_err(ApiError::from)?;
    let row = row.ok_or(ApiError::NotFound)?;
    let signed: Signed<Link> = encoding::decode(&row.signed).map_err(|_| ApiError::Internal)?;
    let link = encoding::decode(&signed.body).map_err(|_| ApiError::Internal)?;
    Ok((row, link))
}

/// What the ledger says: with a stream all its links end, and so do those of a grant revoked there.
async fn serving(app: &App, link: &Link) -> Result<(), ApiError> {
    let open = |stream: StreamId| async move {
        Ok::<_, ApiError>(app.ledger.stream_head(stream).await?.is_some_and(|head| head.status == StreamStatus::Open))
    };
    let revoked = app.ledger.grant_state(link.stream, link.grant).await?.is_some_and(|g| g.revoked_at.is_some());
    // A buyer whose claim comes after the sale still gets what was handed over.
    let serves = open(link.stream).await? || chain::handover(app, link.stream).await? == Some(link.grant);
    if !serves {
        return Err(ApiError::Gone("The passport that this link showed was closed."));
    }
    if revoked || known(app, link.grant).await?.row.revoked {
        return Err(ApiError::Revoked);
    }
    Ok(())
}

fn readable(tables: &dyn Tables, link: &Link, now: Timestamp) -> Result<Known, ApiError> {
    let behind = read(tables.grant(link.grant)?.ok_or(ApiError::NotFound)?)?;
    if behind.row.revoked {
        return Err(ApiError::Revoked);
    }
    if behind.grant.not_after < now {
        return Err(ApiError::Gone("What this link showed has ended."));
    }
    Ok(behind)
}
