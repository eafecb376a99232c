//! The owner's word that the car was stolen, or found again.

use carnet_protocol::id::StreamId;
use carnet_wallet::command::Subject;
use leptos::prelude::*;

use crate::household::OwnersOnly;
use crate::pages::vehicle::{OfVehicle, VehicleTabs, car_name};
use crate::statements::{Speaker, Statements};
use crate::t;
use crate::ui::PageFrame;

/// The page. It is there while the car is for sale, too: one that is stolen meanwhile must not be sold unseen.
#[component]
pub fn Theft() -> impl IntoView {
    view! {
        <OfVehicle page=|vehicle| {
            view! { <OwnersOnly vehicle page=|vehicle| view! { <TheftPage vehicle /> }.into_any() /> }.into_any()
        } />
    }
}

#[component]
fn TheftPage(vehicle: StreamId) -> impl IntoView {
    view! {
        <PageFrame
            title=t!(statements::theft_title)
            of=car_name()
            lead=t!(statements::theft_lead)
            narrow=true
            above=move || view! { <VehicleTabs vehicle /> }
        >
            <Statements subject=Subject::Own(vehicle) speaker=Speaker::Owner vin=None on_said=|()| {} />
        </PageFrame>
    }
}
