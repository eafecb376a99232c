//! A thread that reads: each job sees one state of the file.

use super::SqliteTables;
use crate::store::ReadJob;
use rusqlite::Connection;
use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError, mpsc::Receiver},
};

/// Works off the queue until the last sender is gone.
pub(super) fn run(db: &Connection, queue: &Mutex<Receiver<Box<dyn ReadJob>>>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // A panicking job answers nobody, which its caller sees as a closed store; the thread goes on.
        let finished = catch_unwind(AssertUnwindSafe(|| {
            let begun = db.execute_batch("BEGIN");
            job.run(&SqliteTables { db, scrub: &Cell::new(false) });
            begun.and_then(|()| db.execute_batch("COMMIT"))
        }));
        if !matches!(finished, Ok(Ok(()))) {
            tracing::error!("a store read broke off");
            let _ = db.execute_batch("ROLLBACK");
        }
    }
}
