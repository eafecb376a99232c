//! Offers the car of a stream to whoever holds the code. Signed by the stream's owner, whose stream is frozen until the
//! offer is accepted, taken back or lapsed: what the buyer looks at is what is handed over.

use super::{Context, Rule, permission};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored::{self, StoredGrant, StoredSale},
};
use carnet_protocol::{
    day::Timestamp,
    id::{GrantId, Hash32, StreamId},
    ledger::{FlagKind, Rejection},
    limits::{EVERLASTING_MS, SALE_MS},
    sale::SaleOutcome,
};

pub(super) struct OfferSale<'a> {
    pub stream: &'a StreamId,
    pub sale: &'a GrantId,
    pub hash: &'a Hash32,
    pub terms: &'a Hash32,
    pub code: &'a Hash32,
    pub not_after: &'a Timestamp,
}

impl OfferSale<'_> {
    /// Whether a known offer is this one.
    fn is(&self, known: &StoredSale) -> bool {
        (known.sale, known.hash, known.terms, known.code, known.not_after)
            == (*self.sale, *self.hash, *self.terms, *self.code, *self.not_after)
    }
}

impl Rule for OfferSale<'_> {
    type Found = ();

    fn check_alone(&self, at: Timestamp) -> Result<(), Rejection> {
        let good = (at..=at.plus(SALE_MS)).contains(self.not_after);
        if good { Ok(()) } else { Err(Rejection::SaleLapsed) }
    }

    fn check<S: ReadState>(&self, state: &S, context: &Context<'_>) -> Result<Option<()>, ApplyError<S::Error>> {
        let stream = permission::own_stream(state, self.stream, context)?;
        if let Some(known) = stored::sale(state, self.stream)? {
            let open = known.outcome == SaleOutcome::Offered;
            match known.outcome {
                SaleOutcome::Sold { .. } => return Err(Rejection::SaleDone.into()),
                _ if self.is(&known) => return if open { Ok(None) } else { Err(Rejection::SaleUnknown.into()) },
                // A second offer would leave the first buyer with a code that may or may not count.
                SaleOutcome::Offered if context.at <= known.not_after => return Err(Rejection::SaleOffered.into()),
                SaleOutcome::Offered | SaleOutcome::Cancelled => {}
            }
        }
        permission::check_open(&stream)?;
        if stored::grant(state, self.stream, self.sale)?.is_some() {
            return Err(Rejection::SaleConflict.into());
        }
        let standing = stored::standing(state, self.stream)?;
        if standing.flags.iter().any(|flag| flag.kind == FlagKind::Theft) {
            return Err(Rejection::CarStolen.into());
        }
        Ok(Some(()))
    }

    fn execute<S: State>(&self, (): (), state: &mut S, context: &Context<'_>) -> Result<(), Fault<S::Error>> {
        // An offer that lapsed is over, and so is its handover.
        if let Some(lapsed) = stored::sale(state, self.stream)? {
            stored::revoke_grant(state, self.stream, &lapsed.sale, context.at)?;
        }
        let handover = StoredGrant {
            hash: *self.hash,
            acceptor: None,
            not_after: Timestamp(EVERLASTING_MS),
            accepted_at: None,
            revoked_at: None,
        };
        stored::put_grant(state, self.stream, self.sale, &handover)?;
        let sale = StoredSale {
            sale: *self.sale,
            hash: *self.hash,
            terms: *self.terms,
            code: *self.code,
            not_after: *self.not_after,
            offered_at: context.at,
            outcome: SaleOutcome::Offered,
        };
        stored::put_sale(state, self.stream, &sale)
    }
}
