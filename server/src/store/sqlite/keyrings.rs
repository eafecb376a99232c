//! Keyrings in SQLite.

use super::{
    SqliteTables,
    value::{decode, integer},
};
use crate::store::{KeyringTable, StoreError};
use carnet_protocol::{api::body::StoredKeyring, encoding::encode, key::VerifyingKey};
use rusqlite::params;

impl KeyringTable for SqliteTables<'_> {
    fn keyring(&self, account: VerifyingKey) -> Result<Option<StoredKeyring>, StoreError> {
        let mut statement = self.db.prepare_cached("SELECT stored FROM keyrings WHERE account = ?1")?;
        let mut rows = statement.query([&account.0[..]])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        decode(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?, "keyring").map(Some)
    }

    fn replace_keyring(&mut self, account: VerifyingKey, keyring: &StoredKeyring) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM keyrings WHERE account = ?1")?.execute([&account.0[..]])?;
        self.db
            .prepare_cached("INSERT INTO keyrings (account, version, stored) VALUES (?1, ?2, ?3)")?
            .execute(params![&account.0[..], integer(keyring.version), encode(keyring)])?;
        Ok(())
    }
}
