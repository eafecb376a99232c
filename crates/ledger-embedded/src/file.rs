//! The file: its tables, its schema, and how it is made and opened.

use crate::error::OpenError;
use redb::{
    Builder, Database, ReadableDatabase, ReadableTable, ReadableTableMetadata, StorageBackend, TableDefinition,
    WriteTransaction,
};
use std::{fs, io, panic, path::Path};

/// The state of the rules.
pub(crate) const STATE: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("state");
/// Sequence to signed transaction, canonically encoded.
pub(crate) const LOG: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("log");
/// Hash of a transaction to its sequence.
pub(crate) const SEQUENCES: TableDefinition<'_, &[u8; 32], u64> = TableDefinition::new("sequences");
/// Numbers about the file.
pub(crate) const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");

/// In [`META`]: the latest time of an accepted transaction, in milliseconds; absent before the first.
pub(crate) const LATEST: &str = "latest";
/// In [`META`]: the schema.
const SCHEMA: &str = "schema";
/// The schema of this version. A change of tables or values is a new one, with a migration of its own.
const SCHEMA_VERSION: u64 = 1;

/// Memory for pages: what a few thousand streams in use need. The library's own default is 1 GiB.
const CACHE_BYTES: usize = 64 * 1024 * 1024;

/// Opens the ledger file, making it when there is none.
pub(crate) fn open(path: &Path) -> Result<Database, OpenError> {
    if !path.try_exists()? {
        create(path)?;
    }
    guarded(|| {
        let mut database = builder().open(path).map_err(redb::Error::from)?;
        verify(&mut database)?;
        Ok(database)
    })
}

/// The library panics at some damage that it meets before the checksum over it; to the operator that is damage like
/// any other. After [`verify`] every page is known to be as it was written.
fn guarded<T>(open: impl FnOnce() -> Result<T, OpenError>) -> Result<T, OpenError> {
    // Whatever `open` was building is dropped with the panic.
    panic::catch_unwind(panic::AssertUnwindSafe(open))
        .unwrap_or_else(|_| Err(OpenError::Damaged("a page makes no sense".into())))
}

/// Opens a ledger on another kind of storage, making it when the storage is empty.
pub(crate) fn open_backend(backend: impl StorageBackend) -> Result<Database, OpenError> {
    guarded(|| {
        let mut database = builder().create_with_backend(backend).map_err(redb::Error::from)?;
        if is_blank(&database)? {
            initialise(&database)?;
        }
        verify(&mut database)?;
        Ok(database)
    })
}

fn is_blank(database: &Database) -> Result<bool, redb::Error> {
    Ok(database.begin_read()?.list_tables()?.next().is_none())
}

/// Makes an empty ledger under another name and moves it into place, so that a crash half-way leaves no file that
/// could not be opened.
fn create(path: &Path) -> Result<(), OpenError> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".new");
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    initialise(&builder().create(&unfinished).map_err(redb::Error::from)?)?;
    fs::rename(&unfinished, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder)?.sync_all()?;
    Ok(())
}

fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE_BYTES);
    builder
}

fn initialise(database: &Database) -> Result<(), OpenError> {
    fn all_tables(write: &WriteTransaction) -> Result<(), redb::Error> {
        write.open_table(STATE)?;
        write.open_table(LOG)?;
        write.open_table(SEQUENCES)?;
        write.open_table(META)?.insert(SCHEMA, SCHEMA_VERSION)?;
        Ok(())
    }
    let write = begin_write(database)?;
    all_tables(&write)?;
    Ok(write.commit().map_err(redb::Error::from)?)
}

/// A write transaction with two-phase commit: the file holds bytes that strangers chose, and with one phase such bytes
/// and a crash could pass for a commit.
pub(crate) fn begin_write(database: &Database) -> Result<WriteTransaction, redb::Error> {
    let mut write = database.begin_write()?;
    write.set_two_phase_commit(true);
    Ok(write)
}

/// Checks schema, checksums of all pages, and that the log is whole.
fn verify(database: &mut Database) -> Result<(), OpenError> {
    verify_schema(database)?;
    // `false` says that the map of free pages was rebuilt: with two-phase commits no data is ever rolled back.
    database.check_integrity().map_err(redb::Error::from)?;
    let (last, entries, hashes) = log_extent(database)?;
    if last.map_or(0, |last| last + 1) != entries || hashes != entries {
        return Err(OpenError::Damaged("its list of transactions has gaps".into()));
    }
    Ok(())
}

fn verify_schema(database: &Database) -> Result<(), OpenError> {
    let read = database.begin_read().map_err(redb::Error::from)?;
    let meta = match read.open_table(META) {
        Ok(meta) => meta,
        Err(redb::TableError::Storage(error)) => return Err(redb::Error::from(error).into()),
        Err(_) => return Err(OpenError::NotALedger),
    };
    match meta.get(SCHEMA).map_err(redb::Error::from)?.map(|found| found.value()) {
        Some(SCHEMA_VERSION) => Ok(()),
        Some(found) => Err(OpenError::UnknownSchema { found, known: SCHEMA_VERSION }),
        None => Err(OpenError::NotALedger),
    }
}

/// The last sequence, the number of transactions, the number of hashes.
fn log_extent(database: &Database) -> Result<(Option<u64>, u64, u64), redb::Error> {
    let read = database.begin_read()?;
    read.open_table(STATE)?;
    let log = read.open_table(LOG)?;
    let last = log.last()?.map(|(sequence, _)| sequence.value());
    Ok((last, log.len()?, read.open_table(SEQUENCES)?.len()?))
}
