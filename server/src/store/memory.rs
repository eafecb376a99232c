//! The store in memory: a plain model of the rules that the suite holds SQLite to, and a store for relays that should
//! forget everything when they end.

mod holders;
mod sources;
mod tables;

use super::{Backend, ReadJob, StoreError, Verdict, WriteJob};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tables::MemoryTables;

/// The backend in memory. Jobs run at once, on the caller's thread.
pub struct MemoryBackend {
    /// `None` after closing.
    tables: Mutex<Option<MemoryTables>>,
}

impl Default for MemoryBackend {
    fn default() -> Self {
        Self { tables: Mutex::new(Some(MemoryTables::default())) }
    }
}

impl MemoryBackend {
    fn lock(&self) -> MutexGuard<'_, Option<MemoryTables>> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Backend for MemoryBackend {
    fn read(&self, job: Box<dyn ReadJob>) -> Result<(), StoreError> {
        job.run(self.lock().as_ref().ok_or(StoreError::Closed)?);
        Ok(())
    }

    fn write(&self, mut job: Box<dyn WriteJob>) -> Result<(), StoreError> {
        let mut tables = self.lock();
        let current = tables.as_mut().ok_or(StoreError::Closed)?;
        let mut next = current.clone();
        if job.run(&mut next) == Verdict::Keep {
            *current = next;
        }
        drop(tables);
        job.settle(Ok(()));
        Ok(())
    }

    fn waiting(&self) -> usize {
        0
    }

    fn close(&self) {
        *self.lock() = None;
    }
}
