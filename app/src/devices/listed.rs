//! The devices in a list: called what, added and seen when, renamed, removed.

use carnet_wallet::view::DeviceView;
use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::confirm::{Confirm, Question};
use crate::i18n::format;
use crate::t;
use crate::ui::{Badge, Button, ButtonKind, Card, Disclosure, Fact, Facts, Field, FieldKind, Glyph, Text, Tone};
use crate::wallet::use_wallet;

/// One card for each.
#[component]
pub(crate) fn DeviceList(
    /// The devices.
    devices: Vec<DeviceView>,
    /// The list is another one now.
    #[prop(into)]
    on_changed: Callback<()>,
) -> impl IntoView {
    devices.into_iter().map(|device| view! { <Listed device on_changed /> }.into_any()).collect_view()
}

#[component]
fn Listed(device: DeviceView, on_changed: Callback<()>) -> impl IntoView {
    let DeviceView { device: key, name, added_at, seen_at, this } = device;
    let title = if name.is_empty() { t!(devices::nameless) } else { Text::from(name.clone()) };
    let seen = match seen_at {
        _ if this => t!(devices::seen_now),
        Some(at) => Text::from(format::date_time(seconds(at.0))),
        None => t!(devices::seen_unknown),
    };
    let badge = move || this.then(|| view! { <Badge tone=Tone::Good text=t!(devices::this) /> });
    let removal = (!this).then(|| view! { <Removal key name=name.clone() on_changed /> });
    view! {
        <Card title actions=badge>
            <Facts>
                <Fact term=t!(devices::added)>{move || format::date_time(seconds(added_at.0))}</Fact>
                <Fact term=t!(devices::seen)>{seen}</Fact>
            </Facts>
            <Disclosure summary=t!(devices::rename)>
                <Rename key name=name.clone() on_changed />
            </Disclosure>
            {removal}
        </Card>
    }
}

/// Seconds of a time in milliseconds.
fn seconds(milliseconds: u64) -> i64 {
    (milliseconds / 1_000) as i64
}

#[component]
fn Rename(key: carnet_protocol::key::VerifyingKey, name: String, on_changed: Callback<()>) -> impl IntoView {
    let wallet = use_wallet();
    let (value, deed) = (RwSignal::new(name), Deed::new());
    let rename = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = value.get_untracked();
        deed.run(async move { wallet.rename_device(key, typed).await }, move |_| on_changed.run(()));
    };
    view! {
        <form class="form" on:submit=rename>
            <Field label=t!(devices::name) hint=t!(devices::name_hint) value max_length=60 />
            <DeedFailure deed />
            <Button
                label=t!(devices::rename_now)
                kind=ButtonKind::Submit
                busy=deed.busy()
                disabled=Signal::derive(move || value.read().trim().is_empty())
            />
        </form>
    }
}

#[component]
fn Removal(key: carnet_protocol::key::VerifyingKey, name: String, on_changed: Callback<()>) -> impl IntoView {
    let label = if name.is_empty() { t!(devices::remove_now) } else { t!(devices::remove, name = name) };
    let wallet = use_wallet();
    let question = Question::new();
    let passphrase = RwSignal::new(String::new());
    let remove = move |()| {
        let typed = passphrase.get_untracked();
        question.answer(async move { wallet.remove_device(key, typed).await }, t!(devices::removed), move |_| {
            passphrase.set(String::new());
            on_changed.run(());
        });
    };
    view! {
        <Confirm
            question
            label
            glyph=Glyph::Trash
            title=t!(devices::remove_sure)
            yes=t!(devices::remove_now)
            on_yes=remove
        >
            <p>{t!(devices::remove_text)}</p>
            <p>{t!(devices::remove_links)}</p>
            <p>{t!(devices::remove_remains)}</p>
            <Field label=t!(unlock::passphrase) kind=FieldKind::Password value=passphrase />
        </Confirm>
    }
}
