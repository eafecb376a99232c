//! One pairing in the owner's list.

use carnet_protocol::id::{PairingId, StreamId};
use carnet_wallet::view::{PairingStatus, PairingView};
use leptos::prelude::*;

use super::code::CodeCard;
use crate::confirm::{Confirm, Question};
use crate::i18n::format;
use crate::share::share_with;
use crate::t;
use crate::ui::{Badge, Card, Fact, Facts, Glyph, LinkButton, Text, Tone};
use crate::wallet::use_wallet;
use crate::words;

/// For whom, where it stands, the code while it can be used, and ending it.
#[component]
pub(crate) fn PairingEntry(
    /// The car.
    vehicle: StreamId,
    /// The pairing.
    pairing: PairingView,
    /// It was ended.
    #[prop(into)]
    on_change: Callback<()>,
) -> impl IntoView {
    let status = pairing.status;
    let title = Text::from(pairing.name.clone());
    let (id, name, not_after) = (pairing.pairing, pairing.name.clone(), pairing.not_after);
    let source = pairing.source.as_ref().map(words::source);
    let categories = pairing.categories.clone();
    let live = matches!(status, PairingStatus::Waiting | PairingStatus::Paired);
    let code = pairing.code.clone();
    let paired = pairing.source_key.filter(|_| status == PairingStatus::Paired);
    view! {
        <Card title actions=move || view! { <Badge tone=tone(status) text=words::pairing_status(status) /> }>
            {code.map(|code| view! { <CodeCard code pairing=pairing.clone() /> })}
            <Facts>
                {source.map(|source| view! { <Fact term=t!(sources::used_by)>{source}</Fact> })}
                <Fact term=t!(sources::what)>
                    <span>{move || listed(&categories)}</span>
                </Fact>
                <Fact term=t!(sources::until)>{move || format::date_time((not_after.0 / 1_000) as i64)}</Fact>
            </Facts>
            {paired
                .map(|key| {
                    view! {
                        <p class="muted">{t!(sources::counter_sign_way)}</p>
                        <div class="form-actions">
                            <LinkButton
                                href=share_with(vehicle, &key)
                                label=t!(sources::share_with)
                                glyph=Glyph::Link
                            />
                        </div>
                    }
                })}
            {live.then(|| view! { <End vehicle pairing=id name on_change /> })}
        </Card>
    }
}

/// Categories in a line.
fn listed(categories: &[carnet_protocol::category::Category]) -> String {
    categories.iter().map(|category| words::category(*category).get().into_owned()).collect::<Vec<_>>().join(", ")
}

fn tone(status: PairingStatus) -> Tone {
    match status {
        PairingStatus::Waiting => Tone::Info,
        PairingStatus::Paired => Tone::Good,
        PairingStatus::Unused | PairingStatus::Ended => Tone::Neutral,
    }
}

#[component]
fn End(vehicle: StreamId, pairing: PairingId, name: String, on_change: Callback<()>) -> impl IntoView {
    let wallet = use_wallet();
    let question = Question::new();
    let end = move |()| {
        let work = async move { wallet.end_pairing(vehicle, pairing).await };
        question.answer(work, t!(sources::ended), move |_| on_change.run(()));
    };
    view! {
        <div class="form-actions">
            <Confirm
                question
                label=t!(sources::end)
                glyph=Glyph::Close
                title=t!(sources::end_sure, name = name)
                yes=t!(sources::end_now)
                on_yes=end
            >
                <p>{t!(sources::end_text)}</p>
            </Confirm>
        </div>
    }
}
