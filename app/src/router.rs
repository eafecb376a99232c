//! The table of pages: the one place where an address meets its page.
//!
//! Why not `leptos_router`: it does a lot that this application does not ask of it (nested routes, loading, parameters by
//! type), and would be a twentieth of what a first visit loads.

mod address;
mod parts;

use leptos::prelude::*;

pub use address::{go, path};
pub(crate) use parts::{Later, Page};

use crate::pages::NotFound;

/// Pages and their addresses; `:id` stands for one part of any content.
const PAGES: &[(&str, Page)] = &[
    ("/", Page::Home),
    ("/welcome/new", Page::CreateWallet),
    ("/welcome/restore", Page::RestoreWallet),
    ("/welcome/device", Page::JoinWallet),
    ("/cars/new", Page::NewVehicle),
    ("/cars/import", Page::NewVehicleForFile),
    ("/cars/:id", Page::Vehicle),
    ("/cars/:id/timeline", Page::VehicleTimeline),
    ("/cars/:id/add", Page::VehicleAdd),
    ("/cars/:id/record", Page::NewRecord),
    ("/cars/:id/import", Page::Import),
    ("/cars/:id/share", Page::Share),
    ("/cars/:id/shares", Page::Shares),
    ("/cars/:id/sell", Page::Sell),
    ("/cars/:id/people", Page::People),
    ("/join", Page::Join),
    ("/cars/:id/theft", Page::Theft),
    ("/cars/:id/sources", Page::Sources),
    ("/cars/:id/settings", Page::VehicleSettings),
    ("/s", Page::Reader),
    ("/saved", Page::Saved),
    ("/saved/compare", Page::Compare),
    ("/saved/:id", Page::SavedPassport),
    ("/desk", Page::Desk),
    ("/desk/votes", Page::DeskVotes),
    ("/desk/:id", Page::DeskPassport),
    ("/desk/write/:id", Page::Write),
    ("/desk/report/:id", Page::Report),
    ("/settings", Page::Settings),
    ("/settings/devices", Page::Devices),
    ("/settings/erasure", Page::Erasure),
    // The design system on one page, for its authors; in the product the address leads nowhere.
    #[cfg(feature = "gallery")]
    ("/gallery", Page::Gallery),
];

/// The page for the address. A page's author adds one line above, and one in `parts.rs`.
#[component]
pub fn Pages() -> impl IntoView {
    address::follow();
    let path = path();
    let page = Memo::new(move |_| path.with(|path| find(path).map(|(page, _)| page)));
    move || match page.get().and_then(|page| PAGES.get(page)) {
        Some((_, page)) => view! { <Later page=*page /> }.into_any(),
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
