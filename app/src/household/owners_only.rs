//! Pages of a car that are its owner's; who holds it together is told so.

use carnet_protocol::id::StreamId;
use carnet_wallet::view::{Holding, VehicleCard};
use leptos::prelude::*;

use super::entry::sees;
use crate::confirm::{Confirm, Question};
use crate::load::{Loaded, load};
use crate::pages::vehicle::{VehicleTabs, car_name};
use crate::router;
use crate::t;
use crate::ui::{Card, Fact, Facts, Glyph, Notice, PageFrame, Tone};
use crate::wallet::use_wallet;

/// The page for the owner; how the car is held for everybody else.
#[component]
pub(crate) fn OwnersOnly(
    /// The car.
    vehicle: StreamId,
    /// Makes the owner's page.
    page: fn(StreamId) -> AnyView,
    /// Whoever holds the car finds this page among its own; any other was reached by its address.
    #[prop(optional)]
    offered: bool,
) -> impl IntoView {
    let (cars, holding) = holding(vehicle);
    move || match holding.get() {
        Some(Holding::Together { private }) => view! { <NotYours vehicle private=Some(private) offered /> }.into_any(),
        Some(Holding::Ended) => view! { <NotYours vehicle private=None offered /> }.into_any(),
        Some(Holding::Own | Holding::Shared(_)) => page(vehicle),
        None => {
            view! { <PageFrame title=t!(people::title) phase=cars.phase(t!(people::loading))>{None::<()>}</PageFrame> }
                .into_any()
        }
    }
}

/// What only the owner sees of a page for all.
#[component]
pub(crate) fn IfOwner(
    /// The car.
    vehicle: StreamId,
    /// Makes the owner's part.
    part: fn(StreamId) -> AnyView,
) -> impl IntoView {
    let (_, holding) = holding(vehicle);
    move || matches!(holding.get(), Some(Holding::Own | Holding::Shared(_))).then(|| part(vehicle))
}

/// How this wallet holds a car; nothing while that is not known.
fn holding(vehicle: StreamId) -> (Loaded<Vec<VehicleCard>>, Memo<Option<Holding>>) {
    let (cars, card) = card_of(vehicle);
    (cars, Memo::new(move |_| card.with(|card| card.as_ref().map(|card| card.holding))))
}

/// A car as the list of cars has it; nothing while that is not known.
pub(crate) fn card_of(vehicle: StreamId) -> (Loaded<Vec<VehicleCard>>, Memo<Option<VehicleCard>>) {
    let wallet = use_wallet();
    let changes = wallet.changes_of(vehicle);
    let cars = load(move || {
        changes.track();
        async move { wallet.vehicles().await }
    });
    let list = cars.value();
    let card =
        Memo::new(move |_| list.with(|list| list.as_ref()?.iter().find(|card| card.vehicle == vehicle).cloned()));
    (cars, card)
}

#[component]
fn NotYours(vehicle: StreamId, private: Option<bool>, offered: bool) -> impl IntoView {
    view! {
        <PageFrame title=t!(people::title) of=car_name() above=move || view! { <VehicleTabs vehicle /> }>
            {match private {
                Some(private) => {
                    view! {
                        {(!offered)
                            .then(|| {
                                view! {
                                    <Notice
                                        tone=Tone::Info
                                        title=t!(people::owner_only)
                                        text=t!(people::owner_only_text)
                                    />
                                }
                            })}
                        <Card title=t!(people::together)>
                            <Facts>
                                <Fact term=t!(people::you_see)>{sees(private)}</Fact>
                            </Facts>
                            <p>{t!(people::together_text)}</p>
                        </Card>
                    }
                        .into_any()
                }
                None => {
                    view! { <HoldingEnded vehicle /> }.into_any()
                }
            }}
        </PageFrame>
    }
}

/// That a car is no longer held together, and removing it.
#[component]
pub(crate) fn HoldingEnded(
    /// The car.
    vehicle: StreamId,
) -> impl IntoView {
    view! {
        <Notice tone=Tone::Caution title=t!(people::ended) text=t!(people::ended_text)>
            <Forget vehicle />
        </Notice>
    }
}

#[component]
fn Forget(vehicle: StreamId) -> impl IntoView {
    let wallet = use_wallet();
    let question = Question::new();
    let forget = move |()| {
        question.answer(async move { wallet.forget_held(vehicle).await }, t!(people::forgotten), |()| router::go("/"));
    };
    view! {
        <Confirm
            question
            label=t!(people::forget)
            glyph=Glyph::Trash
            title=t!(people::forget_sure)
            yes=t!(people::forget)
            on_yes=forget
        >
            <p>{t!(people::forget_text)}</p>
        </Confirm>
    }
}
