//! Counts of evaluated VINs in SQLite.

use super::SqliteTables;
use crate::store::{StoreError, VinTable};
use carnet_protocol::{day::Day, key::VerifyingKey};
use rusqlite::{OptionalExtension as _, params};

impl VinTable for SqliteTables<'_> {
    fn vin_evaluations(&self, member: VerifyingKey, day: Day) -> Result<u32, StoreError> {
        let mut statement =
            self.db.prepare_cached("SELECT evaluations FROM vin_evaluations WHERE member = ?1 AND day = ?2")?;
        let found = statement.query_row(params![&member.0[..], day.0], |row| row.get(0)).optional()?;
        Ok(found.unwrap_or(0))
    }

    fn count_vin_evaluation(&mut self, member: VerifyingKey, day: Day) -> Result<(), StoreError> {
        self.db
            .prepare_cached("DELETE FROM vin_evaluations WHERE member = ?1 AND day < ?2")?
            .execute(params![&member.0[..], day.0])?;
        self.db
            .prepare_cached(
                "INSERT INTO vin_evaluations (member, day, evaluations) VALUES (?1, ?2, 1)
                 ON CONFLICT (member, day) DO UPDATE SET evaluations = evaluations + 1",
            )?
            .execute(params![&member.0[..], day.0])?;
        Ok(())
    }
}
