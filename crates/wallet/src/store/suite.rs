//! What every [`Store`] must do, run on each implementation's own platform.

#![allow(clippy::unwrap_used)]

use super::{Batch, Rows, Store, StoreError, Table};

/// Runs every rule, each on a store of its own. `fresh` makes an empty store.
///
/// # Panics
/// When a rule does not hold; the message names it.
pub async fn run<S: Store>(mut fresh: impl AsyncFnMut() -> S) {
    a_row_is_read_as_it_was_put(&fresh().await).await;
    the_last_change_to_a_row_wins(&fresh().await).await;
    tables_and_keys_are_apart(&fresh().await).await;
    a_scan_keeps_byte_order_and_prefix(&fresh().await).await;
    a_scan_goes_on_after_a_key(&fresh().await).await;
    a_scan_stops_at_its_limit(&fresh().await).await;
    conditions_that_hold_let_a_batch_through(&fresh().await).await;
    one_broken_condition_stops_the_whole_batch(&fresh().await).await;
    of_two_writers_one_wins(&fresh().await).await;
    an_empty_batch_does_nothing(&fresh().await).await;
    a_batch_can_be_large(&fresh().await).await;
    erasing_leaves_nothing(&fresh().await).await;
}

/// Keys in the order that a scan must give them in: byte by byte, a prefix before what it starts.
const ORDERED: [&[u8]; 9] = [b"", b"\x00", b"\x00\x00", b"\x00\xff", b"a", b"a\x00", b"ab", b"\xff", b"\xff\xff"];

async fn put(store: &impl Store, table: Table, key: &[u8], value: &[u8]) {
    let mut batch = Batch::default();
    batch.put(table, key, value);
    store.commit(batch).await.unwrap();
}

async fn keys(store: &impl Store, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Vec<Vec<u8>> {
    let rows: Rows = store.scan(Table::Index, prefix, after, limit).await.unwrap();
    let keys: Vec<Vec<u8>> = rows.into_iter().map(|(key, _)| key).collect();
    assert_eq!(store.keys(Table::Index, prefix, after, limit).await.unwrap(), keys, "the keys of these rows");
    keys
}

async fn put_ordered(store: &impl Store) {
    let mut batch = Batch::default();
    for key in ORDERED.iter().rev() {
        batch.put(Table::Index, *key, *key);
    }
    store.commit(batch).await.unwrap();
}

async fn a_row_is_read_as_it_was_put(store: &impl Store) {
    assert_eq!(store.read(Table::Wallet, b"k").await.unwrap(), None, "nothing there yet");
    let all: Vec<u8> = (0..=255).collect();
    put(store, Table::Wallet, &all, &all).await;
    put(store, Table::Wallet, b"empty", b"").await;
    assert_eq!(store.read(Table::Wallet, &all).await.unwrap(), Some(all), "every byte, in key and value");
    assert_eq!(store.read(Table::Wallet, b"empty").await.unwrap(), Some(Vec::new()), "empty is not absent");
    let several = [b"empty".to_vec(), b"none".to_vec(), b"empty".to_vec()];
    let values = store.read_all(Table::Wallet, &several).await.unwrap();
    assert_eq!(values, [Some(Vec::new()), None, Some(Vec::new())], "several at once, in the order asked for");
}

async fn the_last_change_to_a_row_wins(store: &impl Store) {
    let mut batch = Batch::default();
    batch.put(Table::Index, *b"a", *b"1").put(Table::Index, *b"a", *b"2");
    batch.put(Table::Index, *b"b", *b"1").delete(Table::Index, *b"b");
    batch.delete(Table::Index, *b"c").put(Table::Index, *b"c", *b"3");
    store.commit(batch).await.unwrap();
    let rows = store.scan(Table::Index, b"", None, 10).await.unwrap();
    assert_eq!(rows, [(b"a".to_vec(), b"2".to_vec()), (b"c".to_vec(), b"3".to_vec())], "changes apply in order");
}

async fn tables_and_keys_are_apart(store: &impl Store) {
    for table in Table::ALL {
        put(store, table, b"k", table.name().as_bytes()).await;
    }
    for table in Table::ALL {
        assert_eq!(store.read(table, b"k").await.unwrap(), Some(table.name().into()), "each table has its own rows");
        assert_eq!(store.read(table, b"").await.unwrap(), None, "the empty key is a key like any other");
        assert_eq!(store.read(table, b"k\0").await.unwrap(), None, "a longer key is another key");
    }
}

async fn a_scan_keeps_byte_order_and_prefix(store: &impl Store) {
    put_ordered(store).await;
    assert_eq!(keys(store, b"", None, 100).await, ORDERED, "byte order");
    assert_eq!(keys(store, b"a", None, 100).await, [&b"a"[..], b"a\x00", b"ab"], "a prefix includes itself");
    assert_eq!(keys(store, b"\xff", None, 100).await, [&b"\xff"[..], b"\xff\xff"], "a prefix without successor");
    assert_eq!(keys(store, b"\x00\xff", None, 100).await, [b"\x00\xff"], "a prefix that ends in 0xff");
    assert_eq!(keys(store, b"zz", None, 100).await, Vec::<Vec<u8>>::new(), "no such prefix");
    assert_eq!(store.scan(Table::Leaves, b"", None, 100).await.unwrap(), [], "an empty table");
}

async fn a_scan_goes_on_after_a_key(store: &impl Store) {
    put_ordered(store).await;
    for (index, key) in ORDERED.iter().enumerate() {
        assert_eq!(keys(store, b"", Some(key), 100).await, ORDERED[index + 1..], "after {key:02x?}, without it");
    }
    assert_eq!(keys(store, b"", Some(b"aa"), 100).await, ORDERED[6..], "after a key that is not there");
    assert_eq!(keys(store, b"a", Some(b"a"), 100).await, [&b"a\x00"[..], b"ab"], "after the prefix itself");
    assert_eq!(keys(store, b"a", Some(b"\x00"), 100).await.len(), 3, "after a key before the prefix");
    assert_eq!(keys(store, b"a", Some(b"b"), 100).await.len(), 0, "after a key behind the prefix");
}

async fn a_scan_stops_at_its_limit(store: &impl Store) {
    put_ordered(store).await;
    assert_eq!(keys(store, b"", None, 0).await.len(), 0, "none asked for, none given");
    assert_eq!(keys(store, b"", None, 3).await, ORDERED[..3], "the first ones");
    assert_eq!(keys(store, b"", None, usize::MAX).await.len(), ORDERED.len(), "no limit");
}

async fn conditions_that_hold_let_a_batch_through(store: &impl Store) {
    let mut first = Batch::default();
    first.expect(Table::Keyring, *b"k", None).put(Table::Keyring, *b"k", *b"1");
    store.commit(first).await.unwrap();
    let mut second = Batch::default();
    second.expect(Table::Keyring, *b"k", Some(b"1".to_vec())).expect(Table::Outbox, *b"k", None);
    second.put(Table::Keyring, *b"k", *b"2").put(Table::Outbox, *b"k", *b"x");
    store.commit(second).await.unwrap();
    assert_eq!(store.read(Table::Keyring, b"k").await.unwrap(), Some(b"2".to_vec()), "the row was replaced");
}

async fn one_broken_condition_stops_the_whole_batch(store: &impl Store) {
    put(store, Table::Keyring, b"k", b"1").await;
    let broken: [(&[u8], Option<Vec<u8>>); 4] =
        [(b"k", None), (b"k", Some(b"2".to_vec())), (b"other", Some(Vec::new())), (b"k", Some(b"11".to_vec()))];
    for (key, value) in broken {
        let mut batch = Batch::default();
        batch.put(Table::Keyring, *b"k", *b"lost").delete(Table::Keyring, *b"k").put(Table::Outbox, *b"k", *b"lost");
        // One that holds, before and after the broken one.
        batch.expect(Table::Outbox, *b"k", None).expect(Table::Keyring, key, value);
        batch.expect(Table::Keyring, *b"k", Some(b"1".to_vec()));
        assert_eq!(store.commit(batch).await, Err(StoreError::Conflict), "a broken condition is a conflict");
        assert_eq!(store.read(Table::Keyring, b"k").await.unwrap(), Some(b"1".to_vec()), "the row stands");
        assert_eq!(store.read(Table::Outbox, b"k").await.unwrap(), None, "in no table anything happened");
    }
}

async fn of_two_writers_one_wins(store: &impl Store) {
    let writer = |value: u8| {
        let mut batch = Batch::default();
        batch.expect(Table::Keyring, *b"version", None).put(Table::Keyring, *b"version", [value]);
        store.commit(batch)
    };
    let (first, second) = (writer(1), writer(2));
    let (first, second) = (first.await, second.await);
    assert_eq!(first, Ok(()), "the first to commit wins");
    assert_eq!(second, Err(StoreError::Conflict), "the second learns of it");
    assert_eq!(store.read(Table::Keyring, b"version").await.unwrap(), Some(vec![1]), "and has changed nothing");
}

async fn an_empty_batch_does_nothing(store: &impl Store) {
    assert_eq!(store.commit(Batch::default()).await, Ok(()));
}

async fn a_batch_can_be_large(store: &impl Store) {
    let large = vec![7; 20 * 1024 * 1024];
    let mut batch = Batch::default();
    batch.put(Table::Records, *b"attachment", large.as_slice());
    for index in 0..5_000_u32 {
        batch.put(Table::Index, index.to_be_bytes(), [0; 200]);
    }
    store.commit(batch).await.unwrap();
    assert_eq!(store.read(Table::Records, b"attachment").await.unwrap(), Some(large), "20 MiB in one row");
    let expected: Vec<[u8; 4]> = (0..5_000_u32).map(u32::to_be_bytes).collect();
    assert!(keys(store, b"", None, usize::MAX).await == expected, "5,000 rows in order");
}

async fn erasing_leaves_nothing(store: &impl Store) {
    for table in Table::ALL {
        put(store, table, b"k", b"v").await;
    }
    store.erase().await.unwrap();
    for table in Table::ALL {
        assert_eq!(store.scan(table, b"", None, 10).await.unwrap(), [], "every table is empty");
    }
    put(store, Table::Wallet, b"k", b"new").await;
    assert_eq!(store.read(Table::Wallet, b"k").await.unwrap(), Some(b"new".to_vec()), "and can be used again");
}
