//! A checkbox with its label and hint.

use leptos::prelude::*;

use super::{Text, unique_id};

/// Yes or no. The whole row takes the press.
#[component]
pub fn Checkbox(
    /// What is agreed to or chosen.
    #[prop(into)]
    label: Text,
    /// What follows from it.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// Its state.
    checked: RwSignal<bool>,
    /// It cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let id = unique_id("check");
    let hint_id = hint.is_some().then(|| format!("{id}-hint"));
    let described_by = hint_id.clone();
    view! {
        <div class="checkbox">
            <input
                type="checkbox"
                class="checkbox__box"
                id=id.clone()
                aria-describedby=described_by
                prop:checked=checked
                disabled=disabled
                on:change=move |event| checked.set(event_target_checked(&event))
            />
            <label class="checkbox__label" for=id>
                {label}
            </label>
            {hint
                .map(|hint| {
                    view! {
                        <p class="checkbox__hint" id=hint_id>
                            {hint}
                        </p>
                    }
                })}
        </div>
    }
}
