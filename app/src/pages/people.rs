//! The people who hold a car together with its owner.

use carnet_protocol::id::StreamId;
use leptos::prelude::*;

use super::vehicle::{OfVehicle, VehicleTabs, car_name};
use crate::household::{HolderEntry, Invite, OwnersOnly};
use crate::load::load;
use crate::t;
use crate::ui::{Each, PageFrame};
use crate::wallet::use_wallet;

/// Inviting, and the list.
#[component]
pub fn People() -> impl IntoView {
    view! {
        <OfVehicle page=|vehicle| {
            view! { <OwnersOnly vehicle offered=true page=|vehicle| view! { <PeopleOfCar vehicle /> }.into_any() /> }
                .into_any()
        } />
    }
}

#[component]
fn PeopleOfCar(vehicle: StreamId) -> impl IntoView {
    let wallet = use_wallet();
    let changes = wallet.changes_of(vehicle);
    let people = load(move || {
        changes.track();
        async move { wallet.holders(vehicle).await }
    });
    let list = people.value();
    view! {
        <PageFrame
            title=t!(people::title)
            of=car_name()
            lead=t!(people::lead)
            above=move || view! { <VehicleTabs vehicle /> }
            phase=people.phase(t!(people::loading))
        >
            <div class="shares">
                <Each
                    each=move || list.get().unwrap_or_default()
                    key=|person| (person.holder, person.state)
                    children=move |person| view! { <HolderEntry vehicle person /> }
                />
            </div>
            <Invite vehicle />
        </PageFrame>
    }
}
