//! The table of pages: the one place where an address meets its page.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::path;

use crate::pages::{
    CreateWallet, Desk, DeskPassport, Import, NewRecord, NewVehicle, NotFound, Reader, RestoreWallet, Saved,
    SavedPassport, Settings, Share, Shares, Vehicle, VehicleAdd, VehicleTimeline, Vehicles,
};

/// The page for the address. A page's author adds one line.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFound>
            <Route path=path!("/") view=Vehicles />
            <Route path=path!("/welcome/new") view=CreateWallet />
            <Route path=path!("/welcome/restore") view=RestoreWallet />
            <Route path=path!("/cars/new") view=NewVehicle />
            <Route path=path!("/cars/:id") view=Vehicle />
            <Route path=path!("/cars/:id/timeline") view=VehicleTimeline />
            <Route path=path!("/cars/:id/add") view=VehicleAdd />
            <Route path=path!("/cars/:id/record") view=NewRecord />
            <Route path=path!("/cars/:id/import") view=Import />
            <Route path=path!("/cars/:id/share") view=Share />
            <Route path=path!("/cars/:id/shares") view=Shares />
            <Route path=path!("/s") view=Reader />
            <Route path=path!("/saved") view=Saved />
            <Route path=path!("/saved/:id") view=SavedPassport />
            <Route path=path!("/desk") view=Desk />
            <Route path=path!("/desk/:id") view=DeskPassport />
            <Route path=path!("/settings") view=Settings />
            <GalleryRoute />
        </FlatRoutes>
    }
}

/// The design system on one page, for its authors; in the product the address leads nowhere.
#[component(transparent)]
fn GalleryRoute() -> impl leptos_router::MatchNestedRoutes + Clone {
    #[cfg(feature = "gallery")]
    use crate::pages::Gallery as View;
    #[cfg(not(feature = "gallery"))]
    use crate::pages::NotFound as View;
    view! { <Route path=path!("/gallery") view=View /> }.into_inner()
}
