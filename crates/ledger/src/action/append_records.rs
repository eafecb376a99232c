//! Commits to records. Signed by the stream's owner or a co-holder, or by a member as their source.

use super::{Context, Rule, permission};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored::{self, StoredStream},
};
use carnet_protocol::{
    day::Timestamp,
    id::StreamId,
    ledger::{Leaf, LeafEntry, Rejection},
    limits::BATCH_MAX,
};
use std::collections::BTreeSet;

pub(super) struct AppendRecords<'a> {
    pub stream: &'a StreamId,
    pub entries: &'a [LeafEntry],
}

/// What will be appended to what.
pub(super) struct Append {
    stream: StoredStream,
    fresh: Vec<LeafEntry>,
    base_quality: u8,
}

impl Rule for AppendRecords<'_> {
    type Found = Append;

    fn check_alone(&self, _at: Timestamp) -> Result<(), Rejection> {
        let distinct: BTreeSet<_> = self.entries.iter().map(|entry| entry.record).collect();
        let good = (1..=BATCH_MAX).contains(&self.entries.len()) && distinct.len() == self.entries.len();
        if good { Ok(()) } else { Err(Rejection::BadList) }
    }

    fn check<S: ReadState>(&self, state: &S, context: &Context<'_>) -> Result<Option<Append>, ApplyError<S::Error>> {
        let stream = permission::known_stream(state, self.stream)?;
        let base_quality = if stream.owner == *context.signer() || permission::is_holder(state, self.stream, context)? {
            // The owner's side is believed for what it is, whoever of it writes.
            0
        } else {
            let member = permission::member(state, context)?;
            // What the authority admitted the member with holds until members have voted on its class.
            stored::class_index(state, member.class)?.map_or(member.base_quality, |voted| voted.index)
        };
        permission::check_open(&stream)?;
        let mut fresh = Vec::with_capacity(self.entries.len());
        for entry in self.entries {
            match stored::leaf_of(state, self.stream, &entry.record)? {
                None => fresh.push(*entry),
                Some(known) if known.entry == *entry => {}
                Some(_) => return Err(Rejection::RecordConflict.into()),
            }
        }
        Ok((!fresh.is_empty()).then_some(Append { stream, fresh, base_quality }))
    }

    fn execute<S: State>(&self, found: Append, state: &mut S, context: &Context<'_>) -> Result<(), Fault<S::Error>> {
        let Append { mut stream, fresh, base_quality } = found;
        for entry in fresh {
            let leaf = Leaf {
                index: stream.leaves,
                entry,
                source: *context.signer(),
                base_quality,
                at: context.at,
                withdrawn: false,
            };
            stored::put_leaf(state, self.stream, &leaf)?;
            stream.leaves += 1;
        }
        stored::put_stream(state, self.stream, &stream)
    }
}
