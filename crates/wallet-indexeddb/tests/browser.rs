//! The store in a real browser, in a worker as in the application.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use carnet_wallet::store::{Batch, Store, StoreError, Table, suite};
use carnet_wallet_indexeddb::IndexedDbStore;
use futures_channel::oneshot;
use js_sys::{Array, Function, Object, Promise, Reflect};
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{IdbDatabase, IdbFactory, IdbOpenDbRequest};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

thread_local! {
    static DATABASES: Cell<u32> = const { Cell::new(0) };
}

/// A database name of its own for each test; the browser's profile is thrown away after the run.
fn unused_name() -> String {
    let number = DATABASES.replace(DATABASES.get() + 1);
    format!("test-{}-{number}", js_sys::Date::now())
}

fn factory() -> IdbFactory {
    Reflect::get(&js_sys::global(), &"indexedDB".into()).unwrap().unchecked_into()
}

async fn opened(request: IdbOpenDbRequest) -> IdbDatabase {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
        request.set_onblocked(Some(&reject));
    });
    JsFuture::from(promise).await.unwrap();
    request.result().unwrap().unchecked_into()
}

async fn put(store: &IndexedDbStore, key: &[u8], value: &[u8]) {
    let mut batch = Batch::default();
    batch.put(Table::Records, key, value);
    store.commit(batch).await.unwrap();
}

#[wasm_bindgen_test]
async fn it_does_what_every_store_must_do() {
    suite::run(async || IndexedDbStore::new(&unused_name())).await;
}

#[wasm_bindgen_test]
async fn what_was_committed_is_there_after_reopening() {
    let name = unused_name();
    let store = IndexedDbStore::new(&name);
    put(&store, b"k", b"v").await;
    drop(store);
    let store = IndexedDbStore::new(&name);
    assert_eq!(store.read(Table::Records, b"k").await.unwrap(), Some(b"v".to_vec()));
    store.close();
    assert_eq!(store.read(Table::Records, b"k").await.unwrap(), Some(b"v".to_vec()), "it opens itself again");
}

#[wasm_bindgen_test]
async fn two_tabs_see_each_others_commits_and_conflicts() {
    let name = unused_name();
    let (one, two) = (IndexedDbStore::new(&name), IndexedDbStore::new(&name));
    put(&one, b"k", b"1").await;
    assert_eq!(two.read(Table::Records, b"k").await.unwrap(), Some(b"1".to_vec()));
    let replace = |value: &[u8]| {
        let mut batch = Batch::default();
        batch.expect(Table::Records, *b"k", Some(b"1".to_vec())).put(Table::Records, *b"k", value);
        batch
    };
    two.commit(replace(b"2")).await.unwrap();
    assert_eq!(one.commit(replace(b"3")).await, Err(StoreError::Conflict));
    assert_eq!(one.read(Table::Records, b"k").await.unwrap(), Some(b"2".to_vec()));
}

/// Counts so many times in one row, each time over what stands there; how often another tab was faster.
async fn count_in_turn(store: &IndexedDbStore, times: u32) -> u32 {
    let mut beaten = 0;
    for _ in 0..times {
        loop {
            let before = store.read(Table::Records, b"count").await.unwrap();
            let number = before.as_deref().map_or(0, |row| u32::from_be_bytes(row.try_into().unwrap()));
            let mut batch = Batch::default();
            batch.expect(Table::Records, *b"count", before);
            batch.put(Table::Records, *b"count", (number + 1).to_be_bytes());
            match store.commit(batch).await {
                Ok(()) => break,
                Err(StoreError::Conflict) => beaten += 1,
                Err(error) => panic!("{error}"),
            }
        }
    }
    beaten
}

#[wasm_bindgen_test]
async fn two_tabs_without_a_lock_write_a_thousand_times_each_and_lose_nothing() {
    let name = unused_name();
    let (one, two) = (IndexedDbStore::new(&name), IndexedDbStore::new(&name));
    let (sender, other) = oneshot::channel();
    spawn_local(async move {
        let _ = sender.send(count_in_turn(&two, 1_000).await);
    });
    let beaten = count_in_turn(&one, 1_000).await;
    assert!(beaten + other.await.unwrap() > 0, "they did meet");
    assert_eq!(one.read(Table::Records, b"count").await.unwrap(), Some(2_000_u32.to_be_bytes().to_vec()));
}

#[wasm_bindgen_test]
async fn an_empty_database_gets_every_table() {
    let name = unused_name();
    let store = IndexedDbStore::new(&name);
    store.read(Table::Wallet, b"").await.unwrap();
    store.close();
    let database = opened(factory().open(&name).unwrap()).await;
    let names = database.object_store_names();
    let mut found: Vec<_> = (0..names.length()).map(|index| names.get(index).unwrap()).collect();
    let mut expected: Vec<_> = Table::ALL.iter().map(|table| table.name().to_owned()).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(database.version(), 2.0);
}

#[wasm_bindgen_test]
async fn what_version_1_had_stored_stays() {
    let name = unused_name();
    let make = js_sys::Function::new_with_args(
        "name, tables",
        "return new Promise((done, fail) => {
           const request = indexedDB.open(name, 1);
           request.onerror = fail;
           request.onupgradeneeded = () => tables.forEach((table) => request.result.createObjectStore(table));
           request.onsuccess = () => {
             const writing = request.result.transaction('wallet', 'readwrite');
             writing.objectStore('wallet').put(new Uint8Array([2]), new Uint8Array([1]));
             writing.oncomplete = () => done(request.result.close());
           };
         })",
    );
    let tables: js_sys::Array = Table::ALL.iter().map(|table| wasm_bindgen::JsValue::from(table.name())).collect();
    let made = make.call2(&wasm_bindgen::JsValue::NULL, &(&name).into(), &tables).unwrap();
    wasm_bindgen_futures::JsFuture::from(js_sys::Promise::from(made)).await.unwrap();

    let store = IndexedDbStore::new(&name);
    assert_eq!(store.read(Table::Wallet, &[1]).await.unwrap(), Some(vec![2]));
}

#[wasm_bindgen_test]
async fn a_newer_version_gets_the_database_and_the_old_one_says_so() {
    let name = unused_name();
    let store = IndexedDbStore::new(&name);
    put(&store, b"k", b"v").await;
    // Not blocked, although the store has it open: it lets go when asked.
    let newer = opened(factory().open_with_u32(&name, 1_000).unwrap()).await;
    let refused = store.read(Table::Records, b"k").await.unwrap_err();
    assert!(matches!(&refused, StoreError::Unavailable(text) if text.contains("newer version")), "{refused}");
    newer.close();
}

#[wasm_bindgen_test]
async fn a_deleted_database_starts_anew() {
    let name = unused_name();
    let store = IndexedDbStore::new(&name);
    put(&store, b"k", b"v").await;
    let request = factory().delete_database(&name).unwrap();
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onblocked(Some(&reject));
    });
    JsFuture::from(promise).await.unwrap();
    assert_eq!(store.read(Table::Records, b"k").await.unwrap(), None);
    put(&store, b"k", b"again").await;
}

#[wasm_bindgen_test]
async fn ten_thousand_rows_come_back_in_order() {
    let store = IndexedDbStore::new(&unused_name());
    let mut batch = Batch::default();
    for index in 0..10_000_u32 {
        batch.put(Table::Records, index.wrapping_mul(2_654_435_761).to_be_bytes(), [index as u8; 700]);
    }
    store.commit(batch).await.unwrap();
    let mut rows = Vec::new();
    loop {
        let after = rows.last().map(|(key, _): &(Vec<u8>, Vec<u8>)| key.clone());
        let page = store.scan(Table::Records, b"", after.as_deref(), 3_000).await.unwrap();
        if page.is_empty() {
            break;
        }
        rows.extend(page);
    }
    assert_eq!(rows.len(), 10_000);
    assert!(rows.is_sorted());
    assert_eq!(rows, store.scan(Table::Records, b"", None, usize::MAX).await.unwrap(), "in one go, the same");
}

#[wasm_bindgen_test]
async fn writes_ask_for_strict_durability() {
    let name = unused_name();
    let store = IndexedDbStore::new(&name);
    store.read(Table::Wallet, b"").await.unwrap();
    // Between the store and the platform: notes what each transaction asked for.
    let prototype = Reflect::get(&js_sys::global(), &"IDBDatabase".into()).unwrap();
    let prototype = Reflect::get(&prototype, &"prototype".into()).unwrap();
    let original: Function = Reflect::get(&prototype, &"transaction".into()).unwrap().unchecked_into();
    let asked = Array::new();
    let spy = Function::new_with_args(
        "original, asked",
        "return function (names, mode, options) {
           asked.push(`${mode} ${options.durability}`);
           return original.call(this, names, mode, options);
         }",
    );
    let spy = spy.call2(&JsValue::UNDEFINED, &original, &asked).unwrap();
    Reflect::set(&prototype, &"transaction".into(), &spy).unwrap();
    put(&store, b"k", b"v").await;
    store.erase().await.unwrap();
    Reflect::set(&prototype, &"transaction".into(), &original).unwrap();
    assert_eq!(asked.to_vec(), ["readwrite strict", "readwrite strict"].map(JsValue::from));
}

#[wasm_bindgen_test]
async fn a_full_disk_is_told_from_a_broken_one() {
    for (name, expected_full) in [("QuotaExceededError", true), ("UnknownError", false)] {
        let store = IndexedDbStore::new(&unused_name());
        put(&store, b"k", b"before").await;
        let restore = failing_puts(name);
        let mut batch = Batch::default();
        batch.put(Table::Records, *b"k", *b"after").put(Table::Wallet, *b"k", *b"after");
        let refused = store.commit(batch).await.unwrap_err();
        restore.call0(&JsValue::UNDEFINED).unwrap();
        assert_eq!(refused == StoreError::Full, expected_full, "{refused}");
        assert_eq!(store.read(Table::Records, b"k").await.unwrap(), Some(b"before".to_vec()));
        assert_eq!(store.read(Table::Wallet, b"k").await.unwrap(), None);
    }
}

#[wasm_bindgen_test]
async fn a_commit_that_fails_for_want_of_space_says_so() {
    for (name, expected_full) in [("QuotaExceededError", true), ("UnknownError", false)] {
        let store = IndexedDbStore::new(&unused_name());
        put(&store, b"k", b"before").await;
        let restore = failing_commits(name);
        let mut batch = Batch::default();
        batch.put(Table::Records, *b"k", *b"after").put(Table::Wallet, *b"k", *b"after");
        let refused = store.commit(batch).await.unwrap_err();
        restore.call0(&JsValue::UNDEFINED).unwrap();
        assert_eq!(refused == StoreError::Full, expected_full, "{refused}");
        assert!(refused == StoreError::Full || refused.to_string().contains(name), "{refused}");
        assert_eq!(store.read(Table::Records, b"k").await.unwrap(), Some(b"before".to_vec()));
        put(&store, b"k", b"after").await;
    }
}

/// Makes every commit fail as on a full disk: each write was taken, the transaction then aborts with its cause.
fn failing_commits(exception: &str) -> Function {
    Function::new_with_args(
        "name",
        "const original = IDBTransaction.prototype.commit;
         IDBTransaction.prototype.commit = function () {
           Object.defineProperty(this, 'error', { value: new DOMException('told to fail', name) });
           this.abort();
         };
         return () => { IDBTransaction.prototype.commit = original; };",
    )
    .call1(&JsValue::UNDEFINED, &exception.into())
    .unwrap()
    .unchecked_into()
}

#[wasm_bindgen_test]
async fn a_failed_upgrade_leaves_no_database_behind_and_nothing_uncaught() {
    let name = unused_name();
    let fail = Function::new_no_args(
        "const original = IDBDatabase.prototype.createObjectStore;
         const seen = [];
         self.addEventListener('error', (event) => seen.push(String(event.message)));
         IDBDatabase.prototype.createObjectStore = function (name, options) {
           if (name === 'outbox') throw new DOMException('told to fail', 'UnknownError');
           return original.call(this, name, options);
         };
         return [() => { IDBDatabase.prototype.createObjectStore = original; }, seen];",
    );
    let fail: Array = fail.call0(&JsValue::UNDEFINED).unwrap().unchecked_into();
    let store = IndexedDbStore::new(&name);
    let refused = store.read(Table::Records, b"k").await.unwrap_err();
    fail.get(0).unchecked_into::<Function>().call0(&JsValue::UNDEFINED).unwrap();
    assert!(matches!(&refused, StoreError::Unavailable(text) if text.contains("told to fail")), "{refused}");
    assert_eq!(fail.get(1).unchecked_into::<Array>().length(), 0, "{:?}", fail.get(1));

    assert_eq!(store.read(Table::Outbox, b"k").await.unwrap(), None, "and trying again works");
}

#[wasm_bindgen_test]
async fn a_database_of_a_newer_version_is_refused_from_the_start() {
    let name = unused_name();
    opened(factory().open_with_u32(&name, 1_000).unwrap()).await.close();
    let store = IndexedDbStore::new(&name);
    let refused = store.read(Table::Records, b"k").await.unwrap_err();
    assert!(matches!(&refused, StoreError::Unavailable(text) if text.contains("newer version")), "{refused}");
}

#[wasm_bindgen_test]
async fn many_conditions_are_read_in_one_transaction() {
    let store = IndexedDbStore::new(&unused_name());
    let keys: Vec<_> = (0..200_u32).map(u32::to_be_bytes).collect();
    let mut batch = Batch::default();
    for key in &keys {
        batch.expect(Table::Records, *key, None).put(Table::Records, *key, *key);
    }
    store.commit(batch.clone()).await.unwrap();
    assert_eq!(store.commit(batch).await, Err(StoreError::Conflict));
    assert_eq!(store.scan(Table::Records, b"", None, usize::MAX).await.unwrap().len(), keys.len());
}

/// Makes every put throw this exception, as a browser does that knows beforehand; gives back how to end that.
fn failing_puts(exception: &str) -> Function {
    Function::new_with_args(
        "name",
        "const original = IDBObjectStore.prototype.put;
         IDBObjectStore.prototype.put = () => { throw new DOMException('told to fail', name); };
         return () => { IDBObjectStore.prototype.put = original; };",
    )
    .call1(&JsValue::UNDEFINED, &exception.into())
    .unwrap()
    .unchecked_into()
}

#[wasm_bindgen_test]
async fn no_storage_is_an_error_and_not_a_panic() {
    let global = js_sys::global();
    let descriptor = Object::new();
    Reflect::set(&descriptor, &"configurable".into(), &true.into()).unwrap();
    let forbidden = Closure::once_into_js(|| -> Result<JsValue, JsValue> { Err("forbidden".into()) });
    Reflect::set(&descriptor, &"get".into(), &forbidden).unwrap();
    Object::define_property(&global, &"indexedDB".into(), &descriptor);
    let refused = IndexedDbStore::new("any").read(Table::Wallet, b"").await;
    Reflect::delete_property(&global, &"indexedDB".into()).unwrap();
    assert!(matches!(refused, Err(StoreError::Unavailable(_))));
}
