//! Co-holders.

use super::{read, write};
use crate::{
    fault::Fault,
    key,
    state::{ReadState, State},
};
use carnet_protocol::{day::Timestamp, id::StreamId, key::VerifyingKey, ledger::HolderState, limits::HOLDERS_MAX};
use serde::{Deserialize, Serialize};

/// A co-holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredHolder {
    pub since: Timestamp,
    pub removed_at: Option<Timestamp>,
}

impl StoredHolder {
    pub(crate) fn state(self) -> HolderState {
        let StoredHolder { since, removed_at } = self;
        HolderState { since, removed_at }
    }
}

pub(crate) fn holder<S: ReadState>(
    state: &S,
    stream: &StreamId,
    holder: &VerifyingKey,
) -> Result<Option<StoredHolder>, Fault<S::Error>> {
    read(state, &key::holder(stream, holder), "co-holder")
}

pub(crate) fn put_holder<S: State>(
    state: &mut S,
    stream: &StreamId,
    holder: &VerifyingKey,
    stored: &StoredHolder,
) -> Result<(), Fault<S::Error>> {
    write(state, key::holder(stream, holder), stored)
}

/// How many co-holders a stream has or had, counted up to the most it may have: one small scan, for a rare action.
pub(crate) fn count_holders<S: ReadState>(state: &S, stream: &StreamId) -> Result<usize, Fault<S::Error>> {
    Ok(state.scan(&key::holders(stream), None, HOLDERS_MAX).map_err(Fault::Host)?.len())
}
