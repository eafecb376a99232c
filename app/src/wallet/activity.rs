//! Tells the worker that the person is here and whether the page can be seen.

use super::{WalletClient, message::ToWorker};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::Event;

/// Reports are at least this far apart, in milliseconds: the idle lock counts in minutes.
const REPORT_MS: f64 = 10_000.0;

/// Whether the page can be seen.
pub(super) fn visible() -> bool {
    !document().hidden()
}

/// Starts reporting; the listeners live as long as the page.
pub(super) fn report(client: WalletClient) {
    let reported = StoredValue::new_local(f64::NEG_INFINITY);
    let on_use = Closure::<dyn Fn(Event)>::new(move |_| {
        let now = js_sys::Date::now();
        if now - reported.get_value() >= REPORT_MS {
            reported.set_value(now);
            client.tell(&ToWorker::Active);
        }
    });
    let on_visibility = Closure::<dyn Fn(Event)>::new(move |_| client.tell(&ToWorker::Visible(visible())));
    let target = document();
    for event in ["pointerdown", "keydown", "wheel"] {
        // Adding a listener for a known event to a document does not fail.
        let _ = target.add_event_listener_with_callback(event, on_use.as_ref().unchecked_ref());
    }
    let _ = target.add_event_listener_with_callback("visibilitychange", on_visibility.as_ref().unchecked_ref());
    on_use.forget();
    on_visibility.forget();
}
