//! The one thread that writes.

use crate::{
    commit::Commit,
    error::{ReadError, SubmitError},
    file,
    group::Group,
    queue::{Job, Queue},
};
use carnet_protocol::{day::Timestamp, ledger::Receipt};
use redb::Database;
use std::sync::{Arc, Mutex, PoisonError};

/// Called after a commit.
pub(crate) type Subscriber = Box<dyn Fn(&Commit) + Send>;

/// What the writer shares with those who submit and read.
pub(crate) struct Shared {
    pub database: Database,
    pub queue: Queue,
    pub subscribers: Mutex<Vec<Subscriber>>,
}

/// However the writer ends, a panic of a callback included, nobody waits in vain.
struct AbandonAtEnd<'a>(&'a Queue);

impl Drop for AbandonAtEnd<'_> {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

/// Commits group after group until the queue is closed and empty, or the file fails.
///
/// What gathers while one group is made durable is the next group: the busier, the larger the groups.
pub(crate) fn run(shared: &Shared, clock: impl Fn() -> Timestamp) {
    let _abandon = AbandonAtEnd(&shared.queue);
    while let Some(jobs) = shared.queue.next_group() {
        match write(&shared.database, clock(), &jobs) {
            Ok((receipts, commit)) => {
                if let Some(commit) = commit {
                    let subscribers = shared.subscribers.lock().unwrap_or_else(PoisonError::into_inner);
                    subscribers.iter().for_each(|subscriber| subscriber(&commit));
                }
                jobs.into_iter().zip(receipts).for_each(|(job, receipts)| job.answer(Ok(receipts)));
            }
            Err(error) => {
                shared.queue.close();
                let error = Arc::new(error);
                jobs.into_iter().for_each(|job| job.answer(Err(SubmitError::Failed(error.clone()))));
                return;
            }
        }
    }
}

/// Applies the submissions in order and makes them durable. Receipts come per submission.
fn write(database: &Database, now: Timestamp, jobs: &[Job]) -> Result<(Vec<Vec<Receipt>>, Option<Commit>), ReadError> {
    let write = file::begin_write(database)?;
    let mut group = Group::begin(&write, now)?;
    let mut all = Vec::with_capacity(jobs.len());
    for job in jobs {
        let mut receipts = Vec::with_capacity(job.items.len());
        for item in &job.items {
            receipts.push(match item {
                Ok(checked) => Receipt { transaction: checked.hash(), outcome: group.take(checked)? },
                Err(refused) => refused.clone(),
            });
        }
        all.push(receipts);
    }
    let commit = group.end()?;
    match &commit {
        Some(_) => write.commit()?,
        // Nothing new: what was repeated is durable since it was first accepted.
        None => write.abort()?,
    }
    Ok((all, commit))
}
