//! One person in the owner's list.

use carnet_protocol::id::StreamId;
use carnet_wallet::view::{HolderState, HolderView, InvitationView};
use leptos::prelude::*;

use super::invite::Code;
use crate::action::{Deed, DeedFailure};
use crate::confirm::{Confirm, Question};
use crate::i18n::format;
use crate::t;
use crate::ui::{Badge, Button, Card, Dialog, Fact, Facts, Glyph, Text, Tone};
use crate::wallet::use_wallet;

/// Who it is, where it stands, and what can be done about it.
#[component]
pub(crate) fn HolderEntry(
    /// The car.
    vehicle: StreamId,
    /// The person.
    person: HolderView,
) -> impl IntoView {
    let HolderView { holder, name, private, since, expires, removed_at, state } = person;
    let (label, tone) = match state {
        HolderState::Invited => (t!(people::invited), Tone::Info),
        HolderState::Expired => (t!(people::expired), Tone::Neutral),
        HolderState::Joined => (t!(people::joined), Tone::Good),
        HolderState::Removed => (t!(people::removed), Tone::Neutral),
    };
    let title = Text::from(name.clone());
    let when = move |at: u64| move || format::date_time((at / 1_000) as i64);
    view! {
        <Card title actions=move || view! { <Badge tone text=label.clone() /> }>
            <Facts>
                <Fact term=t!(people::sees)>{sees(private)}</Fact>
                <Fact term=t!(people::since)>{when(since.0)}</Fact>
                {(state == HolderState::Invited)
                    .then(|| view! { <Fact term=t!(people::answer_until)>{when(expires.0)}</Fact> })}
                {removed_at.map(|at| view! { <Fact term=t!(people::removed_at)>{when(at.0)}</Fact> })}
            </Facts>
            {matches!(state, HolderState::Invited | HolderState::Joined)
                .then(|| {
                    view! {
                        <div class="form-actions">
                            {(state == HolderState::Invited).then(|| view! { <ShowCode vehicle holder /> })}
                            <Remove vehicle holder name joined={state == HolderState::Joined} />
                        </div>
                    }
                })}
        </Card>
    }
}

/// With or without the private categories, in words.
pub(super) fn sees(private: bool) -> Text {
    if private { t!(people::everything) } else { t!(people::without_private) }
}

#[component]
fn ShowCode(vehicle: StreamId, holder: carnet_protocol::key::VerifyingKey) -> impl IntoView {
    let wallet = use_wallet();
    let shown = RwSignal::new(None::<InvitationView>);
    let deed = Deed::new();
    let show = move |()| {
        deed.run(async move { wallet.show_invitation(vehicle, holder).await }, move |view| shown.set(Some(view)));
    };
    view! {
        <Button label=t!(people::show_code) glyph=Glyph::Qr busy=deed.busy() on_press=show />
        <DeedFailure deed />
        <Dialog
            open=Signal::derive(move || shown.with(Option::is_some))
            title=t!(people::code)
            close_label=t!(share::close)
            on_close=move |()| shown.set(None)
        >
            {move || shown.get().map(|invitation| view! { <Code invitation /> })}
        </Dialog>
    }
}

#[component]
fn Remove(vehicle: StreamId, holder: carnet_protocol::key::VerifyingKey, name: String, joined: bool) -> impl IntoView {
    let wallet = use_wallet();
    let question = Question::new();
    let remove = move |()| {
        question.answer(async move { wallet.remove_holder(vehicle, holder).await }, t!(people::removed_now), |()| {});
    };
    let (label, title, text, yes) = if joined {
        (t!(people::remove), t!(people::remove_sure, name = name), t!(people::remove_text), t!(people::remove_yes))
    } else {
        let title = t!(people::take_back_sure, name = name);
        (t!(people::take_back), title, t!(people::take_back_text), t!(people::take_back_yes))
    };
    view! {
        <Confirm question label glyph=Glyph::Close title yes on_yes=remove>
            <p>{text.clone()}</p>
        </Confirm>
    }
}
