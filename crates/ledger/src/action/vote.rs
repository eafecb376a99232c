//! How votes decide a proposal.

use super::Context;
use crate::{
    fault::Fault,
    state::{ReadState, State},
    stored::{self, StoredProposal},
};
use carnet_protocol::{
    id::ProposalId,
    ledger::{ClassIndex, ProposalState},
};

/// Counts a vote that has not been counted yet. A proposal stands once more than half of those who are members now are
/// for it, and falls once that can no longer be.
pub(super) fn count<S: ReadState>(
    proposal: StoredProposal,
    approve: bool,
    state: &S,
) -> Result<StoredProposal, Fault<S::Error>> {
    let members = u64::from(stored::count_members(state)?);
    let approvals = proposal.approvals + u32::from(approve);
    let refusals = proposal.refusals + u32::from(!approve);
    let decided = if 2 * u64::from(approvals) > members {
        ProposalState::Enacted
    } else if 2 * u64::from(refusals) >= members {
        ProposalState::Refused
    } else {
        ProposalState::Open
    };
    Ok(StoredProposal { approvals, refusals, state: decided, ..proposal })
}

/// Writes a vote, the proposal as it stands after it, and the index when it stands.
pub(super) fn cast<S: State>(
    proposal: &ProposalId,
    counted: &StoredProposal,
    approve: bool,
    state: &mut S,
    context: &Context<'_>,
) -> Result<(), Fault<S::Error>> {
    stored::put_vote(state, proposal, context.signer(), approve)?;
    stored::put_proposal(state, proposal, counted)?;
    if counted.state == ProposalState::Enacted {
        let StoredProposal { class, index, .. } = *counted;
        stored::put_class_index(state, &ClassIndex { class, index, since: context.at, proposal: *proposal })?;
    }
    Ok(())
}
