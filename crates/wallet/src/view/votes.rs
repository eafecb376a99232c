//! What members vote on, as it is shown.

use carnet_protocol::{day::Timestamp, id::ProposalId, member::MemberClass};
use serde::{Deserialize, Serialize};

/// The classes' base indices and the proposals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassVotesView {
    /// All classes, in a fixed order.
    pub classes: Vec<ClassIndexView>,
    /// Open ones first, of each the newest first.
    pub proposals: Vec<ProposalView>,
}

/// What a record of this class of sources counts to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassIndexView {
    /// The class.
    pub class: MemberClass,
    /// Voted on; `None` while each member has the one with which it was admitted.
    pub index: Option<u8>,
    /// Since when.
    pub since: Option<Timestamp>,
}

/// A proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalView {
    /// Which.
    pub proposal: ProposalId,
    /// For this class.
    pub class: MemberClass,
    /// The index proposed, 0 to 100.
    pub index: u8,
    /// The proposer's name, where the directory has it.
    pub by: Option<String>,
    /// When.
    pub at: Timestamp,
    /// When votes are no longer taken.
    pub ends: Timestamp,
    /// Members for it, the proposer included.
    pub approvals: u32,
    /// Members against it.
    pub refusals: u32,
    /// Whether votes are taken.
    pub open: bool,
    /// Whether it stands.
    pub enacted: bool,
}
