//! Version 1: the tables of the first release.

use indexed_db_futures::{Build, Result, database::Database};

/// Spelled out, not taken from `Table::ALL`: that list may grow, version 1 may not.
const TABLES: [&str; 9] = ["wallet", "keyring", "records", "wraps", "leaves", "index", "outbox", "cursors", "grants"];

/// Makes the tables; keys are not part of the values.
pub(super) fn migrate(database: &Database) -> Result<()> {
    TABLES.iter().try_for_each(|name| database.create_object_store(*name).build().map(drop))
}
