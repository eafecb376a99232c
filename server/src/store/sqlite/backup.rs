//! A consistent copy of some tables of a running store into a file of their own.

use super::{migrations, value::integer};
use crate::store::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// Tables with keys, of owners and of who holds a car together: what opens everything else, with the words.
const KEYRINGS: &[&str] = &["keyrings", "keyring_erasures", "bundles"];

/// What a copy holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Sealed records, wraps, grants, links, looks: all but the keyrings.
    Records,
    /// The keyrings and bundles alone.
    Keyrings,
}

/// Copies a part of a store into a new file, while the relay goes on. The copy is of one moment, and a store itself: put
/// in the place of one, it is opened like one.
///
/// # Errors
/// [`StoreError`] when either file cannot be used.
pub fn copy(store: &Path, into: &Path, part: Part) -> Result<(), StoreError> {
    let version: u32 = {
        let mut copy = Connection::open(into)?;
        migrations::run(&mut copy)?;
        copy.pragma_query_value(None, "user_version", |row| row.get(0))?
    };
    let db = Connection::open_with_flags(store, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let found: u32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found != version {
        return Err(StoreError::Newer { found, known: version });
    }
    db.execute("ATTACH ?1 AS copy", [into.to_string_lossy()])?;
    db.execute_batch("PRAGMA copy.synchronous = FULL")?;
    let transaction = db.unchecked_transaction()?;
    for table in tables(&transaction)? {
        if (part == Part::Keyrings) == KEYRINGS.contains(&table.as_str()) {
            transaction.execute_batch(&format!("INSERT INTO copy.\"{table}\" SELECT * FROM main.\"{table}\""))?;
        }
    }
    transaction.commit()?;
    Ok(())
}

/// The tables, in the order in which they were made: what refers to something comes after it.
fn tables(db: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = db.prepare(
        "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND rootpage > ?1
         ORDER BY rowid",
    )?;
    let names = statement.query_map([integer(0)], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}
