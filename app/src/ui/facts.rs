//! Terms and their values: the definition list.

use leptos::prelude::*;

use super::Text;

/// A list of [`Fact`]s, in columns where there is room.
#[component]
pub fn Facts(
    /// The facts.
    children: Children,
) -> impl IntoView {
    view! { <dl class="facts">{children()}</dl> }
}

/// One term and its value.
#[component]
pub fn Fact(
    /// The term.
    #[prop(into)]
    term: Text,
    /// The value is long: a row of its own on a phone.
    #[prop(optional)]
    wide: bool,
    /// The value.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="facts__pair" class:facts__pair--wide=wide>
            <dt class="facts__term">{term}</dt>
            <dd class="facts__value">{children()}</dd>
        </div>
    }
}
