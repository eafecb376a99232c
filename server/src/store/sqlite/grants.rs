//! Grants in SQLite.

use super::{
    SqliteTables,
    value::{count, decode, id, integer},
};
use crate::store::{GrantRow, GrantTable, StoreError};
use carnet_protocol::{
    api::body::GrantAnswer,
    day::Timestamp,
    encoding::encode,
    grant::{Grant, GrantEnvelope},
    id::{GrantId, StreamId},
    key::VerifyingKey,
};
use rusqlite::{Row, params};

const GRANT: &str = "envelope, claimer, accepted, revoked";

impl GrantTable for SqliteTables<'_> {
    fn grant(&self, grant: GrantId) -> Result<Option<GrantRow>, StoreError> {
        let mut statement = self.db.prepare_cached(&format!("SELECT {GRANT} FROM grants WHERE grant_id = ?1"))?;
        let mut rows = statement.query([&grant.0[..]])?;
        rows.next()?.map(read).transpose()
    }

    fn insert_grant(&mut self, grant: &Grant, envelope: &GrantEnvelope) -> Result<(), StoreError> {
        self.db
            .prepare_cached("INSERT INTO grants (grant_id, stream, grantee, envelope) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![
                &grant.grant.0[..],
                &grant.stream.0[..],
                grant.grantee.sign.as_ref().map(|key| &key.0[..]),
                encode(envelope)
            ])?;
        Ok(())
    }

    fn replace_envelope(&mut self, grant: GrantId, envelope: &GrantEnvelope) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE grants SET envelope = ?2 WHERE grant_id = ?1")?
            .execute(params![&grant.0[..], encode(envelope)])?;
        Ok(())
    }

    fn grants_of(&self, stream: StreamId) -> Result<u64, StoreError> {
        Ok(count(
            self.db
                .prepare_cached("SELECT COUNT(*) FROM grants WHERE stream = ?1")?
                .query_row([&stream.0[..]], |row| row.get(0))?,
        ))
    }

    fn set_answer(&mut self, grant: GrantId, answer: GrantAnswer) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE grants SET accepted = ?2 WHERE grant_id = ?1")?
            .execute(params![&grant.0[..], answer.accept])?;
        Ok(())
    }

    fn set_claimer(&mut self, grant: GrantId, claimer: VerifyingKey) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE grants SET claimer = ?2 WHERE grant_id = ?1")?
            .execute(params![&grant.0[..], &claimer.0[..]])?;
        Ok(())
    }

    fn revoke_grant(&mut self, grant: GrantId) -> Result<(), StoreError> {
        for statement in [
            "UPDATE grants SET revoked = 1 WHERE grant_id = ?1",
            "UPDATE links SET state = 2 WHERE grant_id = ?1 AND state = 0",
            "DELETE FROM view_tokens WHERE grant_id = ?1",
        ] {
            self.db.prepare_cached(statement)?.execute([&grant.0[..]])?;
        }
        Ok(())
    }

    fn inbox(&self, key: VerifyingKey, limit: usize, bytes: usize) -> Result<Vec<GrantRow>, StoreError> {
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT {GRANT} FROM grants WHERE grantee = ?1 OR claimer = ?1 ORDER BY sequence DESC LIMIT ?2"
        ))?;
        let mut rows = statement.query(params![&key.0[..], integer(limit as u64)])?;
        let (mut inbox, mut taken) = (Vec::new(), 0);
        while let Some(row) = rows.next()?.filter(|_| taken < bytes) {
            taken += row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?.len();
            inbox.push(read(row)?);
        }
        Ok(inbox)
    }

    fn standing_grants(
        &self,
        stream: StreamId,
        key: VerifyingKey,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<GrantId>, StoreError> {
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT {GRANT} FROM grants WHERE stream = ?1 AND revoked = 0 AND accepted IS NOT 0
             AND (grantee = ?2 OR claimer = ?2) ORDER BY sequence DESC LIMIT ?3"
        ))?;
        let mut rows = statement.query(params![&stream.0[..], &key.0[..], integer(limit as u64)])?;
        let mut standing = Vec::new();
        while let Some(row) = rows.next()? {
            standing.extend(read(row)?.standing(key, now)?);
        }
        Ok(standing)
    }

    fn note_issue(&mut self, grant: GrantId, stream: StreamId) -> Result<(), StoreError> {
        self.db
            .prepare_cached("INSERT INTO issued_grants (grant_id, stream) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
            .execute(params![&grant.0[..], &stream.0[..]])?;
        Ok(())
    }

    fn issued_for(&self, grant: GrantId) -> Result<Option<StreamId>, StoreError> {
        let mut statement = self.db.prepare_cached("SELECT stream FROM issued_grants WHERE grant_id = ?1")?;
        let mut rows = statement.query([&grant.0[..]])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        id(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?, "stream").map(Some)
    }

    fn remove_grant(&mut self, grant: GrantId) -> Result<(), StoreError> {
        for statement in [
            "DELETE FROM view_tokens WHERE grant_id = ?1",
            "DELETE FROM links WHERE grant_id = ?1",
            "DELETE FROM grants WHERE grant_id = ?1",
        ] {
            self.db.prepare_cached(statement)?.execute([&grant.0[..]])?;
        }
        Ok(())
    }
}

fn read(row: &Row<'_>) -> Result<GrantRow, StoreError> {
    let claimer: Option<Vec<u8>> = row.get(1)?;
    let accepted: Option<bool> = row.get(2)?;
    Ok(GrantRow {
        envelope: decode(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?, "grant")?,
        claimer: claimer.map(|bytes| id(&bytes, "claimer")).transpose()?,
        answer: accepted.map(|accept| GrantAnswer { accept }),
        revoked: row.get(3)?,
    })
}
