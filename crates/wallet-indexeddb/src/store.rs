//! [`Store`] on IndexedDB.

use crate::{
    connection::Connection,
    failure,
    keys::Range,
    migration,
    transaction::{Access, Transaction},
};
use carnet_wallet::store::{Batch, Change, Condition, Rows, Store, StoreError, Table};
use js_sys::{Array, Uint8Array};
use std::collections::BTreeSet;
use wasm_bindgen::{JsCast, JsValue};

/// Rows read at once: enough that 10,000 rows take ten rounds, few enough that large ones do not pile up twice.
const SCAN_ROWS: u32 = 1_000;

/// A wallet's store in IndexedDB. The database is opened, and made where there is none, when first used.
pub struct IndexedDbStore {
    connection: Connection,
}

impl IndexedDbStore {
    /// The store in this database; the application's is [`crate::DATABASE`].
    pub fn new(database: &str) -> Self {
        Self { connection: Connection::new(database, migration::VERSION) }
    }

    /// Closes the connection; the next use opens it again.
    pub fn close(&self) {
        self.connection.close();
    }

    async fn transaction<T>(&self, tables: T, access: Access) -> Result<Transaction, StoreError>
    where
        T: IntoIterator<Item = Table> + Clone,
    {
        let database = self.connection.database().await?;
        if let Some(transaction) = Transaction::start(&database, tables.clone(), access)? {
            return Ok(transaction);
        }
        // Closed between two uses without an event having reached us yet.
        self.connection.close();
        let database = self.connection.database().await?;
        Transaction::start(&database, tables, access)?
            .ok_or_else(|| StoreError::Unavailable("the database closes at once".to_owned()))
    }
}

impl Store for IndexedDbStore {
    async fn read(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let transaction = self.transaction([table], Access::Read).await?;
        row(transaction.get(table, key)?.result().await?)
    }

    async fn scan(&self, table: Table, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Rows, StoreError> {
        let mut rows = Rows::new();
        if limit == 0 {
            return Ok(rows);
        }
        let transaction = self.transaction([table], Access::Read).await?;
        let mut range = Range::new(prefix, after);
        while let Some(next) = range.take() {
            let count = u32::try_from(limit - rows.len()).unwrap_or(u32::MAX).min(SCAN_ROWS);
            let next = next.to_js()?;
            // Both are placed before either is awaited: one round for keys and values.
            let keys = transaction.keys(table, &next, count)?;
            let values = transaction.values(table, &next, count)?;
            let (keys, values) = (Array::from(&keys.result().await?), Array::from(&values.result().await?));
            for (key, value) in keys.iter().zip(values.iter()) {
                rows.push((Uint8Array::new(&key).to_vec(), bytes(&value)?));
            }
            if keys.length() == count && rows.len() < limit {
                range = Range::new(prefix, rows.last().map(|(key, _)| key.as_slice()));
            }
        }
        Ok(rows)
    }

    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        let tables: BTreeSet<Table> = batch
            .conditions
            .iter()
            .map(|condition| condition.table)
            .chain(batch.changes.iter().map(table_of))
            .collect();
        if tables.is_empty() {
            return Ok(());
        }
        let transaction = self.transaction(tables, Access::Write).await?;
        check(&transaction, &batch.conditions).await?;
        for change in &batch.changes {
            match change {
                Change::Put(table, key, value) => transaction.put(*table, key, value)?,
                Change::Delete(table, key) => transaction.delete(*table, key)?,
            }
        }
        transaction.commit().await
    }

    async fn erase(&self) -> Result<(), StoreError> {
        let transaction = self.transaction(Table::ALL, Access::Write).await?;
        Table::ALL.into_iter().try_for_each(|table| transaction.clear(table))?;
        transaction.commit().await
    }
}

fn table_of(change: &Change) -> Table {
    match change {
        Change::Put(table, ..) | Change::Delete(table, _) => *table,
    }
}

/// Reads all conditions' rows in one round and compares.
async fn check(transaction: &Transaction, conditions: &[Condition]) -> Result<(), StoreError> {
    let placed = conditions
        .iter()
        .map(|condition| transaction.get(condition.table, &condition.key))
        .collect::<Result<Vec<_>, _>>()?;
    let mut holds = true;
    for (condition, placed) in conditions.iter().zip(placed) {
        holds &= row(placed.result().await?)? == condition.value;
    }
    if holds { Ok(()) } else { Err(StoreError::Conflict) }
}

/// A row as `get` gives it: `undefined` where there is none.
fn row(value: JsValue) -> Result<Option<Vec<u8>>, StoreError> {
    if value.is_undefined() { Ok(None) } else { bytes(&value).map(Some) }
}

fn bytes(value: &JsValue) -> Result<Vec<u8>, StoreError> {
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec).ok_or_else(failure::unexpected)
}
