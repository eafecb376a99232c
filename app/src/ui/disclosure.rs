//! Details that most readers do not need at once; the native element.

use leptos::prelude::*;

use super::{Glyph, Icon, Text};

/// A summary that opens what lies behind it.
#[component]
pub fn Disclosure(
    /// What lies behind, in a few words.
    #[prop(into)]
    summary: Text,
    /// Open from the start.
    #[prop(optional)]
    open: bool,
    /// What lies behind.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="disclosure" open=open>
            <summary class="disclosure__summary">
                <Icon glyph=Glyph::ChevronRight />
                <span>{summary}</span>
            </summary>
            <div class="disclosure__body">{children()}</div>
        </details>
    }
}
