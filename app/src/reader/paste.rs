//! A share link that did not come through the address bar.

use leptos::prelude::*;

use super::opening::Opening;
use crate::t;
use crate::ui::{Button, ButtonKind, ButtonVariant, Card, Field, Glyph, Text, focus_first_error};

/// A field to paste a link into.
#[component]
pub(crate) fn PasteLink(
    /// What opens it.
    opening: Opening,
) -> impl IntoView {
    let link = RwSignal::new(String::new());
    let error = RwSignal::new(None::<Text>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let pasted = link.get_untracked().trim().to_owned();
        error.set(pasted.is_empty().then(|| t!(reader::link_missing)));
        if pasted.is_empty() {
            focus_first_error();
        } else {
            opening.open(pasted);
        }
    };
    view! {
        <Card title=t!(reader::paste_title)>
            <form class="reader__form" on:submit=submit>
                <Field label=t!(reader::link) hint=t!(reader::link_hint) value=link error />
                <Button
                    label=t!(reader::open)
                    variant=ButtonVariant::Primary
                    kind=ButtonKind::Submit
                    glyph=Glyph::Link
                    busy=opening.deed().busy()
                />
            </form>
        </Card>
    }
}
