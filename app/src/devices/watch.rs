//! Looking again every other second for as long as something is on the screen.

use std::time::Duration;

use leptos::prelude::*;

/// Two devices on one table: fast enough to wait for, slow enough for the relay.
const EVERY: Duration = Duration::from_secs(2);

/// Calls back until the component goes.
pub(super) fn watch(look: impl Fn() + 'static) {
    // A page without timers is a page that is going away.
    if let Ok(interval) = set_interval_with_handle(look, EVERY) {
        on_cleanup(move || interval.clear());
    }
}
