//! Being the new device: the link, a name, a passphrase of one's own; then six digits for the other device.

use carnet_wallet::view::NewDeviceView;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::watch::watch;
use crate::action::{Deed, DeedFailure};
use crate::browser;
use crate::errand;
use crate::pages::ChoosePassphrase;
use crate::reader::arrivals;
use crate::router;
use crate::t;
use crate::ui::{
    Button, ButtonVariant, Card, Field, Glyph, Notice, StepTitle, Text, Tone, focus_first_error, on_change, refocus,
};
use crate::wallet::use_wallet;

/// Both steps.
#[component]
pub(crate) fn Join() -> impl IntoView {
    let stand = RwSignal::new(None::<NewDeviceView>);
    let asked = Memo::new(move |_| stand.read().is_some());
    let arrived = arrivals();
    on_change(move || asked.get(), |_| refocus());
    move || {
        // Another code may come into the address bar while the page is open.
        arrived.track();
        if asked.get() { view! { <Waiting stand /> }.into_any() } else { view! { <Asking stand /> }.into_any() }
    }
}

#[component]
fn Asking(stand: RwSignal<Option<NewDeviceView>>) -> impl IntoView {
    let wallet = use_wallet();
    // Scanned with the camera, the code opens this page and its secret is here already.
    let scanned = browser::take_device_fragment().unwrap_or_default();
    let by_hand = scanned.is_empty();
    let (link, name) = (RwSignal::new(scanned), RwSignal::new(String::new()));
    let (link_error, name_error) = (RwSignal::new(None::<Text>), RwSignal::new(None::<Text>));
    let deed = Deed::new();
    let join = Callback::new(move |passphrase: String| {
        let (link, name) = (link.get_untracked(), name.get_untracked());
        let (no_link, no_name) = (link.trim().is_empty(), name.trim().is_empty());
        link_error.set(no_link.then(|| t!(devices::link_missing)));
        name_error.set(no_name.then(|| t!(devices::name_missing)));
        if no_link || no_name {
            return focus_first_error();
        }
        deed.run(async move { wallet.join(link, name, passphrase).await }, move |view| stand.set(Some(view)));
    });
    view! {
        <Card>
            {if by_hand {
                view! { <Field label=t!(devices::link) hint=t!(devices::link_hint) value=link error=link_error /> }
                    .into_any()
            } else {
                view! { <Notice tone=Tone::Good title=t!(devices::scanned) text=t!(devices::scanned_text) /> }.into_any()
            }}
            <Field label=t!(devices::name) hint=t!(devices::name_hint) value=name error=name_error max_length=60 />
            <ChoosePassphrase
                busy=deed.busy()
                submit_label=t!(devices::ask)
                busy_text=t!(devices::asking)
                on_chosen=join
            />
            <DeedFailure deed />
        </Card>
    }
}

#[component]
fn Waiting(stand: RwSignal<Option<NewDeviceView>>) -> impl IntoView {
    let wallet = use_wallet();
    let deed = Deed::new();
    watch(move || {
        let work = async move {
            let view = wallet.joining().await?;
            if view.joined {
                wallet.refresh_status().await?;
                // A browser that refuses keeps the wallet all the same; the settings say so.
                let _ = browser::persist_storage().await;
            }
            Ok(view)
        };
        deed.run(work, move |view| {
            if view.joined {
                router::go(errand::after_wallet());
            } else {
                stand.set(Some(view));
            }
        });
    });
    let cancel = move |()| {
        spawn_local(async move {
            // What is not taken back ends by itself.
            let _ = wallet.cancel_joining().await;
        });
        stand.set(None);
    };
    let code = Memo::new(move |_| stand.read().as_ref().and_then(|view| view.code.clone()));
    view! {
        <Card>
            <StepTitle text=t!(devices::join_waiting) />
            {move || match code.get() {
                Some(code) => {
                    view! {
                        <p>{t!(devices::show_digits)}</p>
                        <p class="digits" role="status">
                            {code}
                        </p>
                        <p class="aside">{t!(devices::show_digits_why)}</p>
                    }
                        .into_any()
                }
                None => view! { <p role="status">{t!(devices::contacting)}</p> }.into_any(),
            }}
            <DeedFailure deed />
            <Button label=t!(devices::cancel) variant=ButtonVariant::Quiet glyph=Glyph::Close on_press=cancel />
        </Card>
    }
}
