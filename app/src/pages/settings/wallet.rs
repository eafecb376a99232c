//! The wallet's own settings: locking, and removing it from this browser.

use carnet_wallet::view::{WalletState, WalletStatus};
use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::browser;
use crate::export::Export;
use crate::t;
use crate::ui::{Button, ButtonVariant, Card, Checkbox, Dialog, Glyph, Notice, Select, SelectOption, Tone, on_change};
use crate::wallet::use_wallet;

/// Minutes offered; 0 is never.
const IDLE_MINUTES: [u16; 5] = [1, 5, 15, 60, 0];

/// Shown where there is a wallet.
#[component]
pub(super) fn WalletSettings() -> impl IntoView {
    let status = use_wallet().status();
    move || {
        let status = status.get().filter(|status| status.state != WalletState::Absent)?;
        let unlocked = status.state == WalletState::Unlocked;
        Some(view! {
            {unlocked.then(|| view! { <Export vehicle=None /> })}
            <Card title=t!(settings::wallet)>
                <div class="stack" id="wallet">
                    {unlocked.then(|| view! { <Locking status=status.clone() /> })}
                    {status.storage_persistent.map(|kept| view! { <Keeping kept /> })}
                    <Removing />
                </div>
            </Card>
        })
    }
}

/// Whether the browser keeps the wallet; where it has not promised to, it can be asked once more.
#[component]
fn Keeping(kept: bool) -> impl IntoView {
    let wallet = use_wallet();
    let deed = Deed::new();
    let ask = move |()| {
        let work = async move {
            // Refused: the status says so again.
            let _ = browser::persist_storage().await;
            wallet.refresh_status().await
        };
        deed.run(work, |_| {});
    };
    if kept {
        view! { <Notice tone=Tone::Good title=t!(devices::kept) text=t!(devices::kept_text) /> }.into_any()
    } else {
        view! {
            <Notice tone=Tone::Caution title=t!(settings::not_persistent) text=t!(settings::not_persistent_text) />
            <Button label=t!(devices::keep) busy=deed.busy() on_press=ask />
            <DeedFailure deed />
        }
        .into_any()
    }
}

#[component]
fn Locking(status: WalletStatus) -> impl IntoView {
    let wallet = use_wallet();
    let minutes = RwSignal::new(status.idle_lock_minutes.to_string());
    let (saving, locking) = (Deed::new(), Deed::new());
    let options = IDLE_MINUTES
        .map(|minutes| {
            let label =
                if minutes == 0 { t!(settings::idle_never) } else { t!(settings::idle_minutes, count = minutes) };
            SelectOption::new(minutes.to_string(), label)
        })
        .to_vec();
    on_change(
        move || minutes.get(),
        move |minutes| {
            if let Ok(minutes) = minutes.parse() {
                saving.run(async move { wallet.set_idle_lock(minutes).await }, |_| {});
            }
        },
    );
    view! {
        <Select label=t!(settings::idle) hint=t!(settings::idle_hint) options=Signal::stored(options) value=minutes />
        <DeedFailure deed=saving />
        <Button
            label=t!(settings::lock_now)
            glyph=Glyph::Lock
            busy=locking.busy()
            on_press=move |()| locking.run(async move { wallet.lock().await }, |_| {})
        />
        <DeedFailure deed=locking />
    }
}

#[component]
fn Removing() -> impl IntoView {
    let wallet = use_wallet();
    let open = RwSignal::new(false);
    let sure = RwSignal::new(false);
    let deed = Deed::new();
    let remove = move |()| deed.run(async move { wallet.remove_wallet().await }, move |_| open.set(false));
    view! {
        <Button label=t!(settings::remove) variant=ButtonVariant::Danger on_press=move |()| open.set(true) />
        <Dialog
            open
            title=t!(settings::remove_title)
            close_label=t!(settings::close)
            on_close=move |()| open.set(false)
        >
            <p>{t!(settings::remove_text)}</p>
            <Checkbox label=t!(settings::remove_words) checked=sure />
            <DeedFailure deed />
            <Button
                label=t!(settings::remove_now)
                variant=ButtonVariant::Danger
                disabled=Signal::derive(move || !sure.get())
                busy=deed.busy()
                on_press=remove
            />
        </Dialog>
    }
}
