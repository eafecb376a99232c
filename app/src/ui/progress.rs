//! A wait: shown after 300 ms, so that what is quick does not flicker.

use leptos::prelude::*;

use super::{Text, unique_id};

/// A wait with what is going on; a bar when the share done is known.
#[component]
pub fn Progress(
    /// What is going on.
    #[prop(into)]
    label: Text,
    /// The share done, 0 to 1; `None` while unknown.
    #[prop(optional, into)]
    value: Signal<Option<f64>>,
) -> impl IntoView {
    let id = unique_id("progress");
    let label_id = id.clone();
    // The style sheet holds it back for 300 ms.
    view! {
        <div class="progress" role="status">
            <p class="progress__label" id=label_id>
                {label}
            </p>
            <progress class="progress__bar" max="1" value=move || value.get().map(|share| share.to_string()) aria-labelledby=id />
        </div>
    }
}
