//! Passkeys: those that open this wallet, and another one.

use carnet_wallet::view::PasskeyView;
use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::announcements::use_announcer;
use crate::i18n::format;
use crate::passkey;
use crate::t;
use crate::ui::{Button, ButtonKind, ButtonVariant, Disclosure, Field, FieldKind, Glyph, Notice, Tone};
use crate::wallet::use_wallet;

/// The list, and a form for another one.
#[component]
pub(super) fn Passkeys() -> impl IntoView {
    let status = use_wallet().status();
    let passkeys = Memo::new(move |_| status.get().map(|status| status.passkeys).unwrap_or_default());
    view! {
        <p>{t!(settings::passkeys_text)}</p>
        <ul class="passkeys" aria-label=move || t!(settings::passkeys).get()>
            <For each=move || passkeys.get() key=|passkey| passkey.credential.clone() let:passkey>
                <Listed passkey />
            </For>
        </ul>
        {if passkey::known() {
            view! {
                <Disclosure summary=t!(settings::add_passkey)>
                    <AddPasskey />
                </Disclosure>
            }
                .into_any()
        } else {
            view! {
                <Notice
                    tone=Tone::Neutral
                    title=t!(faults::passkey_unable_title)
                    text=t!(faults::passkey_unable_text)
                />
            }
                .into_any()
        }}
    }
}

#[component]
fn Listed(passkey: PasskeyView) -> impl IntoView {
    let wallet = use_wallet();
    let deed = Deed::new();
    let credential = passkey.credential;
    let remove = move |()| {
        let credential = credential.clone();
        deed.run(async move { wallet.remove_passkey(credential).await }, |_| {});
    };
    let (name, added_at) = (passkey.name.clone(), passkey.added_at);
    view! {
        <li class="passkeys__passkey">
            <strong>{passkey.name}</strong>
            <span class="aside">{move || format::date_time((added_at.0 / 1_000) as i64)}</span>
            <Button
                label=t!(settings::remove_passkey, name = name)
                variant=ButtonVariant::Quiet
                glyph=Glyph::Trash
                busy=deed.busy()
                on_press=remove
            />
            <DeedFailure deed />
        </li>
    }
}

#[component]
fn AddPasskey() -> impl IntoView {
    let (wallet, announcer) = (use_wallet(), use_announcer());
    let (name, passphrase) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let deed = Deed::new();
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (called, typed) = (name.get_untracked(), passphrase.get_untracked());
        let work = async move {
            let answered = passkey::create(&called).await?;
            wallet.add_passkey(typed, called, answered).await
        };
        deed.run(work, move |_| {
            name.set(String::new());
            passphrase.set(String::new());
            announcer.say(Tone::Good, t!(settings::passkey_added));
        });
    };
    view! {
        <form class="form" on:submit=add>
            <Field label=t!(settings::passkey_name) hint=t!(settings::passkey_name_hint) value=name />
            <Field
                label=t!(unlock::passphrase)
                hint=t!(settings::passkey_passphrase_hint)
                kind=FieldKind::Password
                value=passphrase
            />
            <DeedFailure deed />
            <Button
                label=t!(settings::add_passkey_now)
                variant=ButtonVariant::Primary
                kind=ButtonKind::Submit
                busy=deed.busy()
                disabled=Signal::derive(move || name.read().trim().is_empty() || passphrase.read().is_empty())
            />
            <p class="form__waiting" role="status">
                {move || deed.busy().get().then(|| t!(settings::adding_passkey).get())}
            </p>
        </form>
    }
}
