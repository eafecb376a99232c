//! Accepts a grant. Signed by the key whose hash stands in the grant's issue: the ledger learns no name.

use super::{Context, Rule, permission};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored::{self, StoredGrant},
};
use carnet_crypto::grant::acceptor_hash;
use carnet_protocol::{
    day::Timestamp,
    id::{GrantId, StreamId},
    ledger::Rejection,
};

pub(super) struct AcceptGrant<'a> {
    pub stream: &'a StreamId,
    pub grant: &'a GrantId,
}

impl Rule for AcceptGrant<'_> {
    type Found = StoredGrant;

    fn check_alone(&self, _at: Timestamp) -> Result<(), Rejection> {
        Ok(())
    }

    fn check<S: ReadState>(
        &self,
        state: &S,
        context: &Context<'_>,
    ) -> Result<Option<StoredGrant>, ApplyError<S::Error>> {
        let stream = permission::known_stream(state, self.stream)?;
        let known = stored::grant(state, self.stream, self.grant)?.ok_or(Rejection::GrantUnknown)?;
        let signer = acceptor_hash(self.stream, self.grant, context.signer());
        let unheard = known.acceptor.is_none() && known.revoked_at.is_some();
        if known.acceptor != Some(signer) && !unheard {
            return Err(Rejection::NotAllowed.into());
        }
        if known.revoked_at.is_some() {
            return Err(Rejection::GrantRevoked.into());
        }
        permission::check_open(&stream)?;
        if context.at > known.not_after {
            return Err(Rejection::GrantExpired.into());
        }
        Ok(known.accepted_at.is_none().then_some(known))
    }

    fn execute<S: State>(
        &self,
        found: StoredGrant,
        state: &mut S,
        context: &Context<'_>,
    ) -> Result<(), Fault<S::Error>> {
        let stored = StoredGrant { accepted_at: Some(context.at), ..found };
        stored::put_grant(state, self.stream, self.grant, &stored)
    }
}
