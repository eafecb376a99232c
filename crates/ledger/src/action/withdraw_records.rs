//! Says that records are withdrawn. Signed by who committed them, or by the owner where that was a co-holder, who may be
//! gone; the leaves stay.

use super::{Context, Rule, permission};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored,
};
use carnet_protocol::{
    day::Timestamp,
    id::{RecordId, StreamId},
    ledger::{Leaf, Rejection},
    limits::BATCH_MAX,
};
use std::collections::BTreeSet;

pub(super) struct WithdrawRecords<'a> {
    pub stream: &'a StreamId,
    pub records: &'a [RecordId],
}

impl Rule for WithdrawRecords<'_> {
    /// The leaves that are not withdrawn yet.
    type Found = Vec<Leaf>;

    fn check_alone(&self, _at: Timestamp) -> Result<(), Rejection> {
        let distinct: BTreeSet<_> = self.records.iter().collect();
        let good = (1..=BATCH_MAX).contains(&self.records.len()) && distinct.len() == self.records.len();
        if good { Ok(()) } else { Err(Rejection::BadList) }
    }

    fn check<S: ReadState>(&self, state: &S, context: &Context<'_>) -> Result<Option<Vec<Leaf>>, ApplyError<S::Error>> {
        let stream = permission::known_stream(state, self.stream)?;
        permission::check_open(&stream)?;
        let by_owner = stream.owner == *context.signer();
        let holder = stored::holder(state, self.stream, context.signer())?;
        // A co-holder who was removed takes nothing with them.
        if holder.is_some_and(|holder| holder.removed_at.is_some()) {
            return Err(Rejection::NotAllowed.into());
        }
        if by_owner || holder.is_some() {
            permission::check_not_offered(state, self.stream, context)?;
        }
        let mut standing = Vec::with_capacity(self.records.len());
        for record in self.records {
            let leaf = stored::leaf_of(state, self.stream, record)?.ok_or(Rejection::RecordUnknown)?;
            let of_household = || stored::holder(state, self.stream, &leaf.source);
            if leaf.source != *context.signer() && !(by_owner && of_household()?.is_some()) {
                return Err(Rejection::NotAllowed.into());
            }
            if !leaf.withdrawn {
                standing.push(leaf);
            }
        }
        Ok(Some(standing))
    }

    fn execute<S: State>(
        &self,
        standing: Vec<Leaf>,
        state: &mut S,
        _context: &Context<'_>,
    ) -> Result<(), Fault<S::Error>> {
        standing
            .into_iter()
            .try_for_each(|leaf| stored::put_leaf(state, self.stream, &Leaf { withdrawn: true, ..leaf }))
    }
}
