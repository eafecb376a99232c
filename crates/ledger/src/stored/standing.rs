//! How cars stand, what was said of them, and which passport stands for which VIN.

use super::{decode, read, write};
use crate::{
    fault::Fault,
    key,
    state::{ReadState, State},
};
use carnet_crypto::hash;
use carnet_protocol::{
    domain::Domain,
    encoding,
    id::{FlagId, StreamId, VinTag},
    ledger::{CarStanding, StandingEvent, Transaction},
    signed::Signed,
};
use serde::{Deserialize, Serialize};

/// The passport that stands for a VIN: the newest one, open or closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredTag {
    pub stream: StreamId,
}

pub(crate) fn vin_key<S: ReadState>(state: &S) -> Result<Option<Signed<Transaction>>, Fault<S::Error>> {
    read(state, &key::vin_key(), "key for VIN tags")
}

pub(crate) fn put_vin_key<S: State>(state: &mut S, signed: &Signed<Transaction>) -> Result<(), Fault<S::Error>> {
    write(state, key::vin_key(), signed)
}

pub(crate) fn tag<S: ReadState>(state: &S, tag: &VinTag) -> Result<Option<StoredTag>, Fault<S::Error>> {
    read(state, &key::vin_tag(tag), "VIN tag")
}

pub(crate) fn put_tag<S: State>(state: &mut S, tag: &VinTag, stored: &StoredTag) -> Result<(), Fault<S::Error>> {
    write(state, key::vin_tag(tag), stored)
}

/// The standing of a stream's car; [`CarStanding::UNKNOWN`] where nothing was said.
pub(crate) fn standing<S: ReadState>(state: &S, stream: &StreamId) -> Result<CarStanding, Fault<S::Error>> {
    Ok(read(state, &key::standing(stream), "standing")?.unwrap_or(CarStanding::UNKNOWN))
}

pub(crate) fn put_standing<S: State>(
    state: &mut S,
    stream: &StreamId,
    standing: &CarStanding,
) -> Result<(), Fault<S::Error>> {
    write(state, key::standing(stream), standing)
}

/// Writes an event down and lengthens the chain over all of them; the standing itself is the caller's to write.
pub(crate) fn note<S: State>(
    state: &mut S,
    stream: &StreamId,
    standing: &mut CarStanding,
    event: &StandingEvent,
) -> Result<(), Fault<S::Error>> {
    write(state, key::event(stream, standing.events), event)?;
    standing.history = chain(standing, event);
    standing.events += 1;
    Ok(())
}

fn chain(standing: &CarStanding, event: &StandingEvent) -> carnet_protocol::id::Hash32 {
    let link = [standing.history.as_bytes().as_slice(), &encoding::encode(event)].concat();
    hash::digest(Domain::HASH_STANDING, &link)
}

/// Reads an event as it came from a scan.
pub(crate) fn scanned_event<E>(value: &[u8]) -> Result<StandingEvent, Fault<E>> {
    decode(value, "event")
}

pub(crate) fn is_used<S: ReadState>(state: &S, stream: &StreamId, flag: &FlagId) -> Result<bool, Fault<S::Error>> {
    Ok(state.get(&key::flag(stream, flag)).map_err(Fault::Host)?.is_some())
}

pub(crate) fn mark_used<S: State>(state: &mut S, stream: &StreamId, flag: &FlagId) -> Result<(), Fault<S::Error>> {
    write(state, key::flag(stream, flag), &true)
}
