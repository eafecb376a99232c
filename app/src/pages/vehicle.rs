//! One car of the wallet: its passport, its timeline, and the ways to add to it and to share it.

use std::str::FromStr;

use carnet_protocol::category::Category;
use carnet_protocol::id::StreamId;
use carnet_wallet::command::{Subject, TimelineFilter};
use carnet_wallet::view::{Holding, SaleStep, VehicleCard};
use leptos::prelude::*;

use crate::gate::Gate;
use crate::household::{HoldingEnded, IfOwner, card_of};
use crate::i18n::format;
use crate::load::load;
use crate::pages::NotFound;
use crate::passport::{Overview, PAGE, Timeline};
use crate::router;
use crate::t;
use crate::ui::{ButtonVariant, EmptyState, Glyph, LinkButton, Notice, PageFrame, TabLink, TabLinks, Text, Tone};
use crate::wallet::use_wallet;

/// The car that the address names.
pub(crate) fn vehicle_param() -> Memo<Option<StreamId>> {
    let id = router::id_param();
    Memo::new(move |_| id.get().and_then(|id| StreamId::from_str(&id).ok()))
}

/// The car whose pages stand below, as the list of cars has it.
#[derive(Clone, Copy)]
struct OfCar(Memo<Option<VehicleCard>>);

/// The name of the car whose page this is, for the frame of a page inside [`OfVehicle`].
pub(crate) fn car_name() -> Text {
    let card = use_context::<OfCar>();
    let name = move || card.and_then(|OfCar(card)| card.with(|card| card.as_ref().map(|card| card.name.clone())));
    Text::from(move || name().unwrap_or_default())
}

/// How this wallet holds the car whose page this is; nothing while that is not known.
fn holding() -> Memo<Option<Holding>> {
    let card = use_context::<OfCar>();
    Memo::new(move |_| card.and_then(|OfCar(card)| card.with(|card| card.as_ref().map(|card| card.holding))))
}

/// Shows a page of one car; an address that names none is not found.
#[component]
pub(crate) fn OfVehicle(
    /// Makes the page.
    page: fn(StreamId) -> AnyView,
) -> impl IntoView {
    let vehicle = vehicle_param();
    view! {
        <Gate>
            {move || match vehicle.get() {
                Some(vehicle) => {
                    let (_, card) = card_of(vehicle);
                    provide_context(OfCar(card));
                    page(vehicle)
                }
                None => view! { <NotFound /> }.into_any(),
            }}
        </Gate>
    }
}

/// The parts of one car, each at its own address.
#[component]
pub(crate) fn VehicleTabs(vehicle: StreamId) -> impl IntoView {
    let link = move |path: &str, label: Text, glyph: Glyph| TabLink {
        href: format!("/cars/{vehicle}{path}"),
        label,
        glyph: Some(glyph),
    };
    let (step, holding) = (sale_step(vehicle), holding());
    let barred = barred(step, holding);
    // Sharing, and who looks, are the owner's.
    let owned = Memo::new(move |_| !matches!(holding.get(), Some(Holding::Together { .. } | Holding::Ended)));
    let frozen = move || barred.get() == Some(Barred::Sale);
    let links = Signal::derive(move || {
        let mut links =
            vec![link("", t!(vehicle::overview), Glyph::Car), link("/timeline", t!(vehicle::timeline), Glyph::Clock)];
        if barred.get().is_none() {
            links.push(link("/add", t!(vehicle::add), Glyph::Plus));
        }
        if owned.get() {
            // What is for sale is frozen, and what was sold is an archive.
            links.push(if frozen() {
                link("/sell", t!(vehicle::sale), Glyph::Handover)
            } else {
                link("/share", t!(vehicle::share), Glyph::Link)
            });
            links.push(link("/shares", t!(vehicle::shares), Glyph::Eye));
        }
        links
    });
    let path = router::path();
    let path = Signal::derive(move || path.get());
    // The ways to add, people and settings have addresses of their own; they belong to the tab that leads to them.
    let current = move || match path.get() {
        path if ["/import", "/record", "/theft"].iter().any(|way| path.ends_with(way)) => {
            format!("/cars/{vehicle}/add")
        }
        path if ["/settings", "/sources", "/people"].iter().any(|way| path.ends_with(way)) => {
            format!("/cars/{vehicle}")
        }
        path if path.ends_with("/sell") && !frozen() => format!("/cars/{vehicle}"),
        path => path,
    };
    let own_page = format!("/cars/{vehicle}");
    let current = Memo::new(move |_| current());
    let at_overview = move || current.with(|current| *current == own_page);
    let further = further(vehicle, step, holding);
    view! {
        <TabLinks label=t!(vehicle::parts) links current />
        {move || {
            at_overview()
                .then(|| view! { <TabLinks label=t!(vehicle::further) links=further current=path minor=true /> })
        }}
    }
}

/// Below the overview's tab: for its owner who may write to the car and selling it, where it is not for sale yet; who
/// holds it together, unless it was sold; and its settings. Nothing until all of that is known.
fn further(
    vehicle: StreamId,
    step: Memo<Option<Option<SaleStep>>>,
    holding: Memo<Option<Holding>>,
) -> Signal<Vec<TabLink>> {
    let link = move |path: &str, label: Text| TabLink { href: format!("/cars/{vehicle}/{path}"), label, glyph: None };
    Signal::derive(move || {
        let (Some(holding), Some(step)) = (holding.get(), step.get()) else { return Vec::new() };
        let own_and_free = step.is_none() && matches!(holding, Holding::Own | Holding::Shared(_));
        let sold = matches!(step, Some(SaleStep::Sold { .. }));
        let links = [
            own_and_free.then(|| link("sources", t!(vehicle::sources))),
            (!sold).then(|| link("people", t!(vehicle::people))),
            own_and_free.then(|| link("sell", t!(sale::title))),
            Some(link("settings", t!(erasure::car_tab))),
        ];
        links.into_iter().flatten().collect()
    })
}

/// The overview.
#[component]
pub fn Vehicle() -> impl IntoView {
    view! { <OfVehicle page=|vehicle| view! { <VehicleOverview vehicle /> }.into_any() /> }
}

#[component]
fn VehicleOverview(vehicle: StreamId) -> impl IntoView {
    let wallet = use_wallet();
    let changes = wallet.changes_of(vehicle);
    let passport = load(move || {
        changes.track();
        async move { wallet.passport(Subject::Own(vehicle)).await }
    });
    let value = passport.value();
    let ready = Memo::new(move |_| value.with(Option::is_some));
    let first = move || ready.get().then(|| value.get_untracked()).flatten();
    let reload = Callback::new(move |()| passport.again());
    let name = Text::from(move || value.with(|view| view.as_ref().map(|view| view.name.clone()).unwrap_or_default()));
    // A car with nothing but its name has nothing to look at yet.
    let barred = barred(sale_step(vehicle), holding());
    let bare = Memo::new(move |_| {
        barred.get().is_none() && value.with(|view| view.as_ref().is_some_and(|view| view.summary.records <= 1))
    });
    view! {
        <PageFrame
            title=name
            above=move || view! { <VehicleTabs vehicle /> }
            phase=passport.phase(t!(vehicle::opening))
        >
            <Standing vehicle barred />
            {move || bare.get().then(|| view! { <FirstSteps vehicle /> })}
            {move || {
                first()
                    .map(|first| {
                        let view = Signal::derive(move || value.get().unwrap_or_else(|| first.clone()));
                        view! { <Overview subject=Subject::Own(vehicle) view reload /> }
                    })
            }}
        </PageFrame>
    }
}

/// Why nothing can be added to a car.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Barred {
    /// It is for sale, or was sold.
    Sale,
    /// It is another's, and no longer held together.
    Ended,
}

/// Why nothing can be added to a car now; nothing where something can, or as far as is known.
fn barred(step: Memo<Option<Option<SaleStep>>>, holding: Memo<Option<Holding>>) -> Memo<Option<Barred>> {
    Memo::new(move |_| match (holding.get(), step.get().flatten()) {
        (Some(Holding::Ended), _) => Some(Barred::Ended),
        (_, Some(_)) => Some(Barred::Sale),
        _ => None,
    })
}

/// A page that adds to a car; where nothing can be added, why.
#[component]
pub(crate) fn Writable(
    /// The car.
    vehicle: StreamId,
    /// The page's heading.
    title: Text,
    /// Makes the page.
    page: fn(StreamId) -> AnyView,
) -> impl IntoView {
    let barred = barred(sale_step(vehicle), holding());
    move || {
        if barred.get().is_none() {
            return page(vehicle);
        }
        view! {
            <PageFrame title=title.clone() of=car_name() above=move || view! { <VehicleTabs vehicle /> }>
                <Standing vehicle barred />
            </PageFrame>
        }
        .into_any()
    }
}

/// What stands in the way of a car that is for sale, was sold, or is no longer held together.
#[component]
fn Standing(vehicle: StreamId, barred: Memo<Option<Barred>>) -> impl IntoView {
    move || match barred.get() {
        None => ().into_any(),
        Some(Barred::Sale) => view! { <SaleStanding vehicle /> }.into_any(),
        Some(Barred::Ended) => view! { <HoldingEnded vehicle /> }.into_any(),
    }
}

/// Above the passport of a car that is for sale or was sold: what that means.
#[component]
fn SaleStanding(vehicle: StreamId) -> impl IntoView {
    let step = sale_step(vehicle);
    let to_sale = move || view! { <LinkButton href=format!("/cars/{vehicle}/sell") label=t!(sale::to_offer) /> };
    move || match step.get().flatten() {
        None => ().into_any(),
        Some(SaleStep::Sold { at }) => {
            let day = format::date_time((at.0 / 1_000) as i64);
            view! { <Notice tone=Tone::Info title=t!(sale::sold, day = day) text=t!(sale::sold_text) /> }.into_any()
        }
        Some(_) => view! {
            <Notice tone=Tone::Caution title=t!(sale::frozen) text=t!(sale::frozen_text)>
                {to_sale()}
            </Notice>
        }
        .into_any(),
    }
}

/// How far a car's sale is; `None` until it is known.
pub(crate) fn sale_step(vehicle: StreamId) -> Memo<Option<Option<SaleStep>>> {
    let wallet = use_wallet();
    let changes = wallet.changes_of(vehicle);
    let sale = load(move || {
        changes.track();
        async move { wallet.sale(vehicle).await }
    });
    let sale = sale.value();
    Memo::new(move |_| sale.get().map(|sale| sale.map(|sale| sale.step)))
}

/// What to do with a new car.
#[component]
fn FirstSteps(vehicle: StreamId) -> impl IntoView {
    view! {
        <EmptyState glyph=Glyph::Upload title=t!(vehicle::first_steps) text=t!(vehicle::first_steps_text)>
            <LinkButton
                href=format!("/cars/{vehicle}/import")
                label=t!(vehicle::import_file)
                variant=ButtonVariant::Primary
                glyph=Glyph::Upload
            />
            <LinkButton href=format!("/cars/{vehicle}/record") label=t!(vehicle::type_record) glyph=Glyph::Plus />
        </EmptyState>
    }
}

/// The timeline.
#[component]
pub fn VehicleTimeline() -> impl IntoView {
    view! { <OfVehicle page=|vehicle| view! { <Records vehicle /> }.into_any() /> }
}

/// The categories whose records whoever holds a car like this can read.
fn open_to(holding: Holding) -> Vec<Category> {
    let private = !matches!(holding, Holding::Together { private: false });
    Category::ALL.into_iter().filter(|category| private || !category.is_private()).collect()
}

#[component]
fn Records(vehicle: StreamId) -> impl IntoView {
    let wallet = use_wallet();
    let changes = wallet.changes_of(vehicle);
    let page = load(move || {
        changes.track();
        async move { wallet.timeline(Subject::Own(vehicle), TimelineFilter::default(), 0, PAGE).await }
    });
    let value = page.value();
    let holding = holding();
    // Made once: later changes come into it, so that filters and an open record stay.
    let ready = Memo::new(move |_| value.with(Option::is_some));
    let first = move || ready.get().then(|| value.get_untracked()).flatten();
    view! {
        <PageFrame
            title=t!(vehicle::timeline_title)
            of=car_name()
            above=move || view! { <VehicleTabs vehicle /> }
            phase=page.phase(t!(vehicle::opening))
        >
            {move || {
                let categories = open_to(holding.get()?);
                first().map(|first| view! { <Timeline subject=Subject::Own(vehicle) first changes categories /> })
            }}
        </PageFrame>
    }
}

/// The ways to add to a passport.
#[component]
pub fn VehicleAdd() -> impl IntoView {
    view! {
        <OfVehicle page=|vehicle| {
            let page = |vehicle| view! { <WaysToAdd vehicle /> }.into_any();
            view! { <Writable vehicle title=t!(vehicle::add_title) page /> }.into_any()
        } />
    }
}

#[component]
fn WaysToAdd(vehicle: StreamId) -> impl IntoView {
    view! {
        <PageFrame
            title=t!(vehicle::add_title)
            of=car_name()
            lead=t!(vehicle::add_lead)
            above=move || view! { <VehicleTabs vehicle /> }
        >
            <div class="ways">
                <EmptyState glyph=Glyph::Upload title=t!(vehicle::import_title) text=t!(vehicle::import_text)>
                    <LinkButton
                        href=format!("/cars/{vehicle}/import")
                        label=t!(vehicle::import_file)
                        variant=ButtonVariant::Primary
                        glyph=Glyph::Upload
                    />
                </EmptyState>
                <EmptyState glyph=Glyph::Document title=t!(vehicle::record_title) text=t!(vehicle::record_text)>
                    <LinkButton href=format!("/cars/{vehicle}/record") label=t!(vehicle::type_record) glyph=Glyph::Plus />
                </EmptyState>
                <IfOwner vehicle part=|vehicle| view! { <WayToDeclare vehicle /> }.into_any() />
            </div>
        </PageFrame>
    }
}

/// Declaring a theft is the owner's.
#[component]
fn WayToDeclare(vehicle: StreamId) -> impl IntoView {
    view! {
        <EmptyState glyph=Glyph::Warning title=t!(statements::theft_title) text=t!(statements::theft_lead)>
            <LinkButton
                href=format!("/cars/{vehicle}/theft")
                label=t!(statements::theft_way)
                glyph=Glyph::Warning
            />
        </EmptyState>
    }
}
