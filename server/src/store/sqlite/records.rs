//! Records and wraps in SQLite.

use super::{
    SqliteTables,
    value::{count, decode, id, integer},
};
use crate::store::{NewRecord, PageBound, RecordMeta, RecordRow, RecordTable, StoreError, StreamUse};
use carnet_protocol::{
    encoding::encode,
    id::{RecordId, StreamId},
    record::RecordWrap,
};
use rusqlite::{OptionalExtension as _, Row, params};

const META: &str = "sequence, header, commitment, size";

impl SqliteTables<'_> {
    /// Makes the stream's row on first use.
    pub(super) fn touch_stream(&self, stream: StreamId) -> Result<(), StoreError> {
        self.db
            .prepare_cached("INSERT INTO streams (stream) VALUES (?1) ON CONFLICT DO NOTHING")?
            .execute([&stream.0[..]])?;
        Ok(())
    }
}

impl RecordTable for SqliteTables<'_> {
    fn stream_use(&self, stream: StreamId) -> Result<StreamUse, StoreError> {
        let found = self
            .db
            .prepare_cached("SELECT records, bytes FROM streams WHERE stream = ?1")?
            .query_row([&stream.0[..]], |row| Ok(StreamUse { records: count(row.get(0)?), bytes: count(row.get(1)?) }))
            .optional()?;
        Ok(found.unwrap_or_default())
    }

    fn record(&self, stream: StreamId, record: RecordId) -> Result<Option<RecordMeta>, StoreError> {
        let mut statement =
            self.db.prepare_cached(&format!("SELECT {META} FROM records WHERE stream = ?1 AND record = ?2"))?;
        let mut rows = statement.query(params![&stream.0[..], &record.0[..]])?;
        rows.next()?.map(meta).transpose()
    }

    fn sealed_record(&self, stream: StreamId, record: RecordId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self
            .db
            .prepare_cached("SELECT sealed FROM records WHERE stream = ?1 AND record = ?2")?
            .query_row(params![&stream.0[..], &record.0[..]], |row| row.get(0))
            .optional()?)
    }

    fn insert_record(&mut self, new: &NewRecord) -> Result<(), StoreError> {
        let stream = new.header.stream;
        let size = integer(new.sealed.len() as u64);
        self.touch_stream(stream)?;
        let sequence: i64 = self
            .db
            .prepare_cached(
                "UPDATE streams SET last_record = last_record + 1, records = records + 1, bytes = bytes + ?2
                 WHERE stream = ?1 RETURNING last_record",
            )?
            .query_row(params![&stream.0[..], size], |row| row.get(0))?;
        self.db
            .prepare_cached(
                "INSERT INTO records (stream, sequence, record, commitment, size, header, sealed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                &stream.0[..],
                sequence,
                &new.header.record.0[..],
                &new.commitment.0[..],
                size,
                encode(&new.header),
                new.sealed
            ])?;
        Ok(())
    }

    fn delete_record(&mut self, stream: StreamId, record: RecordId) -> Result<bool, StoreError> {
        let size: Option<i64> = self
            .db
            .prepare_cached("DELETE FROM records WHERE stream = ?1 AND record = ?2 RETURNING size")?
            .query_row(params![&stream.0[..], &record.0[..]], |row| row.get(0))
            .optional()?;
        let Some(size) = size else { return Ok(false) };
        self.db
            .prepare_cached("UPDATE streams SET records = records - 1, bytes = bytes - ?2 WHERE stream = ?1")?
            .execute(params![&stream.0[..], size])?;
        Ok(true)
    }

    fn records(
        &self,
        stream: StreamId,
        after: u64,
        bound: PageBound,
        wanted: &dyn Fn(&RecordMeta) -> bool,
    ) -> Result<(Vec<RecordRow>, Option<u64>), StoreError> {
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT {META}, sealed FROM records WHERE stream = ?1 AND sequence > ?2 ORDER BY sequence"
        ))?;
        let mut rows = statement.query(params![&stream.0[..], integer(after)])?;
        let (mut page, mut bytes, mut looked_at, mut last) = (Vec::new(), 0usize, 0, after);
        while let Some(row) = rows.next()? {
            if page.len() == bound.records || bytes >= bound.bytes || looked_at == bound.looked_at {
                return Ok((page, Some(last)));
            }
            let meta = meta(row)?;
            (looked_at, last) = (looked_at + 1, meta.sequence);
            if !wanted(&meta) {
                continue;
            }
            let inline = meta.size <= bound.inline as u64;
            let sealed: Option<Vec<u8>> = if inline { Some(row.get(4)?) } else { None };
            let wraps = self.wraps(stream, meta.header.record)?;
            // 256 bytes stand for header, sequence and framing, 128 for a wrap.
            bytes += sealed.as_ref().map_or(0, Vec::len) + 256 + 128 * wraps.len();
            page.push(RecordRow { meta, sealed, wraps });
        }
        Ok((page, None))
    }

    fn put_wrap(&mut self, stream: StreamId, wrap: &RecordWrap) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO wraps (stream, record, generation, wrap) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (stream, record, generation) DO UPDATE SET wrap = excluded.wrap",
            )?
            .execute(params![&stream.0[..], &wrap.record.0[..], wrap.generation, encode(wrap)])?;
        Ok(())
    }

    fn wraps(&self, stream: StreamId, record: RecordId) -> Result<Vec<RecordWrap>, StoreError> {
        let mut statement =
            self.db.prepare_cached("SELECT wrap FROM wraps WHERE stream = ?1 AND record = ?2 ORDER BY generation")?;
        let mut rows = statement.query(params![&stream.0[..], &record.0[..]])?;
        let mut wraps = Vec::new();
        while let Some(row) = rows.next()? {
            wraps.push(decode(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?, "wrap")?);
        }
        Ok(wraps)
    }
}

fn meta(row: &Row<'_>) -> Result<RecordMeta, StoreError> {
    Ok(RecordMeta {
        sequence: count(row.get(0)?),
        header: decode(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?, "record header")?,
        commitment: id(row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?, "commitment")?,
        size: count(row.get(3)?),
    })
}
