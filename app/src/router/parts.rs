//! Which part of the application a page is in, and showing it once that part is here.

use std::task::{Context, Poll, Waker};

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::faults;
use crate::pages;
use crate::parts::{NotFetched, fetched};
use crate::t;
use crate::ui::{Button, ButtonVariant, PageFrame, Progress};

/// Something that is shown as a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    Home,
    Garage,
    Unlock,
    CreateWallet,
    RestoreWallet,
    JoinWallet,
    NewVehicle,
    NewVehicleForFile,
    Vehicle,
    VehicleTimeline,
    VehicleAdd,
    NewRecord,
    Import,
    Share,
    Shares,
    Sell,
    People,
    Join,
    Theft,
    Sources,
    VehicleSettings,
    Reader,
    Saved,
    Compare,
    SavedPassport,
    Desk,
    DeskVotes,
    DeskPassport,
    Write,
    Report,
    Settings,
    Devices,
    Erasure,
    #[cfg(feature = "gallery")]
    Gallery,
}

/// Makes a page.
type Make = fn() -> AnyView;

/// How to make a page, once its part is here.
async fn fetch(page: Page) -> Result<Make, NotFetched> {
    use Page as P;
    match page {
        P::Home => Ok(|| pages::Home().into_any()),
        P::Unlock | P::CreateWallet | P::RestoreWallet | P::JoinWallet => fetched!(opening(page)),
        P::Garage
        | P::Vehicle
        | P::VehicleTimeline
        | P::VehicleAdd
        | P::Reader
        | P::Saved
        | P::Compare
        | P::SavedPassport => fetched!(passport(page)),
        P::Desk | P::DeskVotes | P::DeskPassport | P::Write | P::Report => fetched!(desk(page)),
        P::NewVehicle
        | P::NewVehicleForFile
        | P::NewRecord
        | P::Import
        | P::Share
        | P::Shares
        | P::Sell
        | P::People
        | P::Join
        | P::Theft
        | P::Sources
        | P::VehicleSettings
        | P::Settings
        | P::Devices
        | P::Erasure => {
            fetched!(owner(page))
        }
        #[cfg(feature = "gallery")]
        P::Gallery => fetched!(owner(page)),
    }
}

/// Making a wallet and opening it.
#[cfg_attr(feature = "parts", wasm_split_helpers::wasm_split(opening, fallible))]
fn opening(page: Page) -> Result<Make, NotFetched> {
    Ok(match page {
        Page::CreateWallet => || pages::CreateWallet().into_any(),
        Page::RestoreWallet => || pages::RestoreWallet().into_any(),
        Page::JoinWallet => || pages::JoinWallet().into_any(),
        Page::Unlock => || pages::Unlock().into_any(),
        _ => || pages::NotFound().into_any(),
    })
}

/// Looking at passports, one's own and other people's.
#[cfg_attr(feature = "parts", wasm_split_helpers::wasm_split(passport, fallible))]
fn passport(page: Page) -> Result<Make, NotFetched> {
    Ok(match page {
        Page::Garage => || pages::Garage().into_any(),
        Page::Vehicle => || pages::Vehicle().into_any(),
        Page::VehicleTimeline => || pages::VehicleTimeline().into_any(),
        Page::VehicleAdd => || pages::VehicleAdd().into_any(),
        Page::Saved => || pages::Saved().into_any(),
        Page::Compare => || pages::Compare().into_any(),
        Page::SavedPassport => || pages::SavedPassport().into_any(),
        Page::Reader => || pages::Reader().into_any(),
        _ => || pages::NotFound().into_any(),
    })
}

/// What members' staff do.
#[cfg_attr(feature = "parts", wasm_split_helpers::wasm_split(desk, fallible))]
fn desk(page: Page) -> Result<Make, NotFetched> {
    Ok(match page {
        Page::DeskVotes => || pages::DeskVotes().into_any(),
        Page::DeskPassport => || pages::DeskPassport().into_any(),
        Page::Write => || pages::Write().into_any(),
        Page::Report => || pages::Report().into_any(),
        Page::Desk => || pages::Desk().into_any(),
        _ => || pages::NotFound().into_any(),
    })
}

/// What an owner does.
#[cfg_attr(feature = "parts", wasm_split_helpers::wasm_split(owner, fallible))]
fn owner(page: Page) -> Result<Make, NotFetched> {
    Ok(match page {
        Page::NewVehicle => || pages::NewVehicle().into_any(),
        Page::NewVehicleForFile => || pages::NewVehicleForFile().into_any(),
        Page::NewRecord => || pages::NewRecord().into_any(),
        Page::Import => || pages::Import().into_any(),
        Page::Share => || pages::Share().into_any(),
        Page::Shares => || pages::Shares().into_any(),
        Page::Sell => || pages::Sell().into_any(),
        Page::People => || pages::People().into_any(),
        Page::Join => || pages::Join().into_any(),
        Page::Theft => || pages::Theft().into_any(),
        Page::Sources => || pages::Sources().into_any(),
        Page::VehicleSettings => || pages::VehicleSettings().into_any(),
        Page::Devices => || pages::Devices().into_any(),
        Page::Erasure => || pages::Erasure().into_any(),
        #[cfg(feature = "gallery")]
        Page::Gallery => || pages::Gallery().into_any(),
        Page::Settings => || pages::Settings().into_any(),
        _ => || pages::NotFound().into_any(),
    })
}

/// A page, once its part is here; until then what is going on, or why it does not come.
#[component]
pub fn Later(
    /// Which.
    page: Page,
) -> impl IntoView {
    let make: RwSignal<Option<Result<Make, ()>>> = RwSignal::new(None);
    begin(page, make);
    let again = move |()| begin(page, make);
    move || match make.get() {
        None => view! { <Progress label=t!(gate::fetching) /> }.into_any(),
        Some(Ok(make)) => make(),
        Some(Err(())) => {
            let faults::Fault { title, text } = faults::part_missing();
            view! {
                <PageFrame title narrow=true>
                    <p>{text.clone()}</p>
                    <Button label=t!(faults::try_again) variant=ButtonVariant::Primary on_press=again />
                </PageFrame>
            }
            .into_any()
        }
    }
}

/// Fetches the part. One that is here already is taken at once, so that nothing flickers.
fn begin(page: Page, make: RwSignal<Option<Result<Make, ()>>>) {
    let mut fetching = Box::pin(async move { fetch(page).await.map_err(drop) });
    match fetching.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(fetched) => make.set(Some(fetched)),
        Poll::Pending => {
            make.set(None);
            spawn_local(async move {
                let fetched = fetching.await;
                // The page may have been left meanwhile.
                make.try_set(Some(fetched));
            });
        }
    }
}
