//! The bearer token of a link: compared without telling how much of it was right, its misses counted.

use crate::{
    error::ApiError,
    store::{LinkRow, LinkState, Tables},
};
use carnet_crypto::link::token_hash;
use carnet_protocol::{api::body::ViewKind, day::Timestamp, limits::LINK_FAILURES_MAX, link::Link};
use subtle::ConstantTimeEq as _;

/// What a shown token is.
pub(super) enum Checked {
    /// The link's.
    Right,
    /// Another; it was counted.
    Wrong(ApiError),
}

/// Refuses a link that opens nothing any more, whatever the token.
pub(super) fn is_over(row: &LinkRow, link: &Link, now: Timestamp) -> Result<(), ApiError> {
    match row.state {
        LinkState::Claimed => return Err(ApiError::Claimed),
        LinkState::Ended => return Err(ApiError::Revoked),
        LinkState::Live => {}
    }
    if link.expires < now {
        return Err(ApiError::Gone("This link has expired."));
    }
    if row.failures >= LINK_FAILURES_MAX {
        return Err(ApiError::UsedUp);
    }
    Ok(())
}

/// Whether the token is the link's.
pub(super) fn matches(link: &Link, token: &[u8]) -> bool {
    token_hash(token).0.ct_eq(&link.token_hash.0).into()
}

/// Compares the token and counts a miss; the miss that reaches the limit closes the link for good.
pub(super) fn check_token(
    tables: &mut dyn Tables,
    link: &Link,
    row: &LinkRow,
    token: &[u8],
    now: Timestamp,
) -> Result<Checked, ApiError> {
    if matches(link, token) {
        return Ok(Checked::Right);
    }
    let failures = row.failures + 1;
    tables.update_link(link.link, row.opens, failures, row.state)?;
    tables.append_view(link.stream, link.grant, now, ViewKind::LinkRefused)?;
    Ok(Checked::Wrong(if failures >= LINK_FAILURES_MAX { ApiError::UsedUp } else { ApiError::WrongToken }))
}
