//! Makes the ledger. The signer is the authority that admits members.

use super::{Context, Rule, check_name};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored::{self, StoredLedger},
};
use carnet_protocol::{day::Timestamp, ledger::Rejection};

pub(super) struct Genesis<'a> {
    pub name: &'a str,
}

impl Rule for Genesis<'_> {
    type Found = ();

    fn check_alone(&self, _at: Timestamp) -> Result<(), Rejection> {
        check_name(self.name)
    }

    fn check<S: ReadState>(&self, _state: &S, context: &Context<'_>) -> Result<Option<()>, ApplyError<S::Error>> {
        if context.ledger.is_some() { Err(Rejection::GenesisExists.into()) } else { Ok(Some(())) }
    }

    fn execute<S: State>(&self, (): (), state: &mut S, context: &Context<'_>) -> Result<(), Fault<S::Error>> {
        stored::put_ledger(state, &StoredLedger { hash: context.hash, authority: *context.signer() })?;
        stored::put_genesis(state, context.signed)
    }
}
