//! The table of pages: the one place where an address meets its page.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::{MatchNestedRoutes, path};

use crate::pages::{NotFound, Settings};

/// The page for the address. A page's author adds one line.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFound>
            <Route path=path!("/settings") view=Settings />
            <GalleryRoute />
        </FlatRoutes>
    }
}

/// The design system on one page, for its authors.
#[cfg(feature = "gallery")]
#[component(transparent)]
fn GalleryRoute() -> impl MatchNestedRoutes + Clone {
    view! { <Route path=path!("/gallery") view=crate::pages::Gallery /> }.into_inner()
}

/// No gallery in the product.
#[cfg(not(feature = "gallery"))]
#[component(transparent)]
fn GalleryRoute() -> impl MatchNestedRoutes + Clone {}
