//! Keyrings in SQLite.

use super::{
    SqliteTables,
    value::{count, decode, integer},
};
use crate::store::{KeyringTable, StoreError};
use carnet_protocol::{
    api::body::{DeviceSeen, StoredKeyring},
    day::Timestamp,
    encoding::encode,
    key::VerifyingKey,
};
use rusqlite::{OptionalExtension as _, params};

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

    fn device_seen(&self, account: VerifyingKey, device: VerifyingKey) -> Result<Option<Timestamp>, StoreError> {
        let mut statement = self.db.prepare_cached("SELECT at FROM devices_seen WHERE account = ?1 AND device = ?2")?;
        let at = statement.query_row([&account.0[..], &device.0[..]], |row| row.get(0)).optional()?;
        Ok(at.map(|at| Timestamp(count(at))))
    }

    fn devices_seen(&self, account: VerifyingKey) -> Result<Vec<DeviceSeen>, StoreError> {
        let mut statement =
            self.db.prepare_cached("SELECT device, at FROM devices_seen WHERE account = ?1 ORDER BY device")?;
        let mut rows = statement.query([&account.0[..]])?;
        let mut seen = Vec::new();
        while let Some(row) = rows.next()? {
            seen.push(DeviceSeen { device: VerifyingKey(row.get(0)?), at: Timestamp(count(row.get(1)?)) });
        }
        Ok(seen)
    }

    fn set_device_seen(
        &mut self,
        account: VerifyingKey,
        device: VerifyingKey,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO devices_seen (account, device, at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (account, device) DO UPDATE SET at = excluded.at",
            )?
            .execute(params![&account.0[..], &device.0[..], integer(at.0)])?;
        Ok(())
    }
}
