//! Takes the owner's leave to write. Signed by the member that writes from then on; the first who claims it has it.

use super::{Context, Rule, permission};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored,
};
use carnet_crypto::signature::{verify, verify_by};
use carnet_protocol::{
    day::Timestamp,
    encoding,
    id::{PairingId, StreamId},
    ledger::Rejection,
    limits::WRITE_SCOPES_MAX,
    pairing::{PairingClaim, PairingState, WriteGrant},
    signed::Signed,
};
use std::collections::BTreeSet;

pub(super) struct PairSource<'a> {
    pub stream: &'a StreamId,
    pub grant: &'a Signed<WriteGrant>,
    pub claim: &'a Signed<PairingClaim>,
}

impl Rule for PairSource<'_> {
    type Found = (PairingId, PairingState);

    fn check_alone(&self, at: Timestamp) -> Result<(), Rejection> {
        let grant = verify(self.grant).map_err(|_| Rejection::BadSignature)?;
        let claim = verify_by(self.claim, &grant.claim).map_err(|_| Rejection::BadSignature)?;
        let labels: BTreeSet<_> = grant.scopes.iter().map(|scope| scope.label).collect();
        if !(1..=WRITE_SCOPES_MAX).contains(&grant.scopes.len()) || labels.len() != grant.scopes.len() {
            return Err(Rejection::BadList);
        }
        if grant.stream != *self.stream || claim.pairing != grant.pairing {
            return Err(Rejection::BadField);
        }
        if at > grant.claim_before || at > grant.not_after { Err(Rejection::PairingEnded) } else { Ok(()) }
    }

    fn check<S: ReadState>(
        &self,
        state: &S,
        context: &Context<'_>,
    ) -> Result<Option<Self::Found>, ApplyError<S::Error>> {
        let stream = permission::known_stream(state, self.stream)?;
        let source = permission::member(state, context)?.sign;
        permission::check_open(&stream)?;
        let grant: WriteGrant = encoding::decode(&self.grant.body).map_err(|_| Rejection::BadSignature)?;
        let claim: PairingClaim = encoding::decode(&self.claim.body).map_err(|_| Rejection::BadSignature)?;
        // The leave must be this owner's, and the claim made for who sends it: seen on its way, it serves nobody else.
        if self.grant.key != stream.owner || claim.source != source {
            return Err(Rejection::NotAllowed.into());
        }
        match stored::pairing(state, self.stream, &grant.pairing)? {
            None => {}
            Some(known) if known.ended_at.is_some() => return Err(Rejection::PairingEnded.into()),
            Some(known) if known.source == Some(source) && known.scopes == grant.scopes => return Ok(None),
            Some(_) => return Err(Rejection::PairingTaken.into()),
        }
        let (scopes, not_after) = (grant.scopes, grant.not_after);
        let paired = PairingState { source: Some(source), scopes, since: context.at, not_after, ended_at: None };
        Ok(Some((grant.pairing, paired)))
    }

    fn execute<S: State>(
        &self,
        (pairing, paired): Self::Found,
        state: &mut S,
        _context: &Context<'_>,
    ) -> Result<(), Fault<S::Error>> {
        stored::put_pairing(state, self.stream, &pairing, &paired)
    }
}
