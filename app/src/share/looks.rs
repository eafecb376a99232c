//! Who looked, when, and at what.

use carnet_wallet::view::LookView;
use leptos::prelude::*;

use crate::i18n::format;
use crate::t;
use crate::ui::{Card, Cell, Column, EmptyState, Glyph, Table, Text};
use crate::words;

/// The viewing log, newest first.
#[component]
pub(crate) fn LooksTable(
    /// The looks.
    #[prop(into)]
    looks: Signal<Vec<LookView>>,
) -> impl IntoView {
    let none = Memo::new(move |_| looks.with(Vec::is_empty));
    let rows = Signal::derive(move || looks.get().into_iter().map(row).collect::<Vec<_>>());
    view! {
        <Card title=t!(share::log)>
            <p class="share__hint">{t!(share::log_hint)}</p>
            {move || {
                if none.get() {
                    view! { <EmptyState glyph=Glyph::Eye title=t!(share::log_none) text=t!(share::log_none_text) /> }
                        .into_any()
                } else {
                    let columns = vec![
                        Column::text(t!(share::log_when)),
                        Column::text(t!(share::log_who)),
                        Column::text(t!(share::log_what)),
                    ];
                    view! { <Table caption=t!(share::log) caption_hidden=true columns rows /> }.into_any()
                }
            }}
        </Card>
    }
}

fn row(look: LookView) -> Vec<Cell> {
    let LookView { audience, of_sale, at, kind, .. } = look;
    let when = Text::from(move || format::date_time((at.0 / 1_000) as i64));
    let who = match audience {
        _ if of_sale => t!(share::log_buyer),
        audience if audience.is_empty() => t!(share::log_unknown),
        audience => Text::from(audience),
    };
    vec![Cell::text(when), Cell::text(who), Cell::text(words::look(kind))]
}
