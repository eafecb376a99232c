//! Past imports, each of which can be undone as a whole.

use carnet_protocol::id::StreamId;
use carnet_wallet::view::ImportView;
use leptos::prelude::*;

use crate::confirm::{Confirm, Question};
use crate::i18n::format;
use crate::load::load;
use crate::t;
use crate::ui::{Badge, ButtonVariant, Card, Glyph, Wait};
use crate::wallet::use_wallet;
use crate::words;

/// The list, where there is any.
#[component]
pub(super) fn PastImports(vehicle: StreamId) -> impl IntoView {
    let wallet = use_wallet();
    let changes = wallet.changes_of(vehicle);
    let imports = load(move || {
        changes.track();
        async move { wallet.imports(vehicle).await }
    });
    let list = imports.value();
    view! {
        <Wait phase=imports.phase(t!(import::loading))>
            {move || {
                let list = list.get().filter(|list| !list.is_empty())?;
                let rows = list.into_iter().map(|view| view! { <Past vehicle view /> }).collect_view();
                Some(
                    view! {
                        <Card title=t!(import::past)>
                            <ul class="imports">{rows}</ul>
                        </Card>
                    },
                )
            }}
        </Wait>
    }
}

#[component]
fn Past(vehicle: StreamId, view: ImportView) -> impl IntoView {
    let wallet = use_wallet();
    let question = Question::new();
    let ImportView { import, file, kind, at, records, undone } = view;
    let undo = move |()| {
        question.answer(async move { wallet.undo_import(vehicle, import).await }, t!(import::undo_done), |()| {});
    };
    view! {
        <li class="imports__item">
            <div class="imports__body">
                <strong>{file}</strong>
                <span class="aside">
                    {words::origin(kind)} {SEPARATOR} {move || format::date_time((at.0 / 1_000) as i64)} {SEPARATOR}
                    {t!(import::record_count, count = records)}
                </span>
            </div>
            {if undone {
                view! { <Badge text=t!(import::undone) /> }.into_any()
            } else {
                view! {
                    <Confirm
                        question
                        label=t!(import::undo)
                        variant=ButtonVariant::Quiet
                        glyph=Glyph::Refresh
                        title=t!(import::undo_sure)
                        yes=t!(import::undo_now)
                        on_yes=undo
                    >
                        <p>{t!(import::undo_text)}</p>
                    </Confirm>
                }
                    .into_any()
            }}
        </li>
    }
}

const SEPARATOR: &str = " · ";
