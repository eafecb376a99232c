//! Admits a member. Signed by the authority.

use super::{Context, Rule, check_name};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored,
};
use carnet_crypto::{sealing::check_sealing_key, signature::check_verifying_key};
use carnet_protocol::{day::Timestamp, ledger::Rejection, limits::BASE_QUALITY_MAX, member::Member};

pub(super) struct AdmitMember<'a> {
    pub member: &'a Member,
}

impl Rule for AdmitMember<'_> {
    type Found = ();

    /// Keys that nobody can hold, or that everybody holds, must not enter the directory: wallets seal to them.
    fn check_alone(&self, _at: Timestamp) -> Result<(), Rejection> {
        let Member { sign, seal, name, class: _, base_quality } = self.member;
        check_name(name)?;
        check_verifying_key(sign).map_err(|_| Rejection::BadField)?;
        check_sealing_key(seal).map_err(|_| Rejection::BadField)?;
        if *base_quality > BASE_QUALITY_MAX { Err(Rejection::BadField) } else { Ok(()) }
    }

    fn check<S: ReadState>(&self, state: &S, context: &Context<'_>) -> Result<Option<()>, ApplyError<S::Error>> {
        if context.ledger.is_none_or(|ledger| ledger.authority != *context.signer()) {
            return Err(Rejection::NotAllowed.into());
        }
        match stored::member(state, &self.member.sign)? {
            None => Ok(Some(())),
            Some(known) if known == *self.member => Ok(None),
            Some(_) => Err(Rejection::MemberExists.into()),
        }
    }

    fn execute<S: State>(&self, (): (), state: &mut S, context: &Context<'_>) -> Result<(), Fault<S::Error>> {
        stored::put_member(state, self.member, context.signed)
    }
}
