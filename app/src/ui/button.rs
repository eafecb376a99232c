//! Buttons do something here; link buttons go somewhere and look the same.

use leptos::prelude::*;

use super::{Glyph, Icon, TRUE, Text, aria};

/// How much a button asks for attention. At most one `Primary` on a screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonVariant {
    /// The one thing to do next.
    Primary,
    /// Other things to do.
    #[default]
    Secondary,
    /// Beside or inside other parts.
    Quiet,
    /// Takes something away for good.
    Danger,
}

impl ButtonVariant {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button--primary",
            Self::Secondary => "button button--secondary",
            Self::Quiet => "button button--quiet",
            Self::Danger => "button button--danger",
        }
    }
}

/// What a button does in a form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// Calls `on_press`.
    #[default]
    Press,
    /// Submits the form it stands in.
    Submit,
}

/// A button. While `busy` it keeps its width, shows a turning ring, and takes no press; it is not disabled then, because
/// that would take the focus away from whoever pressed it.
#[component]
pub fn Button(
    /// What it does, beginning with a verb.
    #[prop(into)]
    label: Text,
    /// How much attention it asks for.
    #[prop(optional)]
    variant: ButtonVariant,
    /// Press or submit.
    #[prop(optional)]
    kind: ButtonKind,
    /// Drawn before the label.
    #[prop(optional, into)]
    glyph: Option<Glyph>,
    /// Only the icon is shown; the label is read out.
    #[prop(optional)]
    icon_only: bool,
    /// Its work is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// It cannot be used now; say why beside it.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called on press, for `ButtonKind::Press`.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
) -> impl IntoView {
    let press = move |event: leptos::ev::MouseEvent| {
        if busy.get_untracked() {
            // Nor does it submit its form again.
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    let kind = match kind {
        ButtonKind::Press => "button",
        ButtonKind::Submit => "submit",
    };
    let label_class = if icon_only { "visually-hidden" } else { "button__label" };
    view! {
        <button
            type=kind
            class=variant.class()
            class:button--icon-only=icon_only
            class:button--busy=busy
            aria-busy=move || aria(busy.get())
            aria-disabled=move || busy.get().then_some(TRUE)
            disabled=disabled
            on:click=press
        >
            {move || busy.get().then(|| view! { <span class="button__ring" aria-hidden=TRUE></span> })}
            {glyph.map(|glyph| view! { <Icon glyph /> })}
            <span class=label_class>{label}</span>
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// Where to.
    #[prop(into)]
    href: Signal<String>,
    /// What is there.
    #[prop(into)]
    label: Text,
    /// How much attention it asks for.
    #[prop(optional)]
    variant: ButtonVariant,
    /// Drawn before the label.
    #[prop(optional, into)]
    glyph: Option<Glyph>,
) -> impl IntoView {
    view! {
        <a class=variant.class() href=href>
            {glyph.map(|glyph| view! { <Icon glyph /> })}
            <span class="button__label">{label}</span>
        </a>
    }
}
