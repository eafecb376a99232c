//! Web Locks: what only one tab does at a time.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// What only one tab does at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Changing the wallet.
    Write,
    /// Synchronising.
    Sync,
    /// Listening to the relay: browsers allow six connections to a host over all tabs.
    Listen,
}

impl Turn {
    const fn name(self) -> &'static str {
        match self {
            Turn::Write => "carnet-write",
            Turn::Sync => "carnet-sync",
            Turn::Listen => "carnet-listen",
        }
    }
}

/// It is this tab's turn, until dropped. Dropped while still waiting, it gives up its place.
pub(super) struct Held(Option<Function>);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(release) = &self.0 {
            // A promise's own function does not throw.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Waits for the turn.
pub(super) async fn wait(turn: Turn) -> Held {
    // Only a turn that may be refused can be refused.
    request(turn, false).await.unwrap_or(Held(None))
}

/// Takes the turn, unless another tab has it.
pub(super) async fn take(turn: Turn) -> Option<Held> {
    request(turn, true).await
}

/// Where the browser has no locks, or refuses them here, the store's conditions alone keep the tabs apart.
async fn request(turn: Turn, if_available: bool) -> Option<Held> {
    let Some(manager) = manager() else { return Some(Held(None)) };
    let mut release = None;
    let released = Promise::new(&mut |resolve, _| release = Some(resolve));
    let held = Held(release);
    let granted = Promise::new(&mut |resolve, reject| {
        let (released, granted) = (released.clone(), resolve);
        // The browser keeps the lock for as long as the promise that this gives back is open.
        let on_granted = Closure::once_into_js(move |lock: JsValue| -> Promise {
            let _ = granted.call1(&JsValue::UNDEFINED, &lock);
            released
        });
        if let Err(thrown) = ask(&manager, turn, if_available, &on_granted, &reject) {
            let _ = reject.call1(&JsValue::UNDEFINED, &thrown);
        }
    });
    match JsFuture::from(granted).await {
        Ok(lock) if lock.is_null() => None,
        Ok(_) => Some(held),
        Err(_) => Some(Held(None)),
    }
}

fn manager() -> Option<JsValue> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    let manager = Reflect::get(&navigator, &"locks".into()).ok()?;
    manager.is_object().then_some(manager)
}

/// `locks.request(name, { ifAvailable }, granted).catch(refused)`; not in web-sys' stable interface.
fn ask(
    manager: &JsValue,
    turn: Turn,
    if_available: bool,
    granted: &JsValue,
    refused: &Function,
) -> Result<(), JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &if_available.into())?;
    let request: Function = Reflect::get(manager, &"request".into())?.dyn_into()?;
    let asked = request.call3(manager, &turn.name().into(), &options, granted)?;
    let catch: Function = Reflect::get(&asked, &"catch".into())?.dyn_into()?;
    catch.call1(&asked, refused).map(drop)
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use super::*;
    use std::{future::poll_fn, pin::pin, task::Poll};
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    #[wasm_bindgen_test]
    async fn a_turn_is_had_by_one_and_given_back() {
        let held = take(Turn::Sync).await;
        assert!(held.is_some());
        assert!(take(Turn::Sync).await.is_none(), "another tab has it");
        assert!(take(Turn::Listen).await.is_some(), "each turn is one of its own");
        drop(held);
        // The browser hands it on in a moment of its own.
        drop(wait(Turn::Sync).await);
    }

    #[wasm_bindgen_test]
    async fn who_stops_waiting_does_not_keep_the_turn() {
        let held = wait(Turn::Write).await;
        {
            let mut waiting = pin!(wait(Turn::Write));
            poll_fn(|context| {
                assert!(waiting.as_mut().poll(context).is_pending());
                Poll::Ready(())
            })
            .await;
        }
        drop(held);
        drop(wait(Turn::Write).await);
    }
}
