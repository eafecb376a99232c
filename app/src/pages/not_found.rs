//! The page for an address that has none.

use leptos::prelude::*;

use crate::t;
use crate::ui::{ButtonVariant, EmptyState, Glyph, LinkButton, PageFrame};

/// Says that there is nothing here and leads back.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <PageFrame title=t!(not_found::title) narrow=true>
            <EmptyState glyph=Glyph::Search title=t!(not_found::heading) text=t!(not_found::text)>
                <LinkButton href="/" label=t!(not_found::home) variant=ButtonVariant::Primary />
            </EmptyState>
        </PageFrame>
    }
}
