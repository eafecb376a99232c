//! Votes on a proposal. Signed by a member; a vote once given stands.

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
    limits::PROPOSAL_MS,
};

pub(super) struct VoteClassIndex<'a> {
    pub proposal: &'a ProposalId,
    pub approve: &'a bool,
}

impl Rule for VoteClassIndex<'_> {
    /// The proposal with this vote.
    type Found = StoredProposal;

    fn check_alone(&self, _at: Timestamp) -> Result<(), Rejection> {
        Ok(())
    }

    fn check<S: ReadState>(
        &self,
        state: &S,
        context: &Context<'_>,
    ) -> Result<Option<StoredProposal>, ApplyError<S::Error>> {
        permission::member(state, context)?;
        let proposal = stored::proposal(state, self.proposal)?.ok_or(Rejection::ProposalUnknown)?;
        match stored::vote(state, self.proposal, context.signer())? {
            Some(given) if given == *self.approve => return Ok(None),
            Some(_) => return Err(Rejection::VoteConflict.into()),
            None => {}
        }
        if proposal.state != ProposalState::Open || context.at > proposal.at.plus(PROPOSAL_MS) {
            return Err(Rejection::ProposalClosed.into());
        }
        Ok(Some(vote::count(proposal, *self.approve, state)?))
    }

    fn execute<S: State>(
        &self,
        found: StoredProposal,
        state: &mut S,
        context: &Context<'_>,
    ) -> Result<(), Fault<S::Error>> {
        vote::cast(self.proposal, &found, *self.approve, state, context)
    }
}
