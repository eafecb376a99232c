//! Brings a file to the newest version, one script after the other, each in a transaction.

use crate::store::StoreError;
use rusqlite::Connection;

/// The script at index n leads to version n + 1. Released scripts are never edited.
const SCRIPTS: &[&str] = &[
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
    include_str!("migrations/0005.sql"),
    include_str!("migrations/0006.sql"),
    include_str!("migrations/0007.sql"),
];

/// Runs the scripts that the file has not seen.
pub(super) fn run(db: &mut Connection) -> Result<(), StoreError> {
    let known = u32::try_from(SCRIPTS.len()).expect("a handful of scripts");
    let found: u32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (version, script) in (1u32..).zip(SCRIPTS).skip(found as usize) {
        let transaction = db.transaction()?;
        transaction.execute_batch(script)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}
