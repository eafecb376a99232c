//! What stands beside a record: what was said of it, corrections, and adding to them.

use carnet_protocol::{
    category::Category,
    id::{GrantId, RecordId, StreamId},
};
use carnet_wallet::view::SaidView;
use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::announcements::use_announcer;
use crate::i18n::format;
use crate::record_form::{RecordForm, Typed};
use crate::t;
use crate::ui::{Button, Disclosure, Glyph, Notice, Text, Tone};
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
        let (what, by) = (words::statement(kind), words::source(&by));
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

/// Writes a correction beside a record of one's own.
#[component]
pub(crate) fn Correct(
    /// The car.
    vehicle: StreamId,
    /// The record.
    record: RecordId,
    /// Its category.
    category: Category,
    /// The correction is kept.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let wallet = use_wallet();
    let deed = Deed::new();
    let keep = move |typed: Typed| {
        let Typed { day, fact, note, files } = typed;
        let work = async move { wallet.rectify_record(vehicle, record, day, fact, note, files).await };
        deed.run(work, move |_| on_done.run(()));
    };
    view! {
        <Disclosure summary=t!(sources::correct)>
            <p class="muted">{t!(sources::correct_text)}</p>
            <RecordForm categories=vec![category] deed on_typed=keep />
        </Disclosure>
    }
}
