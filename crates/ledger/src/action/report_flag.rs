//! Files the second report on a declared wreck. Signed by a member other than who declared it; a newer report takes the
//! place of the one before, all of them stay in the history.

use super::{Context, Rule, check_day, permission};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored,
};
use carnet_protocol::{
    day::{Day, Timestamp},
    id::{FlagId, Hash32, StreamId},
    ledger::{CarStanding, FlagKind, Rejection, StandingChange, StandingEvent, Statement},
    member::MemberClass,
};

pub(super) struct ReportFlag<'a> {
    pub stream: &'a StreamId,
    pub flag: &'a FlagId,
    pub day: &'a Day,
    pub evidence: &'a Hash32,
}

impl Rule for ReportFlag<'_> {
    /// The standing so far, where in it the declaration is, and who reports.
    type Found = (CarStanding, usize, MemberClass);

    fn check_alone(&self, at: Timestamp) -> Result<(), Rejection> {
        check_day(*self.day, at)
    }

    fn check<S: ReadState>(
        &self,
        state: &S,
        context: &Context<'_>,
    ) -> Result<Option<Self::Found>, ApplyError<S::Error>> {
        let class = permission::member_of(state, context, &permission::SEE_CARS)?;
        permission::known_stream(state, self.stream)?;
        let standing = permission::newest_standing(state, self.stream)?;
        let place = standing.flags.iter().position(|known| known.flag == *self.flag).ok_or(Rejection::FlagUnknown)?;
        let (flag, by) = (&standing.flags[place], *context.signer());
        if flag.kind != FlagKind::Wreck || flag.declared.by == by {
            return Err(Rejection::NotAllowed.into());
        }
        let stands =
            flag.report.is_some_and(|known| (known.by, known.day, known.evidence) == (by, *self.day, *self.evidence));
        Ok((!stands).then_some((standing, place, class)))
    }

    fn execute<S: State>(
        &self,
        found: Self::Found,
        state: &mut S,
        context: &Context<'_>,
    ) -> Result<(), Fault<S::Error>> {
        let (mut standing, place, class) = found;
        let (flag, day, evidence, class) = (*self.flag, *self.day, *self.evidence, Some(class));
        let (by, at) = (*context.signer(), context.at);
        standing.flags[place].report = Some(Statement { by, class, day, evidence, at });
        let change = StandingChange::Reported { flag, day, evidence };
        stored::note(state, self.stream, &mut standing, &StandingEvent { by, class, at, change })?;
        stored::put_standing(state, self.stream, &standing)
    }
}
