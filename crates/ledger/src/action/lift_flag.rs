//! Lifts a declaration. Signed by who may take it back; the declaration stays in the history.

use super::{Context, Rule, check_day, permission};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored,
};
use carnet_protocol::{
    day::{Day, Timestamp},
    id::{FlagId, Hash32, StreamId},
    key::VerifyingKey,
    ledger::{CarStanding, Flag, FlagKind, Rejection, StandingChange, StandingEvent},
    member::MemberClass,
};

pub(super) struct LiftFlag<'a> {
    pub stream: &'a StreamId,
    pub flag: &'a FlagId,
    pub day: &'a Day,
    pub evidence: &'a Hash32,
}

/// Whether this signer may lift this declaration.
fn check_lifter(flag: &Flag, by: &VerifyingKey, class: Option<MemberClass>) -> Result<(), Rejection> {
    let declared = &flag.declared;
    let own = declared.by == *by;
    let allowed = match flag.kind {
        FlagKind::Wreck => class == Some(MemberClass::Expert),
        FlagKind::Theft => own || (declared.class.is_none() && class == Some(MemberClass::Insurer)),
        FlagKind::Lien => own,
    };
    if !allowed {
        return Err(Rejection::NotAllowed);
    }
    // Reports come from others than the declarer, so two members at least stand for every car that is let back.
    match flag.report {
        Some(report) if report.by != *by => Ok(()),
        _ if flag.kind == FlagKind::Wreck => Err(Rejection::SecondReportNeeded),
        _ => Ok(()),
    }
}

impl Rule for LiftFlag<'_> {
    /// The standing so far, where in it the declaration is, and who lifts it.
    type Found = (CarStanding, usize, Option<MemberClass>);

    fn check_alone(&self, at: Timestamp) -> Result<(), Rejection> {
        check_day(*self.day, at)
    }

    fn check<S: ReadState>(
        &self,
        state: &S,
        context: &Context<'_>,
    ) -> Result<Option<Self::Found>, ApplyError<S::Error>> {
        let stream = permission::known_stream(state, self.stream)?;
        let class = stored::member(state, context.signer())?.map(|member| member.class);
        let standing = permission::newest_standing(state, self.stream)?;
        let Some(place) = standing.flags.iter().position(|known| known.flag == *self.flag) else {
            let lifted = stored::is_used(state, self.stream, self.flag)?;
            return match class {
                None if stream.owner != *context.signer() => Err(Rejection::NotAllowed.into()),
                _ if lifted => Ok(None),
                _ => Err(Rejection::FlagUnknown.into()),
            };
        };
        check_lifter(&standing.flags[place], context.signer(), class)?;
        Ok(Some((standing, place, class)))
    }

    fn execute<S: State>(
        &self,
        found: Self::Found,
        state: &mut S,
        context: &Context<'_>,
    ) -> Result<(), Fault<S::Error>> {
        let (mut standing, place, class) = found;
        let Flag { flag, kind, .. } = standing.flags.remove(place);
        let (by, at, day, evidence) = (*context.signer(), context.at, *self.day, *self.evidence);
        let change = StandingChange::Lifted { flag, kind, day, evidence };
        stored::note(state, self.stream, &mut standing, &StandingEvent { by, class, at, change })?;
        stored::put_standing(state, self.stream, &standing)
    }
}
