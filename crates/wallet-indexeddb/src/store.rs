//! [`Store`] on IndexedDB.

use crate::{
    connection::Connection,
    failure,
    keys::Range,
    migration,
    transaction::{Access, Transaction},
};
use carnet_wallet::store::{Batch, Change, Condition, Rows, Store, StoreError, Table};
use indexed_db_futures::KeyRange;
use js_sys::Uint8Array;
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

    /// Does something in a transaction over some tables.
    async fn within<T>(
        &self,
        tables: &[Table],
        access: Access,
        work: impl AsyncFnOnce(Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let database = self.connection.database().await?;
        if let Some(transaction) = Transaction::start(&database, tables, access)? {
            return work(transaction).await;
        }
        // Closed between two uses without an event having reached us yet.
        self.connection.close();
        let database = self.connection.database().await?;
        match Transaction::start(&database, tables, access)? {
            Some(transaction) => work(transaction).await,
            None => Err(StoreError::Unavailable("the database closes at once".to_owned())),
        }
    }
}

impl Store for IndexedDbStore {
    async fn read(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.within(&[table], Access::Read, async |transaction| {
            let placed = transaction.get(table, key)?;
            row(transaction.result(placed).await?)
        })
        .await
    }

    async fn scan(&self, table: Table, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Rows, StoreError> {
        if limit == 0 {
            return Ok(Rows::new());
        }
        self.within(&[table], Access::Read, async |transaction| {
            let mut rows = Rows::new();
            let mut range = Range::new(prefix, after);
            while let Some(next) = range.take() {
                let count = u32::try_from(limit - rows.len()).unwrap_or(u32::MAX).min(SCAN_ROWS);
                let before = rows.len();
                page(&transaction, table, next.to_js(), count, &mut rows).await?;
                if rows.len() - before == count as usize && rows.len() < limit {
                    range = Range::new(prefix, rows.last().map(|(key, _)| key.as_slice()));
                }
            }
            Ok(rows)
        })
        .await
    }

    async fn keys(
        &self,
        table: Table,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        let Some(range) = Range::new(prefix, after).filter(|_| limit > 0) else { return Ok(Vec::new()) };
        self.within(&[table], Access::Read, async |transaction| {
            let placed = transaction.keys(table, range.to_js(), u32::try_from(limit).unwrap_or(u32::MAX))?;
            let keys = transaction.result(placed).await?;
            keys.map(|key| Ok(Uint8Array::new(&key.map_err(failure::from_error)?).to_vec())).collect()
        })
        .await
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
        let tables: Vec<_> = tables.into_iter().collect();
        self.within(&tables, Access::Write, async |transaction| {
            check(&transaction, &batch.conditions).await?;
            for change in &batch.changes {
                match change {
                    Change::Put(table, key, value) => transaction.put(*table, key, value)?,
                    Change::Delete(table, key) => transaction.delete(*table, key)?,
                }
            }
            transaction.commit().await
        })
        .await
    }

    async fn erase(&self) -> Result<(), StoreError> {
        self.within(&Table::ALL, Access::Write, async |transaction| {
            Table::ALL.into_iter().try_for_each(|table| transaction.clear(table))?;
            transaction.commit().await
        })
        .await
    }
}

/// Reads at most `count` rows of a range: keys and values in one round, as both are placed before either is awaited.
async fn page(
    transaction: &Transaction<'_>,
    table: Table,
    range: KeyRange<JsValue>,
    count: u32,
    rows: &mut Rows,
) -> Result<(), StoreError> {
    let keys = transaction.keys(table, range.clone(), count)?;
    let values = transaction.values(table, range, count)?;
    let (keys, values) = (transaction.result(keys).await?, transaction.result(values).await?);
    for (key, value) in keys.zip(values) {
        let (key, value) = (key.map_err(failure::from_error)?, value.map_err(failure::from_error)?);
        rows.push((Uint8Array::new(&key).to_vec(), bytes(&value)?));
    }
    Ok(())
}

fn table_of(change: &Change) -> Table {
    match change {
        Change::Put(table, ..) | Change::Delete(table, _) => *table,
    }
}

/// Reads all conditions' rows in one round and compares.
async fn check(transaction: &Transaction<'_>, conditions: &[Condition]) -> Result<(), StoreError> {
    let placed = conditions
        .iter()
        .map(|condition| transaction.get(condition.table, &condition.key))
        .collect::<Result<Vec<_>, _>>()?;
    let mut holds = true;
    for (condition, placed) in conditions.iter().zip(placed) {
        holds &= row(transaction.result(placed).await?)? == condition.value;
    }
    if holds { Ok(()) } else { Err(StoreError::Conflict) }
}

fn row(value: Option<JsValue>) -> Result<Option<Vec<u8>>, StoreError> {
    value.as_ref().map(bytes).transpose()
}

fn bytes(value: &JsValue) -> Result<Vec<u8>, StoreError> {
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec).ok_or_else(failure::unexpected)
}
