//! The rules' state in a redb table.

use carnet_ledger::{Entry, ReadState, State};
use core::ops::Bound;
use redb::{ReadOnlyTable, ReadableTable, StorageError, Table};

type Bytes = &'static [u8];

/// The state inside a write transaction; reads see its own writes. Also for whoever replays a ledger into a file of
/// their own.
pub struct TableState<'txn>(pub Table<'txn, Bytes, Bytes>);

/// The state as of a snapshot.
pub(crate) struct TableSnapshot(pub ReadOnlyTable<Bytes, Bytes>);

impl ReadState for TableState<'_> {
    type Error = StorageError;

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StorageError> {
        get(&self.0, key)
    }

    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StorageError> {
        scan(&self.0, prefix, after, limit)
    }
}

impl State for TableState<'_> {
    fn put(&mut self, key: Vec<u8>, value: Vec<u8>) -> Result<(), StorageError> {
        self.0.insert(key.as_slice(), value.as_slice()).map(drop)
    }

    fn delete(&mut self, key: &[u8]) -> Result<(), StorageError> {
        self.0.remove(key).map(drop)
    }
}

impl ReadState for TableSnapshot {
    type Error = StorageError;

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StorageError> {
        get(&self.0, key)
    }

    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Entry>, StorageError> {
        scan(&self.0, prefix, after, limit)
    }
}

fn get(table: &impl ReadableTable<Bytes, Bytes>, key: &[u8]) -> Result<Option<Vec<u8>>, StorageError> {
    Ok(table.get(key)?.map(|value| value.value().to_vec()))
}

fn scan(
    table: &impl ReadableTable<Bytes, Bytes>,
    prefix: &[u8],
    after: Option<&[u8]>,
    limit: usize,
) -> Result<Vec<Entry>, StorageError> {
    let from = match after {
        Some(key) if key >= prefix => Bound::Excluded(key),
        _ => Bound::Included(prefix),
    };
    let mut found = Vec::new();
    for entry in table.range::<&[u8]>((from, Bound::Unbounded))?.take(limit) {
        let (key, value) = entry?;
        if !key.value().starts_with(prefix) {
            break;
        }
        found.push((key.value().to_vec(), value.value().to_vec()));
    }
    Ok(found)
}
