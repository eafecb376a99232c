//! The records of a car, newest first, filtered by category and text, a page at a time.

use carnet_protocol::category::Category;
use carnet_wallet::command::{Subject, TimelineFilter};
use carnet_wallet::view::{RecordView, TimelinePage};
use leptos::prelude::*;

use super::entry::Entry;
use crate::action::{Deed, DeedFailure};
use crate::t;
use crate::ui::{Button, Card, EmptyState, Field, FieldKind, Glyph, aria};
use crate::wallet::use_wallet;
use crate::words;

/// Entries fetched at once.
const PAGE: u32 = 50;

/// The timeline with its filters. The first page came with the passport.
#[component]
pub fn Timeline(
    /// Whose.
    subject: Subject,
    /// Its first page, unfiltered.
    first: TimelinePage,
) -> impl IntoView {
    let wallet = use_wallet();
    let (total, entries) = (RwSignal::new(first.total), RwSignal::new(first.entries));
    let all = first.total;
    let text = RwSignal::new(String::new());
    let chosen = RwSignal::new(Vec::<Category>::new());
    let deed = Deed::new();
    let subject = StoredValue::new(subject);
    let fetch = move |offset: u32| {
        let filter = TimelineFilter { categories: chosen.get_untracked(), text: text.get_untracked(), days: None };
        let asked = filter.clone();
        deed.run(
            async move { wallet.timeline(subject.get_value(), filter, offset, PAGE).await },
            move |page: TimelinePage| {
                // Typed on meanwhile: a newer question is on its way, or must be asked now.
                total.set(page.total);
                entries.update(|entries| {
                    entries.truncate(offset as usize);
                    entries.extend(page.entries);
                });
                let now = TimelineFilter { categories: chosen.get_untracked(), text: text.get_untracked(), days: None };
                if now != asked {
                    chosen.notify();
                }
            },
        );
    };
    Effect::watch(move || (text.get(), chosen.get()), move |_, _, _| fetch(0), false);
    let more = move || (entries.with(Vec::len) as u32) < total.get();
    view! {
        <Card title=t!(passport::timeline)>
            <Filters text chosen />
            <p class="timeline__count" role="status">
                {move || {
                    let shown = total.get();
                    t!(passport::entries, count = shown, all = all).get()
                }}
            </p>
            <DeedFailure deed />
            <ol class="timeline">
                <For
                    each=move || entries.get()
                    key=|entry: &RecordView| (entry.record, entry.state)
                    children=move |record| view! { <Entry subject=subject.get_value() record /> }
                />
            </ol>
            {move || {
                (total.get() == 0)
                    .then(|| {
                        view! {
                            <EmptyState
                                glyph=Glyph::Filter
                                title=t!(passport::timeline_none)
                                text=t!(passport::timeline_none_text)
                            />
                        }
                    })
            }}
            {move || {
                more()
                    .then(|| {
                        view! {
                            <Button
                                label=t!(passport::more)
                                busy=deed.busy()
                                on_press=move |()| fetch(entries.with_untracked(Vec::len) as u32)
                            />
                        }
                    })
            }}
        </Card>
    }
}

#[component]
fn Filters(text: RwSignal<String>, chosen: RwSignal<Vec<Category>>) -> impl IntoView {
    let chip = move |category: Category| {
        let on = move || chosen.with(|chosen| chosen.contains(&category));
        let toggle = move |_| {
            chosen.update(|chosen| match chosen.iter().position(|one| *one == category) {
                Some(at) => drop(chosen.remove(at)),
                None => chosen.push(category),
            });
        };
        view! {
            <button type="button" class="chip" class:chip--on=on aria-pressed=move || aria(on()) on:click=toggle>
                {words::category(category)}
            </button>
        }
    };
    view! {
        <div class="filters">
            <Field label=t!(passport::search) kind=FieldKind::Search value=text />
            <div class="filters__chips" role="group" aria-label=t!(passport::by_category)>
                {Category::ALL.map(chip).collect_view()}
            </div>
        </div>
    }
}
