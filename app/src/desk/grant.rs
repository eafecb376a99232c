//! One grant in the inbox: its terms, and the answer.

use carnet_protocol::id::GrantId;
use carnet_wallet::view::{InboxState, InboxView};
use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::t;
use crate::terms::{Message, TermsFacts};
use crate::ui::{Badge, Button, ButtonVariant, Card, Fact, Facts, Glyph, LinkButton, Place, Text, Tone};
use crate::wallet::use_wallet;
use crate::words;

/// Terms, state and what can be done.
#[component]
pub(super) fn GrantEntry(
    /// The grant.
    item: InboxView,
    /// It was answered.
    #[prop(into)]
    on_answer: Callback<()>,
) -> impl IntoView {
    let InboxView { terms, state, owner_fingerprint } = item;
    let (grant, sample, message) = (terms.grant, terms.sample, terms.message.clone());
    let title = Text::from(terms.vehicle_name.clone());
    view! {
        <Card
            title
            actions=move || {
                view! {
                    {sample.then(|| view! { <Badge tone=Tone::Caution text=t!(reader::sample) /> })}
                    <Badge tone=tone(state) text=words::inbox_state(state) />
                }
            }
        >
            {message.map(|message| view! { <Message message /> })}
            <TermsFacts terms />
            <Facts>
                <Fact term=t!(desk::owner)>
                    <span class="code">{owner_fingerprint}</span>
                </Fact>
            </Facts>
            {match state {
                InboxState::New => view! { <AnswerGrant grant on_answer /> }.into_any(),
                InboxState::Accepted => {
                    view! {
                        <div class="form-actions">
                            <LinkButton
                                href=format!("/desk/{grant}")
                                label=t!(reader::open_passport)
                                variant=ButtonVariant::Primary
                                glyph=Glyph::Document
                            />
                        </div>
                    }
                        .into_any()
                }
                InboxState::Declined => view! { <p class="muted">{t!(desk::declined)}</p> }.into_any(),
                InboxState::Ended => view! { <p class="muted">{t!(desk::ended)}</p> }.into_any(),
                InboxState::Revoked => view! { <p class="muted">{t!(desk::revoked)}</p> }.into_any(),
            }}
        </Card>
    }
}

fn tone(state: InboxState) -> Tone {
    match state {
        InboxState::New => Tone::Info,
        InboxState::Accepted => Tone::Good,
        InboxState::Declined | InboxState::Ended | InboxState::Revoked => Tone::Neutral,
    }
}

#[component]
fn AnswerGrant(grant: GrantId, on_answer: Callback<()>) -> impl IntoView {
    let wallet = use_wallet();
    let deed = Deed::new();
    let answer = move |accept: bool| {
        let place = Place::here();
        deed.run(async move { wallet.answer_grant(grant, accept).await }, move |_| {
            on_answer.run(());
            place.keep();
        });
    };
    view! {
        <p>{t!(desk::answer_text)}</p>
        <DeedFailure deed />
        <div class="form-actions">
            <Button
                label=t!(desk::accept)
                variant=ButtonVariant::Primary
                glyph=Glyph::Check
                busy=deed.busy()
                on_press=move |()| answer(true)
            />
            <Button label=t!(desk::decline) glyph=Glyph::Close busy=deed.busy() on_press=move |()| answer(false) />
        </div>
    }
}
