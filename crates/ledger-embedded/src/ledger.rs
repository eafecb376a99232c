//! The ledger as its process uses it.

use crate::{
    commit::Commit,
    error::{OpenError, ReadError, SubmitError},
    file,
    queue::{Queue, Size},
    snapshot::Snapshot,
    writer::{self, Shared},
};
use carnet_ledger::CheckedTransaction;
use carnet_protocol::{
    day::Timestamp,
    key::{Signature, VerifyingKey},
    ledger::{Receipt, Transaction},
    signed::Signed,
};
use redb::{Database, StorageBackend};
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};

/// A ledger in one file. Share it by reference; dropping it finishes what is queued and closes the file.
pub struct EmbeddedLedger {
    shared: Arc<Shared>,
    writer: Option<thread::JoinHandle<()>>,
}

impl EmbeddedLedger {
    /// Opens the ledger file at `path`, making it when there is none, and verifies it whole: this reads all of it.
    /// `clock` bounds the times of transactions.
    ///
    /// # Errors
    /// [`OpenError`], which says what to do.
    pub fn open(path: impl AsRef<Path>, clock: impl Fn() -> Timestamp + Send + 'static) -> Result<Self, OpenError> {
        Self::start(file::open(path.as_ref())?, clock)
    }

    /// The same on another kind of storage, made when it is empty.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open_on(
        storage: impl StorageBackend,
        clock: impl Fn() -> Timestamp + Send + 'static,
    ) -> Result<Self, OpenError> {
        Self::start(file::open_backend(storage)?, clock)
    }

    fn start(database: Database, clock: impl Fn() -> Timestamp + Send + 'static) -> Result<Self, OpenError> {
        let shared = Arc::new(Shared { database, queue: Queue::default(), subscribers: Mutex::default() });
        let for_writer = shared.clone();
        let writer =
            thread::Builder::new().name("carnet-ledger".into()).spawn(move || writer::run(&for_writer, clock))?;
        Ok(Self { shared, writer: Some(writer) })
    }

    /// Submits transactions, in order; each stands alone. Returns their receipts, in order, once they are durable.
    ///
    /// Blocks for the verification of the signatures and for one or two commits.
    ///
    /// # Errors
    /// [`SubmitError`]; submitting the same again is harmless.
    pub fn submit(&self, transactions: Vec<Signed<Transaction>>) -> Result<Vec<Receipt>, SubmitError> {
        let (answer, answered) = mpsc::sync_channel(1);
        self.submit_with(transactions, move |receipts| {
            // Whoever asked waits below.
            let _ = answer.send(receipts);
        })?;
        answered.recv().unwrap_or(Err(SubmitError::Stopped))
    }

    /// [`EmbeddedLedger::submit`] without waiting for the commit: `done` is called exactly once if this returns `Ok`,
    /// and never otherwise. It runs on the writer's thread and must be quick, such as sending on a channel.
    ///
    /// Verifies the signatures on the calling thread: about 0.1 ms each, so not for a thread that serves others.
    ///
    /// # Errors
    /// [`SubmitError::Busy`] when the queue is full, before anything was verified; [`SubmitError::TooLarge`];
    /// [`SubmitError::Stopped`].
    pub fn submit_with(
        &self,
        transactions: Vec<Signed<Transaction>>,
        done: impl FnOnce(Result<Vec<Receipt>, SubmitError>) + Send + 'static,
    ) -> Result<(), SubmitError> {
        let permit = self.shared.queue.reserve(size(&transactions))?;
        let items: Vec<_> = transactions.into_iter().map(CheckedTransaction::check).collect();
        if items.iter().any(Result::is_ok) {
            permit.push(items, Box::new(done));
        } else {
            drop(permit);
            done(Ok(items.into_iter().filter_map(Result::err).collect()));
        }
        Ok(())
    }

    /// Calls `subscriber` after each commit of new transactions, in order, before their receipts are handed out. It
    /// runs on the writer's thread and must be quick; it must not subscribe.
    pub fn subscribe(&self, subscriber: impl Fn(&Commit) + Send + 'static) {
        let mut subscribers = self.shared.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
        subscribers.push(Box::new(subscriber));
    }

    /// The ledger as of now. Waits for no writer.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn snapshot(&self) -> Result<Snapshot, ReadError> {
        Snapshot::begin(&self.shared.database)
    }
}

impl Drop for EmbeddedLedger {
    fn drop(&mut self) {
        self.shared.queue.close();
        // A callback may own the last reference; the writer cannot wait for itself.
        if let Some(writer) = self.writer.take().filter(|writer| writer.thread().id() != thread::current().id()) {
            // A panic in a callback was reported where it happened, and the queue was abandoned.
            let _ = writer.join();
        }
    }
}

fn size(transactions: &[Signed<Transaction>]) -> Size {
    let bytes = transactions.iter().map(|signed| signed.body.len() + VerifyingKey::LEN + Signature::LEN).sum();
    Size { transactions: transactions.len(), bytes }
}
