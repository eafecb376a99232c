//! Takes an offer back. Signed by the stream's owner; the handover ends with it.

use super::{Context, Rule, permission};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored::{self, StoredSale},
};
use carnet_protocol::{
    day::Timestamp,
    id::{GrantId, StreamId},
    ledger::Rejection,
    sale::SaleOutcome,
};

pub(super) struct CancelSale<'a> {
    pub stream: &'a StreamId,
    pub sale: &'a GrantId,
}

impl Rule for CancelSale<'_> {
    type Found = StoredSale;

    fn check_alone(&self, _at: Timestamp) -> Result<(), Rejection> {
        Ok(())
    }

    fn check<S: ReadState>(
        &self,
        state: &S,
        context: &Context<'_>,
    ) -> Result<Option<StoredSale>, ApplyError<S::Error>> {
        permission::own_stream(state, self.stream, context)?;
        let known = stored::sale(state, self.stream)?.filter(|known| known.sale == *self.sale);
        let known = known.ok_or(Rejection::SaleUnknown)?;
        match known.outcome {
            SaleOutcome::Offered => Ok(Some(known)),
            SaleOutcome::Cancelled => Ok(None),
            SaleOutcome::Sold { .. } => Err(Rejection::SaleDone.into()),
        }
    }

    fn execute<S: State>(
        &self,
        found: StoredSale,
        state: &mut S,
        context: &Context<'_>,
    ) -> Result<(), Fault<S::Error>> {
        stored::revoke_grant(state, self.stream, self.sale, context.at)?;
        stored::put_sale(state, self.stream, &StoredSale { outcome: SaleOutcome::Cancelled, ..found })
    }
}
