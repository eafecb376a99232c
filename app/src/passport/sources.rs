//! Who wrote the records.

use carnet_wallet::view::{SourceName, SourceView};
use leptos::prelude::*;

use crate::t;
use crate::ui::{Badge, Card, Cell, Column, Table, Tone};
use crate::words;

/// The sources, most records first.
#[component]
pub(super) fn SourcesCard(sources: Vec<SourceView>) -> impl IntoView {
    (!sources.is_empty()).then(|| {
        let rows: Vec<_> = sources.into_iter().map(row).collect();
        view! {
            <Card title=t!(passport::sources)>
                <p class="aside">{t!(passport::sources_text)}</p>
                <Table
                    caption=t!(passport::sources)
                    caption_hidden=true
                    columns=vec![
                        Column::text(t!(passport::source)),
                        Column::text(t!(passport::standing)),
                        Column::number(t!(passport::records)),
                    ]
                    rows=Signal::stored(rows)
                />
            </Card>
        }
    })
}

fn row(source: SourceView) -> Vec<Cell> {
    let SourceView { source, records } = source;
    let (tone, standing) = match &source {
        SourceName::Owner(_) => (Tone::Neutral, t!(passport::standing_owner)),
        SourceName::Own(_) | SourceName::Holder { .. } => (Tone::Neutral, t!(passport::standing_holder)),
        SourceName::Member { class, .. } => (Tone::Good, words::class(*class)),
        SourceName::Unknown => (Tone::Caution, t!(passport::standing_unknown)),
    };
    vec![
        Cell::text(words::source(&source)),
        Cell::view(move || view! { <Badge tone text=standing.clone() /> }),
        Cell::text(records.to_string()),
    ]
}
