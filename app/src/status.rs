//! The state of the whole application that the banner at the top tells: connection, sync, a new version.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

use crate::browser;

/// How far this device and the relay agree. Written by whoever syncs, read by the banner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SyncState {
    /// Nothing waits.
    #[default]
    Settled,
    /// Changes are on their way; how many.
    Sending(u32),
    /// Changes wait on this device for the connection; how many.
    Waiting(u32),
    /// The relay does not answer though there is a connection; how many changes wait.
    RelayUnreachable(u32),
    /// This device's clock is off; what the relay's says, in seconds since 1970.
    ClockOff(i64),
    /// The wallet was erased on another device; this browser has let go of it.
    Erased,
    /// The relay's answers contradict each other or what this device saw before: nothing is written any more.
    Contradiction,
}

/// The context behind the banner.
#[derive(Clone, Copy)]
pub struct Status {
    /// Whether the browser has a connection.
    pub online: ReadSignal<bool>,
    /// A new version of the application waits.
    pub update_waiting: ReadSignal<bool>,
    /// How far this device and the relay agree.
    pub sync: RwSignal<SyncState>,
}

/// Provides the context and follows the browser's events; called once, by the shell.
pub(crate) fn provide_status() -> Status {
    let (online, set_online) = signal(window().navigator().on_line());
    let (update_waiting, set_update_waiting) = signal(false);
    // The shell lives as long as the page, and so do these listeners.
    std::mem::drop(window_event_listener(leptos::ev::online, move |_| set_online.set(true)));
    std::mem::drop(window_event_listener(leptos::ev::offline, move |_| set_online.set(false)));
    let listener = Closure::<dyn Fn()>::new(move || set_update_waiting.set(true));
    browser::on_update(&listener);
    listener.forget();
    let status = Status { online, update_waiting, sync: RwSignal::new(SyncState::default()) };
    provide_context(status);
    status
}

/// The state that the banner tells.
pub fn use_status() -> Status {
    expect_context()
}
