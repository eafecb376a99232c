//! The devices that hold this wallet.

use leptos::prelude::*;

use crate::devices::{AddDevice, DeviceList};
use crate::gate::Gate;
use crate::load::load;
use crate::t;
use crate::ui::{Disclosure, Notice, PageFrame, Tone};
use crate::wallet::use_wallet;

/// The list, another one, and what to do when one is lost.
#[component]
pub fn Devices() -> impl IntoView {
    view! {
        <Gate>
            <Loaded />
        </Gate>
    }
}

#[component]
fn Loaded() -> impl IntoView {
    let wallet = use_wallet();
    let asked = RwSignal::new(0u32);
    let changes = wallet.changes();
    let loaded = load(move || {
        asked.track();
        changes.track();
        async move { wallet.devices().await }
    });
    let view = loaded.value();
    let again = Callback::new(move |()| asked.update(|count| *count += 1));
    let offline = move || {
        view.read().as_ref().is_some_and(|view| !view.asked).then(|| {
            view! { <Notice tone=Tone::Neutral title=t!(devices::offline) text=t!(devices::offline_text) /> }
        })
    };
    view! {
        <PageFrame
            title=t!(devices::title)
            lead=t!(devices::lead)
            narrow=true
            phase=loaded.phase(t!(devices::loading))
            above=move || view! { <a href="/settings">{t!(settings::title)}</a> }
        >
            {offline}
            {move || {
                let devices = view.get().map(|view| view.devices).unwrap_or_default();
                view! { <DeviceList devices on_changed=again /> }
            }}
            <AddDevice on_added=again />
            <Disclosure summary=t!(devices::lost)>
                <p>{t!(devices::lost_text)}</p>
                <p>{t!(devices::words_seen_text)}</p>
            </Disclosure>
        </PageFrame>
    }
}
