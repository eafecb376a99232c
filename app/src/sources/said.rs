//! What stands beside a record: what was said of it, corrections, and adding to them.

use carnet_protocol::id::{GrantId, RecordId, StreamId};
use carnet_wallet::{command::Subject, view::SaidView};
use leptos::html;
use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::announcements::use_announcer;
use crate::i18n::format;
use crate::record_form::{Given, RecordForm, Typed};
use crate::t;
use crate::ui::{Button, Glyph, Notice, Text, Tone, follow};
use crate::wallet::use_wallet;
use crate::words;

/// Each word with who said it, when and why.
#[component]
pub(crate) fn SaidList(
    /// What was said.
    said: Vec<SaidView>,
) -> impl IntoView {
    let row = |said: SaidView| {
        let SaidView { kind, by, at, reason } = said;
        let (what, by) = (words::statement(kind), words::speaker(&by));
        let title = Text::from(move || {
            let when = format::date_time((at.0 / 1_000) as i64);
            format!("{} · {} · {when}", what.get(), by.get())
        });
        let text = Text::from(reason.unwrap_or_default());
        view! { <Notice tone=words::statement_tone(kind) title text /> }
    };
    said.into_iter().map(row).collect_view()
}

/// A member signs a record of another as well.
#[component]
pub(crate) fn CounterSign(
    /// The grant under which it is read.
    grant: GrantId,
    /// The record.
    record: RecordId,
    /// It was signed.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let (wallet, announcer) = (use_wallet(), use_announcer());
    let deed = Deed::new();
    let sign = move |()| {
        deed.run(async move { wallet.counter_sign(grant, record).await }, move |()| {
            announcer.say(Tone::Good, t!(sources::counter_signed_now));
            on_done.run(());
        });
    };
    view! {
        <p class="muted">{t!(sources::counter_sign_text)}</p>
        <DeedFailure deed />
        <div class="form-actions">
            <Button label=t!(sources::counter_sign) glyph=Glyph::Check busy=deed.busy() on_press=sign />
        </div>
    }
}

/// Writes a correction beside a record of one's own: a form that starts with what the record says.
#[component]
pub(crate) fn Correct(
    /// The car.
    vehicle: StreamId,
    /// The record.
    record: RecordId,
    /// What it says.
    given: Given,
    /// The correction is kept.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let wallet = use_wallet();
    let deed = Deed::new();
    let opened = RwSignal::new(false);
    let heading = NodeRef::<html::H3>::new();
    let keep = move |typed: Typed| {
        let Typed { day, fact, note, files } = typed;
        let work = async move { wallet.rectify_record(vehicle, record, day, fact, note, files).await };
        deed.run(work, move |_| on_done.run(()));
    };
    // The form comes below what is on the screen: the reader is taken there.
    follow(move || {
        if let Some(heading) = heading.get() {
            heading.scroll_into_view();
            let _ = heading.focus();
        }
    });
    let form = move || {
        let given = given.clone();
        let (category, day, what) = (given.fact.category(), given.day, words::fact_headline(&given.fact));
        view! {
            <h3 class="entry__correcting" tabindex="-1" node_ref=heading>
                {t!(sources::correcting, what = what.get(), day = format::day(day.0))}
            </h3>
            <p class="muted">{t!(sources::correct_text)}</p>
            <RecordForm
                categories=vec![category]
                subject=Some(Subject::Own(vehicle))
                besides=record
                given
                deed
                on_typed=keep
            />
        }
    };
    view! {
        {move || {
            if opened.get() {
                form().into_any()
            } else {
                let open = move |()| opened.set(true);
                view! {
                    <div class="form-actions">
                        <Button label=t!(sources::correct) glyph=Glyph::Document on_press=open />
                    </div>
                }
                    .into_any()
            }
        }}
    }
}
