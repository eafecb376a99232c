//! The terms of a share as its reader sees them: from whom, what for, until when, what is open and what is not.

use carnet_protocol::day::Timestamp;
use carnet_wallet::view::TermsView;
use leptos::prelude::*;

use crate::i18n::format;
use crate::share::ScopeList;
use crate::t;
use crate::ui::{Badge, Card, Fact, Facts, Glyph, Icon, Notice, Text, Tone};
use crate::words;

/// The terms above a passport that someone else opened.
#[component]
pub(crate) fn Terms(
    /// The terms.
    terms: TermsView,
) -> impl IntoView {
    let TermsView { vehicle_name, sample, message, .. } = terms.clone();
    view! {
        <Card
            title=t!(reader::terms)
            actions=move || sample.then(|| view! { <Badge tone=Tone::Caution text=t!(reader::sample) /> })
        >
            <p>{t!(reader::terms_from, name = vehicle_name)}</p>
            {sample.then(|| view! { <Notice tone=Tone::Caution title=t!(reader::sample) text=t!(reader::sample_text) /> })}
            {message.map(|message| view! { <Message message /> })}
            <TermsFacts terms />
        </Card>
    }
}

/// The message of the owner, in the owner's words.
#[component]
pub(crate) fn Message(
    /// The text.
    message: String,
) -> impl IntoView {
    view! {
        <figure class="terms__message">
            <figcaption class="terms__caption">{t!(reader::message)}</figcaption>
            <blockquote class="terms__words">{message}</blockquote>
        </figure>
    }
}

/// The terms as facts and lists.
#[component]
pub(crate) fn TermsFacts(
    /// The terms.
    terms: TermsView,
) -> impl IntoView {
    let TermsView { audience, purpose, scopes, not_shared, shared_at, issued_at, not_after, renewed, .. } = terms;
    view! {
        <Facts>
            <Fact term=t!(reader::meant_for)>{audience}</Fact>
            <Fact term=t!(reader::purpose)>{words::purpose(purpose)}</Fact>
            <Fact term=t!(reader::since)>{move || format::date_time((shared_at.0 / 1_000) as i64)}</Fact>
            {(issued_at > shared_at)
                .then(|| {
                    view! {
                        <Fact term=t!(reader::keys_renewed)>
                            {move || format::date_time((issued_at.0 / 1_000) as i64)}
                        </Fact>
                    }
                })}
            <Fact term=t!(reader::until)>{until(renewed, not_after)}</Fact>
        </Facts>
        <div class="terms__lists">
            <div>
                <p class="terms__caption">{t!(reader::shared)}</p>
                <ScopeList scopes />
            </div>
            <div>
                <p class="terms__caption">{t!(reader::not_shared)}</p>
                <NotShared categories=not_shared />
            </div>
        </div>
    }
}

fn until(renewed: bool, not_after: Timestamp) -> Text {
    let end = move || format::date_time((not_after.0 / 1_000) as i64);
    if renewed { t!(reader::until_renewed, end = end()) } else { Text::from(end) }
}

#[component]
fn NotShared(categories: Vec<carnet_protocol::category::Category>) -> impl IntoView {
    if categories.is_empty() {
        return view! { <p class="muted">{t!(reader::not_shared_nothing)}</p> }.into_any();
    }
    let line = |category| {
        view! {
            <li class="scopes__scope">
                <Icon glyph=Glyph::Lock />
                <span class="scopes__category">{words::category(category)}</span>
            </li>
        }
    };
    view! { <ul class="scopes">{categories.into_iter().map(line).collect_view()}</ul> }.into_any()
}
