//! What members vote on: the base quality index of each class of sources.

use crate::{
    command::Answer,
    directory::Members,
    error::WalletError,
    relay::Auth,
    store::Store,
    transport::Transport,
    view::{ClassIndexView, ClassVotesView, ProposalView},
    wallet::{Context, Wallet},
};
use carnet_protocol::{
    api::{body::ClassIndices, path},
    day::Timestamp,
    id::ProposalId,
    ledger::{Action, Proposal, ProposalState},
    limits::{BASE_QUALITY_MAX, PROPOSAL_MS},
    member::MemberClass,
};
use rand_core::CryptoRng;

impl<S: Store, T: Transport> Wallet<S, T> {
    pub(crate) async fn class_votes<R: CryptoRng>(&mut self, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        let indices = self.relay(cx.now).get::<ClassIndices>(path::CLASSES, Auth::Open, cx.rng).await;
        let indices = self.note_connection(indices)?;
        let members = self.directory().await?;
        Ok(Answer::ClassVotes(view(&indices, &members, cx.now)))
    }

    pub(crate) async fn propose_class_index<R: CryptoRng>(
        &mut self,
        class: MemberClass,
        index: u8,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        if index > BASE_QUALITY_MAX {
            return Err(WalletError::BadInput);
        }
        let mut proposal = ProposalId([0; ProposalId::LEN]);
        cx.rng.fill_bytes(&mut proposal.0);
        self.cast(Action::ProposeClassIndex { proposal, class, index }, cx).await
    }

    pub(crate) async fn vote_class_index<R: CryptoRng>(
        &mut self,
        proposal: ProposalId,
        approve: bool,
        cx: &mut Context<'_, R>,
    ) -> Result<Answer, WalletError> {
        self.cast(Action::VoteClassIndex { proposal, approve }, cx).await
    }

    /// Puts the member's word on the ledger, now: a vote that waits in an outbox may come when the vote is over.
    async fn cast<R: CryptoRng>(&mut self, action: Action, cx: &mut Context<'_, R>) -> Result<Answer, WalletError> {
        let key = self.staff_key()?;
        self.submit_now(&key, action, cx).await?;
        self.class_votes(cx).await
    }
}

fn view(indices: &ClassIndices, members: &Members, now: Timestamp) -> ClassVotesView {
    let classes = MemberClass::ALL.into_iter().map(|class| {
        let voted = indices.indices.iter().find(|voted| voted.class == class);
        ClassIndexView { class, index: voted.map(|voted| voted.index), since: voted.map(|voted| voted.since) }
    });
    let mut proposals: Vec<ProposalView> =
        indices.proposals.iter().map(|proposal| proposal_view(proposal, members, now)).collect();
    proposals.sort_by_key(|proposal| (!proposal.open, core::cmp::Reverse(proposal.at)));
    ClassVotesView { classes: classes.collect(), proposals }
}

fn proposal_view(proposal: &Proposal, members: &Members, now: Timestamp) -> ProposalView {
    let ends = Timestamp(proposal.at.0.saturating_add(PROPOSAL_MS));
    ProposalView {
        proposal: proposal.proposal,
        class: proposal.class,
        index: proposal.index,
        by: members.find(&proposal.by).map(|member| member.name.clone()),
        at: proposal.at,
        ends,
        approvals: proposal.approvals,
        refusals: proposal.refusals,
        open: proposal.state == ProposalState::Open && now < ends,
        enacted: proposal.state == ProposalState::Enacted,
    }
}
