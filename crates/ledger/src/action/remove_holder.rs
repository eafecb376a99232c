//! Removes a co-holder for good: the key signs nothing more. Signed by the stream's owner, or by the co-holder who leaves;
//! also after the stream was closed.

use super::{Context, Rule, permission};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored::{self, StoredHolder},
};
use carnet_protocol::{day::Timestamp, id::StreamId, key::VerifyingKey, ledger::Rejection};

pub(super) struct RemoveHolder<'a> {
    pub stream: &'a StreamId,
    pub holder: &'a VerifyingKey,
}

impl Rule for RemoveHolder<'_> {
    type Found = StoredHolder;

    fn check_alone(&self, _at: Timestamp) -> Result<(), Rejection> {
        Ok(())
    }

    fn check<S: ReadState>(
        &self,
        state: &S,
        context: &Context<'_>,
    ) -> Result<Option<StoredHolder>, ApplyError<S::Error>> {
        if context.signer() != self.holder {
            permission::own_stream(state, self.stream, context)?;
        }
        let known = stored::holder(state, self.stream, self.holder)?.ok_or(Rejection::HolderUnknown)?;
        Ok(known.removed_at.is_none().then_some(known))
    }

    fn execute<S: State>(
        &self,
        found: StoredHolder,
        state: &mut S,
        context: &Context<'_>,
    ) -> Result<(), Fault<S::Error>> {
        let stored = StoredHolder { removed_at: Some(context.at), ..found };
        stored::put_holder(state, self.stream, self.holder, &stored)
    }
}
