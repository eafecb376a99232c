//! A dialog: the native element, which keeps the focus inside and gives it back when it closes.

use leptos::html;
use leptos::prelude::*;

use super::{Button, ButtonVariant, Glyph, Text, follow, unique_id};

/// A question or a small task in front of the page. Escape, the cross and a press beside it call `on_close`.
#[component]
pub fn Dialog(
    /// Whether it is open; the caller sets it to false in `on_close`.
    #[prop(into)]
    open: Signal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Text,
    /// Label of the cross.
    #[prop(into)]
    close_label: Text,
    /// The reader wants it closed.
    #[prop(into)]
    on_close: Callback<()>,
    /// What it holds; made anew each time it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let title_id = unique_id("dialog");
    let labelled_by = title_id.clone();
    follow(move || {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            // Fails only for a dialog outside the document, which has no reader either.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let pressed_beside = move |event: leptos::ev::MouseEvent| {
        // The dialog's own box lies behind its sheet; a press in a dialog opened from this one bubbles up to here.
        if event.target() == event.current_target() {
            on_close.run(());
        }
    };
    view! {
        <dialog
            class="dialog"
            node_ref=node
            aria-labelledby=labelled_by
            on:click=pressed_beside
            on:cancel=move |event: leptos::ev::Event| {
                event.prevent_default();
                on_close.run(());
            }
        >
            <div class="dialog__sheet">
                <header class="dialog__head">
                    <h2 class="dialog__title" id=title_id>
                        {title}
                    </h2>
                    <Button
                        label=close_label
                        variant=ButtonVariant::Quiet
                        glyph=Glyph::Close
                        icon_only=true
                        on_press=on_close
                    />
                </header>
                <div class="dialog__body">{move || open.get().then(|| children())}</div>
            </div>
        </dialog>
    }
}
