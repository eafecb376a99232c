//! What sources need and leave behind, as maps.

use super::tables::MemoryTables;
use crate::store::{SourceTable, StoreError, StreamUse};
use carnet_protocol::{
    api::body::SealedAnswer,
    day::Timestamp,
    id::{CategoryLabel, OfferId, RecordId, StreamId},
    key::VerifyingKey,
    pairing::SealedOffer,
};

impl SourceTable for MemoryTables {
    fn seal_keys(&self, stream: StreamId, label: CategoryLabel) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.seal_keys.get(&(stream, label)).cloned())
    }

    fn seal_keys_of(&self, stream: StreamId) -> Result<u64, StoreError> {
        Ok(self.seal_keys.keys().filter(|(of, _)| *of == stream).count() as u64)
    }

    fn put_seal_keys(&mut self, stream: StreamId, label: CategoryLabel, keys: &[u8]) -> Result<(), StoreError> {
        self.seal_keys.insert((stream, label), keys.to_vec());
        Ok(())
    }

    fn offer(&self, offer: OfferId) -> Result<Option<SealedOffer>, StoreError> {
        Ok(self.offers.get(&offer).cloned())
    }

    fn offers_of(&self, stream: StreamId) -> Result<u64, StoreError> {
        Ok(self.offers.values().filter(|offer| offer.stream == stream).count() as u64)
    }

    fn put_offer(&mut self, offer: OfferId, sealed: &SealedOffer) -> Result<(), StoreError> {
        self.offers.insert(offer, sealed.clone());
        Ok(())
    }

    fn purge_offers(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.offers.retain(|_, offer| offer.expires >= now);
        Ok(())
    }

    fn unpaired_since(
        &self,
        stream: StreamId,
        source: VerifyingKey,
        since: Timestamp,
    ) -> Result<StreamUse, StoreError> {
        let mut found = StreamUse::default();
        for (_, _, _, bytes) in self.unpaired.iter().filter(|row| (row.0, row.1) == (stream, source) && row.2 >= since)
        {
            found.records += 1;
            found.bytes += bytes;
        }
        Ok(found)
    }

    fn note_unpaired(
        &mut self,
        stream: StreamId,
        source: VerifyingKey,
        at: Timestamp,
        bytes: u64,
    ) -> Result<(), StoreError> {
        self.unpaired.push((stream, source, at, bytes));
        Ok(())
    }

    fn answer(&self, stream: StreamId, record: RecordId) -> Result<Option<SealedAnswer>, StoreError> {
        Ok(self.answers.get(&(stream, record)).cloned())
    }

    fn put_answer(&mut self, stream: StreamId, record: RecordId, answer: &SealedAnswer) -> Result<(), StoreError> {
        self.answers.insert((stream, record), answer.clone());
        Ok(())
    }
}
