//! The connection to the database: opened when first needed, given up when another tab needs the database to itself.

use crate::{failure, opening::Opening};
use carnet_wallet::store::StoreError;
use futures_channel::oneshot;
use indexed_db_futures::{database::Database, internals::SystemRepr};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, IdbDatabase};

/// A connection that reopens itself.
pub(crate) struct Connection {
    name: String,
    version: u32,
    stage: Rc<RefCell<Stage>>,
}

type Opened = Result<Database, StoreError>;

/// Where a connection stands.
#[derive(Default)]
enum Stage {
    #[default]
    Closed,
    /// Asked for, and who waits for it.
    Opening(Vec<oneshot::Sender<Opened>>),
    /// Asked for, and held up by another tab; nobody waits any more.
    Blocked,
    Open(Open),
}

impl Connection {
    pub(crate) fn new(name: &str, version: u32) -> Self {
        Self { name: name.to_owned(), version, stage: Rc::default() }
    }

    /// The open database.
    ///
    /// A newer version of the application in another tab makes the browser ask for the database: the connection is
    /// closed at once, so that the other tab never waits for this one, and opening again fails from then on.
    pub(crate) async fn database(&self) -> Opened {
        let answer = match &mut *self.stage.borrow_mut() {
            Stage::Open(open) if !open.closed.get() => return Ok(open.database.clone()),
            Stage::Blocked => return Err(failure::blocked()),
            Stage::Opening(waiting) => {
                let (sender, answer) = oneshot::channel();
                waiting.push(sender);
                answer
            }
            stage => {
                let opening = start(&self.name, self.version, &self.stage)?;
                let (sender, answer) = oneshot::channel();
                *stage = Stage::Opening(vec![sender]);
                spawn_local(own(opening, self.stage.clone()));
                answer
            }
        };
        answer.await.unwrap_or_else(|_| Err(failure::unexpected()))
    }

    /// Closes it; the next use opens it again.
    pub(crate) fn close(&self) {
        let mut stage = self.stage.borrow_mut();
        if matches!(*stage, Stage::Open(_)) {
            *stage = Stage::Closed;
        }
    }
}

fn start(name: &str, version: u32, stage: &Rc<RefCell<Stage>>) -> Result<Opening, StoreError> {
    let stage = Rc::downgrade(stage);
    Opening::start(name, version, move || {
        if let Some(stage) = stage.upgrade() {
            tell(stage.replace(Stage::Blocked), &Err(failure::blocked()));
        }
    })
}

/// Sees an opening through, so that a database which opens late is neither left open unseen nor without its tables.
async fn own(opening: Opening, stage: Rc<RefCell<Stage>>) {
    let opened = opening.settled().await;
    let next = opened.clone().map_or(Stage::Closed, |database| Stage::Open(Open::new(database)));
    tell(stage.replace(next), &opened);
}

fn tell(before: Stage, opened: &Opened) {
    if let Stage::Opening(waiting) = before {
        for sender in waiting {
            // One who does not wait any more need not be told.
            let _ = sender.send(opened.clone());
        }
    }
}

/// An open database, closed on drop.
struct Open {
    database: Database,
    closed: Rc<Cell<bool>>,
    _on_leave: Closure<dyn FnMut(Event)>,
}

impl Open {
    fn new(database: Database) -> Self {
        let closed = Rc::new(Cell::new(false));
        let on_leave = Closure::new({
            let (database, closed) = (database.clone(), closed.clone());
            move |_| {
                platform(&database).close();
                closed.set(true);
            }
        });
        let handler = on_leave.as_ref().unchecked_ref();
        platform(&database).set_onversionchange(Some(handler));
        // The browser closed it by itself: the person cleared the site's data, or the disk failed.
        platform(&database).set_onclose(Some(handler));
        Self { database, closed, _on_leave: on_leave }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let database = platform(&self.database);
        database.set_onversionchange(None);
        database.set_onclose(None);
        database.close();
    }
}

/// The platform's own object: the library tells of these events through a future that somebody must poll, but the
/// database is to be closed within the event.
fn platform(database: &Database) -> &IdbDatabase {
    database.as_sys()
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use indexed_db_futures::Build as _;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    /// A connection that, unlike ours, does not close when it is asked to.
    async fn stubborn(name: &str) -> Database {
        Database::open(name).with_version(1_u32).build().unwrap().await.unwrap()
    }

    /// Waits until every opening of this database that was asked for before is over: the browser keeps their order.
    async fn all_opened(name: &str) {
        Database::open(name).build().unwrap().await.unwrap().close();
    }

    fn held_up(opened: Opened) -> bool {
        matches!(opened, Err(StoreError::Unavailable(text)) if text.contains("older version"))
    }

    #[wasm_bindgen_test]
    async fn an_older_version_that_does_not_let_go_is_reported_and_its_end_noticed() {
        let name = format!("test-blocked-{}", js_sys::Date::now());
        let older = stubborn(&name).await;

        let connection = Connection::new(&name, 2);
        assert!(held_up(connection.database().await));
        assert!(held_up(connection.database().await), "and at once when asked again");

        older.close();
        all_opened(&name).await;
        assert!(matches!(&*connection.stage.borrow(), Stage::Open(_)), "it opened though nobody waited");
        assert_eq!(connection.database().await.unwrap().version(), 2.0);
    }

    #[wasm_bindgen_test]
    async fn a_database_that_opens_after_its_connection_is_gone_is_upgraded_and_closed() {
        let name = format!("test-late-{}", js_sys::Date::now());
        let older = stubborn(&name).await;
        let connection = Connection::new(&name, 2);
        assert!(held_up(connection.database().await));
        drop(connection);
        older.close();
        all_opened(&name).await;
        // Neither blocked nor asked to close: nobody has it open.
        let next = Connection::new(&name, 3);
        assert_eq!(next.database().await.unwrap().version(), 3.0);
    }

    #[wasm_bindgen_test]
    async fn those_who_ask_while_it_opens_share_one_connection() {
        let name = format!("test-shared-{}", js_sys::Date::now());
        let connection = Rc::new(Connection::new(&name, 1));
        let (sender, other) = oneshot::channel();
        spawn_local({
            let connection = connection.clone();
            async move {
                let _ = sender.send(connection.database().await);
            }
        });
        let one = connection.database().await.unwrap();
        let two = other.await.unwrap().unwrap();
        assert_eq!(platform(&one), platform(&two));
    }
}
