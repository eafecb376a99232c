use crate::{ALL, Held, STREAM, on_every_backend, record, sqlite, wrap};
use carnet_protocol::id::RecordId;
use carnet_server::store::{Store, StoreError, sqlite::SqliteBackend};
use std::sync::mpsc;

on_every_backend!(
    a_refused_job_leaves_nothing_behind_and_its_neighbours_stay,
    a_closed_store_takes_nothing,
    many_writers_at_once_lose_nothing,
);

async fn a_refused_job_leaves_nothing_behind_and_its_neighbours_stay(held: Held) {
    held.write(|tables| tables.insert_record(&record(STREAM, 1, 10))).await;
    let refused: Result<(), StoreError> = held
        .store
        .write(|tables| {
            tables.insert_record(&record(STREAM, 2, 10))?;
            tables.put_wrap(STREAM, &wrap(1, 0, 1))?;
            Err(StoreError::Corrupt("test"))
        })
        .await;
    assert!(matches!(refused, Err(StoreError::Corrupt("test"))));
    held.write(|tables| tables.insert_record(&record(STREAM, 3, 10))).await;
    let (rows, _) = held.read(|tables| tables.records(STREAM, 0, ALL, &|_| true)).await;
    assert_eq!(rows.iter().map(|row| row.sealed.as_ref().unwrap()[0]).collect::<Vec<_>>(), [1, 3]);
    assert!(rows[0].wraps.is_empty());
}

async fn a_closed_store_takes_nothing(held: Held) {
    held.store.close();
    let refused: Result<(), StoreError> = held.store.write(|_| Ok(())).await;
    assert!(matches!(refused, Err(StoreError::Closed)));
    let refused: Result<(), StoreError> = held.store.read(|_| Ok(())).await;
    assert!(matches!(refused, Err(StoreError::Closed)));
}

async fn many_writers_at_once_lose_nothing(held: Held) {
    let held = std::sync::Arc::new(held);
    let writers: Vec<_> = (0..50)
        .map(|id| {
            let held = held.clone();
            tokio::spawn(async move { held.write(move |tables| tables.insert_record(&record(STREAM, id, 10))).await })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let (rows, _) = held.read(|tables| tables.records(STREAM, 0, ALL, &|_| true)).await;
    let mut sequences: Vec<_> = rows.iter().map(|row| row.meta.sequence).collect();
    sequences.sort_unstable();
    assert_eq!(sequences, (1..=50).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_reopening() {
    let held = sqlite();
    held.write(|tables| tables.insert_record(&record(STREAM, 1, 10))).await;
    // A second connection to the same files, as after a crash: the first is still open and has checkpointed nothing.
    let file = held.folder.as_ref().unwrap().path().join("relay.sqlite");
    let again = Store::new(SqliteBackend::open(&file, 8).unwrap());
    let found: Result<_, StoreError> = again.read(|tables| tables.record(STREAM, RecordId([1; 16]))).await;
    assert!(found.unwrap().is_some());
}

#[tokio::test]
async fn a_full_queue_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = std::sync::Arc::new(Store::new(SqliteBackend::open(&folder.path().join("s"), 1).unwrap()));
    let (started, has_started) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let blocked = tokio::spawn({
        let store = store.clone();
        async move {
            let job = move |_: &mut dyn carnet_server::store::Tables| {
                started.send(()).unwrap();
                released.recv().unwrap();
                Ok::<(), StoreError>(())
            };
            store.write(job).await
        }
    });
    // The writer is busy once it has started; then one more fits into the queue.
    tokio::task::spawn_blocking(move || has_started.recv().unwrap()).await.unwrap();
    let waiting = tokio::spawn({
        let store = store.clone();
        async move { store.write(|_| Ok::<(), StoreError>(())).await }
    });
    while store.waiting() < 2 {
        tokio::task::yield_now().await;
    }
    let refused = store.write(|_| Ok::<(), StoreError>(())).await;
    assert!(matches!(refused, Err(StoreError::Busy)));
    release.send(()).unwrap();
    blocked.await.unwrap().unwrap();
    waiting.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_panicking_job_ends_alone() {
    let held = sqlite();
    let broken: Result<(), StoreError> = held.store.write(|_| unreachable!("on purpose")).await;
    assert!(matches!(broken, Err(StoreError::Closed)));
    held.write(|tables| tables.insert_record(&record(STREAM, 1, 10))).await;
}

#[tokio::test]
async fn a_file_from_the_future_is_refused() {
    let held = sqlite();
    held.store.close();
    let file = held.folder.as_ref().unwrap().path().join("relay.sqlite");
    // user_version lies at byte 60 of the header, big-endian (SQLite file format, section 1.3).
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[60..64].copy_from_slice(&99u32.to_be_bytes());
    std::fs::write(&file, bytes).unwrap();
    assert!(matches!(SqliteBackend::open(&file, 8), Err(StoreError::Newer { found: 99, known: 7 })));
}

#[tokio::test]
async fn a_file_of_the_first_version_is_brought_up() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("relay.sqlite");
    let old = rusqlite::Connection::open(&file).unwrap();
    old.execute_batch(include_str!("../../src/store/sqlite/migrations/0001.sql")).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    drop(old);
    let store = Store::new(SqliteBackend::open(&file, 8).unwrap());
    let member = carnet_protocol::key::VerifyingKey([1; 32]);
    let day = carnet_protocol::day::Day(7);
    let count = store.write(move |tables| tables.count_vin_evaluation(member, day)).await;
    assert!(count.is_ok());
    assert!(matches!(store.read(move |tables| tables.vin_evaluations(member, day)).await, Ok(1)));
}
