//! Carnet's front end: rendered in the browser, works offline, keeps keys in a worker.

// Views nest types deeply.
#![recursion_limit = "512"]

pub mod action;
pub mod announcements;
pub mod browser;
pub mod desk;
pub mod download;
pub mod faults;
pub mod gate;
pub mod i18n;
pub mod load;
pub mod pages;
pub mod passkey;
pub mod passport;
pub mod preferences;
pub mod reader;
pub mod router;
pub mod share;
pub mod shell;
pub mod status;
pub mod terms;
pub mod ui;
pub mod upload;
pub mod vin_words;
pub mod wallet;
pub mod words;
pub mod worker;

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
