//! The viewing log in SQLite.

use super::{
    SqliteTables,
    value::{count, decode, id, integer},
};
use crate::store::{StoreError, ViewTable};
use carnet_protocol::{
    api::body::{View, ViewKind},
    day::Timestamp,
    encoding::encode,
    id::{GrantId, StreamId},
};
use rusqlite::{OptionalExtension as _, params};

impl ViewTable for SqliteTables<'_> {
    fn append_view(
        &mut self,
        stream: StreamId,
        grant: GrantId,
        at: Timestamp,
        kind: ViewKind,
    ) -> Result<(), StoreError> {
        self.touch_stream(stream)?;
        let sequence: i64 = self
            .db
            .prepare_cached("UPDATE streams SET last_view = last_view + 1 WHERE stream = ?1 RETURNING last_view")?
            .query_row([&stream.0[..]], |row| row.get(0))?;
        self.db
            .prepare_cached("INSERT INTO views (stream, sequence, grant_id, at, kind) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![&stream.0[..], sequence, &grant.0[..], integer(at.0), encode(&kind)])?;
        Ok(())
    }

    fn views(&self, stream: StreamId, after: u64, limit: usize) -> Result<Vec<View>, StoreError> {
        let mut statement = self.db.prepare_cached(
            "SELECT sequence, grant_id, at, kind FROM views
             WHERE stream = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3",
        )?;
        let mut rows = statement.query(params![&stream.0[..], integer(after), integer(limit as u64)])?;
        let mut views = Vec::new();
        while let Some(row) = rows.next()? {
            let blob = |column| row.get_ref(column)?.as_blob().map_err(rusqlite::Error::from);
            views.push(View {
                sequence: count(row.get(0)?),
                grant: id(blob(1)?, "grant")?,
                at: Timestamp(count(row.get(2)?)),
                kind: decode(blob(3)?, "view kind")?,
            });
        }
        Ok(views)
    }

    fn fetched_since(&self, stream: StreamId, grant: GrantId, since: Timestamp) -> Result<bool, StoreError> {
        Ok(self
            .db
            .prepare_cached("SELECT 1 FROM views WHERE stream = ?1 AND grant_id = ?2 AND kind = ?3 AND at >= ?4")?
            .query_row(params![&stream.0[..], &grant.0[..], encode(&ViewKind::Fetched), integer(since.0)], |_| Ok(()))
            .optional()?
            .is_some())
    }

    fn answers_since(&self, stream: StreamId, grant: GrantId, since: Timestamp) -> Result<u64, StoreError> {
        let (accepted, declined) = (encode(&ViewKind::Accepted), encode(&ViewKind::Declined));
        Ok(count(
            self.db
                .prepare_cached(
                    "SELECT COUNT(*) FROM views WHERE stream = ?1 AND grant_id = ?2 AND kind IN (?3, ?4) AND at >= ?5",
                )?
                .query_row(params![&stream.0[..], &grant.0[..], accepted, declined, integer(since.0)], |row| {
                    row.get(0)
                })?,
        ))
    }
}
