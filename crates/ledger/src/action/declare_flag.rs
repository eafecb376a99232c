//! Declares a wreck, a theft or a lien. Signed by who may say so of a car.

use super::{Context, Rule, check_day, permission};
use crate::{
    fault::{ApplyError, Fault},
    state::{ReadState, State},
    stored::{self, StoredStream},
};
use carnet_protocol::{
    day::{Day, Timestamp},
    id::{FlagId, Hash32, StreamId},
    ledger::{CarStanding, Flag, FlagKind, Rejection, StandingChange, StandingEvent, Statement},
    limits::FLAGS_OF_A_KIND_MAX,
    member::MemberClass,
};

pub(super) struct DeclareFlag<'a> {
    pub stream: &'a StreamId,
    pub flag: &'a FlagId,
    pub kind: &'a FlagKind,
    pub day: &'a Day,
    pub evidence: &'a Hash32,
}

/// Members that may declare it.
const fn declarers(kind: FlagKind) -> &'static [MemberClass] {
    match kind {
        FlagKind::Wreck => &[MemberClass::Insurer, MemberClass::Expert],
        FlagKind::Theft => &[MemberClass::Insurer],
        FlagKind::Lien => &[MemberClass::Bank],
    }
}

impl DeclareFlag<'_> {
    /// The class of who declares; `None` for the owner, who may say that the car was stolen while it is the owner's.
    fn speaker<S: ReadState>(
        &self,
        state: &S,
        stream: &StoredStream,
        context: &Context<'_>,
    ) -> Result<Option<MemberClass>, ApplyError<S::Error>> {
        if *self.kind == FlagKind::Theft && stream.owner == *context.signer() {
            permission::check_open(stream)?;
            return Ok(None);
        }
        permission::member_of(state, context, declarers(*self.kind)).map(Some)
    }
}

impl Rule for DeclareFlag<'_> {
    /// The standing so far, and who speaks.
    type Found = (CarStanding, Option<MemberClass>);

    fn check_alone(&self, at: Timestamp) -> Result<(), Rejection> {
        check_day(*self.day, at)
    }

    fn check<S: ReadState>(
        &self,
        state: &S,
        context: &Context<'_>,
    ) -> Result<Option<Self::Found>, ApplyError<S::Error>> {
        let stream = permission::known_stream(state, self.stream)?;
        let class = self.speaker(state, &stream, context)?;
        let standing = permission::newest_standing(state, self.stream)?;
        let by = *context.signer();
        if let Some(known) = standing.flags.iter().find(|known| known.flag == *self.flag) {
            let Flag { kind, declared, .. } = known;
            let same =
                (*kind, declared.by, declared.day, declared.evidence) == (*self.kind, by, *self.day, *self.evidence);
            return if same { Ok(None) } else { Err(Rejection::FlagConflict.into()) };
        }
        if stored::is_used(state, self.stream, self.flag)? {
            return Err(Rejection::FlagConflict.into());
        }
        let of_kind: Vec<_> = standing.flags.iter().filter(|known| known.kind == *self.kind).collect();
        if of_kind.len() >= FLAGS_OF_A_KIND_MAX || of_kind.iter().any(|known| known.declared.by == by) {
            return Err(Rejection::FlagStands.into());
        }
        Ok(Some((standing, class)))
    }

    fn execute<S: State>(
        &self,
        found: Self::Found,
        state: &mut S,
        context: &Context<'_>,
    ) -> Result<(), Fault<S::Error>> {
        let (mut standing, class) = found;
        let (flag, kind, day, evidence) = (*self.flag, *self.kind, *self.day, *self.evidence);
        let (by, at) = (*context.signer(), context.at);
        standing.flags.push(Flag { flag, kind, declared: Statement { by, class, day, evidence, at }, report: None });
        let change = StandingChange::Declared { flag, kind, day, evidence };
        stored::note(state, self.stream, &mut standing, &StandingEvent { by, class, at, change })?;
        stored::mark_used(state, self.stream, self.flag)?;
        stored::put_standing(state, self.stream, &standing)
    }
}
