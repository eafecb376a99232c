//! The table of pages: the one place where an address meets its page.
//!
//! Why not `leptos_router`: it does a lot that this application does not ask of it (nested routes, loading, parameters by
//! type), and would be a twentieth of what a first visit loads.

mod address;

use leptos::prelude::*;

pub use address::{go, path};

use crate::pages::{
    Compare, CreateWallet, Desk, DeskPassport, DeskVotes, Devices, Erasure, Import, Join, JoinWallet, NewRecord,
    NewVehicle, NewVehicleForFile, NotFound, People, Reader, Report, RestoreWallet, Saved, SavedPassport, Sell,
    Settings, Share, Shares, Sources, Theft, Vehicle, VehicleAdd, VehicleSettings, VehicleTimeline, Vehicles, Write,
};

/// Makes a page.
type View = fn() -> AnyView;

/// Pages and their addresses; `:id` stands for one part of any content.
const PAGES: &[(&str, View)] = &[
    ("/", || Vehicles().into_any()),
    ("/welcome/new", || CreateWallet().into_any()),
    ("/welcome/restore", || RestoreWallet().into_any()),
    ("/welcome/device", || JoinWallet().into_any()),
    ("/cars/new", || NewVehicle().into_any()),
    ("/cars/import", || NewVehicleForFile().into_any()),
    ("/cars/:id", || Vehicle().into_any()),
    ("/cars/:id/timeline", || VehicleTimeline().into_any()),
    ("/cars/:id/add", || VehicleAdd().into_any()),
    ("/cars/:id/record", || NewRecord().into_any()),
    ("/cars/:id/import", || Import().into_any()),
    ("/cars/:id/share", || Share().into_any()),
    ("/cars/:id/shares", || Shares().into_any()),
    ("/cars/:id/sell", || Sell().into_any()),
    ("/cars/:id/people", || People().into_any()),
    ("/join", || Join().into_any()),
    ("/cars/:id/theft", || Theft().into_any()),
    ("/cars/:id/sources", || Sources().into_any()),
    ("/cars/:id/settings", || VehicleSettings().into_any()),
    ("/s", || Reader().into_any()),
    ("/saved", || Saved().into_any()),
    ("/saved/compare", || Compare().into_any()),
    ("/saved/:id", || SavedPassport().into_any()),
    ("/desk", || Desk().into_any()),
    ("/desk/votes", || DeskVotes().into_any()),
    ("/desk/:id", || DeskPassport().into_any()),
    ("/desk/write/:id", || Write().into_any()),
    ("/desk/report/:id", || Report().into_any()),
    ("/settings", || Settings().into_any()),
    ("/settings/devices", || Devices().into_any()),
    ("/settings/erasure", || Erasure().into_any()),
    // The design system on one page, for its authors; in the product the address leads nowhere.
    #[cfg(feature = "gallery")]
    ("/gallery", || crate::pages::Gallery().into_any()),
];

/// The page for the address. A page's author adds one line above.
#[component]
pub fn Pages() -> impl IntoView {
    address::follow();
    let path = path();
    let page = Memo::new(move |_| path.with(|path| find(path).map(|(page, _)| page)));
    move || match page.get().and_then(|page| PAGES.get(page)) {
        Some((_, view)) => view(),
        None => NotFound().into_any(),
    }
}

/// What stands for `:id` in the address, as long as it leads to the page that asks.
pub fn id_param() -> Memo<Option<String>> {
    let path = path();
    let asking = path.with_untracked(|path| find(path).map(|(page, _)| page));
    Memo::new(move |before: Option<&Option<String>>| match path.with(|path| find(path)) {
        Some((page, id)) if Some(page) == asking => id,
        // The page is about to go.
        _ => before.cloned().flatten(),
    })
}

/// The place of a path's page in the table, and its id.
fn find(path: &str) -> Option<(usize, Option<String>)> {
    PAGES.iter().enumerate().find_map(|(place, (pattern, _))| matched(pattern, path).map(|id| (place, id)))
}

/// Whether a path is of a pattern, and what then stands for `:id`.
fn matched(pattern: &str, path: &str) -> Option<Option<String>> {
    let mut id = None;
    let (mut wanted, mut found) = (parts(pattern), parts(path));
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return Some(id),
            (Some(":id"), Some(part)) => id = Some(part.to_owned()),
            (Some(name), Some(part)) if name == part => {}
            _ => return None,
        }
    }
}

/// The parts between slashes; one at the end makes no difference.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_the_first_page_that_it_fits() {
        let page = |path: &str| find(path).map(|(place, id)| (PAGES[place].0, id));
        assert_eq!(page("/"), Some(("/", None)));
        assert_eq!(page("/cars/new"), Some(("/cars/new", None)));
        assert_eq!(page("/cars/import"), Some(("/cars/import", None)));
        assert_eq!(page("/cars/abc"), Some(("/cars/:id", Some("abc".to_owned()))));
        assert_eq!(page("/cars/abc/"), Some(("/cars/:id", Some("abc".to_owned()))));
        assert_eq!(page("/cars/abc/shares"), Some(("/cars/:id/shares", Some("abc".to_owned()))));
        assert_eq!(page("/cars"), None);
        assert_eq!(page("/cars/abc/else"), None);
    }
}
