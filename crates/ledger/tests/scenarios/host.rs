//! What a host of the rules must do for the suite.

use carnet_ledger::memory::{MemoryLedger, MemoryState};
use carnet_protocol::{
    day::Timestamp,
    ledger::{Receipt, Transaction},
    signed::Signed,
};

/// A batch of transactions.
pub type Batch = Vec<Signed<Transaction>>;

/// A host with a clock that the suite sets.
pub trait Host {
    fn set_now(&mut self, now: Timestamp);
    /// Submits a batch and waits for its receipts.
    fn submit(&mut self, batch: Batch) -> Vec<Receipt>;
    /// Submits batches at the same time, as far as the host can; receipts come per batch.
    fn submit_concurrently(&mut self, batches: Vec<Batch>) -> Vec<Vec<Receipt>>;
    /// The whole state.
    fn state(&self) -> MemoryState;
    /// The accepted transactions in order.
    fn log(&self) -> Batch;
}

#[derive(Default)]
pub struct MemoryHost {
    ledger: MemoryLedger,
    now: Timestamp,
}

impl Host for MemoryHost {
    fn set_now(&mut self, now: Timestamp) {
        self.now = now;
    }

    fn submit(&mut self, batch: Batch) -> Vec<Receipt> {
        batch.into_iter().map(|signed| self.ledger.submit(signed, self.now)).collect()
    }

    fn submit_concurrently(&mut self, batches: Vec<Batch>) -> Vec<Vec<Receipt>> {
        batches.into_iter().map(|batch| self.submit(batch)).collect()
    }

    fn state(&self) -> MemoryState {
        self.ledger.state().clone()
    }

    fn log(&self) -> Batch {
        self.ledger.log().to_vec()
    }
}
