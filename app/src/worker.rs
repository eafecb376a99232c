//! The wallet's worker: the one place where keys are in memory, off the page's thread.
//!
//! It owns the wallet, its database and its way to the relay. Commands of the page are done strictly one after the
//! other; whatever else happens (a timer, another tab, an event from the relay) waits in the same queue, so nothing
//! ever runs while the wallet is in the middle of something. When the wallet locks, the page ends this worker: what
//! its memory held goes with it.

mod events;
mod fetch;
mod host;
mod lookout;
mod parts;
mod platform;
mod queue;
mod schedule;
mod tabs;
mod turn;

use crate::wallet::message::{FromWorker, pack, unpack};
use queue::{Job, Queue};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// How often timers are looked at, in milliseconds: idle lock, waiting synchronisation, polling.
const PULSE_MS: u32 = 5_000;

/// Runs the wallet in this worker; called by `public/worker.js` once the module is loaded.
///
/// # Errors
/// The scope is not a dedicated worker's.
#[wasm_bindgen]
pub fn wallet_worker() -> Result<(), JsValue> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
    #[cfg(feature = "bench")]
    crate::bench::start_clock();
    carnet_wallet::normal::provide(platform::normalise);
    stop_at_panic(&scope);
    let queue = Queue::default();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new({
        let (queue, scope) = (queue.clone(), scope.clone());
        move |event: MessageEvent| match unpack(&event.data()) {
            Ok(message) => queue.push(Job::Page(message)),
            Err(_) => post(&scope, &FromWorker::Died),
        }
    });
    scope.add_event_listener_with_callback("message", on_message.as_ref().unchecked_ref())?;
    let on_online = Closure::<dyn Fn()>::new({
        let queue = queue.clone();
        move || queue.push(Job::Online)
    });
    scope.add_event_listener_with_callback("online", on_online.as_ref().unchecked_ref())?;
    // These live as long as the worker.
    on_message.forget();
    on_online.forget();
    gloo::timers::callback::Interval::new(PULSE_MS, {
        let queue = queue.clone();
        move || queue.pulse()
    })
    .forget();
    wasm_bindgen_futures::spawn_local(lookout::run(scope, queue));
    Ok(())
}

/// Tells the page when a panic ends this worker. A build for shipping has no panics but traps, without a place or a text:
/// `public/worker.js` passes them on, and the page's listener on the worker hears of them.
fn stop_at_panic(scope: &DedicatedWorkerGlobalScope) {
    let scope = scope.clone();
    std::panic::set_hook(Box::new(move |panic| {
        // The place only: a panic's text may hold what the wallet was working on.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        web_sys::console::error_1(&format!("the wallet's worker stopped at {place}").into());
        post(&scope, &FromWorker::Died);
    }));
}

/// Tells the page; the bytes are handed over, not copied.
fn post(scope: &DedicatedWorkerGlobalScope, message: &FromWorker) {
    let (bytes, transfer) = pack(message);
    // Fails only for what cannot be handed over, and a fresh byte array can.
    let _ = scope.post_message_with_transfer(&bytes, &transfer);
}
