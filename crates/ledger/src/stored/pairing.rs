//! Pairings of sources, and what members without one have written.

use super::{read, write};
use crate::{
    fault::Fault,
    key,
    state::{ReadState, State},
};
use carnet_protocol::{
    day::Timestamp,
    id::{PairingId, StreamId},
    key::VerifyingKey,
    pairing::PairingState,
};
use serde::{Deserialize, Serialize};

/// What a member without a pairing has written to a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Quarantine {
    /// When this count began.
    pub since: Timestamp,
    /// Records since.
    pub records: u32,
}

pub(crate) fn pairing<S: ReadState>(
    state: &S,
    stream: &StreamId,
    pairing: &PairingId,
) -> Result<Option<PairingState>, Fault<S::Error>> {
    read(state, &key::pairing(stream, pairing), "pairing")
}

pub(crate) fn put_pairing<S: State>(
    state: &mut S,
    stream: &StreamId,
    pairing: &PairingId,
    stored: &PairingState,
) -> Result<(), Fault<S::Error>> {
    write(state, key::pairing(stream, pairing), stored)
}

pub(crate) fn quarantine<S: ReadState>(
    state: &S,
    stream: &StreamId,
    member: &VerifyingKey,
) -> Result<Option<Quarantine>, Fault<S::Error>> {
    read(state, &key::quarantine(stream, member), "quarantine")
}

pub(crate) fn put_quarantine<S: State>(
    state: &mut S,
    stream: &StreamId,
    member: &VerifyingKey,
    stored: &Quarantine,
) -> Result<(), Fault<S::Error>> {
    write(state, key::quarantine(stream, member), stored)
}
