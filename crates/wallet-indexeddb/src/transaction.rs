//! A transaction over some tables.

use crate::{
    failure,
    request::{Placed, follow},
};
use carnet_wallet::store::{StoreError, Table};
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, IdbDatabase, IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransaction};

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Read only.
    Read,
    /// Read and write, durable once it is committed.
    Write,
}

/// A running transaction. Dropped without [`Transaction::commit`], it is rolled back.
pub(crate) struct Transaction {
    transaction: IdbTransaction,
    ended: Option<JsFuture>,
}

impl Transaction {
    /// Starts one. `Ok(None)`: the connection was closed under it, a fresh one is needed.
    pub(crate) fn start(
        database: &IdbDatabase,
        tables: impl IntoIterator<Item = Table>,
        access: Access,
    ) -> Result<Option<Transaction>, StoreError> {
        let names: Array = tables.into_iter().map(|table| JsValue::from_str(table.name())).collect();
        let transaction = match open(database, &names, access) {
            Ok(transaction) => transaction,
            Err(thrown) if is_closed(&thrown) => return Ok(None),
            Err(thrown) => return Err(failure::from_js(thrown)),
        };
        // A failed request aborts the transaction, so `abort` is the one event for every failure.
        let ended = Promise::new(&mut |resolve, reject| {
            transaction.set_oncomplete(Some(&resolve));
            transaction.set_onabort(Some(&reject));
        });
        Ok(Some(Transaction { transaction, ended: Some(JsFuture::from(ended)) }))
    }

    fn table(&self, table: Table) -> Result<IdbObjectStore, StoreError> {
        self.transaction.object_store(table.name()).map_err(failure::from_js)
    }

    /// Reads a row.
    pub(crate) fn get(&self, table: Table, key: &[u8]) -> Result<Placed, StoreError> {
        place(self.table(table)?.get(&Uint8Array::from(key)))
    }

    /// Reads at most `limit` (from 1) keys of a range.
    pub(crate) fn keys(&self, table: Table, range: &IdbKeyRange, limit: u32) -> Result<Placed, StoreError> {
        place(self.table(table)?.get_all_keys_with_key_and_limit(range, limit))
    }

    /// Reads at most `limit` (from 1) values of a range.
    pub(crate) fn values(&self, table: Table, range: &IdbKeyRange, limit: u32) -> Result<Placed, StoreError> {
        place(self.table(table)?.get_all_with_key_and_limit(range, limit))
    }

    // Writes are not followed one by one: when one fails, the transaction fails with its error.

    /// Sets a row.
    pub(crate) fn put(&self, table: Table, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        let placed = self.table(table)?.put_with_key(&Uint8Array::from(value), &Uint8Array::from(key));
        placed.map(drop).map_err(failure::from_js)
    }

    /// Removes a row.
    pub(crate) fn delete(&self, table: Table, key: &[u8]) -> Result<(), StoreError> {
        self.table(table)?.delete(&Uint8Array::from(key)).map(drop).map_err(failure::from_js)
    }

    /// Removes all rows.
    pub(crate) fn clear(&self, table: Table) -> Result<(), StoreError> {
        self.table(table)?.clear().map(drop).map_err(failure::from_js)
    }

    /// Commits, and waits until that is done.
    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        let ended = self.ended.take().expect("only commit takes it, and commit consumes the transaction");
        // Throws where the transaction has failed already; its end tells the cause.
        let _ = call(&self.transaction, "commit", &Array::new());
        match ended.await {
            Ok(_) => Ok(()),
            Err(_) => Err(match self.transaction.error() {
                Some(exception) => failure::from_exception(&exception),
                None => StoreError::Unavailable("the transaction was aborted".to_owned()),
            }),
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if self.ended.is_some() {
            // Throws where it has ended by itself.
            let _ = self.transaction.abort();
        }
    }
}

fn place(request: Result<IdbRequest, JsValue>) -> Result<Placed, StoreError> {
    request.map(follow).map_err(failure::from_js)
}

/// `database.transaction(names, mode, { durability: "strict" })`; the options are not in web-sys' stable interface.
fn open(database: &IdbDatabase, names: &Array, access: Access) -> Result<IdbTransaction, JsValue> {
    let options = Object::new();
    let mode = match access {
        Access::Read => "readonly",
        Access::Write => {
            // The default lets a commit return before the bytes are on the disk.
            Reflect::set(&options, &"durability".into(), &"strict".into())?;
            "readwrite"
        }
    };
    let arguments = Array::of3(names, &mode.into(), &options);
    call(database, "transaction", &arguments).map(JsCast::unchecked_into)
}

/// Calls a method that web-sys does not have in its stable interface.
fn call(object: &JsValue, method: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    method.apply(object, arguments)
}

fn is_closed(thrown: &JsValue) -> bool {
    thrown.dyn_ref::<DomException>().is_some_and(|exception| exception.name() == "InvalidStateError")
}
