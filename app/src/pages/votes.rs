//! What the members of the consortium vote on.

use leptos::prelude::*;

use crate::desk::Votes;
use crate::gate::Gate;
use crate::t;
use crate::ui::PageFrame;

/// The page.
#[component]
pub fn DeskVotes() -> impl IntoView {
    view! {
        <Gate>
            <PageFrame
                title=t!(votes::title)
                lead=t!(votes::lead)
                above=move || view! { <a href="/desk">{t!(desk::back)}</a> }
            >
                <Votes />
            </PageFrame>
        </Gate>
    }
}
