//! Takes an offer back. Signed by the stream's owner; the handover ends with it. An offer that has not been heard of yet may
//! still be on its way: its name is used up, so that it freezes nothing when it comes.

use super::{Context, Rule, permission};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored::{self, StoredGrant, StoredSale},
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

/// What is taken back.
pub(super) enum Offer {
    /// One that stands.
    Standing(StoredSale),
    /// One that was not heard of.
    Unheard,
}

impl Rule for CancelSale<'_> {
    type Found = Offer;

    fn check_alone(&self, _at: Timestamp) -> Result<(), Rejection> {
        Ok(())
    }

    fn check<S: ReadState>(&self, state: &S, context: &Context<'_>) -> Result<Option<Offer>, ApplyError<S::Error>> {
        permission::own_stream(state, self.stream, context)?;
        let known = stored::sale(state, self.stream)?.filter(|known| known.sale == *self.sale);
        match known.as_ref().map(|known| known.outcome) {
            Some(SaleOutcome::Offered) => Ok(known.map(Offer::Standing)),
            Some(SaleOutcome::Cancelled) => Ok(None),
            Some(SaleOutcome::Sold { .. }) => Err(Rejection::SaleDone.into()),
            // Of an earlier offer, or a share's: neither can be offered by it any more.
            None if stored::grant(state, self.stream, self.sale)?.is_some() => Err(Rejection::SaleUnknown.into()),
            None => Ok(Some(Offer::Unheard)),
        }
    }

    fn execute<S: State>(&self, found: Offer, state: &mut S, context: &Context<'_>) -> Result<(), Fault<S::Error>> {
        match found {
            Offer::Standing(found) => {
                stored::revoke_grant(state, self.stream, self.sale, context.at)?;
                stored::put_sale(state, self.stream, &StoredSale { outcome: SaleOutcome::Cancelled, ..found })
            }
            Offer::Unheard => {
                let used_up = StoredGrant { revoked_at: Some(context.at), ..StoredGrant::unheard(context.at) };
                stored::put_grant(state, self.stream, self.sale, &used_up)
            }
        }
    }
}
