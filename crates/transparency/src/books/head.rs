//! The head of a stream, out of the ledger's state and what has grown with it.

use super::stream::Growth;
use carnet_protocol::{
    id::StreamId,
    ledger::{Action, CarStanding, StreamHead},
    proof::CommittedHead,
};

/// The streams whose heads an action can change.
pub(super) fn touched(action: &Action) -> impl Iterator<Item = StreamId> {
    [action.stream(), action.other_stream()].into_iter().flatten()
}

/// What the map commits to for a stream. Whatever a reader must not miss about a stream is taken from the state here,
/// and nowhere else.
pub(super) fn committed(head: &StreamHead, standing: CarStanding, growth: &Growth) -> CommittedHead {
    CommittedHead {
        stream: head.stream,
        owner: head.owner,
        // No rule hands a stream on: a sale closes it and opens another.
        owner_epoch: standing.owners.before,
        status: head.status,
        standing,
        opened_at: head.opened_at,
        records: growth.records.committed(),
        withdrawn: growth.withdrawn.committed(),
        grants: growth.grants.committed(),
        seal_keys: None,
    }
}
