//! Issues a grant. Signed by the stream's owner.

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

pub(super) struct IssueGrant<'a> {
    pub stream: &'a StreamId,
    pub grant: &'a GrantId,
    pub hash: &'a Hash32,
    pub acceptor: &'a Option<Hash32>,
    pub not_after: &'a Timestamp,
}

impl Rule for IssueGrant<'_> {
    type Found = ();

    fn check_alone(&self, at: Timestamp) -> Result<(), Rejection> {
        if at > *self.not_after { Err(Rejection::GrantExpired) } else { Ok(()) }
    }

    fn check<S: ReadState>(&self, state: &S, context: &Context<'_>) -> Result<Option<()>, ApplyError<S::Error>> {
        permission::check_open(&permission::own_stream(state, self.stream, context)?)?;
        permission::check_not_offered(state, self.stream, context)?;
        let Some(known) = stored::grant(state, self.stream, self.grant)? else { return Ok(Some(())) };
        if known.revoked_at.is_some() {
            // Perhaps before it was issued.
            Err(Rejection::GrantRevoked.into())
        } else if (known.hash, known.acceptor, known.not_after) != (*self.hash, *self.acceptor, *self.not_after) {
            Err(Rejection::GrantConflict.into())
        } else {
            Ok(None)
        }
    }

    fn execute<S: State>(&self, (): (), state: &mut S, _context: &Context<'_>) -> Result<(), Fault<S::Error>> {
        let stored = StoredGrant {
            hash: *self.hash,
            acceptor: *self.acceptor,
            not_after: *self.not_after,
            accepted_at: None,
            revoked_at: None,
        };
        stored::put_grant(state, self.stream, self.grant, &stored)
    }
}
