//! A short state: colour, icon and word together.

use leptos::prelude::*;

use super::{Glyph, Icon, Text, Tone};

/// A short state beside a thing, such as "confirmed".
#[component]
pub fn Badge(
    /// The word.
    #[prop(into)]
    text: Text,
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// Another icon than the tone's own.
    #[prop(optional, into)]
    glyph: Option<Glyph>,
) -> impl IntoView {
    view! {
        <span class=format!("badge badge--{}", tone.modifier())>
            <Icon glyph=glyph.unwrap_or_else(|| tone.glyph()) />
            <span class="badge__text">{text}</span>
        </span>
    }
}
