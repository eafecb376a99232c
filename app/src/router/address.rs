//! The address of the page: read, followed through back and forward, changed by links and by the application itself.

use std::sync::LazyLock;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlAnchorElement, MouseEvent, Url};

/// The path of the address. Not a context, as pages go on after an await too.
static PATH: LazyLock<ArcRwSignal<String>> = LazyLock::new(|| ArcRwSignal::new(current().unwrap_or_default()));

/// The path of the address, as a signal.
pub fn path() -> ArcReadSignal<String> {
    PATH.read_only()
}

/// Goes to an address of the application, as a link to it would.
pub fn go(address: &str) {
    // Refused only for addresses elsewhere, or a hundred times a second.
    if window().history().and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(address))).is_ok() {
        arrive();
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Takes over links of the application, and follows the browser's own ways back and forward.
pub(super) fn follow() {
    window_event_listener(leptos::ev::popstate, |_| arrive());
    window_event_listener(leptos::ev::click, |event| {
        if let Some(address) = followed(&event) {
            event.prevent_default();
            go(&address);
        }
    });
}

fn arrive() {
    let path = current().unwrap_or_default();
    if PATH.with_untracked(|before| *before != path) {
        PATH.set(path);
    }
}

fn current() -> Option<String> {
    web_sys::window()?.location().pathname().ok()
}

/// The address of the link that was clicked, if it is for the application to follow: of this origin, in this tab, not to
/// be saved as a file.
fn followed(event: &MouseEvent) -> Option<String> {
    let elsewhere = event.meta_key() || event.alt_key() || event.ctrl_key() || event.shift_key();
    if event.default_prevented() || event.button() != 0 || elsewhere {
        return None;
    }
    let link = event.composed_path().iter().find_map(|node| node.dyn_into::<HtmlAnchorElement>().ok())?;
    if link.href().is_empty() || !link.target().is_empty() || link.has_attribute("download") {
        return None;
    }
    let url = Url::new(&link.href()).ok()?;
    let own = Some(url.origin()) == window().location().origin().ok();
    own.then(|| url.pathname() + &url.search() + &url.hash())
}
