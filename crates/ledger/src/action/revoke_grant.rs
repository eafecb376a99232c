//! Revokes a grant. Signed by the stream's owner, also after the stream was closed: closing must not keep a grant alive.
//! The handover of a sale is the buyer's: it ends with the offer, and once the car is sold not at all. One that was not heard of
//! may still be on its way, from another of the owner's devices: its name is used up, so that it opens nothing when it comes.

use super::{Context, Rule, permission};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored::{self, StoredGrant},
};
use carnet_protocol::{
    day::Timestamp,
    id::{GrantId, StreamId},
    ledger::Rejection,
    sale::SaleOutcome,
};

pub(super) struct RevokeGrant<'a> {
    pub stream: &'a StreamId,
    pub grant: &'a GrantId,
}

impl Rule for RevokeGrant<'_> {
    type Found = StoredGrant;

    fn check_alone(&self, _at: Timestamp) -> Result<(), Rejection> {
        Ok(())
    }

    fn check<S: ReadState>(
        &self,
        state: &S,
        context: &Context<'_>,
    ) -> Result<Option<StoredGrant>, ApplyError<S::Error>> {
        permission::own_stream(state, self.stream, context)?;
        let sale = stored::sale(state, self.stream)?.filter(|sale| sale.sale == *self.grant);
        match sale.map(|sale| sale.outcome) {
            Some(SaleOutcome::Offered) => return Err(Rejection::SaleOffered.into()),
            Some(SaleOutcome::Sold { .. }) => return Err(Rejection::SaleDone.into()),
            Some(SaleOutcome::Cancelled) | None => {}
        }
        let known = stored::grant(state, self.stream, self.grant)?.unwrap_or(StoredGrant::unheard(context.at));
        Ok(known.revoked_at.is_none().then_some(known))
    }

    fn execute<S: State>(
        &self,
        found: StoredGrant,
        state: &mut S,
        context: &Context<'_>,
    ) -> Result<(), Fault<S::Error>> {
        let stored = StoredGrant { revoked_at: Some(context.at), ..found };
        stored::put_grant(state, self.stream, self.grant, &stored)
    }
}
