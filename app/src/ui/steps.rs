//! Where one stands in a task of several steps.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

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
        let document = document();
        let lost = document.active_element().is_none_or(|element| element.tag_name() == "BODY");
        let heading = |selector| document.query_selector(selector).ok().flatten();
        let heading = heading("main [data-step]").or_else(|| heading("main h1")).filter(|_| lost);
        if let Some(heading) = heading.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Focus is a courtesy: the step can be read without it.
            let _ = heading.focus();
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
