//! Passports of other people's cars, kept in this wallet.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::NotFound;
use crate::gate::Gate;
use crate::load::load;
use crate::reader::{GrantedPassport, SavedEntry, grant_param};
use crate::t;
use crate::ui::{Each, EmptyState, Glyph, LinkButton, PageFrame};
use crate::wallet::use_wallet;

/// The list.
#[component]
pub fn Saved() -> impl IntoView {
    view! {
        <Gate>
            <SavedList />
        </Gate>
    }
}

#[component]
fn SavedList() -> impl IntoView {
    let wallet = use_wallet();
    let changes = wallet.changes();
    let forgotten = RwSignal::new(0u32);
    let saved = load(move || {
        changes.track();
        forgotten.track();
        async move { wallet.saved().await }
    });
    // The list stands at once; what its owners did meanwhile comes in as a change.
    spawn_local(async move { drop(wallet.ask_saved().await) });
    let list = saved.value();
    let several = Memo::new(move |_| list.with(|list| list.as_ref().is_some_and(|list| list.len() > 1)));
    let some = Memo::new(move |_| list.with(|list| list.as_ref().is_some_and(|list| !list.is_empty())));
    let none = Memo::new(move |_| list.with(|list| list.as_ref().is_some_and(Vec::is_empty)));
    view! {
        <PageFrame title=t!(reader::saved_title) lead=t!(reader::saved_lead) phase=saved.phase(t!(reader::loading_saved))>
            {move || none.get().then(|| view! { <NothingSaved /> })}
            {move || some.get().then(|| view! { <WaysOn several /> })}
            <div class="shares">
                <Each
                    each=move || list.get().unwrap_or_default()
                    key=|saved| (saved.terms.grant, saved.revoked, saved.revoked_at)
                    children=move |saved| {
                        view! { <SavedEntry saved on_change=move |()| forgotten.update(|count| *count += 1) /> }
                    }
                />
            </div>
        </PageFrame>
    }
}

#[component]
fn NothingSaved() -> impl IntoView {
    view! {
        <EmptyState glyph=Glyph::Document title=t!(reader::saved_none) text=t!(reader::saved_none_text)>
            <LinkButton href="/s".to_owned() label=t!(reader::open_a_link) glyph=Glyph::Link />
        </EmptyState>
    }
}

/// What else to do with passports that are kept.
#[component]
fn WaysOn(several: Memo<bool>) -> impl IntoView {
    let compare = move || {
        several.get().then(|| {
            view! { <LinkButton href="/saved/compare".to_owned() label=t!(compare::title) glyph=Glyph::Gauge /> }
        })
    };
    view! {
        <div class="form-actions">
            {compare} <LinkButton href="/s".to_owned() label=t!(reader::open_a_link) glyph=Glyph::Link />
        </div>
    }
}

/// One of them.
#[component]
pub fn SavedPassport() -> impl IntoView {
    let grant = grant_param();
    view! {
        <Gate>
            {move || match grant.get() {
                Some(grant) => {
                    view! { <GrantedPassport grant back="/saved" back_label=t!(reader::back_to_saved) kept=true /> }.into_any()
                }
                None => view! { <NotFound /> }.into_any(),
            }}
        </Gate>
    }
}
