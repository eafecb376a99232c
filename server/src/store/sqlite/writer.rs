//! The thread that writes, with group commit.

use super::SqliteTables;
use crate::store::{StoreError, Verdict, WriteJob};
use rusqlite::Connection;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc::Receiver,
    },
};

/// Jobs in one commit at most, so that the first does not wait long for the last.
const GROUP: usize = 256;

/// Works off the queue until the last sender is gone.
pub(super) fn run(db: Connection, queue: &Receiver<Box<dyn WriteJob>>, waiting: &AtomicUsize) {
    while let Ok(first) = queue.recv() {
        let group = std::iter::once(first).chain(std::iter::from_fn(|| queue.try_recv().ok())).take(GROUP);
        let (jobs, outcome) = commit_group(&db, group);
        waiting.fetch_sub(jobs.len(), Ordering::Relaxed);
        if let Err(error) = &outcome {
            tracing::error!(%error, "a commit failed");
        }
        for job in jobs {
            job.settle(match &outcome {
                Ok(()) => Ok(()),
                Err(_) => Err(StoreError::Closed),
            });
        }
    }
    // Everything into the one file, so that a stopped relay can be backed up by copying it.
    if let Err(error) = db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
        tracing::warn!(%error, "the write-ahead log was not folded into the database");
    }
}

type Jobs = Vec<Box<dyn WriteJob>>;

fn commit_group(db: &Connection, group: impl Iterator<Item = Box<dyn WriteJob>>) -> (Jobs, Result<(), StoreError>) {
    let mut jobs = Jobs::new();
    if let Err(error) = db.execute_batch("BEGIN IMMEDIATE") {
        jobs.extend(group);
        return (jobs, Err(error.into()));
    }
    let mut outcome = Ok(());
    for mut job in group {
        outcome = outcome.and_then(|()| run_one(db, job.as_mut()));
        jobs.push(job);
    }
    let outcome = outcome.and_then(|()| db.execute_batch("COMMIT").map_err(StoreError::from));
    if outcome.is_err() {
        let _ = db.execute_batch("ROLLBACK");
    }
    (jobs, outcome)
}

/// Runs one job in a savepoint; a job that refuses or panics leaves nothing behind.
fn run_one(db: &Connection, job: &mut dyn WriteJob) -> Result<(), StoreError> {
    db.prepare_cached("SAVEPOINT job")?.execute([])?;
    let verdict = catch_unwind(AssertUnwindSafe(|| job.run(&mut SqliteTables { db })));
    if !matches!(verdict, Ok(Verdict::Keep)) {
        db.prepare_cached("ROLLBACK TO job")?.execute([])?;
    }
    db.prepare_cached("RELEASE job")?.execute([])?;
    Ok(())
}
