//! The chain of a car's passports, as the ledger links them, and what was handed over along it.

use super::grants::known;
use crate::{error::ApiError, relay::App};
use carnet_protocol::{
    grant::{EarlierScopes, Grant, GrantScope},
    id::{GrantId, StreamId},
    limits::OWNER_CHANGES_MAX,
    sale::SaleOutcome,
};

/// The answer to a seller who would take back what the buyer was given.
pub(super) const HANDED_OVER: ApiError = ApiError::Forbidden("The car was sold; this was handed over to its buyer.");

/// The handover by which a stream's car was sold; `None` where it was not.
pub(super) async fn handover(app: &App, stream: StreamId) -> Result<Option<GrantId>, ApiError> {
    let sale = app.ledger.sale(stream).await?;
    Ok(sale.filter(|sale| matches!(sale.outcome, SaleOutcome::Sold { .. })).map(|sale| sale.sale))
}

/// Refuses where this was handed over at a sale.
pub(super) async fn not_handed_over(app: &App, stream: StreamId, is: impl Fn(GrantId) -> bool) -> Result<(), ApiError> {
    if handover(app, stream).await?.is_some_and(is) { Err(HANDED_OVER) } else { Ok(()) }
}

/// Makes sure that a grant opens of earlier passports only those of its own car, and of each no more than was handed over.
pub(super) async fn check(app: &App, grant: &Grant) -> Result<(), ApiError> {
    for earlier in &grant.earlier {
        within_handover(app, grant, earlier).await?;
    }
    Ok(())
}

/// What a grant opens of an earlier passport, as it still stands on the ledger.
pub(super) async fn scopes(app: &App, grant: &Grant, stream: StreamId) -> Result<Vec<GrantScope>, ApiError> {
    let earlier = grant.earlier.iter().find(|earlier| earlier.stream == stream).ok_or(ApiError::NotFound)?;
    within_handover(app, grant, earlier).await?;
    Ok(earlier.scopes.clone())
}

async fn within_handover(app: &App, grant: &Grant, earlier: &EarlierScopes) -> Result<(), ApiError> {
    let refused = ApiError::Forbidden("This passport was not handed over to who grants it.");
    let Some(sale) = sale_along(app, grant.stream, earlier.stream).await? else { return Err(refused) };
    let handed = known(app, sale).await?.grant.scopes;
    let covered = |scope: &GrantScope| {
        handed.iter().any(|whole| {
            (whole.label, whole.generation) == (scope.label, scope.generation)
                && whole.days.contains(scope.days.first())
                && whole.days.contains(scope.days.last())
        })
    };
    if earlier.scopes.iter().all(covered) { Ok(()) } else { Err(refused) }
}

/// The handover of an earlier passport, when every step from the later one back to it was a sale.
async fn sale_along(app: &App, later: StreamId, earlier: StreamId) -> Result<Option<GrantId>, ApiError> {
    let mut at = later;
    for _ in 0..OWNER_CHANGES_MAX {
        let Some(previous) = app.ledger.standing(at).await?.and_then(|standing| standing.previous) else { break };
        let Some(sale) = handover(app, previous).await? else { break };
        if previous == earlier {
            return Ok(Some(sale));
        }
        at = previous;
    }
    Ok(None)
}
