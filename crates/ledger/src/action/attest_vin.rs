//! Says that the car of a passport was seen and bears the VIN of a tag. Signed by a member that sees cars.
//!
//! The first attestation of a tag binds it; from then on it stands for one passport at a time.

use super::{Context, Rule, permission, sighting};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored::{self, StoredTag},
};
use carnet_protocol::{
    day::Timestamp,
    id::StreamId,
    ledger::{CarStanding, Rejection, StandingChange, StandingEvent, VinAttestation, VinSighting},
    member::MemberClass,
};

pub(super) struct AttestVin<'a> {
    pub stream: &'a StreamId,
    pub sighting: &'a VinSighting,
}

impl Rule for AttestVin<'_> {
    /// The standing so far, and the class of who attests.
    type Found = (CarStanding, MemberClass);

    fn check_alone(&self, _at: Timestamp) -> Result<(), Rejection> {
        Ok(())
    }

    fn check<S: ReadState>(
        &self,
        state: &S,
        context: &Context<'_>,
    ) -> Result<Option<Self::Found>, ApplyError<S::Error>> {
        let class = permission::member_of(state, context, &permission::SEE_CARS)?;
        let stream = permission::known_stream(state, self.stream)?;
        let standing = permission::newest_standing(state, self.stream)?;
        permission::check_open(&stream)?;
        if let Some(known) = &standing.vin {
            if known.sighting.tag != self.sighting.tag {
                return Err(Rejection::VinConflict.into());
            }
            if (known.sighting, known.by) == (*self.sighting, *context.signer()) {
                return Ok(None);
            }
        }
        if stored::tag(state, &self.sighting.tag)?.is_some_and(|known| known.stream != *self.stream) {
            return Err(Rejection::PassportExists.into());
        }
        sighting::check_records(state, self.stream, self.sighting)?;
        Ok(Some((standing, class)))
    }

    fn execute<S: State>(
        &self,
        found: Self::Found,
        state: &mut S,
        context: &Context<'_>,
    ) -> Result<(), Fault<S::Error>> {
        let (mut standing, class) = found;
        let (by, at) = (*context.signer(), context.at);
        standing.vin = Some(VinAttestation { sighting: *self.sighting, by, class, at });
        let change = StandingChange::VinAttested(*self.sighting);
        let event = StandingEvent { by, class: Some(class), at, change };
        stored::note(state, self.stream, &mut standing, &event)?;
        stored::put_standing(state, self.stream, &standing)?;
        stored::put_tag(state, &self.sighting.tag, &StoredTag { stream: *self.stream })
    }
}
