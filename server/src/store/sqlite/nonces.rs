//! Nonces of proofs dated ahead, in SQLite.

use super::{SqliteTables, value::integer};
use crate::store::{NonceTable, StoreError};
use carnet_protocol::{day::Timestamp, limits::REQUEST_SKEW_MS};
use rusqlite::{OptionalExtension as _, params};

impl NonceTable for SqliteTables<'_> {
    fn has_nonce(&self, name: [u8; 16]) -> Result<bool, StoreError> {
        let mut statement = self.db.prepare_cached("SELECT 1 FROM nonces WHERE name = ?1")?;
        Ok(statement.query_row([&name[..]], |_| Ok(())).optional()?.is_some())
    }

    fn keep_nonce(&mut self, name: [u8; 16], at: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        self.db
            .prepare_cached("DELETE FROM nonces WHERE at < ?1")?
            .execute([integer(now.0.saturating_sub(REQUEST_SKEW_MS))])?;
        self.db
            .prepare_cached("INSERT INTO nonces (name, at) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
            .execute(params![&name[..], integer(at.0)])?;
        Ok(())
    }
}
