//! Continues a car's passport under a new owner who got none handed over: a wreck bought at auction, an heir without the
//! keys. Signed by a member who saw the car and the papers.
//!
//! The earlier passport is closed, the two are linked, and what stands against the car stands in the new one. To close
//! a passport that its owner has not closed takes more than a garage.

use super::{Context, Rule, permission, sighting};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored::{self, StoredStream, StoredTag},
};
use carnet_protocol::{
    day::Timestamp,
    id::{Hash32, StreamId},
    ledger::{
        CarStanding, Flag, OwnerChange, OwnerChangeKind, Rejection, StandingChange, StandingEvent, StreamStatus,
        VinAttestation, VinSighting,
    },
    limits::FLAGS_OF_A_KIND_MAX,
    member::MemberClass,
};

/// Members that may close another's passport.
const MAY_CLOSE: [MemberClass; 3] = [MemberClass::Manufacturer, MemberClass::Insurer, MemberClass::Expert];

pub(super) struct ReopenPassport<'a> {
    pub stream: &'a StreamId,
    pub previous: &'a StreamId,
    pub sighting: &'a VinSighting,
    pub evidence: &'a Hash32,
}

/// Declarations of one kind in a passport that continues another: as many as two passports can have.
const FLAGS_CARRIED_MAX: usize = 2 * FLAGS_OF_A_KIND_MAX;

/// Both passports as they stand, and the class of who re-opens.
pub(super) struct Link {
    class: MemberClass,
    standing: CarStanding,
    previous: StoredStream,
    before: CarStanding,
}

/// What stands against the car from now on: that of the earlier passport first, so that nothing said of the new one pushes
/// it out. A car that goes from passport to passport must not gather more and more; what has no room stays in the history.
fn carried_over(before: Vec<Flag>, new: Vec<Flag>) -> Vec<Flag> {
    let mut kept: Vec<Flag> = Vec::with_capacity(before.len() + new.len());
    for flag in before.into_iter().chain(new) {
        if kept.iter().filter(|known| known.kind == flag.kind).count() < FLAGS_CARRIED_MAX {
            kept.push(flag);
        }
    }
    kept
}

impl Rule for ReopenPassport<'_> {
    type Found = Link;

    fn check_alone(&self, _at: Timestamp) -> Result<(), Rejection> {
        if self.stream == self.previous { Err(Rejection::BadField) } else { Ok(()) }
    }

    fn check<S: ReadState>(&self, state: &S, context: &Context<'_>) -> Result<Option<Link>, ApplyError<S::Error>> {
        let class = permission::member_of(state, context, &permission::SEE_CARS)?;
        let stream = permission::known_stream(state, self.stream)?;
        let previous = permission::known_stream(state, self.previous)?;
        let standing = permission::newest_standing(state, self.stream)?;
        if let Some(known) = &standing.vin {
            let same = known.sighting.tag == self.sighting.tag && standing.previous == Some(*self.previous);
            return if same { Ok(None) } else { Err(Rejection::VinConflict.into()) };
        }
        permission::check_open(&stream)?;
        if stored::tag(state, &self.sighting.tag)?.is_none_or(|known| known.stream != *self.previous) {
            return Err(Rejection::PassportUnknown.into());
        }
        if previous.status == StreamStatus::Open && !MAY_CLOSE.contains(&class) {
            return Err(Rejection::NotAllowed.into());
        }
        sighting::check_records(state, self.stream, self.sighting)?;
        let before = stored::standing(state, self.previous)?;
        // One name for two declarations: neither could be lifted without the other.
        for flag in &before.flags {
            if stored::is_used(state, self.stream, &flag.flag)? {
                return Err(Rejection::FlagConflict.into());
            }
        }
        Ok(Some(Link { class, standing, previous, before }))
    }

    fn execute<S: State>(&self, found: Link, state: &mut S, context: &Context<'_>) -> Result<(), Fault<S::Error>> {
        let Link { class, mut standing, previous, mut before } = found;
        let (by, at, evidence) = (*context.signer(), context.at, *self.evidence);
        let event = |change| StandingEvent { by, class: Some(class), at, change };

        stored::put_stream(state, self.previous, &StoredStream { status: StreamStatus::Closed, ..previous })?;
        before.next = Some(*self.stream);
        let change = StandingChange::ContinuedBy { next: *self.stream, evidence };
        stored::note(state, self.previous, &mut before, &event(change))?;
        stored::put_standing(state, self.previous, &before)?;

        for flag in &before.flags {
            stored::mark_used(state, self.stream, &flag.flag)?;
        }
        standing.flags = carried_over(before.flags, standing.flags);
        standing.owners = before.owners.with(OwnerChange { at, kind: OwnerChangeKind::Reopened });
        standing.previous = Some(*self.previous);
        standing.vin = Some(VinAttestation { sighting: *self.sighting, by, class, at });
        let change = StandingChange::Continues { previous: *self.previous, evidence };
        stored::note(state, self.stream, &mut standing, &event(change))?;
        stored::note(state, self.stream, &mut standing, &event(StandingChange::VinAttested(*self.sighting)))?;
        stored::put_standing(state, self.stream, &standing)?;
        stored::put_tag(state, &self.sighting.tag, &StoredTag { stream: *self.stream })
    }
}
