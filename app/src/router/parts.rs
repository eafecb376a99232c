//! Which part of the application a page is in, and showing it once that part is here.

use std::task::{Context, Poll, Waker};

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::faults;
use crate::pages as page;
use crate::parts::{NotFetched, fetched};
use crate::t;
use crate::ui::{Button, ButtonVariant, PageFrame, Progress};

/// Something that is shown as a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
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
async fn fetch(place: Place) -> Result<Make, NotFetched> {
    use Place as P;
    match place {
        P::Home => Ok(|| page::Home().into_any()),
        P::Unlock | P::CreateWallet | P::RestoreWallet | P::JoinWallet => fetched!(opening(place)),
        P::Reader | P::Saved | P::Compare | P::SavedPassport => fetched!(passport(place)),
        P::Garage | P::Vehicle | P::VehicleTimeline | P::VehicleAdd => fetched!(passport(place)),
        P::Desk | P::DeskVotes | P::DeskPassport | P::Write | P::Report => fetched!(desk(place)),
        _ => fetched!(owner(place)),
    }
}

/// Making a wallet and opening it.
#[cfg_attr(feature = "parts", wasm_split_helpers::wasm_split(opening, fallible))]
fn opening(place: Place) -> Result<Make, NotFetched> {
    Ok(match place {
        Place::CreateWallet => || page::CreateWallet().into_any(),
        Place::RestoreWallet => || page::RestoreWallet().into_any(),
        Place::JoinWallet => || page::JoinWallet().into_any(),
        _ => || page::Unlock().into_any(),
    })
}

/// Looking at passports, one's own and other people's.
#[cfg_attr(feature = "parts", wasm_split_helpers::wasm_split(passport, fallible))]
fn passport(place: Place) -> Result<Make, NotFetched> {
    Ok(match place {
        Place::Garage => || page::Garage().into_any(),
        Place::Vehicle => || page::Vehicle().into_any(),
        Place::VehicleTimeline => || page::VehicleTimeline().into_any(),
        Place::VehicleAdd => || page::VehicleAdd().into_any(),
        Place::Saved => || page::Saved().into_any(),
        Place::Compare => || page::Compare().into_any(),
        Place::SavedPassport => || page::SavedPassport().into_any(),
        _ => || page::Reader().into_any(),
    })
}

/// What members' staff do.
#[cfg_attr(feature = "parts", wasm_split_helpers::wasm_split(desk, fallible))]
fn desk(place: Place) -> Result<Make, NotFetched> {
    Ok(match place {
        Place::DeskVotes => || page::DeskVotes().into_any(),
        Place::DeskPassport => || page::DeskPassport().into_any(),
        Place::Write => || page::Write().into_any(),
        Place::Report => || page::Report().into_any(),
        _ => || page::Desk().into_any(),
    })
}

/// What an owner does.
#[cfg_attr(feature = "parts", wasm_split_helpers::wasm_split(owner, fallible))]
fn owner(place: Place) -> Result<Make, NotFetched> {
    Ok(match place {
        Place::NewVehicle => || page::NewVehicle().into_any(),
        Place::NewVehicleForFile => || page::NewVehicleForFile().into_any(),
        Place::NewRecord => || page::NewRecord().into_any(),
        Place::Import => || page::Import().into_any(),
        Place::Share => || page::Share().into_any(),
        Place::Shares => || page::Shares().into_any(),
        Place::Sell => || page::Sell().into_any(),
        Place::People => || page::People().into_any(),
        Place::Join => || page::Join().into_any(),
        Place::Theft => || page::Theft().into_any(),
        Place::Sources => || page::Sources().into_any(),
        Place::VehicleSettings => || page::VehicleSettings().into_any(),
        Place::Devices => || page::Devices().into_any(),
        Place::Erasure => || page::Erasure().into_any(),
        #[cfg(feature = "gallery")]
        Place::Gallery => || page::Gallery().into_any(),
        _ => || page::Settings().into_any(),
    })
}

/// A page, once its part is here; until then what is going on, or why it does not come.
#[component]
pub fn Later(
    /// Which.
    place: Place,
) -> impl IntoView {
    let make: RwSignal<Option<Result<Make, ()>>> = RwSignal::new(None);
    begin(place, make);
    let again = move |()| begin(place, make);
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
fn begin(place: Place, make: RwSignal<Option<Result<Make, ()>>>) {
    let mut fetching = Box::pin(async move { fetch(place).await.map_err(drop) });
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
