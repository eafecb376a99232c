//! The other side: what an invitation offers, and saying yes to it.

use carnet_wallet::view::{JoiningView, OfferView, WalletState};
use leptos::prelude::*;

use super::entry::sees;
use crate::action::{Deed, DeedFailure};
use crate::announcements::use_announcer;
use crate::errand;
use crate::i18n::format;
use crate::reader::UnlockFirst;
use crate::router;
use crate::t;
use crate::ui::{Button, ButtonVariant, Card, Fact, Facts, Glyph, LinkButton, Notice, Progress, Text, Tone};
use crate::wallet::use_wallet;

/// The offer, and what the wallet of this browser allows.
#[component]
pub(crate) fn Accept(
    /// The code.
    code: String,
    /// What it offers.
    offer: OfferView,
) -> impl IntoView {
    let OfferView { vehicle_name, private, expires, over, known } = offer;
    let state = use_wallet().state();
    let state = Memo::new(move |_| state.get());
    let name = Text::from(vehicle_name);
    view! {
        <Card title=name>
            <Facts>
                <Fact term=t!(join::get)>{sees(private)}</Fact>
                <Fact term=t!(join::until)>{move || format::date_time((expires.0 / 1_000) as i64)}</Fact>
            </Facts>
            <p>{t!(join::means)}</p>
            {move || match state.get() {
                _ if over => view! { <Notice tone=Tone::Caution title=t!(join::over) text=t!(join::over_text) /> }.into_any(),
                _ if known => view! { <Notice tone=Tone::Info title=t!(join::known) /> }.into_any(),
                None => view! { <Progress label=t!(gate::starting) /> }.into_any(),
                Some(WalletState::Absent) => view! { <NeedsWallet code=code.clone() /> }.into_any(),
                Some(WalletState::Locked) => view! { <UnlockFirst why=t!(join::unlock_first) /> }.into_any(),
                Some(WalletState::Unlocked) => view! { <Join code=code.clone() /> }.into_any(),
            }}
        </Card>
    }
}

#[component]
fn NeedsWallet(code: String) -> impl IntoView {
    errand::invited(Some(code));
    view! {
        <p>{t!(join::needs_wallet)}</p>
        <LinkButton
            href="/welcome/new".to_owned()
            label=t!(reader::create_wallet)
            variant=ButtonVariant::Primary
            glyph=Glyph::Plus
        />
    }
}

#[component]
fn Join(code: String) -> impl IntoView {
    let wallet = use_wallet();
    let announcer = use_announcer();
    let deed = Deed::new();
    let join = move |()| {
        let code = code.clone();
        deed.run(async move { wallet.join_vehicle(code).await }, move |_| {
            errand::invited(None);
            announcer.say(Tone::Good, t!(join::answered));
            router::go("/");
        });
    };
    view! {
        <DeedFailure deed />
        <Button
            label=t!(join::accept)
            variant=ButtonVariant::Primary
            glyph=Glyph::Check
            busy=deed.busy()
            on_press=join
        />
    }
}

/// Cars that are on their way here, above the list of cars.
#[component]
pub(crate) fn Waiting(
    /// They.
    joining: Vec<JoiningView>,
) -> impl IntoView {
    joining
        .into_iter()
        .map(|joining| {
            view! {
                <Notice
                    tone=Tone::Info
                    title=t!(join::waiting, name = joining.vehicle_name)
                    text=t!(join::waiting_text)
                />
            }
        })
        .collect_view()
}
