//! The embedded ledger as a host of the suite.

use crate::suite::{
    host::{Batch, Host},
    world::START,
};
use carnet_ledger::{ReadState, memory::MemoryState};
use carnet_ledger_embedded::{EmbeddedLedger, OpenError, StorageBackend};
use carnet_protocol::{day::Timestamp, ledger::Receipt};
use redb::backends::InMemoryBackend;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

pub struct EmbeddedHost {
    pub ledger: EmbeddedLedger,
    now: Arc<AtomicU64>,
}

impl EmbeddedHost {
    pub fn in_memory() -> Self {
        Self::on(InMemoryBackend::new())
    }

    pub fn on(storage: impl StorageBackend) -> Self {
        Self::try_on(storage).unwrap()
    }

    /// Its clock stands at the suite's start.
    pub fn try_on(storage: impl StorageBackend) -> Result<Self, OpenError> {
        let now = Arc::new(AtomicU64::new(START.0));
        let clock = now.clone();
        let ledger = EmbeddedLedger::open_on(storage, move || Timestamp(clock.load(Ordering::SeqCst)))?;
        Ok(Self { ledger, now })
    }
}

impl Host for EmbeddedHost {
    fn set_now(&mut self, now: Timestamp) {
        self.now.store(now.0, Ordering::SeqCst);
    }

    fn submit(&mut self, batch: Batch) -> Vec<Receipt> {
        self.ledger.submit(batch).unwrap()
    }

    fn submit_concurrently(&mut self, batches: Vec<Batch>) -> Vec<Vec<Receipt>> {
        let ledger = &self.ledger;
        let part = batches.len().div_ceil(16);
        thread::scope(|scope| {
            let threads: Vec<_> = batches
                .chunks(part)
                .map(|part| {
                    scope.spawn(move || {
                        part.iter().map(|batch| ledger.submit(batch.clone()).unwrap()).collect::<Vec<_>>()
                    })
                })
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        })
    }

    /// In pages, so that paging is tested as well.
    fn state(&self) -> MemoryState {
        let snapshot = self.ledger.snapshot().unwrap();
        let mut entries = Vec::new();
        loop {
            let after = entries.last().map(|(key, _): &(Vec<u8>, Vec<u8>)| key.clone());
            let page = snapshot.scan(&[], after.as_deref(), 100).unwrap();
            if page.is_empty() {
                return entries.into_iter().collect();
            }
            entries.extend(page);
        }
    }

    fn log(&self) -> Batch {
        let snapshot = self.ledger.snapshot().unwrap();
        let mut log = Vec::new();
        loop {
            let page = snapshot.transactions(log.len() as u64, 100).unwrap();
            if page.is_empty() {
                return log;
            }
            log.extend(page);
        }
    }
}
