//! Ends a pairing. Signed by the stream's owner, also before anyone has claimed it; or by the source.

use super::{Context, Rule, permission};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored,
};
use carnet_protocol::{
    day::Timestamp,
    id::{PairingId, StreamId},
    ledger::Rejection,
    pairing::PairingState,
};

pub(super) struct EndPairing<'a> {
    pub stream: &'a StreamId,
    pub pairing: &'a PairingId,
}

impl Rule for EndPairing<'_> {
    type Found = PairingState;

    fn check_alone(&self, _at: Timestamp) -> Result<(), Rejection> {
        Ok(())
    }

    fn check<S: ReadState>(
        &self,
        state: &S,
        context: &Context<'_>,
    ) -> Result<Option<PairingState>, ApplyError<S::Error>> {
        let by_owner = permission::known_stream(state, self.stream)?.owner == *context.signer();
        let known = stored::pairing(state, self.stream, self.pairing)?;
        match known {
            Some(known) if by_owner || known.source == Some(*context.signer()) => {
                Ok(known.ended_at.is_none().then_some(known))
            }
            // A code that was shown and not used: whoever kept it can do nothing with it any more.
            None if by_owner => {
                let (since, not_after) = (context.at, context.at);
                Ok(Some(PairingState { source: None, scopes: Vec::new(), since, not_after, ended_at: None }))
            }
            Some(_) | None => Err(Rejection::NotAllowed.into()),
        }
    }

    fn execute<S: State>(
        &self,
        found: PairingState,
        state: &mut S,
        context: &Context<'_>,
    ) -> Result<(), Fault<S::Error>> {
        let ended = PairingState { ended_at: Some(context.at), ..found };
        stored::put_pairing(state, self.stream, self.pairing, &ended)
    }
}
