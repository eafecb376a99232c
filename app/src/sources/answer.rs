//! The owner's answer to what a source wrote.

use carnet_protocol::{
    id::{RecordId, StreamId},
    payload::StatementKind,
};
use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::announcements::use_announcer;
use crate::t;
use crate::ui::{Button, ButtonVariant, Glyph, Notice, Text, TextArea, Tone};
use crate::wallet::use_wallet;

/// Accept, dispute or reject, with a reason. What is in quarantine can be accepted and rejected; what was written with
/// leave can be disputed.
#[component]
pub(crate) fn AnswerForm(
    /// The car.
    vehicle: StreamId,
    /// The record.
    record: RecordId,
    /// Whether its source had no leave.
    quarantined: bool,
    /// It was answered.
    #[prop(into)]
    on_done: Callback<()>,
) -> impl IntoView {
    let (wallet, announcer) = (use_wallet(), use_announcer());
    let reason = RwSignal::new(String::new());
    let bare = RwSignal::new(false);
    let deed = Deed::new();
    let answer = move |kind: StatementKind, said: Text| {
        let text = Some(reason.get_untracked().trim().to_owned()).filter(|text| !text.is_empty());
        let needs_reason = kind != StatementKind::Accepted;
        bare.set(needs_reason && text.is_none());
        if bare.get_untracked() {
            return;
        }
        deed.run(async move { wallet.answer_record(vehicle, record, kind, text).await }, move |_| {
            announcer.say(Tone::Good, said);
            on_done.run(());
        });
    };
    let press = move |kind, label: Text, glyph, variant, said: Text| {
        let on_press = move |()| answer(kind, said.clone());
        view! { <Button label variant glyph busy=deed.busy() on_press /> }
    };
    view! {
        <div class="form">
            {quarantined
                .then(|| {
                    view! {
                        <Notice
                            tone=Tone::Caution
                            title=t!(sources::quarantine_own)
                            text=t!(sources::quarantine_own_text)
                        />
                    }
                })}
            <TextArea label=t!(sources::reason) value=reason />
            {move || bare.get().then(|| view! { <Notice tone=Tone::Bad title=t!(sources::reason_missing) /> })}
            <DeedFailure deed />
            <div class="form-actions">
                {quarantined
                    .then(|| {
                        press(
                            StatementKind::Accepted,
                            t!(sources::accept),
                            Glyph::Check,
                            ButtonVariant::Primary,
                            t!(sources::accepted_now),
                        )
                    })}
                {press(
                    StatementKind::Disputed,
                    t!(sources::dispute),
                    Glyph::Warning,
                    ButtonVariant::Secondary,
                    t!(sources::disputed_now),
                )}
                {quarantined
                    .then(|| {
                        press(
                            StatementKind::Rejected,
                            t!(sources::reject),
                            Glyph::Close,
                            ButtonVariant::Secondary,
                            t!(sources::rejected_now),
                        )
                    })}
            </div>
        </div>
    }
}
