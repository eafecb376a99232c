//! Taking a car over: what comes along, what stands against it, and the odometer, signed by the buyer as well.

use carnet_protocol::{id::GrantId, ledger::FlagKind, quantity::Metres};
use carnet_wallet::view::{LinkView, TakeoverView, VehicleCard, WalletState};
use leptos::prelude::*;

use super::CategoryList;
use crate::action::{Deed, DeedFailure};
use crate::errand;
use crate::i18n::format;
use crate::load::load;
use crate::reader::{NeedsWallet, UnlockFirst};
use crate::reading_check;
use crate::router;
use crate::t;
use crate::typed::whole_number;
use crate::ui::{
    Button, ButtonKind, ButtonVariant, Card, Checkbox, Fact, Facts, Field, FieldKind, Glyph, Notice, Progress, Text,
    Tone, Wait, focus_first_error,
};
use crate::wallet::use_wallet;

/// The takeover of the car whose code is open.
#[component]
pub(crate) fn TakeOver() -> impl IntoView {
    let wallet = use_wallet();
    let takeover = load(move || async move { wallet.takeover().await });
    let value = takeover.value();
    let state = wallet.state();
    let state = Memo::new(move |_| state.get());
    view! {
        <div class="print-hidden">
            <Card title=t!(sale::take_over_title)>
                <Wait phase=takeover
                    .phase(
                        t!(reader::checking),
                    )>
                    {move || {
                        value
                            .get()
                            .map(|view| {
                                let open = view.open;
                                view! {
                                    <Seen view=view.clone() />
                                    {open
                                        .then(|| match state.get() {
                                            None => view! { <Progress label=t!(gate::starting) /> }.into_any(),
                                            Some(WalletState::Absent) => view! { <NeedsWallet /> }.into_any(),
                                            Some(WalletState::Locked) => view! { <UnlockFirst why=t!(sale::unlock_first) /> }.into_any(),
                                            Some(WalletState::Unlocked) => view! { <AcceptForm view /> }.into_any(),
                                        })}
                                }
                            })
                    }}
                </Wait>
            </Card>
        </div>
    }
}

/// What is offered, and what of it stays with the seller.
#[component]
fn Seen(view: TakeoverView) -> impl IntoView {
    let TakeoverView { terms, odometer, contradicted, price, until, records, owners, flags, open, .. } = view;
    let wreck = flags.iter().any(|flag| flag.kind == FlagKind::Wreck);
    let theft = flags.iter().any(|flag| flag.kind == FlagKind::Theft);
    let records: Vec<_> = records.into_iter().map(|(category, _)| category).collect();
    view! {
        <p>{t!(sale::take_over_text, name = terms.vehicle_name)}</p>
        {(!open).then(|| view! { <Notice tone=Tone::Bad title=t!(sale::not_open) text=t!(sale::not_open_text) /> })}
        {theft.then(|| view! { <Notice tone=Tone::Bad title=t!(sale::stolen) text=t!(sale::stolen_text) /> })}
        {wreck.then(|| view! { <Notice tone=Tone::Bad title=t!(sale::wreck) text=t!(sale::wreck_text) /> })}
        {contradicted
            .map(|found| {
                view! { <Notice tone=Tone::Bad title=reading_check::said(found) text=t!(sale::odometer_contradicts) /> }
            })}
        <Facts>
            <Fact term=t!(sale::seller_reads)>
                {move || format::with_unit(odometer.km() as f64, "kilometer")}
            </Fact>
            <Fact term=t!(sale::owners_here)>{owners.to_string()}</Fact>
            {price
                .map(|price| {
                    view! { <Fact term=t!(sale::price)>{move || format::money(price.minor, &price.currency)}</Fact> }
                })}
            <Fact term=t!(sale::until)>{move || format::date_time((until.0 / 1_000) as i64)}</Fact>
        </Facts>
        <div class="terms__lists">
            <div>
                <p class="terms__caption">{t!(sale::comes_along)}</p>
                <CategoryList categories=records glyph=Glyph::Check />
            </div>
            <div>
                <p class="terms__caption">{t!(sale::stays_behind)}</p>
                <CategoryList categories=terms.not_shared glyph=Glyph::Lock />
            </div>
        </div>
    }
}

#[component]
fn AcceptForm(view: TakeoverView) -> impl IntoView {
    let wallet = use_wallet();
    let typed = RwSignal::new(String::new());
    let error = RwSignal::new(None::<Text>);
    let aware = RwSignal::new(false);
    let liens: Vec<_> = view.flags.iter().filter(|flag| flag.kind == FlagKind::Lien).map(|flag| flag.flag).collect();
    let pledged = !liens.is_empty();
    let stated = view.odometer.km();
    let deed = Deed::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let km = whole_number(&typed.get_untracked());
        let wrong = match km {
            None => Some(t!(sale::odometer_wrong)),
            Some(km) if km != stated => {
                let signed = move || format::with_unit(stated as f64, "kilometer");
                Some(Text::from(move || t!(sale::odometer_differs, km = signed()).get()))
            }
            Some(_) => None,
        };
        let good = wrong.is_none();
        error.set(wrong);
        let Some(km) = km.filter(|_| good) else { return focus_first_error() };
        let liens = liens.clone();
        let work = async move { wallet.accept_sale(Metres::from_km(km), liens).await };
        deed.run(work, move |card: VehicleCard| {
            errand::link_open(false);
            router::go(&format!("/cars/{}", card.vehicle));
        });
    };
    view! {
        <form class="reader__form" on:submit=submit>
            <Field
                label=t!(sale::you_read)
                hint=t!(sale::you_read_hint)
                kind=FieldKind::Number
                unit="km"
                value=typed
                error
                max_length=12
            />
            {pledged.then(|| view! { <Checkbox label=t!(sale::lien) hint=t!(sale::lien_hint) checked=aware /> })}
            <DeedFailure deed />
            <Button
                label=t!(sale::take_over)
                variant=ButtonVariant::Primary
                kind=ButtonKind::Submit
                glyph=Glyph::Check
                busy=deed.busy()
                disabled=Signal::derive(move || pledged && !aware.get())
            />
            <p class="reader__waiting" role="status">
                {move || deed.busy().get().then(|| t!(sale::taking_over).get())}
            </p>
        </form>
    }
}

/// The owner of a saved passport offers the car to its reader: opens the code.
#[component]
pub(crate) fn Offered(
    /// The saved passport's grant.
    grant: GrantId,
) -> impl IntoView {
    let wallet = use_wallet();
    let deed = Deed::new();
    let open = move |()| {
        deed.run(async move { wallet.open_offer(grant).await }, |_: LinkView| router::go("/s"));
    };
    view! {
        <Notice tone=Tone::Good title=t!(sale::offered) text=t!(sale::offered_text)>
            <Button
                label=t!(sale::look_at_offer)
                variant=ButtonVariant::Primary
                glyph=Glyph::Car
                busy=deed.busy()
                on_press=open
            />
            <DeedFailure deed />
        </Notice>
    }
}
