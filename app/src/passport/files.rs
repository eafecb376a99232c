//! The files of a record: opened only when asked for, and handed to the browser as a download.

use carnet_protocol::{id::RecordId, payload::Attachment};
use carnet_wallet::command::Subject;
use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::download::download;
use crate::i18n::format;
use crate::ui::{Button, Glyph, Text};
use crate::wallet::use_wallet;

/// The list of files, where there are any.
#[component]
pub(super) fn Files(subject: Subject, record: RecordId, attachments: Vec<Attachment>) -> impl IntoView {
    let rows = attachments
        .into_iter()
        .map(|attachment| view! { <FileRow subject=subject.clone() record attachment /> })
        .collect_view();
    view! { <ul class="files">{rows}</ul> }
}

#[component]
fn FileRow(subject: Subject, record: RecordId, attachment: Attachment) -> impl IntoView {
    let wallet = use_wallet();
    let deed = Deed::new();
    let Attachment { record: file, name, size, .. } = attachment;
    let fetch = move |()| {
        let subject = subject.clone();
        deed.run(async move { wallet.attachment(subject, record, file).await }, |file| download(&file));
    };
    view! {
        <li class="files__row">
            <Button label=Text::from(name) glyph=Glyph::Download busy=deed.busy() on_press=fetch />
            <span class="files__size">{move || format::with_unit(size.div_ceil(1_000) as f64, "kilobyte")}</span>
            <DeedFailure deed />
        </li>
    }
}
