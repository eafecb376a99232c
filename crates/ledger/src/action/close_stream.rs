//! Closes a stream for good. Signed by its owner. Of several closings one wins.

use super::{Context, Rule, permission};
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

pub(super) struct CloseStream<'a> {
    pub stream: &'a StreamId,
}

impl Rule for CloseStream<'_> {
    type Found = StoredStream;

    fn check_alone(&self, _at: Timestamp) -> Result<(), Rejection> {
        Ok(())
    }

    fn check<S: ReadState>(
        &self,
        state: &S,
        context: &Context<'_>,
    ) -> Result<Option<StoredStream>, ApplyError<S::Error>> {
        let stored = permission::own_stream(state, self.stream, context)?;
        permission::check_open(&stored)?;
        permission::check_not_offered(state, self.stream, context)?;
        Ok(Some(stored))
    }

    fn execute<S: State>(
        &self,
        found: StoredStream,
        state: &mut S,
        _context: &Context<'_>,
    ) -> Result<(), Fault<S::Error>> {
        stored::put_stream(state, self.stream, &StoredStream { status: StreamStatus::Closed, ..found })
    }
}
