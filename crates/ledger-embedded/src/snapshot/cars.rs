//! What was said of cars, and what members voted.

use super::Snapshot;
use crate::error::ReadError;
use carnet_ledger::query;
use carnet_protocol::{
    api::body::{ClassIndices, EventPage, TagHolder},
    id::{PairingId, StreamId, VinTag},
    ledger::{CarStanding, Transaction},
    limits::PAGE_MAX,
    pairing::PairingState,
    sale::SaleState,
    signed::Signed,
};

impl Snapshot {
    /// How a stream's car stands; `None` when there is no such stream.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn standing(&self, stream: &StreamId) -> Result<Option<CarStanding>, ReadError> {
        query::standing(self, stream).map_err(ReadError::from_fault)
    }

    /// What was said of a stream's car after an index, see [`query::standing_events`].
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn standing_events(&self, stream: &StreamId, after: Option<u64>) -> Result<Option<EventPage>, ReadError> {
        query::standing_events(self, stream, after, PAGE_MAX).map_err(ReadError::from_fault)
    }

    /// The newest offer to sell a stream's car, if any.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn sale(&self, stream: &StreamId) -> Result<Option<SaleState>, ReadError> {
        query::sale(self, stream).map_err(ReadError::from_fault)
    }

    /// The passport that stands for a VIN, if any.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn tag_holder(&self, tag: &VinTag) -> Result<Option<TagHolder>, ReadError> {
        query::tag_holder(self, tag).map_err(ReadError::from_fault)
    }

    /// The transaction that named the key for VIN tags; `None` before.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn vin_key(&self) -> Result<Option<Signed<Transaction>>, ReadError> {
        query::vin_key(self).map_err(ReadError::from_fault)
    }

    /// The classes' indices and the proposals.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn class_indices(&self) -> Result<ClassIndices, ReadError> {
        query::class_indices(self).map_err(ReadError::from_fault)
    }

    /// The state of a pairing.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn pairing(&self, stream: &StreamId, pairing: &PairingId) -> Result<Option<PairingState>, ReadError> {
        query::pairing(self, stream, pairing).map_err(ReadError::from_fault)
    }
}
