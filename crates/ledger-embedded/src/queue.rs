//! The bounded queue in front of the writer.
//!
//! Room is reserved before the costly verification of signatures, so that an overloaded ledger refuses cheaply.

use crate::error::SubmitError;
use carnet_ledger::CheckedTransaction;
use carnet_protocol::{
    ledger::Receipt,
    limits::{BODY_MAX, TRANSACTIONS_MAX},
};
use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard},
};

/// Transactions waiting or being verified: 64 submissions of the largest number.
pub(crate) const QUEUE_TRANSACTIONS_MAX: usize = 64 * TRANSACTIONS_MAX;
/// Their bytes: 16 submissions of the largest size, 32 MiB.
const QUEUE_BYTES_MAX: usize = 16 * BODY_MAX;
/// Bytes of one group: at most about 30,000 commitments, so that a commit stays well below a second.
const GROUP_BYTES_MAX: usize = 2 * BODY_MAX;

/// Told the receipts of a submission, or why there are none.
pub(crate) type Done = Box<dyn FnOnce(Result<Vec<Receipt>, SubmitError>) + Send>;

/// A submission on its way to the writer. Answered exactly once: at the latest when dropped.
pub(crate) struct Job {
    /// In the order of the submission: to be applied, or refused already.
    pub items: Vec<Result<CheckedTransaction, Receipt>>,
    size: Size,
    done: Option<Done>,
}

impl Job {
    pub(crate) fn answer(mut self, answer: Result<Vec<Receipt>, SubmitError>) {
        if let Some(done) = self.done.take() {
            done(answer);
        }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        if let Some(done) = self.done.take() {
            done(Err(SubmitError::Stopped));
        }
    }
}

/// How much room a submission takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    pub transactions: usize,
    pub bytes: usize,
}

/// Submissions in order.
#[derive(Default)]
pub(crate) struct Queue {
    inner: Mutex<Inner>,
    changed: Condvar,
}

#[derive(Default)]
struct Inner {
    jobs: VecDeque<Job>,
    transactions: usize,
    bytes: usize,
    closed: bool,
}

/// Room reserved in the queue; given back when dropped.
pub(crate) struct Permit<'a> {
    queue: &'a Queue,
    size: Size,
}

impl Queue {
    /// Reserves room.
    pub(crate) fn reserve(&self, size: Size) -> Result<Permit<'_>, SubmitError> {
        let Size { transactions, bytes } = size;
        if transactions > TRANSACTIONS_MAX || bytes > BODY_MAX {
            return Err(SubmitError::TooLarge { transactions, bytes });
        }
        let mut inner = self.lock();
        if inner.closed {
            return Err(SubmitError::Stopped);
        }
        if inner.transactions + transactions > QUEUE_TRANSACTIONS_MAX || inner.bytes + bytes > QUEUE_BYTES_MAX {
            return Err(SubmitError::Busy);
        }
        inner.transactions += transactions;
        inner.bytes += bytes;
        Ok(Permit { queue: self, size })
    }

    /// Waits for submissions and takes a group of them; `None` once closed and empty.
    pub(crate) fn next_group(&self) -> Option<Vec<Job>> {
        let mut inner = self.lock();
        while inner.jobs.is_empty() && !inner.closed {
            inner = self.changed.wait(inner).expect(UNPOISONED);
        }
        let mut group = Vec::new();
        let mut bytes = 0;
        while let Some(job) = inner.jobs.pop_front_if(|job| bytes + job.size.bytes <= GROUP_BYTES_MAX) {
            bytes += job.size.bytes;
            inner.release(job.size);
            group.push(job);
        }
        (!group.is_empty()).then_some(group)
    }

    /// Takes nothing more; what is queued can still be taken out.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// Closes and answers everything queued with `Stopped`.
    pub(crate) fn abandon(&self) {
        self.close();
        let jobs = {
            let mut inner = self.lock();
            inner.transactions = 0;
            inner.bytes = 0;
            std::mem::take(&mut inner.jobs)
        };
        // Outside the lock: answers may submit again.
        drop(jobs);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect(UNPOISONED)
    }
}

const UNPOISONED: &str = "nothing panics while it holds the queue";

impl Inner {
    fn release(&mut self, size: Size) {
        self.transactions = self.transactions.saturating_sub(size.transactions);
        self.bytes = self.bytes.saturating_sub(size.bytes);
    }
}

impl Permit<'_> {
    /// Puts the submission into the room reserved for it.
    pub(crate) fn push(self, items: Vec<Result<CheckedTransaction, Receipt>>, done: Done) {
        let job = Job { items, size: self.size, done: Some(done) };
        let mut inner = self.queue.lock();
        if inner.closed {
            drop(inner);
            drop(job);
            return;
        }
        inner.jobs.push_back(job);
        drop(inner);
        // The room now belongs to the job, which gives it back when it is taken.
        let queue = self.queue;
        std::mem::forget(self);
        queue.changed.notify_one();
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.queue.lock().release(self.size);
    }
}
