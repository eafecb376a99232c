//! A store in memory: for tests, and for reading a link where the browser offers no storage.
//!
//! Clones are handles on the same data, as two tabs are. Faults can be set, so that a test can show what a full disk or
//! a crash in the middle does.

use super::{Batch, Change, Rows, Store, StoreError, Table};
use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Rows in memory.
#[derive(Clone, Default)]
pub struct MemoryStore {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    rows: BTreeMap<(Table, Vec<u8>), Vec<u8>>,
    commits: u64,
    fault: Option<(u64, StoreError)>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets `passing` more commits through, then answers every one with `error` until [`Self::mend`].
    pub fn fail_after(&self, passing: u64, error: StoreError) {
        let mut inner = self.lock();
        inner.fault = Some((inner.commits + passing, error));
    }

    /// Ends the fault.
    pub fn mend(&self) {
        self.lock().fault = None;
    }

    /// Commits that were done so far.
    pub fn commits(&self) -> u64 {
        self.lock().commits
    }

    /// Every row there is, for searching it and for damaging it.
    pub fn dump(&self) -> Vec<(Table, Vec<u8>, Vec<u8>)> {
        self.lock().rows.iter().map(|((table, key), value)| (*table, key.clone(), value.clone())).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic cannot leave a batch half applied: conditions come first, and applying does not panic.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    async fn read(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.lock().rows.get(&(table, key.to_vec())).cloned())
    }

    async fn scan(&self, table: Table, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Rows, StoreError> {
        let start = match after {
            Some(after) if after >= prefix => Bound::Excluded((table, after.to_vec())),
            _ => Bound::Included((table, prefix.to_vec())),
        };
        let inner = self.lock();
        let rows = inner.rows.range((start, Bound::Unbounded));
        Ok(rows
            .take_while(|((t, key), _)| *t == table && key.starts_with(prefix))
            .take(limit)
            .map(|((_, key), value)| (key.clone(), value.clone()))
            .collect())
    }

    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        let mut inner = self.lock();
        if let Some((from, error)) = &inner.fault
            && inner.commits >= *from
        {
            return Err(error.clone());
        }
        for condition in &batch.conditions {
            if inner.rows.get(&(condition.table, condition.key.clone())) != condition.value.as_ref() {
                return Err(StoreError::Conflict);
            }
        }
        for change in batch.changes {
            match change {
                Change::Put(table, key, value) => inner.rows.insert((table, key), value),
                Change::Delete(table, key) => inner.rows.remove(&(table, key)),
            };
        }
        inner.commits += 1;
        Ok(())
    }

    async fn erase(&self) -> Result<(), StoreError> {
        self.lock().rows.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn the_suite_holds_in_memory() {
        crate::store::suite::run(async || MemoryStore::new()).await;
    }

    #[tokio::test]
    async fn a_fault_leaves_everything_as_it_was() {
        let store = MemoryStore::new();
        let mut first = Batch::default();
        first.put(Table::Index, b"a", b"1");
        store.fail_after(1, StoreError::Full);
        store.commit(first.clone()).await.unwrap();
        let mut second = Batch::default();
        second.put(Table::Index, b"a", b"2").put(Table::Index, b"b", b"2");
        assert_eq!(store.commit(second.clone()).await, Err(StoreError::Full));
        assert_eq!(store.dump(), [(Table::Index, b"a".to_vec(), b"1".to_vec())]);
        store.mend();
        store.commit(second).await.unwrap();
        assert_eq!(store.commits(), 2);
    }
}
