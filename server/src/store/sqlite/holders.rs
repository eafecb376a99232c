//! Invitations and bundles in SQLite.

use super::{
    SqliteTables,
    value::{count, decode, integer},
};
use crate::store::{HolderTable, InvitationRow, StoreError};
use carnet_protocol::{
    encoding::encode,
    holder::{BundleEnvelope, Invitation, Join},
    id::StreamId,
    key::VerifyingKey,
    signed::Signed,
};
use rusqlite::{Row, params};

fn invitation_of(row: &Row<'_>) -> Result<InvitationRow, StoreError> {
    let invitation: Invitation = decode(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?, "invitation")?;
    let join = match row.get_ref(1)?.as_blob_or_null().map_err(rusqlite::Error::from)? {
        None => None,
        Some(bytes) => Some(decode::<Signed<Join>>(bytes, "answer to an invitation")?),
    };
    Ok(InvitationRow { invitation, join })
}

impl HolderTable for SqliteTables<'_> {
    fn invitation(&self, key: VerifyingKey) -> Result<Option<InvitationRow>, StoreError> {
        let mut statement =
            self.db.prepare_cached("SELECT invitation, answer FROM invitations WHERE invitation_key = ?1")?;
        let mut rows = statement.query([&key.0[..]])?;
        rows.next()?.map(invitation_of).transpose()
    }

    fn invitations_of(&self, stream: StreamId) -> Result<Vec<InvitationRow>, StoreError> {
        let mut statement = self
            .db
            .prepare_cached("SELECT invitation, answer FROM invitations WHERE stream = ?1 ORDER BY invitation_key")?;
        let mut rows = statement.query([&stream.0[..]])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(invitation_of(row)?);
        }
        Ok(found)
    }

    fn insert_invitation(&mut self, row: &InvitationRow) -> Result<(), StoreError> {
        let InvitationRow { invitation, join } = row;
        self.db
            .prepare_cached(
                "INSERT INTO invitations (invitation_key, stream, invitation, answer) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                &invitation.key.0[..],
                &invitation.stream.0[..],
                encode(invitation),
                join.as_ref().map(encode)
            ])?;
        Ok(())
    }

    fn set_join(&mut self, key: VerifyingKey, join: &Signed<Join>) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE invitations SET answer = ?2 WHERE invitation_key = ?1")?
            .execute(params![&key.0[..], encode(join)])?;
        Ok(())
    }

    fn delete_invitation(&mut self, key: VerifyingKey) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM invitations WHERE invitation_key = ?1")?.execute([&key.0[..]])?;
        Ok(())
    }

    fn bundle(&self, stream: StreamId, holder: VerifyingKey) -> Result<Option<(u64, BundleEnvelope)>, StoreError> {
        let mut statement =
            self.db.prepare_cached("SELECT version, envelope FROM bundles WHERE stream = ?1 AND holder = ?2")?;
        let mut rows = statement.query(params![&stream.0[..], &holder.0[..]])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let envelope = decode(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?, "bundle")?;
        Ok(Some((count(row.get(0)?), envelope)))
    }

    fn bundles_of(&self, stream: StreamId) -> Result<u64, StoreError> {
        Ok(count(
            self.db
                .prepare_cached("SELECT COUNT(*) FROM bundles WHERE stream = ?1")?
                .query_row([&stream.0[..]], |row| row.get(0))?,
        ))
    }

    fn put_bundle(
        &mut self,
        stream: StreamId,
        holder: VerifyingKey,
        version: u64,
        envelope: &BundleEnvelope,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO bundles (stream, holder, version, envelope) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (stream, holder) DO UPDATE SET version = ?3, envelope = ?4",
            )?
            .execute(params![&stream.0[..], &holder.0[..], integer(version), encode(envelope)])?;
        Ok(())
    }

    fn delete_bundle(&mut self, stream: StreamId, holder: VerifyingKey) -> Result<(), StoreError> {
        self.db
            .prepare_cached("DELETE FROM bundles WHERE stream = ?1 AND holder = ?2")?
            .execute(params![&stream.0[..], &holder.0[..]])?;
        Ok(())
    }
}
