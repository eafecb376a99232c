//! The shares of a car and who looked.

use carnet_protocol::id::StreamId;
use leptos::prelude::*;

use super::vehicle::{OfVehicle, VehicleTabs, car_name};
use crate::household::OwnersOnly;
use crate::load::load;
use crate::share::{LooksTable, ShareEntry};
use crate::t;
use crate::ui::{ButtonVariant, Each, EmptyState, Glyph, LinkButton, PageFrame, Wait};
use crate::wallet::use_wallet;

/// Shares and viewing log of one car.
#[component]
pub fn Shares() -> impl IntoView {
    view! {
        <OfVehicle page=|vehicle| {
            view! { <OwnersOnly vehicle page=|vehicle| view! { <SharesOfCar vehicle /> }.into_any() /> }.into_any()
        } />
    }
}

#[component]
fn SharesOfCar(vehicle: StreamId) -> impl IntoView {
    let wallet = use_wallet();
    let changes = wallet.changes_of(vehicle);
    let shares = load(move || {
        changes.track();
        async move { wallet.shares(vehicle).await }
    });
    let list = shares.value();
    let none = Memo::new(move |_| list.with(|list| list.as_ref().is_some_and(Vec::is_empty)));
    view! {
        <PageFrame
            title=t!(vehicle::shares)
            of=car_name()
            lead=t!(share::shares_lead)
            above=move || view! { <VehicleTabs vehicle /> }
            phase=shares.phase(t!(share::loading_shares))
        >
            {move || none.get().then(|| view! { <NoShares vehicle /> })}
            <div class="shares">
                <Each
                    each=move || list.get().unwrap_or_default()
                    key=|share| (share.grant, share.state, share.not_after, share.seen, share.openings, share.days_looked)
                    children=move |share| view! { <ShareEntry vehicle share /> }
                />
            </div>
            <Log vehicle />
        </PageFrame>
    }
}

#[component]
fn NoShares(vehicle: StreamId) -> impl IntoView {
    view! {
        <EmptyState glyph=Glyph::Share title=t!(share::none) text=t!(share::none_text)>
            <LinkButton
                href=format!("/cars/{vehicle}/share")
                label=t!(share::first_share)
                variant=ButtonVariant::Primary
                glyph=Glyph::Share
            />
        </EmptyState>
    }
}

#[component]
fn Log(vehicle: StreamId) -> impl IntoView {
    let wallet = use_wallet();
    let changes = wallet.changes_of(vehicle);
    let looks = load(move || {
        changes.track();
        async move { wallet.looks(vehicle).await }
    });
    let list = looks.value();
    let list = Signal::derive(move || list.get().unwrap_or_default());
    view! {
        <Wait phase=looks
            .phase(
                t!(share::loading_looks),
            )>
            <LooksTable looks=list />
        </Wait>
    }
}
