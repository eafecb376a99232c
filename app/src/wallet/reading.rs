//! Calls of those who read other people's cars: link readers, buyers, members' staff.

use super::session::calls;
use super::{CallError, WalletClient};
use carnet_protocol::{
    id::{GrantId, ProposalId},
    key::VerifyingKey,
    member::MemberClass,
};
use carnet_wallet::{
    command::{Answer, Command, FileData, Subject},
    view::{
        ClassVotesView, ComparisonView, InboxView, LinkView, MemberView, SavedView, SignaturesView, StaffView,
        StandingView, TrustView,
    },
};

calls! {
    /// Opens a share link; works without a wallet.
    open_link(fragment: String, pin: Option<String>) =>
        Command::OpenLink { fragment, pin }, Answer::Link(view) => view, LinkView;

    /// Takes the open link over into this wallet.
    claim_link() => Command::ClaimLink, Answer::Saved(views) => views, Vec<SavedView>;

    /// Passports of other people's cars kept in this wallet.
    saved() => Command::Saved, Answer::Saved(views) => views, Vec<SavedView>;

    /// The same, after asking which of them their owners took back.
    ask_saved() => Command::AskSaved, Answer::Saved(views) => views, Vec<SavedView>;

    /// Forgets one of them.
    forget_saved(grant: GrantId) => Command::ForgetSaved { grant }, Answer::Saved(views) => views, Vec<SavedView>;

    /// Passports kept in this wallet side by side.
    compare(grants: Vec<GrantId>) => Command::Compare { grants }, Answer::Comparison(view) => view, ComparisonView;

    /// How a car stands, as the ledger says now.
    standing(subject: Subject) => Command::Standing { subject }, Answer::Standing(view) => *view, StandingView;

    /// Says something of a car: one of the commands that are answered by how it stands then.
    say(command: Command) => command, Answer::Standing(view) => *view, StandingView;

    /// What members vote on.
    class_votes() => Command::ClassVotes, Answer::ClassVotes(view) => view, ClassVotesView;

    /// Proposes a base index for a class of sources.
    propose_class_index(class: MemberClass, index: u8) =>
        Command::ProposeClassIndex { class, index }, Answer::ClassVotes(view) => view, ClassVotesView;

    /// Votes on a proposal.
    vote_class_index(proposal: ProposalId, approve: bool) =>
        Command::VoteClassIndex { proposal, approve }, Answer::ClassVotes(view) => view, ClassVotesView;

    /// The proof of a passport, to be checked without this relay.
    proof_bundle(subject: Subject) => Command::ProofBundle { subject }, Answer::File(file) => file, FileData;

    /// Verifies the next of a passport's source signatures.
    check_signatures(subject: Subject) =>
        Command::CheckSignatures { subject }, Answer::Signatures(view) => view, SignaturesView;

    /// How the wallet stands to the ledger.
    trust() => Command::Trust, Answer::Trust(trust) => trust, TrustView;

    /// Two checkpoints of the ledger that cannot both be true.
    evidence() => Command::Evidence, Answer::File(file) => file, FileData;

    /// The relay's last receipts for what was sent.
    acknowledgements() => Command::Acknowledgements, Answer::File(file) => file, FileData;

    /// Goes on with a ledger that showed two histories.
    start_trust_anew(passphrase: String) =>
        Command::StartTrustAnew { passphrase }, Answer::Trust(trust) => trust, TrustView;

    /// The member this wallet acts for, if any.
    staff() => Command::Staff, Answer::Staff(staff) => staff, Option<StaffView>;

    /// The demo consortium's roles; empty where there is no demo consortium.
    demo_roles() => Command::DemoRoles, Answer::DemoRoles(roles) => roles, Vec<MemberView>;

    /// Takes up a role of the demo consortium.
    take_demo_role(member: VerifyingKey) =>
        Command::TakeDemoRole { member }, Answer::Staff(staff) => staff, Option<StaffView>;

    /// Makes member keys of one's own, for the consortium to admit.
    request_membership(name: String, class: MemberClass) =>
        Command::RequestMembership { name, class }, Answer::Staff(staff) => staff, Option<StaffView>;

    /// Grants addressed to the member.
    inbox() => Command::Inbox, Answer::Inbox(views) => views, Vec<InboxView>;

    /// Accepts or declines one.
    answer_grant(grant: GrantId, accept: bool) =>
        Command::AnswerGrant { grant, accept }, Answer::Inbox(views) => views, Vec<InboxView>;
}
