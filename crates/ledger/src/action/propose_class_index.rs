//! Proposes a base quality index for a class. Signed by a member, who thereby votes for it.

use super::{Context, Rule, permission, vote};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored::{self, StoredProposal},
};
use carnet_protocol::{
    day::Timestamp,
    id::ProposalId,
    ledger::{ProposalState, Rejection},
    limits::BASE_QUALITY_MAX,
    member::MemberClass,
};

pub(super) struct ProposeClassIndex<'a> {
    pub proposal: &'a ProposalId,
    pub class: &'a MemberClass,
    pub index: &'a u8,
}

impl Rule for ProposeClassIndex<'_> {
    /// The proposal with the proposer's vote.
    type Found = StoredProposal;

    fn check_alone(&self, _at: Timestamp) -> Result<(), Rejection> {
        if *self.index > BASE_QUALITY_MAX { Err(Rejection::BadField) } else { Ok(()) }
    }

    fn check<S: ReadState>(
        &self,
        state: &S,
        context: &Context<'_>,
    ) -> Result<Option<StoredProposal>, ApplyError<S::Error>> {
        permission::member(state, context)?;
        let by = *context.signer();
        if let Some(known) = stored::proposal(state, self.proposal)? {
            let same = (known.class, known.index, known.by) == (*self.class, *self.index, by);
            return if same { Ok(None) } else { Err(Rejection::ProposalConflict.into()) };
        }
        let proposal = StoredProposal {
            class: *self.class,
            index: *self.index,
            by,
            at: context.at,
            approvals: 0,
            refusals: 0,
            state: ProposalState::Open,
        };
        Ok(Some(vote::count(proposal, true, state)?))
    }

    fn execute<S: State>(
        &self,
        found: StoredProposal,
        state: &mut S,
        context: &Context<'_>,
    ) -> Result<(), Fault<S::Error>> {
        vote::cast(self.proposal, &found, true, state, context)
    }
}
