//! Sources that may write to a car, and what they wrote that asks for an answer.

use carnet_protocol::id::StreamId;
use carnet_wallet::view::{PairingView, RecordView};
use leptos::prelude::*;

use super::vehicle::{OfVehicle, VehicleTabs, car_name};
use crate::household::OwnersOnly;
use crate::i18n::format;
use crate::load::load;
use crate::sources::{AnswerForm, PairingEntry, PairingForm};
use crate::t;
use crate::ui::{Card, Each, Fact, Facts, PageFrame, Wait, focus_card_of};
use crate::wallet::use_wallet;
use crate::words;

/// The sources of one car.
#[component]
pub fn Sources() -> impl IntoView {
    view! {
        <OfVehicle page=|vehicle| {
            view! { <OwnersOnly vehicle page=|vehicle| view! { <SourcesOfCar vehicle /> }.into_any() /> }.into_any()
        } />
    }
}

#[component]
fn SourcesOfCar(vehicle: StreamId) -> impl IntoView {
    let wallet = use_wallet();
    let changes = wallet.changes_of(vehicle);
    let made = RwSignal::new(0u32);
    let pairings = load(move || {
        changes.track();
        made.track();
        async move { wallet.pairings(vehicle).await }
    });
    let list = pairings.value();
    let again = move || made.update(|count| *count += 1);
    let made_one = move |one: PairingView| {
        again();
        // The code is what the owner wants to see now.
        focus_card_of(format!("[data-pairing=\"{}\"]", one.pairing));
    };
    view! {
        <PageFrame
            title=t!(sources::title)
            of=car_name()
            lead=t!(sources::lead)
            above=move || view! { <VehicleTabs vehicle /> }
            phase=pairings.phase(t!(sources::loading))
        >
            <Unanswered vehicle />
            <div class="shares">
                <Each
                    each=move || list.get().unwrap_or_default()
                    key=|pairing| (pairing.pairing, pairing.status)
                    children=move |pairing| {
                        view! { <PairingEntry vehicle pairing on_change=move |()| again() /> }
                    }
                />
            </div>
            <PairingForm vehicle on_made=made_one />
        </PageFrame>
    }
}

/// What was written without leave and waits for a word.
#[component]
fn Unanswered(vehicle: StreamId) -> impl IntoView {
    let wallet = use_wallet();
    let changes = wallet.changes_of(vehicle);
    let page = load(move || {
        changes.track();
        async move { wallet.unanswered(vehicle).await }
    });
    let value = page.value();
    let entries = move || value.get().map(|page| page.entries).unwrap_or_default();
    view! {
        <Wait phase=page
            .phase(
                t!(sources::loading_unanswered),
            )>
            <div class="shares">
                <Each
                    each=entries
                    key=|record: &RecordView| record.record
                    children=move |record| view! { <ToAnswer vehicle record /> }
                />
            </div>
        </Wait>
    }
}

#[component]
fn ToAnswer(vehicle: StreamId, record: RecordView) -> impl IntoView {
    let RecordView { record: id, day, category, fact, note, source, quarantined, .. } = record;
    view! {
        <Card title=words::fact_headline(&fact)>
            <Facts>
                <Fact term=t!(passport::day)>{move || format::day(day.0)}</Fact>
                <Fact term=t!(passport::category)>{words::category(category)}</Fact>
                <Fact term=t!(passport::source)>{words::source(&source)}</Fact>
            </Facts>
            {note.map(|note| view! { <p class="entry__note">{note}</p> })}
            <AnswerForm vehicle record=id quarantined on_done=|()| {} />
        </Card>
    }
}
