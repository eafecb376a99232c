//! One record in the timeline: what happened, when, and by whom.

use carnet_wallet::view::{RecordState, RecordView};
use leptos::prelude::*;

use super::backing::badges;
use crate::i18n::format;
use crate::t;
use crate::ui::{Badge, Glyph, Icon, Tone};
use crate::words;

/// Figures shown in the list; the rest is behind the entry.
const SHOWN: usize = 3;

/// An entry; a press opens the record in full.
#[component]
pub(super) fn Entry(record: RecordView, #[prop(into)] on_open: Callback<RecordView>) -> impl IntoView {
    let day = record.day;
    let glyph = words::fact_glyph(&record.fact);
    let headline = words::fact_headline(&record.fact);
    let figures = words::fact_figures(&record.fact).into_iter().take(SHOWN);
    let figures = figures.map(|line| view! { <span class="entry__figure">{line.value}</span> }).collect_view();
    let files = record.attachments.len();
    let state = record.state;
    let (quarantined, corrected) = (record.quarantined, !record.rectified_by.is_empty());
    let said = record.said.iter().map(|said| said.kind).collect::<Vec<_>>();
    let source = words::source(&record.source);
    let backing = badges(record.quality.as_ref(), &record.findings);
    let withdrawn = state == RecordState::Withdrawn;
    view! {
        <li class="entry" class:entry--withdrawn=withdrawn>
            <button type="button" class="entry__press" on:click=move |_| on_open.run(record.clone())>
                <Icon glyph />
                <span class="entry__body">
                    <span class="entry__day">{move || format::day(day.0)}</span>
                    <span class="entry__headline">{headline}</span>
                    <span class="entry__figures">{figures}</span>
                    <span class="entry__source">{source}</span>
                    <span class="entry__badges">
                        {backing}
                        {(files > 0)
                            .then(|| view! { <Badge glyph=Glyph::Document text=t!(passport::file_count, count = files) /> })}
                        {quarantined
                            .then(|| view! { <Badge tone=Tone::Caution text=t!(sources::quarantined) /> })}
                        {corrected.then(|| view! { <Badge text=t!(sources::corrected) /> })}
                        {said
                            .iter()
                            .map(|kind| {
                                view! { <Badge tone=words::statement_tone(*kind) text=words::statement(*kind) /> }
                            })
                            .collect_view()}
                        {(state != RecordState::Committed)
                            .then(|| view! { <Badge tone=words::record_tone(state) text=words::record_state(state) /> })}
                    </span>
                </span>
                <Icon glyph=Glyph::ChevronRight />
            </button>
        </li>
    }
}
