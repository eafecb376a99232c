//! The PIN that the owner told separately.

use leptos::prelude::*;

use super::opening::Opening;
use crate::share::spelt_pin;
use crate::t;
use crate::ui::{Button, ButtonKind, ButtonVariant, Card, Field, FieldKind, Glyph, focus_first_error};

/// Characters of a PIN, at least.
const PIN_MIN: usize = 4;

/// Asks for the PIN.
#[component]
pub(crate) fn PinForm(
    /// What opens the link.
    opening: Opening,
    /// One was given, and it was wrong.
    wrong: bool,
    /// How many more may be given.
    left: u32,
) -> impl IntoView {
    let pin = RwSignal::new(String::new());
    let error = RwSignal::new(wrong.then(|| t!(reader::pin_wrong, count = left)));
    if wrong {
        focus_first_error();
    }
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = spelt_pin(&pin.get_untracked());
        // One that no owner can have set would use up one of the few tries.
        let wrong = match typed.chars().count() {
            0 => Some(t!(reader::pin_missing)),
            length if length < PIN_MIN => Some(t!(reader::pin_short)),
            _ => None,
        };
        let good = wrong.is_none();
        error.set(wrong);
        if good { opening.open_with(typed) } else { focus_first_error() }
    };
    view! {
        <Card title=t!(reader::pin_title)>
            <form class="reader__form" on:submit=submit>
                <p>{t!(reader::pin_text)}</p>
                <Field label=t!(reader::pin) kind=FieldKind::Code value=pin error max_length=12 />
                <div class="form-actions">
                    <Button
                        label=t!(reader::open)
                        variant=ButtonVariant::Primary
                        kind=ButtonKind::Submit
                        glyph=Glyph::Unlock
                        busy=opening.deed().busy()
                    />
                    <Button
                        label=t!(reader::other_link)
                        variant=ButtonVariant::Quiet
                        on_press=move |()| opening.restart()
                    />
                </div>
                <p class="reader__waiting" role="status">
                    {move || opening.deed().busy().get().then(|| t!(reader::trying_pin).get())}
                </p>
            </form>
        </Card>
    }
}
