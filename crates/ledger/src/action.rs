//! One file per action, each with its three steps: what can be checked alone, what the state has to say, the effect.

mod accept_grant;
mod accept_sale;
mod admit_holder;
mod admit_member;
mod append_records;
mod attest_vin;
mod cancel_sale;
mod close_stream;
mod declare_flag;
mod end_pairing;
mod genesis;
mod issue_grant;
mod lift_flag;
mod offer_sale;
mod open_stream;
mod pair_source;
mod permission;
mod propose_class_index;
mod publish_vin_key;
mod remove_holder;
mod renew_grant;
mod reopen_passport;
mod report_flag;
mod revoke_grant;
mod sighting;
mod vote;
mod vote_class_index;
mod withdraw_records;

use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored::StoredLedger,
};
use accept_grant::AcceptGrant;
use accept_sale::AcceptSale;
use admit_holder::AdmitHolder;
use admit_member::AdmitMember;
use append_records::AppendRecords;
use attest_vin::AttestVin;
use cancel_sale::CancelSale;
use carnet_protocol::{
    day::{Day, Timestamp},
    id::Hash32,
    key::VerifyingKey,
    ledger::{Action, Rejection, Transaction},
    limits::NAME_MAX,
    signed::Signed,
};
use close_stream::CloseStream;
use declare_flag::DeclareFlag;
use end_pairing::EndPairing;
use genesis::Genesis;
use issue_grant::IssueGrant;
use lift_flag::LiftFlag;
use offer_sale::OfferSale;
use open_stream::OpenStream;
use pair_source::PairSource;
use propose_class_index::ProposeClassIndex;
use publish_vin_key::PublishVinKey;
use remove_holder::RemoveHolder;
use renew_grant::RenewGrant;
use reopen_passport::ReopenPassport;
use report_flag::ReportFlag;
use revoke_grant::RevokeGrant;
use vote_class_index::VoteClassIndex;
use withdraw_records::WithdrawRecords;

/// What a rule knows about its transaction besides the action.
pub(crate) struct Context<'a> {
    /// As it was signed.
    pub signed: &'a Signed<Transaction>,
    /// Its hash.
    pub hash: Hash32,
    /// When it was made, within the host's bounds.
    pub at: Timestamp,
    /// The ledger, already found to be the one it is meant for; `None` before the first transaction.
    pub ledger: Option<&'a StoredLedger>,
}

impl Context<'_> {
    fn signer(&self) -> &VerifyingKey {
        &self.signed.key
    }
}

/// The rule of one action.
trait Rule {
    /// What the checks found in the state and the effect builds on; `None` where nothing is left to do.
    type Found;

    /// What can be said without the state.
    fn check_alone(&self, at: Timestamp) -> Result<(), Rejection>;

    /// Whether the state allows it.
    fn check<S: ReadState>(
        &self,
        state: &S,
        context: &Context<'_>,
    ) -> Result<Option<Self::Found>, ApplyError<S::Error>>;

    /// The effect. Cannot refuse.
    fn execute<S: State>(
        &self,
        found: Self::Found,
        state: &mut S,
        context: &Context<'_>,
    ) -> Result<(), Fault<S::Error>>;
}

/// Evaluates an expression with the rule of an action.
macro_rules! with_rule {
    ($action:expr, $rule:ident => $use:expr) => {
        match $action {
            Action::Genesis { name } => {
                let $rule = Genesis { name };
                $use
            }
            Action::AdmitMember(member) => {
                let $rule = AdmitMember { member };
                $use
            }
            Action::OpenStream { stream } => {
                let $rule = OpenStream { stream };
                $use
            }
            Action::AppendRecords { stream, entries } => {
                let $rule = AppendRecords { stream, pairing: None, entries };
                $use
            }
            Action::AppendPaired { stream, pairing, entries } => {
                let $rule = AppendRecords { stream, pairing: Some(pairing), entries };
                $use
            }
            Action::PairSource { stream, grant, claim } => {
                let $rule = PairSource { stream, grant, claim };
                $use
            }
            Action::EndPairing { stream, pairing } => {
                let $rule = EndPairing { stream, pairing };
                $use
            }
            Action::WithdrawRecords { stream, records } => {
                let $rule = WithdrawRecords { stream, records };
                $use
            }
            Action::AdmitHolder { stream, holder } => {
                let $rule = AdmitHolder { stream, holder };
                $use
            }
            Action::RemoveHolder { stream, holder } => {
                let $rule = RemoveHolder { stream, holder };
                $use
            }
            Action::IssueGrant { stream, grant, hash, acceptor, not_after } => {
                let $rule = IssueGrant { stream, grant, hash, acceptor, not_after };
                $use
            }
            Action::AcceptGrant { stream, grant } => {
                let $rule = AcceptGrant { stream, grant };
                $use
            }
            Action::RenewGrant { stream, grant, hash, not_after } => {
                let $rule = RenewGrant { stream, grant, hash, not_after };
                $use
            }
            Action::RevokeGrant { stream, grant } => {
                let $rule = RevokeGrant { stream, grant };
                $use
            }
            Action::CloseStream { stream } => {
                let $rule = CloseStream { stream };
                $use
            }
            Action::OfferSale { stream, sale, hash, terms, code, not_after } => {
                let $rule = OfferSale { stream, sale, hash, terms, code, not_after };
                $use
            }
            Action::CancelSale { stream, sale } => {
                let $rule = CancelSale { stream, sale };
                $use
            }
            Action::AcceptSale(acceptance) => {
                let $rule = AcceptSale { acceptance };
                $use
            }
            Action::PublishVinKey { key } => {
                let $rule = PublishVinKey { key };
                $use
            }
            Action::ProposeClassIndex { proposal, class, index } => {
                let $rule = ProposeClassIndex { proposal, class, index };
                $use
            }
            Action::VoteClassIndex { proposal, approve } => {
                let $rule = VoteClassIndex { proposal, approve };
                $use
            }
            Action::AttestVin { stream, sighting } => {
                let $rule = AttestVin { stream, sighting };
                $use
            }
            Action::ReopenPassport { stream, previous, sighting, evidence } => {
                let $rule = ReopenPassport { stream, previous, sighting, evidence };
                $use
            }
            Action::DeclareFlag { stream, flag, kind, day, evidence } => {
                let $rule = DeclareFlag { stream, flag, kind, day, evidence };
                $use
            }
            Action::ReportFlag { stream, flag, day, evidence } => {
                let $rule = ReportFlag { stream, flag, day, evidence };
                $use
            }
            Action::LiftFlag { stream, flag, day, evidence } => {
                let $rule = LiftFlag { stream, flag, day, evidence };
                $use
            }
        }
    };
}

/// What can be said about a transaction without the state.
pub(crate) fn check_alone(transaction: &Transaction) -> Result<(), Rejection> {
    // Only the first transaction cannot know the ledger's hash: it is its own.
    let is_genesis = matches!(transaction.action, Action::Genesis { .. });
    if is_genesis != transaction.ledger.is_none() {
        return Err(Rejection::WrongLedger);
    }
    with_rule!(&transaction.action, rule => rule.check_alone(transaction.at))
}

/// Checks an action against the state and carries it out.
pub(crate) fn run<S: State>(action: &Action, state: &mut S, context: &Context<'_>) -> Result<(), ApplyError<S::Error>> {
    with_rule!(action, rule => {
        if let Some(found) = rule.check(state, context)? {
            rule.execute(found, state, context)?;
        }
        Ok(())
    })
}

/// A name that can be shown: not empty, not too long, no control characters.
fn check_name(name: &str) -> Result<(), Rejection> {
    let good = !name.trim().is_empty() && name.len() <= NAME_MAX && !name.chars().any(char::is_control);
    if good { Ok(()) } else { Err(Rejection::BadField) }
}

/// A day that has come wherever the signer may be.
fn check_day(day: Day, at: Timestamp) -> Result<(), Rejection> {
    if day > at.plus(Timestamp::DAY).day() { Err(Rejection::BadField) } else { Ok(()) }
}
