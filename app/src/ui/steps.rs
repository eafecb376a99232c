//! Where one stands in a task of several steps.

use leptos::prelude::*;

use super::focus::{focus_on, is_lost, next_heading};
use super::{Glyph, Icon, TRUE, Text};

/// The heading of the step at hand, where the focus goes by [`refocus`].
#[component]
pub fn StepTitle(
    /// What is to be done now.
    #[prop(into)]
    text: Text,
) -> impl IntoView {
    view! {
        <h2 class="steps__title" tabindex="-1" data-step=TRUE>
            {text}
        </h2>
    }
}

/// Call it when one step gives way to another: whoever was in the step that is gone stands at the heading of the new one,
/// or of the page, once it is on the screen. A focus that is elsewhere stays there.
pub fn refocus() {
    request_animation_frame(|| {
        if let Some(heading) = next_heading().filter(|_| is_lost()) {
            focus_on(&heading);
        }
    });
}

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
