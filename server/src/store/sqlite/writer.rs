//! The thread that writes, with group commit.

use super::SqliteTables;
use crate::store::{StoreError, Verdict, WriteJob};
use rusqlite::Connection;
use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::Duration,
};

/// Jobs in one commit at most, so that the first does not wait long for the last.
const GROUP: usize = 256;

/// How long to wait before emptying the write-ahead log is tried again: reads last milliseconds.
const SCRUB_AGAIN: Duration = Duration::from_millis(100);

/// Works off the queue until the last sender is gone.
pub(super) fn run(db: Connection, queue: &Receiver<Box<dyn WriteJob>>, waiting: &AtomicUsize) {
    let scrub = Cell::new(false);
    loop {
        let first = if scrub.get() { queue.recv_timeout(SCRUB_AGAIN) } else { queue.recv().map_err(Into::into) };
        match first {
            Ok(first) => {
                let group = std::iter::once(first).chain(std::iter::from_fn(|| queue.try_recv().ok())).take(GROUP);
                let (jobs, outcome) = commit_group(&db, group, &scrub);
                waiting.fetch_sub(jobs.len(), Ordering::Relaxed);
                if let Err(error) = &outcome {
                    tracing::error!(%error, "a commit failed");
                }
                // Before the answer, where no reader is in the way: who hears that it is gone may look.
                scrub_log(&db, &scrub);
                for job in jobs {
                    job.settle(match &outcome {
                        Ok(()) => Ok(()),
                        Err(_) => Err(StoreError::Closed),
                    });
                }
            }
            Err(RecvTimeoutError::Timeout) => scrub_log(&db, &scrub),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    // Everything into the one file, so that a stopped relay can be backed up by copying it.
    if let Err(error) = db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
        tracing::warn!(%error, "the write-ahead log was not folded into the database");
    }
}

/// Empties the write-ahead log, in which removed pages lie as they were; a reader in the way leaves it for the next time.
fn scrub_log(db: &Connection, scrub: &Cell<bool>) {
    if scrub.get() {
        match db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0)) {
            Ok(busy) => scrub.set(busy),
            Err(error) => tracing::warn!(%error, "the write-ahead log was not emptied"),
        }
    }
}

type Jobs = Vec<Box<dyn WriteJob>>;

fn commit_group(
    db: &Connection,
    group: impl Iterator<Item = Box<dyn WriteJob>>,
    scrub: &Cell<bool>,
) -> (Jobs, Result<(), StoreError>) {
    let mut jobs = Jobs::new();
    if let Err(error) = db.execute_batch("BEGIN IMMEDIATE") {
        jobs.extend(group);
        return (jobs, Err(error.into()));
    }
    let mut outcome = Ok(());
    for mut job in group {
        outcome = outcome.and_then(|()| run_one(db, job.as_mut(), scrub));
        jobs.push(job);
    }
    let outcome = outcome.and_then(|()| db.execute_batch("COMMIT").map_err(StoreError::from));
    if outcome.is_err() {
        let _ = db.execute_batch("ROLLBACK");
    }
    (jobs, outcome)
}

/// Runs one job in a savepoint; a job that refuses or panics leaves nothing behind.
fn run_one(db: &Connection, job: &mut dyn WriteJob, scrub: &Cell<bool>) -> Result<(), StoreError> {
    db.prepare_cached("SAVEPOINT job")?.execute([])?;
    let verdict = catch_unwind(AssertUnwindSafe(|| job.run(&mut SqliteTables { db, scrub })));
    if !matches!(verdict, Ok(Verdict::Keep)) {
        db.prepare_cached("ROLLBACK TO job")?.execute([])?;
    }
    db.prepare_cached("RELEASE job")?.execute([])?;
    Ok(())
}
