//! Short messages after an action, shown for a while and read out politely.

use leptos::prelude::*;

use super::{Button, ButtonVariant, Each, Glyph, Icon, Text, Tone};

/// One message.
#[derive(Clone)]
pub struct Toast {
    /// Tells it from the others.
    pub id: u32,
    /// What it means.
    pub tone: Tone,
    /// What happened, in one sentence.
    pub text: Text,
}

/// The messages now shown. Stands once, at the end of the page; the region is there before the first message comes,
/// so that it is read out.
#[component]
pub fn Toasts(
    /// The messages, oldest first.
    #[prop(into)]
    toasts: Signal<Vec<Toast>>,
    /// Label of the cross.
    #[prop(into)]
    dismiss_label: Text,
    /// The reader has read the message with this id.
    #[prop(into)]
    on_dismiss: Callback<u32>,
) -> impl IntoView {
    let toast = move |Toast { id, tone, text }: Toast| {
        view! {
            <div class=format!("toast toast--{}", tone.modifier())>
                <Icon glyph=tone.glyph() />
                <p class="toast__text">{text}</p>
                <Button
                    label=dismiss_label.clone()
                    variant=ButtonVariant::Quiet
                    glyph=Glyph::Close
                    icon_only=true
                    on_press=move |()| on_dismiss.run(id)
                />
            </div>
        }
    };
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <Each each=move || toasts.get() key=|toast| toast.id children=toast />
        </div>
    }
}
