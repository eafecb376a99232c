//! Links and view tokens in SQLite.

use super::{
    SqliteTables,
    value::{count, id, integer},
};
use crate::store::{LinkRow, LinkState, LinkTable, StoreError, ViewTokenRow};
use carnet_protocol::{
    day::Timestamp,
    id::{GrantId, Hash32, LinkId},
    link::Link,
};
use rusqlite::params;

impl LinkTable for SqliteTables<'_> {
    fn link(&self, link: LinkId) -> Result<Option<LinkRow>, StoreError> {
        let mut statement =
            self.db.prepare_cached("SELECT signed, opens, failures, state FROM links WHERE link = ?1")?;
        let mut rows = statement.query([&link.0[..]])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let state: i64 = row.get(3)?;
        Ok(Some(LinkRow { signed: row.get(0)?, opens: row.get(1)?, failures: row.get(2)?, state: state_of(state)? }))
    }

    fn links_of(&self, grant: GrantId) -> Result<u64, StoreError> {
        Ok(count(
            self.db
                .prepare_cached("SELECT COUNT(*) FROM links WHERE grant_id = ?1")?
                .query_row([&grant.0[..]], |row| row.get(0))?,
        ))
    }

    fn insert_link(&mut self, link: &Link, signed: &[u8]) -> Result<(), StoreError> {
        self.db.prepare_cached("INSERT INTO links (link, grant_id, signed) VALUES (?1, ?2, ?3)")?.execute(params![
            &link.link.0[..],
            &link.grant.0[..],
            signed
        ])?;
        Ok(())
    }

    fn update_link(&mut self, link: LinkId, opens: u32, failures: u32, state: LinkState) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE links SET opens = ?2, failures = ?3, state = ?4 WHERE link = ?1")?
            .execute(params![&link.0[..], opens, failures, number_of(state)])?;
        if state != LinkState::Live {
            self.db.prepare_cached("DELETE FROM view_tokens WHERE link = ?1")?.execute([&link.0[..]])?;
        }
        Ok(())
    }

    fn insert_view_token(&mut self, token_hash: Hash32, row: &ViewTokenRow) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO view_tokens (token_hash, link, grant_id, stream, until) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                &token_hash.0[..],
                &row.link.0[..],
                &row.grant.0[..],
                &row.stream.0[..],
                integer(row.until.0)
            ])?;
        Ok(())
    }

    fn view_token(&self, token_hash: Hash32) -> Result<Option<ViewTokenRow>, StoreError> {
        let mut statement =
            self.db.prepare_cached("SELECT link, grant_id, stream, until FROM view_tokens WHERE token_hash = ?1")?;
        let mut rows = statement.query([&token_hash.0[..]])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let blob = |column| row.get_ref(column)?.as_blob().map_err(rusqlite::Error::from);
        Ok(Some(ViewTokenRow {
            link: id(blob(0)?, "link")?,
            grant: id(blob(1)?, "grant")?,
            stream: id(blob(2)?, "stream")?,
            until: Timestamp(count(row.get(3)?)),
        }))
    }

    fn purge_view_tokens(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM view_tokens WHERE until < ?1")?.execute([integer(now.0)])?;
        Ok(())
    }
}

fn number_of(state: LinkState) -> i64 {
    match state {
        LinkState::Live => 0,
        LinkState::Claimed => 1,
        LinkState::Ended => 2,
    }
}

fn state_of(number: i64) -> Result<LinkState, StoreError> {
    match number {
        0 => Ok(LinkState::Live),
        1 => Ok(LinkState::Claimed),
        2 => Ok(LinkState::Ended),
        _ => Err(StoreError::Corrupt("link state")),
    }
}
