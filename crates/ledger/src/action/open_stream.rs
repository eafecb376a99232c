//! Opens a passport. The signer owns it.

use super::{Context, Rule};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored::{self, StoredStream},
};
use carnet_protocol::{
    day::Timestamp,
    id::StreamId,
    ledger::{Rejection, StreamStatus},
};

pub(super) struct OpenStream<'a> {
    pub stream: &'a StreamId,
}

impl Rule for OpenStream<'_> {
    type Found = ();

    fn check_alone(&self, _at: Timestamp) -> Result<(), Rejection> {
        Ok(())
    }

    fn check<S: ReadState>(&self, state: &S, context: &Context<'_>) -> Result<Option<()>, ApplyError<S::Error>> {
        match stored::stream(state, self.stream)? {
            None => Ok(Some(())),
            Some(known) if known.owner == *context.signer() && known.status == StreamStatus::Open => Ok(None),
            Some(_) => Err(Rejection::StreamExists.into()),
        }
    }

    fn execute<S: State>(&self, (): (), state: &mut S, context: &Context<'_>) -> Result<(), Fault<S::Error>> {
        let stored =
            StoredStream { owner: *context.signer(), status: StreamStatus::Open, leaves: 0, opened_at: context.at };
        stored::put_stream(state, self.stream, &stored)
    }
}
