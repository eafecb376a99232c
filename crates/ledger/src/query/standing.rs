//! How a car stands, which passport stands for a VIN, and what members voted.

use crate::{fault::Fault, key, state::ReadState, stored};
use carnet_protocol::{
    api::body::{ClassIndices, EventPage, TagHolder},
    id::{StreamId, VinTag},
    ledger::{CarStanding, Transaction},
    limits::PAGE_MAX,
    signed::Signed,
};

/// How a stream's car stands; `None` when there is no such stream.
///
/// # Errors
/// [`Fault`] when the state fails.
pub fn standing<S: ReadState>(state: &S, stream: &StreamId) -> Result<Option<CarStanding>, Fault<S::Error>> {
    if stored::stream(state, stream)?.is_none() {
        return Ok(None);
    }
    stored::standing(state, stream).map(Some)
}

/// At most `limit` things said of a stream's car (and at most `PAGE_MAX`), those after the index `after`; `None` when
/// there is no such stream.
///
/// # Errors
/// [`Fault`] when the state fails.
pub fn standing_events<S: ReadState>(
    state: &S,
    stream: &StreamId,
    after: Option<u64>,
    limit: usize,
) -> Result<Option<EventPage>, Fault<S::Error>> {
    let Some(standing) = standing(state, stream)? else { return Ok(None) };
    let first = after.map_or(0, |index| index.saturating_add(1));
    let after = after.map(|index| key::event(stream, index));
    let events = state
        .scan(&key::events(stream), after.as_deref(), limit.min(PAGE_MAX))
        .map_err(Fault::Host)?
        .iter()
        .map(|(_, value)| stored::scanned_event(value))
        .collect::<Result<Vec<_>, _>>()?;
    let end = first + events.len() as u64;
    let next = (!events.is_empty() && end < standing.events).then(|| end - 1);
    Ok(Some(EventPage { events, next }))
}

/// The passport that stands for a VIN, if any.
///
/// # Errors
/// [`Fault`] when the state fails.
pub fn tag_holder<S: ReadState>(state: &S, tag: &VinTag) -> Result<Option<TagHolder>, Fault<S::Error>> {
    let Some(known) = stored::tag(state, tag)? else { return Ok(None) };
    let head = stored::stream(state, &known.stream)?.ok_or(Fault::Damaged("VIN tag"))?;
    Ok(Some(TagHolder { stream: known.stream, status: head.status }))
}

/// The transaction that named the key for VIN tags, signed by the authority; `None` before.
///
/// # Errors
/// [`Fault`] when the state fails.
pub fn vin_key<S: ReadState>(state: &S) -> Result<Option<Signed<Transaction>>, Fault<S::Error>> {
    stored::vin_key(state)
}

/// The classes' indices, in the order of classes, and at most `PAGE_MAX` proposals, in the order of their identifiers.
///
/// # Errors
/// [`Fault`] when the state fails.
pub fn class_indices<S: ReadState>(state: &S) -> Result<ClassIndices, Fault<S::Error>> {
    let indices = state.scan(key::CLASS_INDICES, None, PAGE_MAX).map_err(Fault::Host)?;
    let proposals = state.scan(key::PROPOSALS, None, PAGE_MAX).map_err(Fault::Host)?;
    Ok(ClassIndices {
        indices: indices.iter().map(|(_, value)| stored::scanned_class_index(value)).collect::<Result<_, _>>()?,
        proposals: proposals
            .iter()
            .map(|(key, value)| stored::scanned_proposal(key, value))
            .collect::<Result<_, _>>()?,
    })
}
