//! A banner across the top: the state of the whole application, such as "offline".

use leptos::prelude::*;

use super::{Button, ButtonVariant, Glyph, Icon, Text, Tone};

/// One line across the page with at most one thing to do.
#[component]
pub fn Banner(
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// Another icon than the tone's own.
    #[prop(optional, into)]
    glyph: Option<Glyph>,
    /// The state, and what it means for the reader.
    #[prop(into)]
    text: Text,
    /// What to do about it.
    #[prop(optional)]
    action: Option<(Text, Callback<()>)>,
) -> impl IntoView {
    view! {
        <div class=format!("banner banner--{}", tone.modifier())>
            <div class="banner__inner">
                <Icon glyph=glyph.unwrap_or_else(|| tone.glyph()) />
                <p class="banner__text">{text}</p>
                {action
                    .map(|(label, on_press)| view! { <Button label variant=ButtonVariant::Quiet on_press /> })}
            </div>
        </div>
    }
}
