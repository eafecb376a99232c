//! Erasing: of one car on its settings page, of everything on its own page, which also keeps the receipts.

use carnet_protocol::category::Category;
use carnet_protocol::id::StreamId;
use carnet_wallet::command::EraseTarget;
use carnet_wallet::view::{ErasureView, SaleStep, WalletState};
use leptos::prelude::*;

use super::vehicle::{OfVehicle, VehicleTabs, car_name, sale_step};
use crate::action::{Deed, DeedFailure};
use crate::erasure::{Erase, Receipt};
use crate::export::Export;
use crate::gate::Gate;
use crate::household::IfOwner;
use crate::load::load;
use crate::router;
use crate::t;
use crate::ui::{Button, Card, EmptyState, Glyph, LinkButton, Notice, PageFrame, Select, SelectOption, Tone};
use crate::wallet::use_wallet;
use crate::words;

/// Where the receipts are.
const RECEIPTS: &str = "/settings/erasure";

/// Settings of one car.
#[component]
pub fn VehicleSettings() -> impl IntoView {
    view! { <OfVehicle page=|vehicle| view! { <SettingsOfCar vehicle /> }.into_any() /> }
}

/// Everything to take along, and what can be erased of a car: nothing while it is for sale, after that its archive.
#[component]
fn SettingsOfCar(vehicle: StreamId) -> impl IntoView {
    view! {
        <PageFrame
            title=t!(erasure::car_title)
            of=car_name()
            narrow=true
            above=move || view! { <VehicleTabs vehicle /> }
        >
            <Export vehicle=Some(vehicle) />
            <IfOwner vehicle part=|vehicle| view! { <ErasePartOrAll vehicle /> }.into_any() />
        </PageFrame>
    }
}

/// What the owner may erase of it.
#[component]
fn ErasePartOrAll(vehicle: StreamId) -> impl IntoView {
    let step = sale_step(vehicle);
    move || match step.get()? {
        None => Some(view! { <OfOwnCar vehicle /> }.into_any()),
        Some(SaleStep::Sold { .. }) => Some(view! { <OfArchive vehicle /> }.into_any()),
        Some(_) => {
            let href = format!("/cars/{vehicle}/sell");
            let notice = view! {
                <Notice tone=Tone::Info title=t!(erasure::for_sale_title) text=t!(erasure::for_sale_text)>
                    <LinkButton href label=t!(sale::to_offer) />
                </Notice>
            };
            Some(notice.into_any())
        }
    }
}

#[component]
fn OfArchive(vehicle: StreamId) -> impl IntoView {
    view! {
        <Card title=t!(erasure::archive_title)>
            <div class="stack">
                <p>{t!(erasure::archive_lead)}</p>
                <Erase
                    target=EraseTarget::Vehicle { vehicle }
                    label=t!(erasure::erase_archive)
                    text=t!(erasure::archive_text)
                    on_done=to_receipts
                />
            </div>
        </Card>
    }
}

fn to_receipts(_: ErasureView) {
    router::go(RECEIPTS);
}

#[component]
fn OfOwnCar(vehicle: StreamId) -> impl IntoView {
    let chosen = RwSignal::new("0".to_owned());
    let category =
        move || Category::ALL[chosen.get().parse::<usize>().unwrap_or_default().min(Category::ALL.len() - 1)];
    let options = Category::ALL.iter().enumerate();
    let options = options.map(|(n, category)| SelectOption::new(n.to_string(), words::category(*category)));
    let options = Signal::stored(options.collect::<Vec<_>>());
    view! {
        <Card title=t!(erasure::category_title)>
            <div class="stack">
                <p>{t!(erasure::category_lead)}</p>
                <Select label=t!(erasure::category) options value=chosen />
                {move || {
                    let target = EraseTarget::Category { vehicle, category: category() };
                    view! {
                        <Erase
                            target
                            label=t!(erasure::erase_category)
                            text=t!(erasure::category_text)
                            on_done=to_receipts
                        />
                    }
                }}
            </div>
        </Card>
        <Card title=t!(erasure::vehicle_title)>
            <div class="stack">
                <p>{t!(erasure::vehicle_lead)}</p>
                <Erase
                    target=EraseTarget::Vehicle { vehicle }
                    label=t!(erasure::erase_vehicle)
                    text=t!(erasure::vehicle_text)
                    on_done=to_receipts
                />
            </div>
        </Card>
    }
}

/// Receipts, and erasing everything. After everything was erased, what is left of the wallet: its receipt.
#[component]
pub fn Erasure() -> impl IntoView {
    let state = use_wallet().state();
    let locked = Memo::new(move |_| state.get().is_none_or(|state| state == WalletState::Locked));
    move || {
        if locked.get() { view! { <Gate><Receipts /></Gate> }.into_any() } else { view! { <Receipts /> }.into_any() }
    }
}

#[component]
fn Receipts() -> impl IntoView {
    let wallet = use_wallet();
    let (changes, sync, state) = (wallet.changes(), wallet.sync_view(), wallet.state());
    let receipts = load(move || {
        changes.track();
        sync.track();
        state.track();
        async move { wallet.erasures().await }
    });
    let list = receipts.value();
    let open = move || state.get() == Some(WalletState::Unlocked);
    let left = move || !open() && list.with(|list| list.as_ref().is_some_and(|list| !list.is_empty()));
    view! {
        <PageFrame
            title=t!(erasure::title)
            lead=t!(erasure::lead)
            narrow=true
            phase=receipts.phase(t!(erasure::loading))
        >
            {move || left().then(|| view! { <Ended /> })}
            {move || {
                let list = list.get().unwrap_or_default();
                if list.is_empty() {
                    view! { <EmptyState glyph=Glyph::Document title=t!(erasure::none) text=t!(erasure::none_text) /> }
                        .into_any()
                } else {
                    list.into_iter().map(|view| view! { <Receipt view /> }).collect_view().into_any()
                }
            }}
            {move || open().then(|| view! { <Everything /> })}
        </PageFrame>
    }
}

#[component]
fn Everything() -> impl IntoView {
    let wallet = use_wallet();
    // Told at once, and asked for again should the relay not have been reached.
    let done = move |_: ErasureView| {
        leptos::task::spawn_local(async move { drop(wallet.synchronise().await) });
    };
    view! {
        <Card title=t!(erasure::everything_title)>
            <div class="stack">
                <p>{t!(erasure::everything_lead)}</p>
                <Erase
                    target=EraseTarget::Everything
                    label=t!(erasure::erase_everything)
                    text=t!(erasure::everything_text)
                    on_done=done
                />
            </div>
        </Card>
    }
}

/// The wallet is gone; its receipt is to be saved.
#[component]
fn Ended() -> impl IntoView {
    let wallet = use_wallet();
    let deed = Deed::new();
    let forget = move |()| {
        deed.run(async move { wallet.forget_last_receipt().await }, |()| router::go("/"));
    };
    view! {
        <Notice tone=Tone::Good title=t!(erasure::ended_title) text=t!(erasure::ended_text)>
            <Button label=t!(erasure::forget) busy=deed.busy() on_press=forget />
        </Notice>
        <DeedFailure deed />
    }
}
