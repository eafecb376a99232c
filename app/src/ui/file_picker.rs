//! Choosing files: the browser's own dialogue, or dropping them on the field.

use leptos::prelude::*;
use web_sys::{DragEvent, File, FileList, HtmlInputElement};

use super::{Glyph, Icon, Text, unique_id};

/// A field for files. It hands them on at once and keeps nothing; dropped files are not filtered by `accept`, so the
/// caller checks what it gets.
#[component]
pub fn FilePicker(
    /// What kind of file is asked for.
    #[prop(into)]
    label: Text,
    /// Where to find such a file, which kinds, how large.
    #[prop(optional, into)]
    hint: Option<Text>,
    /// Words beside the button's, such as "or drop it here"; not shown where nothing can be dropped.
    #[prop(into)]
    drop_text: Text,
    /// The native `accept` list, such as `.csv,.json`.
    #[prop(optional, into)]
    accept: String,
    /// Several at once.
    #[prop(optional)]
    multiple: bool,
    /// It takes none now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called with at least one file.
    #[prop(into)]
    on_files: Callback<Vec<File>>,
) -> impl IntoView {
    let id = unique_id("files");
    let hint_id = hint.is_some().then(|| format!("{id}-hint"));
    let described_by = hint_id.clone();
    let over = RwSignal::new(false);
    let hand_on = move |list: Option<FileList>| {
        let files = list.map(|list| (0..list.length()).filter_map(|index| list.get(index)).collect::<Vec<_>>());
        if let Some(mut files) = files.filter(|files| !files.is_empty()) {
            if !multiple {
                files.truncate(1);
            }
            on_files.run(files);
        }
    };
    let chosen = move |event| {
        let input: HtmlInputElement = event_target(&event);
        hand_on(input.files());
        // Otherwise choosing the same file again, after putting it right, would not count as a change.
        input.set_value("");
    };
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        if !disabled.get_untracked() {
            hand_on(event.data_transfer().and_then(|transfer| transfer.files()));
        }
    };
    view! {
        <div
            class="file-picker"
            class:file-picker--over=over
            on:dragover=move |event: DragEvent| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=dropped
        >
            <input
                type="file"
                class="file-picker__input"
                id=id.clone()
                accept=accept
                multiple=multiple
                disabled=disabled
                aria-describedby=described_by
                on:change=chosen
            />
            <label class="file-picker__label" for=id>
                <Icon glyph=Glyph::Upload />
                <span class="file-picker__words">{label}</span>
                <span class="file-picker__drop">{drop_text}</span>
            </label>
            {hint
                .map(|hint| {
                    view! {
                        <p class="file-picker__hint" id=hint_id>
                            {hint}
                        </p>
                    }
                })}
        </div>
    }
}
