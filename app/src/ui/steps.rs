//! Where one stands in a task of several steps.

use leptos::prelude::*;

use super::{Glyph, Icon, Text};

/// The steps of a task in order, done ones ticked.
#[component]
pub fn Steps(
    /// What the steps lead to; read out only.
    #[prop(into)]
    label: Text,
    /// Their names.
    steps: Vec<Text>,
    /// The index of the one at hand.
    #[prop(into)]
    current: Signal<usize>,
) -> impl IntoView {
    let entry = |(index, name): (usize, Text)| {
        let at_hand = move || (current.get() == index).then_some("step");
        let done = move || current.get() > index;
        let mark = move || {
            if done() { view! { <Icon glyph=Glyph::Check /> }.into_any() } else { (index + 1).to_string().into_any() }
        };
        view! {
            <li class="steps__step" class:steps__step--done=done aria-current=at_hand>
                <span class="steps__mark">{mark}</span>
                <span class="steps__name">{name}</span>
            </li>
        }
    };
    let entries: Vec<_> = steps.into_iter().enumerate().map(entry).collect();
    view! {
        <ol class="steps" aria-label=label>
            {entries}
        </ol>
    }
}
