//! A text to take along: shown whole, selected on focus, copied by a button.

use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::{Button, Glyph, Text, unique_id};

fn select_all(event: leptos::ev::FocusEvent) {
    let input: web_sys::HtmlInputElement = event_target(&event);
    input.select();
}

/// A link, code or key to copy.
#[component]
pub fn CopyField(
    /// What it is.
    #[prop(into)]
    label: Text,
    /// The text itself.
    #[prop(into)]
    value: Signal<String>,
    /// The button's label.
    #[prop(into)]
    copy: Text,
    /// Said once it is copied.
    #[prop(into)]
    copied: Text,
) -> impl IntoView {
    let id = unique_id("copy");
    let done = RwSignal::new(false);
    let take = move || {
        spawn_local(async move {
            let written = JsFuture::from(window().navigator().clipboard().write_text(&value.get_untracked())).await;
            done.set(written.is_ok());
        });
    };
    view! {
        <div class="copy-field">
            <label class="field__label" for=id.clone()>
                {label}
            </label>
            <div class="copy-field__line">
                <input
                    class="field__control copy-field__value"
                    id=id
                    type="text"
                    readonly=true
                    prop:value=value
                    on:focus=select_all
                />
                <Button label=copy glyph=Glyph::Copy on_press=move |()| take() />
            </div>
            <p class="copy-field__done" role="status">
                {move || done.get().then(|| copied.clone().into_render())}
            </p>
        </div>
    }
}
