//! Commits to records. Signed by the stream's owner or a co-holder; by a paired source, within the owner's leave; or by
//! another member, whose records stand in quarantine and are bounded in number.

use super::{Context, Rule, permission};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored::{self, Quarantine, StoredStream},
};
use carnet_protocol::{
    day::Timestamp,
    id::{PairingId, StreamId},
    ledger::{Leaf, LeafEntry, Rejection},
    limits::{BATCH_MAX, QUARANTINE_MAX, QUARANTINE_MS},
};
use std::collections::BTreeSet;

pub(super) struct AppendRecords<'a> {
    pub stream: &'a StreamId,
    /// The source's leave; `None` for the owner's side, and for members without one.
    pub pairing: Option<&'a PairingId>,
    pub entries: &'a [LeafEntry],
}

/// What will be appended to what.
pub(super) struct Append {
    stream: StoredStream,
    fresh: Vec<LeafEntry>,
    base_quality: u8,
    /// The member's count with these, where they go into quarantine.
    quarantine: Option<Quarantine>,
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
        let of_household = stream.owner == *context.signer() || permission::is_holder(state, self.stream, context)?;
        let by_owner = of_household && self.pairing.is_none();
        let base_quality = if by_owner {
            // The owner's side is believed for what it is, whoever of it writes.
            0
        } else {
            let member = permission::member(state, context)?;
            // What the authority admitted the member with holds until members have voted on its class.
            stored::class_index(state, member.class)?.map_or(member.base_quality, |voted| voted.index)
        };
        permission::check_open(&stream)?;
        let fresh = self.fresh(state, context)?;
        if fresh.is_empty() {
            return Ok(None);
        }
        // A source goes on: what it says of the car is not the seller's to hold back.
        if of_household {
            permission::check_not_offered(state, self.stream, context)?;
        }
        let quarantine = match self.pairing {
            _ if by_owner => None,
            Some(pairing) => {
                self.check_leave(pairing, state, context)?;
                None
            }
            None => Some(self.counted(fresh.len(), state, context)?),
        };
        Ok(Some(Append { stream, fresh, base_quality, quarantine }))
    }

    fn execute<S: State>(&self, found: Append, state: &mut S, context: &Context<'_>) -> Result<(), Fault<S::Error>> {
        let Append { mut stream, fresh, base_quality, quarantine } = found;
        for entry in fresh {
            let leaf = Leaf {
                index: stream.leaves,
                entry,
                source: *context.signer(),
                base_quality,
                at: context.at,
                quarantined: quarantine.is_some(),
                withdrawn: false,
            };
            stored::put_leaf(state, self.stream, &leaf)?;
            stream.leaves += 1;
        }
        if let Some(quarantine) = quarantine {
            stored::put_quarantine(state, self.stream, context.signer(), &quarantine)?;
        }
        stored::put_stream(state, self.stream, &stream)
    }
}

impl AppendRecords<'_> {
    /// The entries that are not there yet. A repeat has no effect and is no error, even when the leave has ended since.
    fn fresh<S: ReadState>(&self, state: &S, context: &Context<'_>) -> Result<Vec<LeafEntry>, ApplyError<S::Error>> {
        let mut fresh = Vec::with_capacity(self.entries.len());
        for entry in self.entries {
            match stored::leaf_of(state, self.stream, &entry.record)? {
                None => fresh.push(*entry),
                // Another's leaf under the same name is none of the signer's: who is told that it stands must be its source.
                Some(known) if known.entry == *entry && known.source == *context.signer() => {}
                Some(_) => return Err(Rejection::RecordConflict.into()),
            }
        }
        Ok(fresh)
    }

    /// Whether the pairing lets its source write all of this.
    fn check_leave<S: ReadState>(
        &self,
        pairing: &PairingId,
        state: &S,
        context: &Context<'_>,
    ) -> Result<(), ApplyError<S::Error>> {
        let known = stored::pairing(state, self.stream, pairing)?.ok_or(Rejection::PairingUnknown)?;
        if known.ended_at.is_some() || context.at > known.not_after {
            return Err(Rejection::PairingEnded.into());
        }
        if known.source != Some(*context.signer()) {
            return Err(Rejection::PairingUnknown.into());
        }
        let covers = |entry: &LeafEntry| {
            known.scopes.iter().any(|scope| scope.label == entry.label && scope.days.contains(entry.day))
        };
        if self.entries.iter().all(covers) { Ok(()) } else { Err(Rejection::OutsidePairing.into()) }
    }

    /// The member's count in this stream with so many more; a new count begins when the time of the last is over.
    fn counted<S: ReadState>(
        &self,
        more: usize,
        state: &S,
        context: &Context<'_>,
    ) -> Result<Quarantine, ApplyError<S::Error>> {
        let fresh = Quarantine { since: context.at, records: 0 };
        let known = stored::quarantine(state, self.stream, context.signer())?;
        let known = known.filter(|known| context.at < known.since.plus(QUARANTINE_MS)).unwrap_or(fresh);
        let records = u32::try_from(more).unwrap_or(u32::MAX).saturating_add(known.records);
        if records > QUARANTINE_MAX {
            return Err(Rejection::QuarantineFull.into());
        }
        Ok(Quarantine { records, ..known })
    }
}
