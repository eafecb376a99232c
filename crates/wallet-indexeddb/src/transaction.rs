//! A transaction over some tables.

use crate::{failure, keys::to_js};
use carnet_wallet::store::{StoreError, Table};
use indexed_db_futures::{
    KeyRange,
    database::Database,
    error::{DomException, Error},
    future::{BasicRequest, GetAllPrimitiveRequest, VoidRequest},
    internals::SystemRepr,
    object_store::ObjectStore,
    prelude::*,
    transaction::{Transaction as Running, TransactionDurability, TransactionMode, TransactionOptions},
};
use wasm_bindgen::JsValue;
use web_sys::IdbTransaction;

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Read only.
    Read,
    /// Read and write, durable once it is committed.
    Write,
}

/// A running transaction. Dropped without [`Transaction::commit`], it is rolled back.
pub(crate) struct Transaction<'a> {
    running: Running<'a>,
}

impl<'a> Transaction<'a> {
    /// Starts one. `Ok(None)`: the connection was closed under it, a fresh one is needed.
    pub(crate) fn start(
        database: &'a Database,
        tables: &[Table],
        access: Access,
    ) -> Result<Option<Transaction<'a>>, StoreError> {
        let names: Vec<&str> = tables.iter().map(|table| table.name()).collect();
        let (mode, durability) = match access {
            Access::Read => (TransactionMode::Readonly, TransactionDurability::Default),
            // The default lets a commit return before the bytes are on the disk.
            Access::Write => (TransactionMode::Readwrite, TransactionDurability::Strict),
        };
        let options = TransactionOptions::new().with_durability(durability);
        match database.transaction(names.as_slice()).with_mode(mode).with_options(options).build() {
            Ok(running) => {
                // A failed request aborts the transaction, so `abort` is the one event for every failure. The
                // library's listener for `error` can run once; a second failed request would be an uncaught error.
                running.as_sys().set_onerror(None);
                Ok(Some(Transaction { running }))
            }
            Err(Error::DomException(DomException::InvalidStateError(_))) => Ok(None),
            Err(error) => Err(failure::from_error(error)),
        }
    }

    fn table(&self, table: Table) -> Result<ObjectStore<'_>, StoreError> {
        self.running.object_store(table.name()).map_err(|error| self.cause(error))
    }

    // Requests go out when they are placed, not when they are awaited. Awaiting one and placing the next is sound,
    // awaiting anything else in between is not: the transaction would commit.

    /// Reads a row.
    pub(crate) fn get(&self, table: Table, key: &[u8]) -> Result<BasicRequest<Option<JsValue>>, StoreError> {
        self.table(table)?.get::<JsValue, JsValue, _>(to_js(key)).primitive().map_err(|error| self.cause(error))
    }

    /// Reads at most `limit` (from 1) keys of a range.
    pub(crate) fn keys(
        &self,
        table: Table,
        range: KeyRange<JsValue>,
        limit: u32,
    ) -> Result<GetAllPrimitiveRequest<JsValue>, StoreError> {
        let placed = self.table(table)?.get_all_keys().with_query::<JsValue, _>(range).with_limit(limit).primitive();
        placed.map_err(|error| self.cause(error))
    }

    /// Reads at most `limit` (from 1) values of a range.
    pub(crate) fn values(
        &self,
        table: Table,
        range: KeyRange<JsValue>,
        limit: u32,
    ) -> Result<GetAllPrimitiveRequest<JsValue>, StoreError> {
        let placed = self.table(table)?.get_all().with_query::<JsValue, _>(range).with_limit(limit).primitive();
        placed.map_err(|error| self.cause(error))
    }

    /// The result of a placed read.
    pub(crate) async fn result<T>(
        &self,
        placed: impl Future<Output = indexed_db_futures::Result<T>>,
    ) -> Result<T, StoreError> {
        placed.await.map_err(|error| self.cause(error))
    }

    // Writes are not awaited one by one: when one fails, the transaction fails with its error.

    /// Sets a row.
    pub(crate) fn put(&self, table: Table, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        self.placed(self.table(table)?.put(to_js(value)).with_key(to_js(key)).without_key_type().primitive())
    }

    /// Removes a row.
    pub(crate) fn delete(&self, table: Table, key: &[u8]) -> Result<(), StoreError> {
        self.placed(self.table(table)?.delete::<JsValue, _>(to_js(key)).primitive())
    }

    /// Removes all rows.
    pub(crate) fn clear(&self, table: Table) -> Result<(), StoreError> {
        self.placed(self.table(table)?.clear())
    }

    fn placed(&self, write: indexed_db_futures::Result<VoidRequest>) -> Result<(), StoreError> {
        write.map(drop).map_err(|error| self.cause(error))
    }

    /// Why a step failed: by itself, or because the transaction had failed before.
    fn cause(&self, error: Error) -> StoreError {
        failure::from_error(self.running.error().unwrap_or(error))
    }

    /// Commits, and waits until that is done.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        // The library says only that it was aborted; the platform's object knows why.
        let handle: IdbTransaction = self.running.as_sys().clone().into();
        self.running.commit().await.map_err(|error| {
            // Where `commit` itself threw, the library leaves the transaction running. Throws where it has ended.
            let _ = handle.abort();
            failure::from_error(handle.error().map_or(error, Error::from))
        })
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{connection::Connection, migration};
    use js_sys::{Array, Function};
    use wasm_bindgen::JsCast;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    fn connection(purpose: &str) -> Connection {
        Connection::new(&format!("test-{purpose}-{}", js_sys::Date::now()), migration::VERSION)
    }

    /// Everything that reaches the worker's handler for uncaught errors, as text.
    fn uncaught() -> Array {
        let watch = Function::new_no_args(
            "const seen = [];
             self.addEventListener('error', (event) => seen.push(String(event.message)));
             return seen;",
        );
        watch.call0(&JsValue::UNDEFINED).unwrap().unchecked_into()
    }

    fn add(transaction: &Transaction<'_>, key: &[u8]) -> VoidRequest {
        let table = transaction.table(Table::Records).unwrap();
        table.add(to_js(b"v")).with_key(to_js(key)).without_key_type().primitive().unwrap()
    }

    fn is_constraint(error: &StoreError) -> bool {
        matches!(error, StoreError::Unavailable(text) if text.contains("ConstraintError"))
    }

    async fn write(database: &Database, key: &[u8]) {
        let transaction = Transaction::start(database, &[Table::Records], Access::Write).unwrap().unwrap();
        transaction.put(Table::Records, key, b"before").unwrap();
        transaction.commit().await.unwrap();
    }

    #[wasm_bindgen_test]
    async fn several_failing_writes_give_one_error_and_nothing_uncaught() {
        let connection = connection("failing-writes");
        let database = connection.database().await.unwrap();
        let seen = uncaught();
        write(&database, b"taken").await;
        let transaction = Transaction::start(&database, &[Table::Records], Access::Write).unwrap().unwrap();
        for key in [b"free".as_slice(), b"taken", b"taken", b"taken"] {
            drop(add(&transaction, key));
        }
        let error = transaction.commit().await.unwrap_err();
        assert!(is_constraint(&error), "{error}");

        let transaction = Transaction::start(&database, &[Table::Records], Access::Read).unwrap().unwrap();
        let placed = transaction.get(Table::Records, b"free").unwrap();
        assert_eq!(transaction.result(placed).await.unwrap(), None, "all of it was taken back");
        assert_eq!(seen.length(), 0, "{seen:?}");
    }

    #[wasm_bindgen_test]
    async fn failures_that_are_awaited_one_by_one_all_tell_the_first_cause() {
        let connection = connection("failing-awaited");
        let database = connection.database().await.unwrap();
        let seen = uncaught();
        write(&database, b"taken").await;
        let transaction = Transaction::start(&database, &[Table::Records], Access::Write).unwrap().unwrap();
        let placed: Vec<_> = (0..4).map(|_| add(&transaction, b"taken")).collect();
        for request in placed {
            let error = transaction.result(request).await.unwrap_err();
            assert!(is_constraint(&error), "{error}");
        }
        let late = transaction.put(Table::Records, b"k", b"v").unwrap_err();
        assert!(is_constraint(&late), "not only that it is over: {late}");
        let error = transaction.commit().await.unwrap_err();
        assert!(is_constraint(&error), "{error}");
        assert_eq!(seen.length(), 0, "{seen:?}");
        write(&database, b"and the worker goes on").await;
    }
}
