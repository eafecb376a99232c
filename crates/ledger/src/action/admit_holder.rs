//! Admits a co-holder, who writes to the passport as its owner does. Signed by the stream's owner.

use super::{Context, Rule, permission};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored::{self, StoredHolder},
};
use carnet_protocol::{day::Timestamp, id::StreamId, key::VerifyingKey, ledger::Rejection, limits::HOLDERS_MAX};

pub(super) struct AdmitHolder<'a> {
    pub stream: &'a StreamId,
    pub holder: &'a VerifyingKey,
}

impl Rule for AdmitHolder<'_> {
    type Found = ();

    fn check_alone(&self, _at: Timestamp) -> Result<(), Rejection> {
        if carnet_crypto::signature::check_verifying_key(self.holder).is_err() {
            return Err(Rejection::BadField);
        }
        Ok(())
    }

    fn check<S: ReadState>(&self, state: &S, context: &Context<'_>) -> Result<Option<()>, ApplyError<S::Error>> {
        let stream = permission::own_stream(state, self.stream, context)?;
        permission::check_open(&stream)?;
        permission::check_not_offered(state, self.stream, context)?;
        match stored::holder(state, self.stream, self.holder)? {
            Some(known) if known.removed_at.is_none() => return Ok(None),
            // A key that was removed was in the hands of somebody shut out.
            Some(_) => return Err(Rejection::HolderRemoved.into()),
            None => {}
        }
        if *self.holder == stream.owner || stored::member(state, self.holder)?.is_some() {
            return Err(Rejection::BadField.into());
        }
        if stored::count_holders(state, self.stream)? >= HOLDERS_MAX {
            return Err(Rejection::TooManyHolders.into());
        }
        Ok(Some(()))
    }

    fn execute<S: State>(&self, (): (), state: &mut S, context: &Context<'_>) -> Result<(), Fault<S::Error>> {
        let stored = StoredHolder { since: context.at, removed_at: None };
        stored::put_holder(state, self.stream, self.holder, &stored)
    }
}
