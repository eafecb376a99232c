//! Base quality indices of member classes, set by vote.

use crate::{day::Timestamp, id::ProposalId, key::VerifyingKey, member::MemberClass};
use serde::{Deserialize, Serialize};

/// The base quality index of a class, as members voted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ClassIndex {
    /// The class.
    pub class: MemberClass,
    /// From 0 to 100. Every record that a member of the class commits from now on carries it.
    pub index: u8,
    /// Time of the vote that decided.
    pub since: Timestamp,
    /// What was voted on.
    pub proposal: ProposalId,
}

/// A proposal and how the vote stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Proposal {
    /// The proposal.
    pub proposal: ProposalId,
    /// For this class.
    pub class: MemberClass,
    /// The index proposed.
    pub index: u8,
    /// Who proposed it.
    pub by: VerifyingKey,
    /// When. Votes are taken for `PROPOSAL_MS`.
    pub at: Timestamp,
    /// Members for it.
    pub approvals: u32,
    /// Members against it.
    pub refusals: u32,
    /// Whether it is decided.
    pub state: ProposalState,
}

/// Whether a proposal is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalState {
    /// Votes are taken.
    Open,
    /// More than half of the members were for it.
    Enacted,
    /// Half of the members or more were against it.
    Refused,
}
