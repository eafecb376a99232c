//! A notice inside a page, next to what it is about.

use leptos::prelude::*;

use super::{Icon, Text, Tone};

/// Something to know at this place: title, explanation, and what to do as children.
#[component]
pub fn Notice(
    /// What it means; `Bad` is read out at once.
    #[prop(optional)]
    tone: Tone,
    /// In one line.
    #[prop(into)]
    title: Text,
    /// In a sentence or two.
    #[prop(optional, into)]
    text: Option<Text>,
    /// What to do, usually a button.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let role = if tone == Tone::Bad { "alert" } else { "note" };
    view! {
        <div class=format!("notice notice--{}", tone.modifier()) role=role>
            <Icon glyph=tone.glyph() />
            <div class="notice__body">
                <p class="notice__title">{title}</p>
                {text.map(|text| view! { <p class="notice__text">{text}</p> })}
                {children.map(|children| view! { <div class="notice__actions">{children()}</div> })}
            </div>
        </div>
    }
}
