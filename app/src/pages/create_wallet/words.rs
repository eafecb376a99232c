//! The words to write down: the only way back to a wallet.

use leptos::prelude::*;

use crate::t;
use crate::ui::{Button, ButtonVariant, Checkbox, Notice, Tone};

/// Shows the words, numbered, and goes on once the owner says that they are on paper.
#[component]
pub(super) fn ShowWords(
    /// 24 words.
    words: Vec<String>,
    /// They are on paper.
    #[prop(into)]
    on_next: Callback<()>,
) -> impl IntoView {
    let written = RwSignal::new(false);
    let rows = words.into_iter().map(|word| view! { <li class="words__word">{word}</li> }).collect_view();
    view! {
        <p>{t!(create_wallet::words_text)}</p>
        <ol class="words" translate="no">
            {rows}
        </ol>
        <Notice tone=Tone::Caution title=t!(create_wallet::words_warning) text=t!(create_wallet::words_warning_text) />
        <Checkbox label=t!(create_wallet::words_written) checked=written />
        <Button
            label=t!(create_wallet::next)
            variant=ButtonVariant::Primary
            disabled=Signal::derive(move || !written.get())
            on_press=on_next
        />
    }
}
