//! Removing for good, in SQLite. `secure_delete` overwrites what is deleted in the file; the write-ahead log, in which old
//! pages may lie, is emptied by the writer after the commit.

use super::{SqliteTables, value::decode};
use crate::store::{ErasureTable, StoreError};
use carnet_protocol::{
    encoding::encode,
    erasure::WalletErasure,
    id::{GrantId, RecordId, StreamId},
    key::VerifyingKey,
    signed::Signed,
};
use rusqlite::params;

/// Everything of a stream, what refers to something before what it refers to.
const OF_STREAM: [&str; 11] = [
    "DELETE FROM view_tokens WHERE stream = ?1",
    "DELETE FROM links WHERE grant_id IN (SELECT grant_id FROM grants WHERE stream = ?1)",
    "DELETE FROM grants WHERE stream = ?1",
    "DELETE FROM issued_grants WHERE stream = ?1",
    "DELETE FROM views WHERE stream = ?1",
    "DELETE FROM records WHERE stream = ?1",
    "DELETE FROM seal_keys WHERE stream = ?1",
    "DELETE FROM offers WHERE stream = ?1",
    "DELETE FROM unpaired WHERE stream = ?1",
    "DELETE FROM answers WHERE stream = ?1",
    "DELETE FROM streams WHERE stream = ?1",
];

/// Who holds it together with its owner.
const OF_HOUSEHOLD: [&str; 2] = ["DELETE FROM invitations WHERE stream = ?1", "DELETE FROM bundles WHERE stream = ?1"];

/// What a stream's owner has shared, but for one grant, in the same order.
const SHARED: [&str; 4] = [
    "DELETE FROM view_tokens WHERE stream = ?1 AND grant_id != ?2",
    "DELETE FROM links WHERE grant_id IN (SELECT grant_id FROM grants WHERE stream = ?1 AND grant_id != ?2)",
    "DELETE FROM grants WHERE stream = ?1 AND grant_id != ?2",
    "DELETE FROM views WHERE stream = ?1 AND grant_id != ?2",
];

impl ErasureTable for SqliteTables<'_> {
    fn erase_stream(&mut self, stream: StreamId) -> Result<(), StoreError> {
        for statement in OF_HOUSEHOLD.iter().chain(&OF_STREAM) {
            self.db.prepare_cached(statement)?.execute([&stream.0[..]])?;
        }
        Ok(())
    }

    fn erase_sharing(&mut self, stream: StreamId, but: GrantId) -> Result<(), StoreError> {
        for statement in OF_HOUSEHOLD {
            self.db.prepare_cached(statement)?.execute([&stream.0[..]])?;
        }
        for statement in SHARED {
            self.db.prepare_cached(statement)?.execute([&stream.0[..], &but.0[..]])?;
        }
        Ok(())
    }

    fn keep_only_wrap(&mut self, stream: StreamId, record: RecordId, generation: u16) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "DELETE FROM wraps WHERE stream = ?1 AND record = ?2 AND generation != ?3 AND EXISTS
                 (SELECT 1 FROM wraps WHERE stream = ?1 AND record = ?2 AND generation = ?3)",
            )?
            .execute(params![&stream.0[..], &record.0[..], generation])?;
        Ok(())
    }

    fn erase_keyring(&mut self, account: VerifyingKey, signed: &Signed<WalletErasure>) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM keyrings WHERE account = ?1")?.execute([&account.0[..]])?;
        self.db
            .prepare_cached("INSERT INTO keyring_erasures (account, signed) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
            .execute(params![&account.0[..], encode(signed)])?;
        Ok(())
    }

    fn keyring_erasure(&self, account: VerifyingKey) -> Result<Option<Signed<WalletErasure>>, StoreError> {
        let mut statement = self.db.prepare_cached("SELECT signed FROM keyring_erasures WHERE account = ?1")?;
        let mut rows = statement.query([&account.0[..]])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        decode(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?, "wallet erasure").map(Some)
    }

    fn scrub(&mut self) {
        self.scrub.set(true);
    }
}
