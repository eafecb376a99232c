//! Accepts an offer: closes the seller's stream, opens the buyer's, links both and carries over what stands against the
//! car, all at once or not at all. Signed by the key that owns the buyer's stream; the code shows that the seller meant
//! this buyer. Of several acceptances one wins.
//!
//! With the seller's stream all its grants end, but for the handover. A stolen car is not sold; a lien goes along only
//! where the buyer names it.

use super::{Context, Rule, permission};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored::{self, StoredSale, StoredStream, StoredTag},
};
use carnet_crypto::{grant::acceptor_hash, signature};
use carnet_protocol::{
    day::Timestamp,
    id::FlagId,
    ledger::{
        CarStanding, FlagKind, OwnerChange, OwnerChangeKind, Rejection, StandingChange, StandingEvent, StreamStatus,
    },
    limits::LIENS_MAX,
    sale::{SaleAcceptance, SaleClaim, SaleOutcome},
};
use std::collections::BTreeSet;

pub(super) struct AcceptSale<'a> {
    pub acceptance: &'a SaleAcceptance,
}

/// The sale as it stands.
pub(super) struct Deal {
    stream: StoredStream,
    standing: CarStanding,
    sale: StoredSale,
}

impl AcceptSale<'_> {
    /// Whether the signer was given the code, for the passport named here.
    fn has_code(&self, sale: &StoredSale, context: &Context<'_>) -> bool {
        let SaleAcceptance { stream, sale: name, next, code, claim, .. } = self.acceptance;
        let said = SaleClaim { stream: *stream, sale: *name, next: *next, owner: *context.signer() };
        acceptor_hash(stream, name, code) == sale.code && signature::verify_detached(&said, code, claim).is_ok()
    }
}

impl Rule for AcceptSale<'_> {
    type Found = Deal;

    fn check_alone(&self, _at: Timestamp) -> Result<(), Rejection> {
        let SaleAcceptance { stream, next, liens, .. } = self.acceptance;
        let distinct: BTreeSet<&FlagId> = liens.iter().collect();
        if stream == next {
            Err(Rejection::BadField)
        } else if liens.len() > LIENS_MAX || distinct.len() != liens.len() {
            Err(Rejection::BadList)
        } else {
            Ok(())
        }
    }

    fn check<S: ReadState>(&self, state: &S, context: &Context<'_>) -> Result<Option<Deal>, ApplyError<S::Error>> {
        let acceptance = self.acceptance;
        let stream = permission::known_stream(state, &acceptance.stream)?;
        let sale = stored::sale(state, &acceptance.stream)?.ok_or(Rejection::SaleUnknown)?;
        let bought = stored::stream(state, &acceptance.next)?;
        if let SaleOutcome::Sold { next, .. } = sale.outcome {
            let mine = bought.is_some_and(|bought| bought.owner == *context.signer());
            let same = (sale.sale, next) == (acceptance.sale, acceptance.next) && mine;
            return if same { Ok(None) } else { Err(Rejection::SaleDone.into()) };
        }
        if sale.sale != acceptance.sale || sale.outcome == SaleOutcome::Cancelled {
            return Err(Rejection::SaleUnknown.into());
        }
        if !self.has_code(&sale, context) {
            return Err(Rejection::NotAllowed.into());
        }
        if context.at > sale.not_after {
            return Err(Rejection::SaleLapsed.into());
        }
        if sale.terms != acceptance.terms {
            return Err(Rejection::SaleConflict.into());
        }
        permission::check_open(&stream)?;
        if bought.is_some() {
            return Err(Rejection::StreamExists.into());
        }
        let standing = stored::standing(state, &acceptance.stream)?;
        for flag in &standing.flags {
            match flag.kind {
                FlagKind::Theft => return Err(Rejection::CarStolen.into()),
                FlagKind::Lien if !acceptance.liens.contains(&flag.flag) => {
                    return Err(Rejection::LienUnacknowledged.into());
                }
                // Whoever looks at the car is told, and it stands in the buyer's passport as it did in the seller's.
                FlagKind::Lien | FlagKind::Wreck => {}
            }
        }
        Ok(Some(Deal { stream, standing, sale }))
    }

    fn execute<S: State>(&self, found: Deal, state: &mut S, context: &Context<'_>) -> Result<(), Fault<S::Error>> {
        let Deal { stream, standing: mut before, sale } = found;
        let SaleAcceptance { stream: sold, next, terms: evidence, .. } = self.acceptance;
        let (by, at, evidence) = (*context.signer(), context.at, *evidence);
        let event = |change| StandingEvent { by, class: None, at, change };

        let mut standing = CarStanding {
            vin: before.vin,
            flags: before.flags.clone(),
            previous: Some(*sold),
            owners: before.owners.with(OwnerChange { at, kind: OwnerChangeKind::Sale }),
            ..CarStanding::UNKNOWN
        };
        stored::put_stream(state, sold, &StoredStream { status: StreamStatus::Closed, ..stream })?;
        stored::put_sale(state, sold, &StoredSale { outcome: SaleOutcome::Sold { next: *next, at }, ..sale })?;
        before.next = Some(*next);
        let change = StandingChange::ContinuedBy { next: *next, evidence };
        stored::note(state, sold, &mut before, &event(change))?;
        stored::put_standing(state, sold, &before)?;

        let opened = StoredStream { owner: by, status: StreamStatus::Open, leaves: 0, opened_at: at };
        stored::put_stream(state, next, &opened)?;
        for flag in &standing.flags {
            stored::mark_used(state, next, &flag.flag)?;
        }
        let change = StandingChange::Continues { previous: *sold, evidence };
        stored::note(state, next, &mut standing, &event(change))?;
        stored::put_standing(state, next, &standing)?;
        if let Some(vin) = &standing.vin {
            stored::put_tag(state, &vin.sighting.tag, &StoredTag { stream: *next })?;
        }
        Ok(())
    }
}
