//! What stands where there is nothing yet: it teaches what will be here and how to begin.

use leptos::prelude::*;

use super::{Glyph, Icon, Text};

/// Nothing here yet, what it is for, and the first step.
#[component]
pub fn EmptyState(
    /// A drawing of what will be here.
    glyph: Glyph,
    /// What is not here yet.
    #[prop(into)]
    title: Text,
    /// What it is for and how it comes about.
    #[prop(into)]
    text: Text,
    /// The first step, usually a primary button.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty-state">
            <div class="empty-state__glyph">
                <Icon glyph />
            </div>
            <h2 class="empty-state__title">{title}</h2>
            <p class="empty-state__text">{text}</p>
            {children.map(|children| view! { <div class="empty-state__actions">{children()}</div> })}
        </div>
    }
}
