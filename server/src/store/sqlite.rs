//! The store in one SQLite file.
//!
//! One thread writes. It takes as many queued jobs as are waiting into one transaction, each in a savepoint of its
//! own, commits once, and only then answers them: an acknowledged write has been synced. Some threads read, each on
//! its own connection. The file is in WAL mode with `synchronous=FULL` and foreign keys on; the bundled SQLite is newer
//! than 3.51.3, whose WAL-reset fix this relies on.

mod backup;
mod erasures;
mod grants;
mod holders;
mod keyrings;
mod links;
mod mailboxes;
mod migrations;
mod nonces;
mod reader;
mod records;
mod sources;
mod value;
mod views;
mod vins;
mod writer;

use super::{Backend, ReadJob, StoreError, WriteJob};
pub use backup::{Part, copy};
use rusqlite::{Connection, OpenFlags};
use std::{
    cell::Cell,
    path::Path,
    sync::{Arc, PoisonError},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread::JoinHandle,
};

/// Threads that read, each with a connection: reads are short and mostly from the cache.
const READERS: usize = 4;
/// Reads waiting at most.
const READ_QUEUE: usize = 1_024;
/// Page cache of each connection, in KiB.
const CACHE_KIB: i64 = 16 * 1_024;
/// Prepared statements kept per connection; there are about 40.
const STATEMENTS: usize = 64;

/// The tables of one connection.
pub(super) struct SqliteTables<'c> {
    pub(super) db: &'c Connection,
    /// Whether something was removed of which the write-ahead log is to be emptied.
    scrub: &'c Cell<bool>,
}

struct Queues {
    reads: SyncSender<Box<dyn ReadJob>>,
    writes: SyncSender<Box<dyn WriteJob>>,
}

/// The SQLite backend.
pub struct SqliteBackend {
    queues: Mutex<Option<Queues>>,
    waiting: Arc<AtomicUsize>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl SqliteBackend {
    /// Opens the file, made where it is missing, and brings it to the newest version. `write_queue` writes may wait.
    ///
    /// # Errors
    /// [`StoreError`] when the file cannot be opened or was written by a newer relay.
    pub fn open(file: &Path, write_queue: usize) -> Result<Self, StoreError> {
        let mut writer = connect(file, OpenFlags::default())?;
        migrations::run(&mut writer)?;
        let waiting = Arc::new(AtomicUsize::new(0));
        let mut threads = Vec::with_capacity(READERS + 1);
        let (reads, queued_reads) = sync_channel(READ_QUEUE);
        let queued_reads: Arc<Mutex<Receiver<_>>> = Arc::new(Mutex::new(queued_reads));
        for _ in 0..READERS {
            let connection = connect(file, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
            let queue = Arc::clone(&queued_reads);
            threads.push(std::thread::spawn(move || reader::run(&connection, &queue)));
        }
        let (writes, queued_writes) = sync_channel(write_queue);
        let counter = Arc::clone(&waiting);
        threads.push(std::thread::spawn(move || writer::run(writer, &queued_writes, &counter)));
        Ok(Self { queues: Mutex::new(Some(Queues { reads, writes })), waiting, threads: Mutex::new(threads) })
    }
}

impl Backend for SqliteBackend {
    fn read(&self, job: Box<dyn ReadJob>) -> Result<(), StoreError> {
        let queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        queues.as_ref().ok_or(StoreError::Closed)?.reads.try_send(job).map_err(refusal)
    }

    fn write(&self, job: Box<dyn WriteJob>) -> Result<(), StoreError> {
        let queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let writes = &queues.as_ref().ok_or(StoreError::Closed)?.writes;
        // Counted before it is queued: the writer may be done with it before this thread goes on.
        self.waiting.fetch_add(1, Ordering::Relaxed);
        writes.try_send(job).map_err(|error| {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            refusal(error)
        })
    }

    fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    fn close(&self) {
        // Without senders the threads work off their queues and end; the last connection checkpoints the WAL.
        *self.queues.lock().unwrap_or_else(PoisonError::into_inner) = None;
        for thread in self.threads.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            if thread.join().is_err() {
                tracing::error!("a store thread ended in a panic");
            }
        }
    }
}

impl Drop for SqliteBackend {
    fn drop(&mut self) {
        self.close();
    }
}

fn refusal<T>(error: TrySendError<T>) -> StoreError {
    match error {
        TrySendError::Full(_) => StoreError::Busy,
        TrySendError::Disconnected(_) => StoreError::Closed,
    }
}

fn connect(file: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let db = Connection::open_with_flags(file, flags)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    db.pragma_update(None, "foreign_keys", true)?;
    db.pragma_update(None, "cache_size", -CACHE_KIB)?;
    // A deleted record's bytes are overwritten in the file, not only unlinked: erasure means erasure.
    db.pragma_update(None, "secure_delete", true)?;
    db.pragma_update(None, "trusted_schema", false)?;
    if !flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY) {
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "FULL")?;
    }
    Ok(db)
}
