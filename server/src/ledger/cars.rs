//! What the ledger says of cars and of its members, in a trait of its own that every host implements as well.

use super::{EmbeddedHost, LedgerAnswer};
use carnet_protocol::{
    api::body::{ClassIndices, EventPage, TagHolder},
    id::{PairingId, RecordId, StreamId, VinTag},
    key::VerifyingKey,
    ledger::{CarStanding, Leaf, Transaction},
    member::Member,
    pairing::PairingState,
    sale::SaleState,
    signed::Signed,
};

/// Answers about cars and members.
pub trait CarLedger {
    /// How a stream's car stands; `None` for an unknown stream.
    fn standing(&self, stream: StreamId) -> LedgerAnswer<'_, Option<CarStanding>>;
    /// At most `PAGE_MAX` things said of a stream's car, those after the index `after`; `None` for an unknown stream.
    fn standing_events(&self, stream: StreamId, after: Option<u64>) -> LedgerAnswer<'_, Option<EventPage>>;
    /// The newest offer to sell a stream's car.
    fn sale(&self, stream: StreamId) -> LedgerAnswer<'_, Option<SaleState>>;
    /// The passport that stands for a VIN.
    fn tag_holder(&self, tag: VinTag) -> LedgerAnswer<'_, Option<TagHolder>>;
    /// The transaction that named the key for VIN tags.
    fn vin_key(&self) -> LedgerAnswer<'_, Option<Signed<Transaction>>>;
    /// The classes' indices and the proposals.
    fn class_indices(&self) -> LedgerAnswer<'_, ClassIndices>;
    /// The member with this key.
    fn member(&self, key: VerifyingKey) -> LedgerAnswer<'_, Option<Member>>;
    /// The state of a pairing.
    fn pairing(&self, stream: StreamId, pairing: PairingId) -> LedgerAnswer<'_, Option<PairingState>>;
    /// The leaf of a record.
    fn leaf(&self, stream: StreamId, record: RecordId) -> LedgerAnswer<'_, Option<Leaf>>;
}

impl CarLedger for EmbeddedHost {
    fn standing(&self, stream: StreamId) -> LedgerAnswer<'_, Option<CarStanding>> {
        self.read(|snapshot| snapshot.standing(&stream))
    }

    fn standing_events(&self, stream: StreamId, after: Option<u64>) -> LedgerAnswer<'_, Option<EventPage>> {
        self.read(|snapshot| snapshot.standing_events(&stream, after))
    }

    fn sale(&self, stream: StreamId) -> LedgerAnswer<'_, Option<SaleState>> {
        self.read(|snapshot| snapshot.sale(&stream))
    }

    fn tag_holder(&self, tag: VinTag) -> LedgerAnswer<'_, Option<TagHolder>> {
        self.read(|snapshot| snapshot.tag_holder(&tag))
    }

    fn vin_key(&self) -> LedgerAnswer<'_, Option<Signed<Transaction>>> {
        self.read(|snapshot| snapshot.vin_key())
    }

    fn class_indices(&self) -> LedgerAnswer<'_, ClassIndices> {
        self.read(|snapshot| snapshot.class_indices())
    }

    fn member(&self, key: VerifyingKey) -> LedgerAnswer<'_, Option<Member>> {
        self.read(|snapshot| snapshot.member(&key))
    }

    fn pairing(&self, stream: StreamId, pairing: PairingId) -> LedgerAnswer<'_, Option<PairingState>> {
        self.read(|snapshot| snapshot.pairing(&stream, &pairing))
    }

    fn leaf(&self, stream: StreamId, record: RecordId) -> LedgerAnswer<'_, Option<Leaf>> {
        self.read(|snapshot| snapshot.leaf(&stream, &record))
    }
}
