//! The records of a car, newest first, filtered by category and text, a page at a time.

use carnet_protocol::category::Category;
use carnet_protocol::id::RecordId;
use carnet_wallet::command::{Subject, TimelineFilter};
use carnet_wallet::view::{RecordRight, RecordState, RecordView, TimelinePage};
use leptos::prelude::*;

use super::details::Details;
use super::entry::Entry;
use super::printing::{Printing, all_entries, print_when_drawn};
use crate::action::{Deed, DeedFailure};
use crate::t;
use crate::ui::{Button, Card, Dialog, Each, EmptyState, Field, FieldKind, Glyph, Text, aria, on_change};
use crate::wallet::use_wallet;
use crate::words;

/// Entries fetched at once.
pub const PAGE: u32 = 50;

/// The most that the wallet gives at once.
pub(super) const MOST: u32 = 500;

/// The timeline with its filters. The first page came with the passport; what changes later is fetched without
/// disturbing what is open.
#[component]
pub fn Timeline(
    /// Whose.
    subject: Subject,
    /// Its first page, unfiltered.
    first: TimelinePage,
    /// Its heading, where the page's own does not say it.
    #[prop(optional, into)]
    title: Option<Text>,
    /// Grows when there may be something new.
    #[prop(optional, into)]
    changes: Option<Signal<u32>>,
    /// The categories that are open to whoever looks.
    #[prop(default = Category::ALL.to_vec())]
    categories: Vec<Category>,
    /// The wish to have all that is listed on paper.
    #[prop(optional)]
    printing: Option<Printing>,
) -> impl IntoView {
    let wallet = use_wallet();
    let all = RwSignal::new(first.total);
    let (total, entries) = (RwSignal::new(first.total), RwSignal::new(first.entries));
    let text = RwSignal::new(String::new());
    let chosen = RwSignal::new(Vec::<Category>::new());
    let opened = RwSignal::new(None::<RecordView>);
    let deed = Deed::new();
    let subject = StoredValue::new(subject);
    let filter = move || TimelineFilter { categories: chosen.get_untracked(), text: text.get_untracked(), days: None };
    let fetch = move |offset: u32, limit: u32| {
        let asked = filter();
        let sent = asked.clone();
        deed.run(
            async move { wallet.timeline(subject.get_value(), sent, offset, limit).await },
            move |page: TimelinePage| {
                total.set(page.total);
                if asked == TimelineFilter::default() {
                    all.set(page.total);
                }
                entries.update(|entries| {
                    entries.truncate(offset as usize);
                    entries.extend(page.entries);
                });
                if filter() != asked {
                    // Typed on meanwhile: the newer question has not been asked yet.
                    chosen.notify();
                }
            },
        );
    };
    on_change(move || (text.get(), chosen.get()), move |_| fetch(0, PAGE));
    if let Some(changes) = changes {
        let again = move || fetch(0, (entries.with_untracked(Vec::len) as u32).clamp(PAGE, MOST));
        on_change(move || changes.get(), move |_| again());
    }
    if let Some(printing) = printing {
        let print = move || {
            let work = all_entries(wallet, subject.get_value(), filter(), entries.get_untracked());
            printing.deed().run(work, move |all| {
                entries.set(all);
                print_when_drawn();
            });
        };
        Effect::watch(move || printing.asked().get(), move |_, _, _| print(), false);
    }
    let more = move || (entries.with(Vec::len) as u32) < total.get();
    let headline = Text::from(move || {
        opened
            .with(|record| record.as_ref().map(|record| words::fact_headline(&record.fact).get().into_owned()))
            .unwrap_or_default()
    });
    view! {
        <Card>
            {title.map(|title| view! { <h2 class="card__title">{title}</h2> })}
            <Filters text chosen categories />
            <p class="timeline__count" role="status">
                {move || {
                    let (shown, all) = (total.get(), all.get());
                    t!(passport::entries, shown = shown, count = all).get()
                }}
            </p>
            <DeedFailure deed />
            <ol class="timeline">
                <Each
                    each=move || entries.get()
                    key=drawn
                    children=move |record| view! { <Entry record on_open=move |record| opened.set(Some(record)) /> }
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
                        let (shown, all) = (entries.with(Vec::len), total.get());
                        view! {
                            <p class="print-only">{t!(passport::print_rest, shown = shown, all = all)}</p>
                            <Button
                                label=t!(passport::more)
                                busy=deed.busy()
                                on_press=move |()| fetch(entries.with_untracked(Vec::len) as u32, PAGE)
                            />
                        }
                    })
            }}
            <Dialog
                open=Signal::derive(move || opened.with(Option::is_some))
                title=headline
                close_label=t!(passport::close)
                on_close=move |()| opened.set(None)
            >
                {move || {
                    opened
                        .get()
                        .map(|record| {
                            let subject = subject.get_value();
                            view! { <Details subject record on_done=move |()| opened.set(None) /> }
                        })
                }}
            </Dialog>
        </Card>
    }
}

/// What an entry shows, and offers once it is opened, that can change.
fn drawn(entry: &RecordView) -> (RecordId, RecordState, RecordRight, bool, Option<u64>, usize, Option<u8>) {
    let said = entry.said.iter().map(|said| said.at.0).max();
    let index = entry.quality.as_ref().map(|quality| quality.index);
    (entry.record, entry.state, entry.right, entry.quarantined, said, entry.rectified_by.len(), index)
}

#[component]
fn Filters(text: RwSignal<String>, chosen: RwSignal<Vec<Category>>, categories: Vec<Category>) -> impl IntoView {
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
                {categories.into_iter().map(chip).collect_view()}
            </div>
        </div>
    }
}
