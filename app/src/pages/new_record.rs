//! Typing a record of one's own car.

use carnet_protocol::id::StreamId;
use carnet_wallet::command::Subject;
use leptos::prelude::*;

use crate::action::Deed;
use crate::pages::vehicle::{OfVehicle, VehicleTabs, Writable, car_name};
use crate::record_form::{RecordForm, Typed};
use crate::router;
use crate::t;
use crate::ui::{Card, PageFrame};
use crate::wallet::use_wallet;

/// The form for a record.
#[component]
pub fn NewRecord() -> impl IntoView {
    view! {
        <OfVehicle page=|vehicle| {
            let page = |vehicle| view! { <RecordPage vehicle /> }.into_any();
            view! { <Writable vehicle title=t!(new_record::title) page /> }.into_any()
        } />
    }
}

#[component]
fn RecordPage(vehicle: StreamId) -> impl IntoView {
    let wallet = use_wallet();
    let deed = Deed::new();
    let keep = move |typed: Typed| {
        let Typed { day, fact, note, files } = typed;
        deed.run(async move { wallet.add_record(vehicle, day, fact, note, files).await }, move |_| {
            router::go(&format!("/cars/{vehicle}/timeline"));
        });
    };
    view! {
        <PageFrame
            title=t!(new_record::title)
            of=car_name()
            lead=t!(new_record::lead)
            narrow=true
            above=move || view! { <VehicleTabs vehicle /> }
        >
            <Card>
                <RecordForm subject=Some(Subject::Own(vehicle)) deed on_typed=keep />
            </Card>
        </PageFrame>
    }
}
