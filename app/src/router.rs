//! The table of pages: the one place where an address meets its page.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::path;

use crate::pages::{NotFound, Settings};

/// The page for the address. A page's author adds one line.
#[component]
pub fn Pages() -> impl IntoView {
    #[cfg(feature = "gallery")]
    let gallery = view! { <Route path=path!("/gallery") view=crate::pages::Gallery /> };
    #[cfg(not(feature = "gallery"))]
    let gallery = ();
    view! {
        <FlatRoutes fallback=NotFound>
            <Route path=path!("/settings") view=Settings />
            {gallery}
        </FlatRoutes>
    }
}
