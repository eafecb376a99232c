//! Who may do what.

use super::Context;
use crate::{
    fault::ApplyError,
    state::ReadState,
    stored::{self, StoredStream},
};
use carnet_protocol::{
    id::StreamId,
    ledger::{Rejection, StreamStatus},
};

/// The stream, which must be known.
pub(super) fn known_stream<S: ReadState>(state: &S, stream: &StreamId) -> Result<StoredStream, ApplyError<S::Error>> {
    Ok(stored::stream(state, stream)?.ok_or(Rejection::StreamUnknown)?)
}

/// The stream, which must be the signer's.
pub(super) fn own_stream<S: ReadState>(
    state: &S,
    stream: &StreamId,
    context: &Context<'_>,
) -> Result<StoredStream, ApplyError<S::Error>> {
    let stored = known_stream(state, stream)?;
    if stored.owner == *context.signer() { Ok(stored) } else { Err(Rejection::NotAllowed.into()) }
}

/// Whether a stream still takes anything.
pub(super) fn check_open(stream: &StoredStream) -> Result<(), Rejection> {
    match stream.status {
        StreamStatus::Open => Ok(()),
        StreamStatus::Closed => Err(Rejection::StreamClosed),
    }
}
