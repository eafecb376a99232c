//! Carnet's front end: rendered in the browser, works offline, keeps keys in a worker.

// Views nest types deeply.
#![recursion_limit = "512"]

pub mod action;
pub mod announcements;
#[cfg(feature = "bench")]
pub mod bench;
pub mod browser;
pub mod confirm;
pub mod desk;
mod devices;
pub mod download;
mod erasure;
mod errand;
mod export;
pub mod faults;
pub mod gate;
mod household;
pub mod i18n;
pub mod load;
pub mod pages;
mod parts;
pub mod passkey;
pub mod passport;
pub mod preferences;
pub mod reader;
mod reading_check;
pub mod record_form;
pub mod router;
mod sale;
pub mod share;
pub mod shell;
pub mod sources;
mod statements;
pub mod status;
pub mod terms;
mod typed;
pub mod ui;
pub mod upload;
pub mod vin_words;
pub mod wallet;
pub mod words;
pub mod worker;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// Shows the application in the page. Does nothing in a worker, where the same module is loaded without a window.
pub fn start() {
    if !browser::in_page() {
        return;
    }
    let locale = preferences::apply();
    spawn_local(async move {
        if let Err(error) = i18n::texts::load(locale).await {
            // The page's own script hears of it and says so, in every language.
            wasm_bindgen::throw_val(error);
        }
        mount_to_body(shell::Shell);
        remove_splash();
    });
}

/// The splash of `index.html` stands until there is something better to look at.
fn remove_splash() {
    for id in ["splash", "start-failed"] {
        if let Some(element) = document().get_element_by_id(id) {
            element.remove();
        }
    }
}
