//! Proposals, votes and the indices they set.

use super::{decode, read, write};
use crate::{
    fault::Fault,
    key,
    state::{ReadState, State},
};
use carnet_protocol::{
    day::Timestamp,
    id::ProposalId,
    key::VerifyingKey,
    ledger::{ClassIndex, Proposal, ProposalState},
    limits::PAGE_MAX,
    member::MemberClass,
};
use serde::{Deserialize, Serialize};

/// A proposal but for its id, which stands in the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredProposal {
    pub class: MemberClass,
    pub index: u8,
    pub by: VerifyingKey,
    pub at: Timestamp,
    pub approvals: u32,
    pub refusals: u32,
    pub state: ProposalState,
}

pub(crate) fn class_index<S: ReadState>(state: &S, class: MemberClass) -> Result<Option<ClassIndex>, Fault<S::Error>> {
    read(state, &key::class_index(class), "class index")
}

pub(crate) fn put_class_index<S: State>(state: &mut S, index: &ClassIndex) -> Result<(), Fault<S::Error>> {
    write(state, key::class_index(index.class), index)
}

pub(crate) fn scanned_class_index<E>(value: &[u8]) -> Result<ClassIndex, Fault<E>> {
    decode(value, "class index")
}

pub(crate) fn proposal<S: ReadState>(
    state: &S,
    proposal: &ProposalId,
) -> Result<Option<StoredProposal>, Fault<S::Error>> {
    read(state, &key::proposal(proposal), "proposal")
}

pub(crate) fn put_proposal<S: State>(
    state: &mut S,
    proposal: &ProposalId,
    stored: &StoredProposal,
) -> Result<(), Fault<S::Error>> {
    write(state, key::proposal(proposal), stored)
}

/// Reads a proposal as it came from a scan.
pub(crate) fn scanned_proposal<E>(key: &[u8], value: &[u8]) -> Result<Proposal, Fault<E>> {
    let id = key.last_chunk().copied().map(ProposalId).ok_or(Fault::Damaged("proposal"))?;
    let StoredProposal { class, index, by, at, approvals, refusals, state } = decode(value, "proposal")?;
    Ok(Proposal { proposal: id, class, index, by, at, approvals, refusals, state })
}

pub(crate) fn vote<S: ReadState>(
    state: &S,
    proposal: &ProposalId,
    member: &VerifyingKey,
) -> Result<Option<bool>, Fault<S::Error>> {
    read(state, &key::vote(proposal, member), "vote")
}

pub(crate) fn put_vote<S: State>(
    state: &mut S,
    proposal: &ProposalId,
    member: &VerifyingKey,
    approve: bool,
) -> Result<(), Fault<S::Error>> {
    write(state, key::vote(proposal, member), &approve)
}

/// The number of members. The one scan that a rule makes: a count kept beside it would be read by every vote as well,
/// and votes and admissions are rare.
pub(crate) fn count_members<S: ReadState>(state: &S) -> Result<u32, Fault<S::Error>> {
    let (mut count, mut after) = (0_u32, None::<Vec<u8>>);
    loop {
        let page = state.scan(key::MEMBERS, after.as_deref(), PAGE_MAX).map_err(Fault::Host)?;
        count = count.saturating_add(u32::try_from(page.len()).unwrap_or(u32::MAX));
        if page.len() < PAGE_MAX {
            return Ok(count);
        }
        after = page.into_iter().next_back().map(|(key, _)| key);
    }
}
