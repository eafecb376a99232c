//! The grants that owners address to the member.

use carnet_wallet::view::StaffView;
use leptos::prelude::*;

use super::grant::GrantEntry;
use crate::action::{Deed, DeedFailure};
use crate::load::load;
use crate::t;
use crate::ui::{Button, Card, CardLook, Each, EmptyState, Fact, Facts, Glyph, Wait};
use crate::wallet::use_wallet;
use crate::words;

/// Who one is here, and the inbox.
#[component]
pub(crate) fn InboxList(
    /// The member.
    staff: StaffView,
    /// Grows with each wish to look again, here and beside.
    looks: RwSignal<u32>,
) -> impl IntoView {
    let wallet = use_wallet();
    let changes = wallet.changes();
    let inbox = load(move || {
        changes.track();
        looks.track();
        async move { wallet.inbox().await }
    });
    let list = inbox.value();
    let none = Memo::new(move |_| list.with(|list| list.as_ref().is_some_and(Vec::is_empty)));
    let again = move || looks.update(|count| *count += 1);
    let refresh = Deed::new();
    let look = move |()| refresh.run(async move { wallet.synchronise().await }, move |_| again());
    view! {
        <Member staff />
        <div class="cluster cluster--apart">
            <h2 class="desk__heading">{t!(desk::inbox)}</h2>
            <Button label=t!(desk::refresh) glyph=Glyph::Refresh busy=refresh.busy() on_press=look />
        </div>
        <DeedFailure deed=refresh />
        <Wait phase=inbox
            .phase(
                t!(desk::loading_inbox),
            )>
            {move || {
                none.get()
                    .then(|| {
                        view! {
                            <EmptyState glyph=Glyph::Document title=t!(desk::inbox_none) text=t!(desk::inbox_none_text) />
                        }
                    })
            }}
            <div class="shares">
                <Each
                    each=move || list.get().unwrap_or_default()
                    key=|item| (item.terms.grant, item.state)
                    children=move |item| view! { <GrantEntry item on_answer=move |()| again() /> }
                />
            </div>
        </Wait>
    }
}

#[component]
fn Member(staff: StaffView) -> impl IntoView {
    let StaffView { member, fingerprint, .. } = staff;
    view! {
        <Card look=CardLook::Quiet>
            <Facts>
                <Fact term=t!(desk::acting_for)>{member.name}</Fact>
                <Fact term=t!(desk::class)>{words::class(member.class)}</Fact>
                <Fact term=t!(desk::fingerprint)>
                    <span class="code">{fingerprint}</span>
                </Fact>
            </Facts>
        </Card>
    }
}
