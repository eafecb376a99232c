//! Ask, then do, then say: for what cannot be undone.

use std::future::Future;

use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::announcements::{Announcer, use_announcer};
use crate::t;
use crate::ui::{Button, ButtonVariant, Dialog, Glyph, Place, Text, Tone};
use crate::wallet::CallError;

/// A question that waits for a yes.
#[derive(Clone, Copy)]
pub struct Question {
    asked: RwSignal<bool>,
    deed: Deed,
    announcer: Announcer,
}

impl Default for Question {
    fn default() -> Self {
        Self::new()
    }
}

impl Question {
    /// Not asked yet. Call it in a component's body.
    pub fn new() -> Self {
        Self { asked: RwSignal::new(false), deed: Deed::new(), announcer: use_announcer() }
    }

    /// Does what was asked about. Once it succeeded the question closes, `said` is told, and `then` runs; a failure
    /// stays in the open question.
    pub fn answer<T: 'static>(
        self,
        work: impl Future<Output = Result<T, CallError>> + 'static,
        said: Text,
        then: impl FnOnce(T) + 'static,
    ) {
        // What was asked about goes, or is shown anew, and its button with it.
        let place = Place::here();
        self.deed.run(work, move |value| {
            self.asked.set(false);
            self.announcer.say(Tone::Good, said);
            then(value);
            place.keep();
        });
    }
}

/// The button that asks, and its question.
#[component]
pub fn Confirm(
    /// The question.
    question: Question,
    /// Label of the button that asks.
    #[prop(into)]
    label: Text,
    /// How that button looks.
    #[prop(default = ButtonVariant::Danger)]
    variant: ButtonVariant,
    /// Drawn on that button.
    glyph: Glyph,
    /// The question in one line.
    #[prop(into)]
    title: Text,
    /// Label of the yes.
    #[prop(into)]
    yes: Text,
    /// The answer is yes: call [`Question::answer`].
    #[prop(into)]
    on_yes: Callback<()>,
    /// What a yes means.
    children: ChildrenFn,
) -> impl IntoView {
    let Question { asked, deed, .. } = question;
    let (yes, children) = (StoredValue::new(yes), StoredValue::new(children));
    view! {
        <Button label variant glyph on_press=move |()| asked.set(true) />
        <Dialog open=asked title close_label=t!(confirm::close) on_close=move |()| asked.set(false)>
            {children.with_value(|children| children())}
            <DeedFailure deed />
            <div class="form-actions">
                <Button
                    label=yes.get_value()
                    variant=ButtonVariant::Danger
                    busy=deed.busy()
                    on_press=on_yes
                />
                <Button
                    label=t!(confirm::leave)
                    variant=ButtonVariant::Quiet
                    on_press=move |()| asked.set(false)
                />
            </div>
        </Dialog>
    }
}
