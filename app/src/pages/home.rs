//! The first page: how to begin, or the cars of this wallet.

use leptos::prelude::*;

use crate::gate::Gate;
use crate::router::{Later, Page};

/// What stands at `/`. Of it only what a first visit shows is here from the start.
#[component]
pub fn Home() -> impl IntoView {
    view! {
        <Gate>
            <Later page=Page::Garage />
        </Gate>
    }
}
