//! One record in the timeline: what happened, by whom, and everything behind it.

use carnet_wallet::command::Subject;
use carnet_wallet::view::{RecordState, RecordView};
use leptos::prelude::*;

use super::files::Files;
use crate::action::{Deed, DeedFailure};
use crate::i18n::format;
use crate::t;
use crate::ui::{Badge, Button, ButtonVariant, Dialog, Fact, Facts, Glyph, Icon, Tone};
use crate::wallet::use_wallet;
use crate::words;

/// Figures shown in the list; the rest is behind the entry.
const SHOWN: usize = 3;

/// An entry; a press opens the record in full.
#[component]
pub(super) fn Entry(subject: Subject, record: RecordView) -> impl IntoView {
    let open = RwSignal::new(false);
    let day = record.day;
    let glyph = words::fact_glyph(&record.fact);
    let headline = words::fact_headline(&record.fact);
    let title = headline.clone();
    let figures = words::fact_figures(&record.fact).into_iter().take(SHOWN);
    let figures = figures.map(|line| view! { <span class="entry__figure">{line.value}</span> }).collect_view();
    let files = record.attachments.len();
    let state = record.state;
    let source = words::source(&record.source);
    let withdrawn = state == RecordState::Withdrawn;
    view! {
        <li class="entry" class:entry--withdrawn=withdrawn>
            <button type="button" class="entry__press" on:click=move |_| open.set(true)>
                <Icon glyph />
                <span class="entry__body">
                    <span class="entry__day">{move || format::day(day.0)}</span>
                    <span class="entry__headline">{headline}</span>
                    <span class="entry__figures">{figures}</span>
                    <span class="entry__source">{source}</span>
                    <span class="entry__badges">
                        {(files > 0)
                            .then(|| view! { <Badge glyph=Glyph::Document text=t!(passport::file_count, count = files) /> })}
                        {(state != RecordState::Committed)
                            .then(|| view! { <Badge tone=words::record_tone(state) text=words::record_state(state) /> })}
                    </span>
                </span>
                <Icon glyph=Glyph::ChevronRight />
            </button>
            <Dialog open title close_label=t!(passport::close) on_close=move |()| open.set(false)>
                <Details subject=subject.clone() record=record.clone() on_done=move |()| open.set(false) />
            </Dialog>
        </li>
    }
}

#[component]
fn Details(subject: Subject, record: RecordView, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let RecordView { record: id, day, category, fact, note, method, source, written_at, attachments, state } = record;
    let lines = words::fact_figures(&fact)
        .into_iter()
        .map(|line| {
            let value = line.value;
            view! { <Fact term=line.term>{value}</Fact> }
        })
        .collect_view();
    let source = words::source(&source);
    let own = match subject {
        Subject::Own(vehicle) if state != RecordState::Withdrawn => Some(vehicle),
        _ => None,
    };
    view! {
        <Facts>
            <Fact term=t!(passport::day)>{move || format::day(day.0)}</Fact>
            <Fact term=t!(passport::category)>{words::category(category)}</Fact>
            {lines}
            <Fact term=t!(passport::source)>{source}</Fact>
            <Fact term=t!(passport::how)>{words::method(method)}</Fact>
            <Fact term=t!(passport::written)>{move || format::date_time((written_at.0 / 1_000) as i64)}</Fact>
            <Fact term=t!(passport::standing)>
                <Badge tone=words::record_tone(state) text=words::record_state(state) />
            </Fact>
        </Facts>
        {note.map(|note| view! { <p class="entry__note">{note}</p> })}
        <Files subject record=id attachments />
        {own.map(|vehicle| view! { <Withdraw vehicle record=id on_done /> })}
    }
}

/// Takes a record out of the passport; readers see that there was one.
#[component]
fn Withdraw(
    vehicle: carnet_protocol::id::StreamId,
    record: carnet_protocol::id::RecordId,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView {
    let wallet = use_wallet();
    let asked = RwSignal::new(false);
    let deed = Deed::new();
    let withdraw = move |()| {
        deed.run(async move { wallet.withdraw_record(vehicle, record).await }, move |()| on_done.run(()));
    };
    view! {
        <div class="entry__withdraw">
            {move || {
                if asked.get() {
                    view! {
                        <crate::ui::Notice
                            tone=Tone::Caution
                            title=t!(passport::withdraw_sure)
                            text=t!(passport::withdraw_text)
                        >
                            <Button
                                label=t!(passport::withdraw)
                                variant=ButtonVariant::Danger
                                busy=deed.busy()
                                on_press=withdraw
                            />
                        </crate::ui::Notice>
                    }
                        .into_any()
                } else {
                    view! {
                        <Button
                            label=t!(passport::withdraw_record)
                            variant=ButtonVariant::Quiet
                            on_press=move |()| asked.set(true)
                        />
                    }
                        .into_any()
                }
            }} <DeedFailure deed />
        </div>
    }
}
