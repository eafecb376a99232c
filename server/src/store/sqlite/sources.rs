//! What sources need and leave behind, in SQLite.

use super::{
    SqliteTables,
    value::{count, decode, id, integer},
};
use crate::store::{SourceTable, StoreError, StreamUse};
use carnet_protocol::{
    Blob,
    api::body::SealedAnswer,
    day::Timestamp,
    encoding::encode,
    id::{CategoryLabel, OfferId, RecordId, StreamId},
    key::VerifyingKey,
    pairing::SealedOffer,
};
use rusqlite::{OptionalExtension as _, params};

impl SqliteTables<'_> {
    fn number_of(&self, query: &str, stream: StreamId) -> Result<u64, StoreError> {
        Ok(self.db.prepare_cached(query)?.query_row([&stream.0[..]], |row| Ok(count(row.get(0)?)))?)
    }
}

impl SourceTable for SqliteTables<'_> {
    fn seal_keys(&self, stream: StreamId, label: CategoryLabel) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self
            .db
            .prepare_cached("SELECT keys FROM seal_keys WHERE stream = ?1 AND label = ?2")?
            .query_row(params![&stream.0[..], &label.0[..]], |row| row.get(0))
            .optional()?)
    }

    fn seal_keys_of(&self, stream: StreamId) -> Result<u64, StoreError> {
        self.number_of("SELECT count(*) FROM seal_keys WHERE stream = ?1", stream)
    }

    fn put_seal_keys(&mut self, stream: StreamId, label: CategoryLabel, keys: &[u8]) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO seal_keys (stream, label, keys) VALUES (?1, ?2, ?3)
                 ON CONFLICT (stream, label) DO UPDATE SET keys = excluded.keys",
            )?
            .execute(params![&stream.0[..], &label.0[..], keys])?;
        Ok(())
    }

    fn offer(&self, offer: OfferId) -> Result<Option<SealedOffer>, StoreError> {
        let mut statement = self.db.prepare_cached("SELECT stream, expires, sealed FROM offers WHERE offer = ?1")?;
        let mut rows = statement.query([&offer.0[..]])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some(SealedOffer {
            stream: id(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?, "offer")?,
            expires: Timestamp(count(row.get(1)?)),
            sealed: Blob(row.get(2)?),
        }))
    }

    fn offers_of(&self, stream: StreamId) -> Result<u64, StoreError> {
        self.number_of("SELECT count(*) FROM offers WHERE stream = ?1", stream)
    }

    fn put_offer(&mut self, offer: OfferId, sealed: &SealedOffer) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO offers (offer, stream, expires, sealed) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (offer) DO UPDATE
                 SET stream = excluded.stream, expires = excluded.expires, sealed = excluded.sealed",
            )?
            .execute(params![&offer.0[..], &sealed.stream.0[..], integer(sealed.expires.0), &sealed.sealed.0])?;
        Ok(())
    }

    fn purge_offers(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM offers WHERE expires < ?1")?.execute([integer(now.0)])?;
        Ok(())
    }

    fn unpaired_since(
        &self,
        stream: StreamId,
        source: VerifyingKey,
        since: Timestamp,
    ) -> Result<StreamUse, StoreError> {
        let mut statement = self.db.prepare_cached(
            "SELECT count(*), coalesce(sum(bytes), 0) FROM unpaired WHERE stream = ?1 AND source = ?2 AND at >= ?3",
        )?;
        let read = |row: &rusqlite::Row<'_>| Ok(StreamUse { records: count(row.get(0)?), bytes: count(row.get(1)?) });
        Ok(statement.query_row(params![&stream.0[..], &source.0[..], integer(since.0)], read)?)
    }

    fn note_unpaired(
        &mut self,
        stream: StreamId,
        source: VerifyingKey,
        at: Timestamp,
        bytes: u64,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached("INSERT INTO unpaired (stream, source, at, bytes) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![&stream.0[..], &source.0[..], integer(at.0), integer(bytes)])?;
        Ok(())
    }

    fn answer(&self, stream: StreamId, record: RecordId) -> Result<Option<SealedAnswer>, StoreError> {
        let mut statement = self.db.prepare_cached("SELECT answer FROM answers WHERE stream = ?1 AND record = ?2")?;
        let mut rows = statement.query(params![&stream.0[..], &record.0[..]])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        decode(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?, "answer").map(Some)
    }

    fn put_answer(&mut self, stream: StreamId, record: RecordId, answer: &SealedAnswer) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO answers (stream, record, answer) VALUES (?1, ?2, ?3)
                 ON CONFLICT (stream, record) DO UPDATE SET answer = excluded.answer",
            )?
            .execute(params![&stream.0[..], &record.0[..], encode(answer)])?;
        Ok(())
    }
}
