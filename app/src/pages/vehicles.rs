//! The cars of this wallet.

use carnet_wallet::view::{Holding, VehicleCard, VehicleStage};
use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::household::Waiting;
use crate::i18n::format;
use crate::load::load;
use crate::router;
use crate::t;
use crate::ui::{Badge, Button, ButtonVariant, EmptyState, Glyph, Icon, LinkButton, PageFrame, Tone};
use crate::wallet::use_wallet;

/// The list of cars, or how to begin with one.
#[component]
pub fn Garage() -> impl IntoView {
    let wallet = use_wallet();
    let changes = wallet.changes();
    let cars = load(move || {
        changes.track();
        async move { wallet.vehicles().await }
    });
    let joinings = load(move || {
        changes.track();
        async move { wallet.joinings().await }
    });
    let joinings = joinings.value();
    let list = cars.value();
    let coming = move || joinings.with(|joinings| joinings.as_ref().is_some_and(|joinings| !joinings.is_empty()));
    let some = move || list.with(|list| list.as_ref().is_some_and(|list| !list.is_empty()));
    let add = move || {
        view! {
            <LinkButton href="/cars/new".to_owned() label=t!(vehicles::add) variant=ButtonVariant::Primary glyph=Glyph::Plus />
        }
    };
    view! {
        <PageFrame
            title=t!(vehicles::title)
            actions=move || move || some().then(add)
            phase=cars.phase(t!(vehicles::opening))
        >
            {move || joinings.get().map(|joining| view! { <Waiting joining /> })}
            {move || {
                if some() {
                    let cards = list.get().unwrap_or_default();
                    let (sold, own): (Vec<_>, Vec<_>) =
                        cards.into_iter().partition(|card| card.stage == VehicleStage::Sold);
                    let entries = |cards: Vec<VehicleCard>| {
                        let cards = cards.into_iter().map(|card| view! { <VehicleEntry card /> }).collect_view();
                        view! { <ul class="vehicles">{cards}</ul> }
                    };
                    let sold = (!sold.is_empty())
                        .then(|| view! { <h2 class="vehicles__heading">{t!(vehicles::sold)}</h2> {entries(sold)} });
                    view! {
                        {entries(own)}
                        {sold}
                        <div class="form-actions">
                            <LinkButton href="/s".to_owned() label=t!(vehicles::take_over) glyph=Glyph::Car />
                        </div>
                    }
                        .into_any()
                } else if coming() {
                    view! { <FirstIsComing /> }.into_any()
                } else {
                    view! { <NoCars /> }.into_any()
                }
            }}
        </PageFrame>
    }
}

/// The first car is on its way, from whoever holds it together with this wallet: what happens until then.
#[component]
fn FirstIsComing() -> impl IntoView {
    view! {
        <EmptyState glyph=Glyph::Clock title=t!(join::next) text=t!(join::next_text)>
            <LinkButton href="/cars/new".to_owned() label=t!(vehicles::add) glyph=Glyph::Plus />
        </EmptyState>
    }
}

/// The first car: one's own, or the sample.
#[component]
fn NoCars() -> impl IntoView {
    let wallet = use_wallet();
    let deed = Deed::new();
    let sample = move |()| {
        deed.run(async move { wallet.add_sample_vehicle().await }, move |card: VehicleCard| {
            router::go(&format!("/cars/{}", card.vehicle));
        });
    };
    view! {
        <EmptyState glyph=Glyph::Car title=t!(vehicles::none) text=t!(vehicles::none_text)>
            <LinkButton
                href="/cars/new".to_owned()
                label=t!(vehicles::add_first)
                variant=ButtonVariant::Primary
                glyph=Glyph::Plus
            />
            <LinkButton href="/cars/import".to_owned() label=t!(vehicle::import_file) glyph=Glyph::Upload />
            <Button label=t!(vehicles::try_sample) busy=deed.busy() on_press=sample />
            <LinkButton href="/s".to_owned() label=t!(vehicles::take_over) glyph=Glyph::Link />
        </EmptyState>
        <p class="form__waiting" role="status">
            {move || deed.busy().get().then(|| t!(vehicles::making_sample).get())}
        </p>
        <DeedFailure deed />
    }
}

/// One car in the list.
#[component]
fn VehicleEntry(card: VehicleCard) -> impl IntoView {
    let VehicleCard { vehicle, name, model, odometer_km, records, open_shares, holding, sample, stage, .. } = card;
    let stage = match stage {
        VehicleStage::Own => None,
        VehicleStage::Offered => Some((Tone::Caution, t!(vehicles::stage_offered))),
        VehicleStage::Sold => Some((Tone::Neutral, t!(vehicles::stage_sold))),
        VehicleStage::Arriving => Some((Tone::Info, t!(vehicles::stage_arriving))),
    };
    let held = match holding {
        Holding::Own => None,
        Holding::Shared(_) | Holding::Together { .. } => Some((Tone::Good, t!(vehicles::together))),
        Holding::Ended => Some((Tone::Neutral, t!(vehicles::no_longer_together))),
    };
    let odometer = odometer_km.map(|km| move || format::with_unit(km as f64, "kilometer"));
    view! {
        <li class="vehicles__item">
            <a class="vehicles__card" href=format!("/cars/{vehicle}")>
                <span class="vehicles__glyph">
                    <Icon glyph=Glyph::Car />
                </span>
                <span class="vehicles__body">
                    <span class="vehicles__name">{name}</span>
                    <span class="vehicles__model">{model}</span>
                    <span class="vehicles__figures">
                        {odometer.map(|odometer| view! { <span>{odometer}</span> })}
                        <span>{t!(vehicles::records, count = records)}</span>
                    </span>
                    <span class="vehicles__badges">
                        {stage.map(|(tone, text)| view! { <Badge tone text /> })}
                        {sample.then(|| view! { <Badge tone=Tone::Caution text=t!(vehicles::sample) /> })}
                        {held.map(|(tone, text)| view! { <Badge tone glyph=Glyph::User text /> })}
                        {(open_shares > 0)
                            .then(|| {
                                view! {
                                    <Badge
                                        tone=Tone::Info
                                        glyph=Glyph::Eye
                                        text=t!(vehicles::shares, count = open_shares)
                                    />
                                }
                            })}
                    </span>
                </span>
                <Icon glyph=Glyph::ChevronRight />
            </a>
        </li>
    }
}
