//! Files as they are found: ours, others', in use, damaged.

use crate::suite::world::{self, START};
use carnet_ledger::{ReadState, transaction_hash};
use carnet_ledger_embedded::{EmbeddedLedger, OpenError};
use carnet_protocol::{
    ledger::{Action, Outcome, Transaction},
    signed::Signed,
};
use redb::{Database, ReadableDatabase, TableDefinition};
use std::{
    fs,
    path::{Path, PathBuf},
};

const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");
const LOG: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("log");

fn open(path: &Path) -> Result<EmbeddedLedger, OpenError> {
    EmbeddedLedger::open(path, || START)
}

fn transactions() -> Vec<Signed<Transaction>> {
    let genesis = world::genesis(START);
    let ledger = Some(transaction_hash(&genesis));
    let (owner, stream) = (world::owner(1), world::stream(1));
    let mut all = vec![genesis];
    all.push(owner.sign(&Transaction { ledger, at: START, action: Action::OpenStream { stream } }));
    for n in 0..20 {
        let records: Vec<_> = (n * 10..n * 10 + 10).collect();
        all.push(owner.sign(&Transaction { ledger, at: START, action: world::append(stream, &records) }));
    }
    all
}

/// A closed ledger file with a short history.
fn written(folder: &tempfile::TempDir) -> PathBuf {
    let path = folder.path().join("ledger");
    let ledger = open(&path).unwrap();
    assert!(ledger.submit(transactions()).unwrap().iter().all(world::is_accepted));
    path
}

type Entries = Vec<(Vec<u8>, Vec<u8>)>;

fn entries(ledger: &EmbeddedLedger) -> Entries {
    ledger.snapshot().unwrap().scan(&[], None, usize::MAX).unwrap()
}

fn alter(path: &Path, change: impl FnOnce(&redb::WriteTransaction)) {
    let database = Database::create(path).unwrap();
    let write = database.begin_write().unwrap();
    change(&write);
    write.commit().unwrap();
}

#[test]
fn a_ledger_is_there_again_when_it_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    // Left behind by a crash while it was made.
    fs::write(folder.path().join("ledger.new"), b"unfinished").unwrap();
    let path = written(&folder);
    let ledger = open(&path).unwrap();
    let snapshot = ledger.snapshot().unwrap();
    let stream = world::stream(1);
    assert_eq!(snapshot.height().unwrap(), 22);
    assert_eq!(snapshot.transactions(0, 100).unwrap(), transactions());
    assert_eq!(snapshot.transactions(20, 1).unwrap(), transactions()[20..21]);
    assert_eq!(snapshot.genesis_hash().unwrap(), Some(transaction_hash(&transactions()[0])));
    assert_eq!(snapshot.stream_head(&stream).unwrap().unwrap().leaves, 200);
    let page = snapshot.leaves(&stream, Some(9), 10).unwrap().unwrap();
    assert_eq!((page.leaves[0].index, page.leaves.len(), page.next), (10, 10, Some(19)));
    assert_eq!(snapshot.directory().unwrap().unwrap().genesis, transactions()[0]);
    assert!(snapshot.members().unwrap().is_empty());
    assert_eq!(snapshot.member(&world::source(1).verifying_key()).unwrap(), None);
    assert_eq!(snapshot.grant_state(&stream, &world::grant(1)).unwrap(), None);
    // What is repeated after the restart keeps its place.
    let receipts = ledger.submit(transactions()).unwrap();
    let places = receipts.iter().zip(0..).all(|(receipt, sequence)| receipt.outcome == Outcome::Accepted { sequence });
    assert!(places);
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["ledger"]);
}

#[test]
fn a_file_in_use_is_not_opened_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    let _first = open(&path).unwrap();
    assert!(matches!(open(&path), Err(OpenError::InUse)));
}

#[test]
fn other_files_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    for content in [&b""[..], b"a shopping list", &[0; 100_000]] {
        fs::write(&path, content).unwrap();
        assert!(matches!(open(&path), Err(OpenError::NotALedger)), "{} bytes", content.len());
        assert_eq!(fs::read(&path).unwrap(), content);
    }
    fs::remove_file(&path).unwrap();
    alter(&path, |write| drop(write.open_table(LOG).unwrap()));
    assert!(matches!(open(&path), Err(OpenError::NotALedger)));
    assert!(matches!(open(&folder.path().join("no/such/folder/ledger")), Err(OpenError::Io(_))));
    assert!(open(folder.path()).is_err(), "a folder is no file");
}

#[test]
fn another_schema_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder);
    alter(&path, |write| drop(write.open_table(META).unwrap().insert("schema", 7).unwrap()));
    let error = open(&path).err().unwrap();
    assert!(matches!(error, OpenError::UnknownSchema { found: 7, known: 1 }));
    assert!(error.to_string().contains("schema 7"));
}

#[test]
fn a_gap_in_the_log_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder);
    alter(&path, |write| drop(write.open_table(LOG).unwrap().remove(21).unwrap()));
    let error = open(&path).err().unwrap();
    assert!(matches!(error, OpenError::Damaged(_)));
    assert!(error.to_string().contains("backup"), "it says what to do");
}

/// Any byte of the file, changed: opening says so, or it lay where nothing is kept.
#[test]
fn a_changed_byte_is_noticed_or_without_effect() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder);
    let good = fs::read(&path).unwrap();
    let expected = entries(&open(&path).unwrap());
    let mut noticed = 0;
    // The header closely, then something in each page.
    let places = (0..320).step_by(3).chain((320..good.len()).step_by(4_093));
    for at in places {
        let mut changed = good.clone();
        changed[at] ^= 0x10;
        fs::write(&path, &changed).unwrap();
        match open(&path) {
            Ok(ledger) => assert!(entries(&ledger) == expected, "byte {at} changed the content"),
            Err(_) => noticed += 1,
        }
    }
    assert!(noticed > 20, "{noticed}");
}

#[test]
fn a_file_cut_short_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder);
    let good = fs::read(&path).unwrap();
    for part in 1..8 {
        fs::write(&path, &good[..good.len() * part / 8]).unwrap();
        assert!(open(&path).is_err(), "{part}/8");
    }
    // Nothing was made up in the attempts.
    fs::write(&path, &good).unwrap();
    let database = Database::open(&path).unwrap();
    assert!(database.begin_read().unwrap().open_table(LOG).is_ok());
}
