//! Keeping the passport behind a link in one's own wallet: the link dies, the copy stays.

use carnet_protocol::id::GrantId;
use carnet_wallet::view::{SavedView, WalletState};
use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::announcements::use_announcer;
use crate::errand;
use crate::router;
use crate::t;
use crate::ui::{Button, ButtonKind, ButtonVariant, Card, Field, FieldKind, Glyph, LinkButton, Progress, Text, Tone};
use crate::wallet::use_wallet;

/// The offer, as far as the wallet of this browser allows.
#[component]
pub(super) fn Keep(
    /// The grant behind the link.
    grant: GrantId,
) -> impl IntoView {
    let wallet = use_wallet();
    let announcer = use_announcer();
    let state = wallet.state();
    let state = Memo::new(move |_| state.get());
    let deed = Deed::new();
    let kept = Callback::new(move |_: Vec<SavedView>| {
        errand::link_open(false);
        announcer.say(Tone::Good, t!(reader::kept));
        router::go(&format!("/saved/{grant}"));
    });
    let claim = move |()| deed.run(async move { wallet.claim_link().await }, move |saved| kept.run(saved));
    view! {
        <div class="print-hidden">
            <Card title=t!(reader::keep_title)>
                <p>{t!(reader::keep_text)}</p>
                <DeedFailure deed />
                {move || match state.get() {
                    None => view! { <Progress label=t!(gate::starting) /> }.into_any(),
                    Some(WalletState::Absent) => view! { <NeedsWallet /> }.into_any(),
                    Some(WalletState::Locked) => view! { <UnlockFirst why=t!(reader::unlock_first) /> }.into_any(),
                    Some(WalletState::Unlocked) => {
                        view! {
                            <Button
                                label=t!(reader::keep)
                                variant=ButtonVariant::Primary
                                glyph=Glyph::Download
                                busy=deed.busy()
                                on_press=claim
                            />
                        }
                            .into_any()
                    }
                }}
            </Card>
        </div>
    }
}

/// Where to make a wallet; the open link waits meanwhile.
#[component]
pub(crate) fn NeedsWallet() -> impl IntoView {
    view! {
        <p>{t!(reader::needs_wallet)}</p>
        <LinkButton
            href="/welcome/new".to_owned()
            label=t!(reader::create_wallet)
            variant=ButtonVariant::Primary
            glyph=Glyph::Plus
        />
    }
}

/// Opens the wallet here, so that the open link is not left.
#[component]
pub(crate) fn UnlockFirst(
    /// What for.
    why: Text,
) -> impl IntoView {
    let wallet = use_wallet();
    let passphrase = RwSignal::new(String::new());
    let deed = Deed::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = passphrase.get_untracked();
        deed.run(async move { wallet.unlock(typed).await }, move |_| {});
    };
    view! {
        <form class="reader__form" on:submit=submit>
            <p>{why}</p>
            <Field label=t!(reader::passphrase) kind=FieldKind::Password value=passphrase />
            <DeedFailure deed />
            <Button label=t!(reader::unlock) kind=ButtonKind::Submit glyph=Glyph::Unlock busy=deed.busy() />
            <p class="reader__waiting" role="status">
                {move || deed.busy().get().then(|| t!(reader::unlocking).get())}
            </p>
        </form>
    }
}
