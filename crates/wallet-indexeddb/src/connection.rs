//! The connection to the database: opened when first needed, given up when another tab needs the database to itself.

use crate::{failure, migration};
use carnet_wallet::store::StoreError;
use js_sys::{Promise, Reflect};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, Event, IdbDatabase, IdbFactory, IdbOpenDbRequest, IdbVersionChangeEvent};

/// A connection that reopens itself.
pub(crate) struct Connection {
    name: String,
    version: u32,
    open: Rc<RefCell<Option<Open>>>,
}

impl Connection {
    pub(crate) fn new(name: &str, version: u32) -> Self {
        Self { name: name.to_owned(), version, open: Rc::default() }
    }

    /// The open database.
    ///
    /// A newer version of the application in another tab makes the browser ask for the database: the connection is
    /// closed at once, so that the other tab never waits for this one, and opening again fails from then on.
    pub(crate) async fn database(&self) -> Result<IdbDatabase, StoreError> {
        if let Some(database) = self.usable() {
            return Ok(database);
        }
        let opening = Opening::start(&self.name, self.version, self.open.clone()).map_err(failure::from_js)?;
        JsFuture::from(opening.settled.clone()).await.map_err(|event| opening.failure(&event))?;
        self.usable().ok_or_else(failure::unexpected)
    }

    fn usable(&self) -> Option<IdbDatabase> {
        self.open.borrow().as_ref().filter(|open| !open.closed.get()).map(|open| open.database.clone())
    }

    /// Closes it; the next use opens it again.
    pub(crate) fn close(&self) {
        self.open.borrow_mut().take();
    }
}

/// An open database, closed on drop.
struct Open {
    database: IdbDatabase,
    closed: Rc<Cell<bool>>,
    _on_leave: Closure<dyn FnMut(Event)>,
}

impl Open {
    fn new(database: IdbDatabase) -> Self {
        let closed = Rc::new(Cell::new(false));
        let on_leave = Closure::new({
            let (database, closed) = (database.clone(), closed.clone());
            move |_| {
                database.close();
                closed.set(true);
            }
        });
        let handler = on_leave.as_ref().unchecked_ref();
        database.set_onversionchange(Some(handler));
        // The browser closed it by itself: the person cleared the site's data, or the disk failed.
        database.set_onclose(Some(handler));
        Self { database, closed, _on_leave: on_leave }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.database.set_onversionchange(None);
        self.database.set_onclose(None);
        self.database.close();
    }
}

/// A request to open. Its success is taken note of even when nobody waits any more, so that a database which opens
/// late is not left open unseen.
struct Opening {
    request: IdbOpenDbRequest,
    settled: Promise,
    migrated: Rc<RefCell<Option<JsValue>>>,
}

impl Opening {
    fn start(name: &str, version: u32, slot: Rc<RefCell<Option<Open>>>) -> Result<Self, JsValue> {
        let request = factory()?.open_with_u32(name, version)?;
        let migrated = Rc::new(RefCell::new(None));
        let on_upgrade = Closure::<dyn FnMut(IdbVersionChangeEvent)>::new({
            let (request, migrated) = (request.clone(), migrated.clone());
            move |event: IdbVersionChangeEvent| {
                if let Err(thrown) = upgrade(&request, &event) {
                    *migrated.borrow_mut() = Some(thrown);
                }
            }
        });
        request.set_onupgradeneeded(Some(on_upgrade.as_ref().unchecked_ref()));
        let mut on_upgrade = Some(on_upgrade);
        let settled = Promise::new(&mut |resolve, reject| {
            let (slot, opened, on_upgrade) = (slot.clone(), request.clone(), on_upgrade.take());
            let on_success = Closure::once_into_js(move |event: Event| {
                if let Ok(database) = opened.result() {
                    *slot.borrow_mut() = Some(Open::new(database.unchecked_into()));
                }
                // Kept until here: an upgrade can still come after the request was reported as blocked.
                drop(on_upgrade);
                let _ = resolve.call1(&JsValue::UNDEFINED, &event);
            });
            request.set_onsuccess(Some(on_success.unchecked_ref()));
            request.set_onerror(Some(&reject));
            request.set_onblocked(Some(&reject));
        });
        Ok(Self { request, settled, migrated })
    }

    /// Why it did not open, from the event that said so.
    fn failure(&self, event: &JsValue) -> StoreError {
        if event.dyn_ref::<Event>().is_some_and(|event| event.type_() == "blocked") {
            return StoreError::Unavailable("another tab runs an older version; close it".to_owned());
        }
        if let Some(thrown) = self.migrated.borrow_mut().take() {
            return failure::from_js(thrown);
        }
        match self.request.error() {
            Ok(Some(exception)) => outdated(&exception).unwrap_or_else(|| failure::from_exception(&exception)),
            Ok(None) => failure::unexpected(),
            Err(thrown) => failure::from_js(thrown),
        }
    }
}

fn outdated(exception: &DomException) -> Option<StoreError> {
    let newer = exception.name() == "VersionError";
    newer.then(|| StoreError::Unavailable("a newer version is in use; reload this page".to_owned()))
}

fn upgrade(request: &IdbOpenDbRequest, event: &IdbVersionChangeEvent) -> Result<(), JsValue> {
    let database: IdbDatabase = request.result()?.unchecked_into();
    let transaction = request.transaction().expect("an upgrade event comes with its transaction");
    migration::run(&database, &transaction, event.old_version() as u32).inspect_err(|_| {
        // Back to the old version; the open request then fails.
        let _ = transaction.abort();
    })
}

/// `indexedDB` of the window or worker; absent or throwing where a browser forbids storage.
fn factory() -> Result<IdbFactory, JsValue> {
    let factory = Reflect::get(&js_sys::global(), &"indexedDB".into())?;
    factory.dyn_into().map_err(|_| JsValue::from_str("this browser offers no storage"))
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    async fn event(place: impl FnOnce(&js_sys::Function)) {
        let mut place = Some(place);
        let promise = Promise::new(&mut |resolve, _| place.take().unwrap()(&resolve));
        JsFuture::from(promise).await.unwrap();
    }

    #[wasm_bindgen_test]
    async fn an_older_version_that_does_not_let_go_is_reported_and_its_end_noticed() {
        let name = format!("test-blocked-{}", js_sys::Date::now());
        // Unlike ours, this connection does not close when it is asked to.
        let request = factory().unwrap().open_with_u32(&name, 1).unwrap();
        event(|resolve| request.set_onsuccess(Some(resolve))).await;
        let older: IdbDatabase = request.result().unwrap().unchecked_into();

        let connection = Connection::new(&name, 2);
        let refused = connection.database().await.unwrap_err();
        assert!(matches!(&refused, StoreError::Unavailable(text) if text.contains("older version")), "{refused}");

        older.close();
        assert_eq!(connection.database().await.unwrap().version(), 2.0);
    }

    #[wasm_bindgen_test]
    async fn a_failed_upgrade_leaves_no_database_behind() {
        let name = format!("test-failed-{}", js_sys::Date::now());
        let slot = Rc::default();
        let opening = Opening::start(&name, 1, Rc::clone(&slot)).unwrap();
        // The table is there already when the migration wants to make it.
        let intruder = Closure::once_into_js({
            let request = opening.request.clone();
            move |_: Event| {
                let database: IdbDatabase = request.result().unwrap().unchecked_into();
                let _ = database.create_object_store("wallet");
            }
        });
        let upgrade = opening.request.onupgradeneeded().unwrap();
        opening.request.set_onupgradeneeded(None);
        let target: &web_sys::EventTarget = &opening.request;
        target.add_event_listener_with_callback("upgradeneeded", intruder.unchecked_ref()).unwrap();
        target.add_event_listener_with_callback("upgradeneeded", &upgrade).unwrap();
        let failed = JsFuture::from(opening.settled.clone()).await.unwrap_err();
        let error = opening.failure(&failed);
        assert!(matches!(&error, StoreError::Unavailable(text) if text.contains("ConstraintError")), "{error}");
        assert!(slot.borrow().is_none());

        assert_eq!(Connection::new(&name, 1).database().await.unwrap().version(), 1.0, "and trying again works");
    }
}
