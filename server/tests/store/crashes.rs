//! The power goes: the write-ahead log ends at every place at which it can, or in garbage.

use crate::{ALL, STREAM, record, sqlite, wrap};
use carnet_protocol::id::RecordId;
use carnet_server::store::{Store, StoreError, sqlite::SqliteBackend};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Bytes of the log's own header, and of each frame's (SQLite file format, section 4.1).
const WAL_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// The files as they were when something had been acknowledged, and the records that must be there then.
struct Acknowledged {
    database: Vec<u8>,
    wal: Vec<u8>,
    records: BTreeSet<u8>,
}

fn wal(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// Reads the records after a start on these files; each has its wrap, as both were written together.
async fn after_crash(database: &[u8], wal_bytes: &[u8]) -> BTreeSet<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("relay.sqlite");
    fs::write(&file, database).unwrap();
    fs::write(wal(&file), wal_bytes).unwrap();
    let store = Store::new(SqliteBackend::open(&file, 8).unwrap());
    let read: Result<_, StoreError> = store.read(|tables| tables.records(STREAM, 0, ALL, &|_| true)).await;
    let (rows, _) = read.unwrap();
    assert!(rows.iter().all(|row| row.wraps.len() == 1), "half a job");
    rows.iter().map(|row| row.meta.header.record.0[0]).collect()
}

/// Stores and removes records one after the other, and keeps the files at each acknowledgement.
async fn history() -> Vec<Acknowledged> {
    let held = sqlite();
    let file = held.folder.as_ref().unwrap().path().join("relay.sqlite");
    let (mut history, mut records) = (Vec::new(), BTreeSet::new());
    for id in 1..=12_u8 {
        if id % 4 == 0 {
            held.write(move |tables| tables.delete_record(STREAM, RecordId([id - 1; 16]))).await;
            records.remove(&(id - 1));
        } else {
            held.write(move |tables| {
                // Over several pages, so that a job takes several frames.
                tables.insert_record(&record(STREAM, id, 9_000))?;
                tables.put_wrap(STREAM, &wrap(id, 0, id))
            })
            .await;
            records.insert(id);
        }
        let (database, wal) = (fs::read(&file).unwrap(), fs::read(wal(&file)).unwrap());
        history.push(Acknowledged { database, wal, records: records.clone() });
    }
    history
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_crash_at_every_frame_of_the_log() {
    let history = history().await;
    let page = usize::from(u16::from_be_bytes(history[0].database[16..18].try_into().unwrap()));
    let frame = FRAME_HEADER + page;
    let mut cut = 0;
    for pair in history.windows(2) {
        let [before, after] = pair else { unreachable!() };
        assert_eq!(before.database, after.database, "the log has not been folded in meanwhile");
        assert!(after.wal.starts_with(&before.wal), "the log only grows");
        assert_eq!((before.wal.len() - WAL_HEADER) % frame, 0);
        let mut ends: Vec<usize> = (before.wal.len()..after.wal.len()).step_by(frame).collect();
        // In the middle of a frame as well, and one byte before the end.
        ends.extend([before.wal.len() + frame / 2, after.wal.len() - 1]);
        for end in ends {
            assert_eq!(after_crash(&after.database, &after.wal[..end]).await, before.records, "cut at {end}");
            // The disk may have written the rest of it in any way: what is not whole counts for nothing.
            let mut torn = after.wal.clone();
            torn[end..].iter_mut().step_by(7).for_each(|byte| *byte ^= 0x55);
            assert_eq!(after_crash(&after.database, &torn).await, before.records, "torn from {end}");
            cut += 2;
        }
        assert_eq!(after_crash(&after.database, &after.wal).await, after.records);
    }
    assert!(cut > 100, "{cut} places");
}
