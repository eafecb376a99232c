//! Moves the end of a grant to a later time. Signed by the stream's owner. What has ended does not come back to life: its
//! grantee is asked again.

use super::{Context, Rule, permission};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored::{self, StoredGrant},
};
use carnet_protocol::{
    day::Timestamp,
    id::{GrantId, Hash32, StreamId},
    ledger::Rejection,
};

pub(super) struct RenewGrant<'a> {
    pub stream: &'a StreamId,
    pub grant: &'a GrantId,
    pub hash: &'a Hash32,
    pub not_after: &'a Timestamp,
}

impl Rule for RenewGrant<'_> {
    type Found = StoredGrant;

    fn check_alone(&self, at: Timestamp) -> Result<(), Rejection> {
        if at > *self.not_after { Err(Rejection::GrantExpired) } else { Ok(()) }
    }

    fn check<S: ReadState>(
        &self,
        state: &S,
        context: &Context<'_>,
    ) -> Result<Option<StoredGrant>, ApplyError<S::Error>> {
        permission::check_open(&permission::own_stream(state, self.stream, context)?)?;
        permission::check_not_offered(state, self.stream, context)?;
        let known = stored::grant(state, self.stream, self.grant)?.ok_or(Rejection::GrantUnknown)?;
        if known.revoked_at.is_some() {
            return Err(Rejection::GrantRevoked.into());
        }
        if (known.hash, known.not_after) == (*self.hash, *self.not_after) {
            return Ok(None);
        }
        if context.at > known.not_after {
            return Err(Rejection::GrantExpired.into());
        }
        // Shorter is what a revocation is for: whoever holds the earlier envelope would not know.
        if *self.not_after <= known.not_after { Err(Rejection::GrantConflict.into()) } else { Ok(Some(known)) }
    }

    fn execute<S: State>(
        &self,
        found: StoredGrant,
        state: &mut S,
        _context: &Context<'_>,
    ) -> Result<(), Fault<S::Error>> {
        let stored = StoredGrant { hash: *self.hash, not_after: *self.not_after, ..found };
        stored::put_grant(state, self.stream, self.grant, &stored)
    }
}
