//! A request to open the database, with the upgrade in it.

use crate::{failure, migration};
use carnet_wallet::store::StoreError;
use indexed_db_futures::{Build, database::Database, error::Error, future::OpenDbRequest, internals::SystemRepr};
use std::{
    cell::{OnceCell, RefCell},
    rc::Rc,
};
use web_sys::IdbOpenDbRequest;

/// A request that was placed.
///
/// To be kept until it is settled, even when nobody waits any more: dropped earlier, it would let the browser upgrade
/// a database that was blocked without running the migrations.
pub(crate) struct Opening {
    request: OpenDbRequest,
    migration: Rc<Migration>,
}

/// What an upgrade leaves for who waits for the database.
#[derive(Default)]
struct Migration {
    request: OnceCell<IdbOpenDbRequest>,
    failure: RefCell<Option<Error>>,
}

impl Opening {
    /// Places the request. `blocked` is called when an older version in another tab holds the upgrade up; the request
    /// goes on then, and settles when that tab lets go.
    pub(crate) fn start(name: &str, version: u32, blocked: impl FnOnce() + 'static) -> Result<Self, StoreError> {
        let migration = Rc::new(Migration::default());
        let request = Database::open(name)
            .with_version(version)
            .with_on_blocked(move |_| {
                blocked();
                Ok(())
            })
            .with_on_upgrade_needed({
                let migration = migration.clone();
                move |event, database| {
                    migration.run(&database, event.old_version() as u32);
                    Ok(())
                }
            })
            .build()
            .map_err(failure::from_open)?;
        // Events come after this function, never within it.
        let _ = migration.request.set(request.as_sys().clone());
        Ok(Self { request, migration })
    }

    /// The database, or why it did not open.
    pub(crate) async fn settled(self) -> Result<Database, StoreError> {
        let outcome = self.request.await;
        match self.migration.failure.take() {
            // The request's own failure is only that the upgrade was taken back.
            Some(cause) => Err(failure::from_error(cause)),
            None => outcome.map_err(failure::from_open),
        }
    }
}

impl Migration {
    /// Upgrades, or goes back to the old version; the request fails then.
    ///
    /// Not by handing the error to the library: that throws it out of the event handler, where it counts as an
    /// uncaught error of the whole worker.
    fn run(&self, database: &Database, old: u32) {
        if let Err(cause) = migration::run(database, old) {
            self.failure.replace(Some(cause));
            let transaction = self.request.get().and_then(|request| request.transaction());
            let _ = transaction.map(|transaction| transaction.abort());
        }
    }
}
