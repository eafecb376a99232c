//! Who may do what.

use super::Context;
use crate::{
    fault::ApplyError,
    state::ReadState,
    stored::{self, StoredStream},
};
use carnet_protocol::{
    id::StreamId,
    ledger::{CarStanding, Rejection, StreamStatus},
    member::{Member, MemberClass},
};

/// The stream, which must be known.
pub(super) fn known_stream<S: ReadState>(state: &S, stream: &StreamId) -> Result<StoredStream, ApplyError<S::Error>> {
    Ok(stored::stream(state, stream)?.ok_or(Rejection::StreamUnknown)?)
}

/// The stream, which must be the signer's.
pub(super) fn own_stream<S: ReadState>(
    state: &S,
    stream: &StreamId,
    context: &Context<'_>,
) -> Result<StoredStream, ApplyError<S::Error>> {
    let stored = known_stream(state, stream)?;
    if stored.owner == *context.signer() { Ok(stored) } else { Err(Rejection::NotAllowed.into()) }
}

/// Whether a stream still takes anything.
pub(super) fn check_open(stream: &StoredStream) -> Result<(), Rejection> {
    match stream.status {
        StreamStatus::Open => Ok(()),
        StreamStatus::Closed => Err(Rejection::StreamClosed),
    }
}

/// Whether the owner's side may change anything: while an offer to sell the car stands, nothing.
pub(super) fn check_not_offered<S: ReadState>(
    state: &S,
    stream: &StreamId,
    context: &Context<'_>,
) -> Result<(), ApplyError<S::Error>> {
    match stored::sale(state, stream)? {
        Some(sale) if sale.is_open(context.at) => Err(Rejection::SaleOffered.into()),
        _ => Ok(()),
    }
}

/// The member that signed.
pub(super) fn member<S: ReadState>(state: &S, context: &Context<'_>) -> Result<Member, ApplyError<S::Error>> {
    Ok(stored::member(state, context.signer())?.ok_or(Rejection::NotAllowed)?)
}

/// Whether the signer is a co-holder of the stream now.
pub(super) fn is_holder<S: ReadState>(
    state: &S,
    stream: &StreamId,
    context: &Context<'_>,
) -> Result<bool, ApplyError<S::Error>> {
    Ok(stored::holder(state, stream, context.signer())?.is_some_and(|holder| holder.removed_at.is_none()))
}

/// The class of the member that signed, which must be one of these.
pub(super) fn member_of<S: ReadState>(
    state: &S,
    context: &Context<'_>,
    classes: &[MemberClass],
) -> Result<MemberClass, ApplyError<S::Error>> {
    let class = member(state, context)?.class;
    if classes.contains(&class) { Ok(class) } else { Err(Rejection::NotAllowed.into()) }
}

/// Members that see cars; a bank sees papers.
pub(super) const SEE_CARS: [MemberClass; 4] =
    [MemberClass::Manufacturer, MemberClass::Garage, MemberClass::Insurer, MemberClass::Expert];

/// The standing of a car in its newest passport. Whether that is open does not matter: an owner who closes it must not
/// keep anything from being said of the car.
pub(super) fn newest_standing<S: ReadState>(state: &S, stream: &StreamId) -> Result<CarStanding, ApplyError<S::Error>> {
    let standing = stored::standing(state, stream)?;
    if standing.next.is_some() { Err(Rejection::PassportContinued.into()) } else { Ok(standing) }
}
