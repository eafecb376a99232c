//! What members committed without the owner's leave: it shows, whatever the owner says of it.

use carnet_wallet::view::QuarantinedView;
use leptos::prelude::*;

use crate::i18n::format;
use crate::t;
use crate::ui::{Badge, Card, Tone};
use crate::words;

/// Each entry with who committed it and when.
#[component]
pub(super) fn QuarantineCard(
    /// The entries.
    entries: Vec<QuarantinedView>,
) -> impl IntoView {
    let row = |entry: QuarantinedView| {
        let (by, at) = (words::source(&entry.by), entry.at);
        view! {
            <li class="cluster">
                <span>{by}</span>
                <span>{move || format::date_time((at.0 / 1_000) as i64)}</span>
                {entry.rejected.then(|| view! { <Badge tone=Tone::Caution text=t!(sources::said_rejected) /> })}
            </li>
        }
    };
    view! {
        <Card title=t!(sources::quarantine)>
            <p>{t!(sources::quarantine_text)}</p>
            <ul>{entries.into_iter().map(row).collect_view()}</ul>
        </Card>
    }
}
