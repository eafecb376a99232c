//! Selling a car: the offer, the code, the wait, and the archive that stays.

use carnet_protocol::id::StreamId;
use carnet_wallet::view::{SaleStep, SaleView};
use leptos::prelude::*;

use super::vehicle::{OfVehicle, VehicleTabs, car_name};
use crate::household::OwnersOnly;
use crate::i18n::format;
use crate::load::load;
use crate::sale::{CodeCard, OfferForm};
use crate::t;
use crate::ui::{Notice, PageFrame, Text, Tone, follow, refocus};
use crate::wallet::use_wallet;

/// The sale of one car.
#[component]
pub fn Sell() -> impl IntoView {
    view! {
        <OfVehicle page=|vehicle| {
            view! { <OwnersOnly vehicle page=|vehicle| view! { <SellCar vehicle /> }.into_any() /> }.into_any()
        } />
    }
}

#[component]
fn SellCar(vehicle: StreamId) -> impl IntoView {
    let wallet = use_wallet();
    let changes = wallet.changes_of(vehicle);
    let changed = RwSignal::new(0u32);
    let again = move || changed.update(|count| *count += 1);
    let sale = load(move || {
        changes.track();
        changed.track();
        async move { wallet.sale(vehicle).await }
    });
    let value = sale.value();
    // Making an offer and taking it back put another step in the place of the one that had the focus.
    let step = Memo::new(move |_| value.with(|sale| sale.as_ref().map(|sale| sale.as_ref().map(|sale| sale.step))));
    let mut before = None;
    follow(move || {
        let now = step.get();
        if before.is_some() && before != now {
            refocus();
        }
        before = now;
    });
    let sold = Memo::new(move |_| matches!(value.get(), Some(Some(SaleView { step: SaleStep::Sold { .. }, .. }))));
    let either = move |over: Text, before: Text| Text::from(move || if sold.get() { over.get() } else { before.get() });
    view! {
        <PageFrame
            title=either(t!(sale::title_sold), t!(sale::title))
            of=car_name()
            lead=either(t!(sale::lead_sold), t!(sale::lead))
            above=move || view! { <VehicleTabs vehicle /> }
            phase=sale.phase(t!(vehicle::opening))
        >
            {move || {
                value
                    .get()
                    .map(|sale| match sale {
                        None => view! { <OfferForm vehicle on_made=move |_| again() /> }.into_any(),
                        Some(sale) => view! { <Standing vehicle sale on_change=move |()| again() /> }.into_any(),
                    })
            }}
        </PageFrame>
    }
}

#[component]
fn Standing(vehicle: StreamId, sale: SaleView, #[prop(into)] on_change: Callback<()>) -> impl IntoView {
    match sale.step {
        SaleStep::Waiting => {
            view! { <Notice tone=Tone::Info title=t!(sale::unsent) text=t!(sale::unsent_text) /> }.into_any()
        }
        SaleStep::Offered | SaleStep::Lapsed => view! { <CodeCard vehicle sale on_change /> }.into_any(),
        SaleStep::Sold { at } => {
            let day = format::date_time((at.0 / 1_000) as i64);
            view! { <Notice tone=Tone::Good title=t!(sale::sold, day = day) text=t!(sale::sold_text) /> }.into_any()
        }
    }
}
