//! How often the car changed hands, and when. The ledger names nobody.

use carnet_protocol::ledger::{OwnerChange, OwnerChangeKind};
use carnet_wallet::view::OwnersView;
use leptos::prelude::*;

use crate::i18n::format;
use crate::t;
use crate::ui::{Card, Fact, Facts, Notice, Tone};

/// The chain of owners; nothing for a car that has had but one.
#[component]
pub(super) fn OwnersCard(owners: OwnersView) -> impl IntoView {
    let OwnersView { before, changes, read } = owners;
    let line = |OwnerChange { at, kind }: OwnerChange| {
        let term = match kind {
            OwnerChangeKind::Sale => t!(passport::owner_sale),
            OwnerChangeKind::Reopened => t!(passport::owner_reopened),
        };
        view! { <Fact term>{move || format::date_time((at.0 / 1_000) as i64)}</Fact> }
    };
    (before > 0).then(|| {
        view! {
            <Card title=t!(passport::owner_chain)>
                <p>{t!(passport::owner_count, count = before + 1)}</p>
                <Facts>{changes.into_iter().map(line).collect_view()}</Facts>
                {(read < before)
                    .then(|| {
                        view! {
                            <Notice
                                tone=Tone::Caution
                                title=t!(passport::owners_unread, count = before - read)
                                text=t!(passport::owners_unread_text)
                            />
                        }
                    })}
            </Card>
        }
    })
}
