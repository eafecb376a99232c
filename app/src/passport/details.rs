//! A record in full: all figures, where they come from, files, and taking it back.

use carnet_protocol::id::{RecordId, StreamId};
use carnet_wallet::command::{EraseTarget, Subject};
use carnet_wallet::view::{BothSigned, RecordState, RecordView};
use leptos::prelude::*;

use super::backing::Backing;
use super::files::Files;
use crate::confirm::{Confirm, Question};
use crate::erasure::Erase;
use crate::i18n::format;
use crate::t;
use crate::ui::{Badge, ButtonVariant, Fact, Facts, Glyph, Tone};
use crate::wallet::use_wallet;
use crate::words;

/// Everything that a record says.
#[component]
pub(super) fn Details(subject: Subject, record: RecordView, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let RecordView { record: id, day, category, fact, note, method, source, written_at, attachments, state, .. } =
        record;
    let (quality, findings) = (record.quality, record.findings);
    let (earlier, signed) = (record.earlier_owner, record.both_signed);
    let lines = words::fact_figures(&fact)
        .into_iter()
        .map(|line| {
            let value = line.value;
            view! { <Fact term=line.term>{value}</Fact> }
        })
        .collect_view();
    let source = words::source(&source);
    let own = match subject {
        Subject::Own(vehicle) if state != RecordState::Withdrawn && !earlier => Some(vehicle),
        _ => None,
    };
    view! {
        <Facts>
            <Fact term=t!(passport::day)>{move || format::day(day.0)}</Fact>
            <Fact term=t!(passport::category)>{words::category(category)}</Fact>
            {lines}
            <Fact term=t!(passport::source)>{source}</Fact>
            {earlier.then(|| view! { <Fact term=t!(passport::written_by)>{t!(passport::earlier_owner)}</Fact> })}
            {signed
                .map(|signed| {
                    let (tone, text) = match signed {
                        BothSigned::Yes => (Tone::Good, t!(passport::both_signed)),
                        BothSigned::No => (Tone::Bad, t!(passport::both_signed_not)),
                        BothSigned::Unknown => (Tone::Neutral, t!(passport::both_signed_unknown)),
                    };
                    view! {
                        <Fact term=t!(passport::signatures)>
                            <Badge tone text />
                        </Fact>
                    }
                })}
            <Fact term=t!(passport::how)>{words::method(method)}</Fact>
            <Fact term=t!(passport::written)>{move || format::date_time((written_at.0 / 1_000) as i64)}</Fact>
            <Fact term=t!(passport::standing)>
                <Badge tone=words::record_tone(state) text=words::record_state(state) />
            </Fact>
        </Facts>
        {note.map(|note| view! { <p class="entry__note">{note}</p> })}
        <Backing quality findings />
        <Files subject record=id attachments />
        {own
            .map(|vehicle| {
                let target = EraseTarget::Record { vehicle, record: id };
                view! {
                    <Withdraw vehicle record=id on_done />
                    <div class="entry__withdraw">
                        <Erase
                            target
                            label=t!(erasure::erase_record)
                            text=t!(erasure::record_text)
                            on_done=move |_| on_done.run(())
                        />
                    </div>
                }
            })}
    }
}

/// Takes a record out of the passport; readers see that there was one.
#[component]
fn Withdraw(vehicle: StreamId, record: RecordId, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let wallet = use_wallet();
    let question = Question::new();
    let withdraw = move |()| {
        let work = async move { wallet.withdraw_record(vehicle, record).await };
        question.answer(work, t!(passport::withdraw_done), move |()| on_done.run(()));
    };
    view! {
        <div class="entry__withdraw">
            <Confirm
                question
                label=t!(passport::withdraw_record)
                variant=ButtonVariant::Quiet
                glyph=Glyph::Trash
                title=t!(passport::withdraw_sure)
                yes=t!(passport::withdraw)
                on_yes=withdraw
            >
                <p>{t!(passport::withdraw_text)}</p>
            </Confirm>
        </div>
    }
}
