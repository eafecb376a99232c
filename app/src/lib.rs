//! Carnet's front end: rendered in the browser, works offline, keeps keys in a worker.

// Views nest types deeply.
#![recursion_limit = "512"]

pub mod announcements;
pub mod browser;
pub mod i18n;
pub mod pages;
pub mod preferences;
pub mod router;
pub mod shell;
pub mod status;
pub mod ui;

use leptos::prelude::*;

/// Shows the application in the page. Does nothing in a worker, where the same module is loaded without a window.
pub fn start() {
    if !browser::in_page() {
        return;
    }
    preferences::apply();
    mount_to_body(shell::Shell);
    remove_splash();
}

/// The splash of `index.html` stands until there is something better to look at.
fn remove_splash() {
    for id in ["splash", "start-failed"] {
        if let Some(element) = document().get_element_by_id(id) {
            element.remove();
        }
    }
}
