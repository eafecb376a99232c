//! Cards group what belongs together.

use leptos::prelude::*;

use super::Text;

/// What a card is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CardLook {
    /// A sheet of paper.
    #[default]
    Plain,
    /// An official paper: the passport itself.
    Document,
    /// Sunken, for what is secondary.
    Quiet,
}

/// A group with an optional heading and actions beside it.
#[component]
pub fn Card(
    /// Heading of the second level.
    #[prop(optional, into)]
    title: Option<Text>,
    /// What it is made of.
    #[prop(optional)]
    look: CardLook,
    /// Beside the heading, usually a quiet button or a badge.
    #[prop(optional, into)]
    actions: ViewFnOnce,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    let class = match look {
        CardLook::Plain => "card",
        CardLook::Document => "card card--document",
        CardLook::Quiet => "card card--quiet",
    };
    let head = title.map(|title| {
        view! {
            <header class="card__head">
                <h2 class="card__title">{title}</h2>
                <div class="card__actions">{actions.run()}</div>
            </header>
        }
    });
    view! {
        <section class=class>
            {head}
            <div class="card__body">{children()}</div>
        </section>
    }
}
