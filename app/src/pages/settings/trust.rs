//! How this wallet stands to the consortium's ledger, and what to do when it shows two histories.

use carnet_wallet::view::TrustView;
use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::download::download;
use crate::load::load;
use crate::passport::Cosigners;
use crate::t;
use crate::ui::{Button, ButtonVariant, Card, Disclosure, Fact, Facts, Field, FieldKind, Glyph, Notice, Tone, Wait};
use crate::wallet::use_wallet;

/// The card.
#[component]
pub(super) fn Trust() -> impl IntoView {
    let wallet = use_wallet();
    let changes = wallet.changes();
    let trust = load(move || {
        changes.track();
        async move { wallet.trust().await }
    });
    let value = trust.value();
    view! {
        <Card title=t!(proof::ledger)>
            <Wait phase=trust.phase(t!(proof::asking))>{move || value.get().map(|view| view! { <Standing view /> })}</Wait>
        </Card>
    }
}

#[component]
fn Standing(view: TrustView) -> impl IntoView {
    let wallet = use_wallet();
    let saving = Deed::new();
    let save = move |()| saving.run(async move { wallet.receipts().await }, |file| download(&file));
    let TrustView { contradiction, seen, cosigned, needed, cosigners, receipts } = view;
    let names = cosigners.join(", ");
    view! {
        <div class="stack">
            {contradiction.then(|| view! { <Contradiction /> })}
            <p>{t!(proof::policy, count = needed, names = names)}</p>
            {match seen {
                None => view! { <p class="aside">{t!(proof::nothing_seen)}</p> }.into_any(),
                Some(seen) => {
                    view! {
                        <Facts>
                            <Fact term=t!(proof::last_seen)>{t!(proof::size_value, count = seen)}</Fact>
                            <Fact term=t!(proof::cosigned) wide=true>
                                <Cosigners cosigned />
                            </Fact>
                        </Facts>
                    }
                        .into_any()
                }
            }}
            {receipts
                .then(|| {
                    view! {
                        <p class="aside">{t!(proof::receipts_text)}</p>
                        <Button label=t!(proof::receipts) glyph=Glyph::Download busy=saving.busy() on_press=save />
                        <DeedFailure deed=saving />
                    }
                })}
        </div>
    }
}

#[component]
fn Contradiction() -> impl IntoView {
    let wallet = use_wallet();
    let (saving, going_on) = (Deed::new(), Deed::new());
    let passphrase = RwSignal::new(String::new());
    let save = move |()| saving.run(async move { wallet.evidence().await }, |file| download(&file));
    let go_on = move |()| {
        let typed = passphrase.get_untracked();
        going_on.run(async move { wallet.start_trust_anew(typed).await }, |_| {});
    };
    view! {
        <Notice tone=Tone::Bad title=t!(proof::contradiction) text=t!(proof::contradiction_text) />
        <Button label=t!(proof::evidence) glyph=Glyph::Download busy=saving.busy() on_press=save />
        <DeedFailure deed=saving />
        <Disclosure summary=t!(proof::go_on)>
            <div class="form">
                <p>{t!(proof::go_on_text)}</p>
                <Field label=t!(unlock::passphrase) kind=FieldKind::Password value=passphrase />
                <DeedFailure deed=going_on />
                <Button
                    label=t!(proof::go_on_now)
                    variant=ButtonVariant::Danger
                    busy=going_on.busy()
                    on_press=go_on
                />
            </div>
        </Disclosure>
    }
}
