//! The tables, and how the file is opened.

use crate::error::{BooksError, OpenError};
use redb::{Builder, Database, ReadTransaction, ReadableDatabase, TableDefinition, WriteTransaction};
use std::{panic, path::Path};

/// Node of the log's tree, numbered as in RFC 9420, to its hash. Only those over full subtrees: they never change.
pub(crate) const LOG: TableDefinition<'_, u64, &[u8; 32]> = TableDefinition::new("log");
/// Node of the map, numbered as made, to what it is.
pub(crate) const MAP: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("map");
/// Size of the log to the map's root after so many transactions.
pub(crate) const ROOTS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("roots");
/// A node of the map after the size of the log from which on it is of no more use.
pub(crate) const STALE: TableDefinition<'_, (u64, u64), ()> = TableDefinition::new("stale");
/// Stream to what its head is made from.
pub(crate) const STREAMS: TableDefinition<'_, &[u8; 16], &[u8]> = TableDefinition::new("streams");
/// Stream and number of a withdrawal to the index of the leaf.
pub(crate) const WITHDRAWALS: TableDefinition<'_, (&[u8; 16], u64), u64> = TableDefinition::new("withdrawals");
/// Stream and index of each leaf withdrawn.
pub(crate) const WITHDRAWN: TableDefinition<'_, (&[u8; 16], u64), ()> = TableDefinition::new("withdrawn");
/// Size of the log to the note signed about it.
pub(crate) const NOTES: TableDefinition<'_, u64, &str> = TableDefinition::new("notes");
/// Single values about the file.
pub(crate) const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");

/// In [`META`]: schema and log.
const IDENTITY: &str = "identity";
/// The schema of this version.
const SCHEMA: &str = "carnet-transparency 1";

/// Memory for pages: the paths to a few thousand streams, and the newest of the log.
const CACHE_BYTES: usize = 64 * 1024 * 1024;

/// Opens the books of a log, making them when there are none. `tables` are made besides the books' own.
pub(crate) fn open(
    path: &Path,
    log: &str,
    tables: fn(&WriteTransaction) -> Result<(), redb::Error>,
) -> Result<Database, OpenError> {
    let name = path.display().to_string();
    let unknown = || OpenError::Unknown(name.clone());
    let create = || Builder::new().set_cache_size(CACHE_BYTES).create(path);
    // The library panics at some damage that it meets before the checksum over it.
    let database = panic::catch_unwind(panic::AssertUnwindSafe(create)).map_err(|_| unknown())?;
    let database = database.map_err(|error| match redb::Error::from(error) {
        redb::Error::DatabaseAlreadyOpen => OpenError::InUse(name.clone()),
        redb::Error::UpgradeRequired(_) => unknown(),
        redb::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => unknown(),
        other => OpenError::Books(BooksError::from(other)),
    })?;
    match identity(&database).map_err(OpenError::Books)? {
        None => initialise(&database, log, tables)?,
        Some(found) => match found.split_once('\n') {
            Some((SCHEMA, found)) if found == log => {}
            Some((SCHEMA, found)) => {
                return Err(OpenError::OtherLog { file: name, found: found.to_owned(), expected: log.to_owned() });
            }
            _ => return Err(unknown()),
        },
    }
    Ok(database)
}

/// `None` for a file without tables.
fn identity(database: &Database) -> Result<Option<String>, BooksError> {
    let read = database.begin_read()?;
    if read.list_tables()?.next().is_none() {
        return Ok(None);
    }
    let meta = match read.open_table(META) {
        Ok(meta) => meta,
        Err(redb::TableError::Storage(error)) => return Err(error.into()),
        Err(_) => return Ok(Some(String::new())),
    };
    let found = meta.get(IDENTITY)?.map(|value| String::from_utf8_lossy(value.value()).into_owned());
    Ok(Some(found.unwrap_or_default()))
}

fn initialise(
    database: &Database,
    log: &str,
    tables: fn(&WriteTransaction) -> Result<(), redb::Error>,
) -> Result<(), BooksError> {
    let write = begin_write(database)?;
    write.open_table(LOG)?;
    write.open_table(MAP)?;
    write.open_table(ROOTS)?;
    write.open_table(STALE)?;
    write.open_table(STREAMS)?;
    write.open_table(WITHDRAWALS)?;
    write.open_table(WITHDRAWN)?;
    write.open_table(NOTES)?;
    write.open_table(META)?.insert(IDENTITY, format!("{SCHEMA}\n{log}").as_bytes())?;
    tables(&write)?;
    Ok(write.commit()?)
}

/// A write transaction with two-phase commit, for the file holds bytes that strangers chose; and with the map of free
/// pages saved at each commit, so that a start after a crash need not read the whole file.
pub(crate) fn begin_write(database: &Database) -> Result<WriteTransaction, BooksError> {
    let mut write = database.begin_write()?;
    write.set_two_phase_commit(true);
    write.set_quick_repair(true);
    Ok(write)
}

/// The books as of now.
pub(crate) fn begin_read(database: &Database) -> Result<ReadTransaction, BooksError> {
    Ok(database.begin_read()?)
}
