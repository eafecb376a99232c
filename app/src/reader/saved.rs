//! One passport of another's car in the list of those kept.

use carnet_wallet::view::{SaleHint, SavedView};
use leptos::prelude::*;

use crate::confirm::{Confirm, Question};
use crate::i18n::format;
use crate::t;
use crate::terms::TermsFacts;
use crate::ui::{Badge, ButtonVariant, Card, Disclosure, Fact, Facts, Glyph, LinkButton, Text, Tone};
use crate::wallet::use_wallet;

/// Name, dates, and the ways to open and to forget it.
#[component]
pub(crate) fn SavedEntry(
    /// The passport.
    saved: SavedView,
    /// The list changed.
    #[prop(into)]
    on_change: Callback<()>,
) -> impl IntoView {
    let SavedView { terms, claimed_at, revoked, revoked_at } = saved;
    let (grant, sample, not_after) = (terms.grant, terms.sample, terms.not_after);
    let name = terms.vehicle_name.clone();
    let title = Text::from(name.clone());
    let offered = terms.sale == SaleHint::Offered;
    let over = !revoked && not_after.0 < js_sys::Date::now() as u64;
    // What is over opens nothing any more.
    let opens = !revoked && !over;
    view! {
        <Card
            title
            actions=move || {
                view! {
                    {sample.then(|| view! { <Badge tone=Tone::Caution text=t!(reader::sample) /> })}
                    {offered.then(|| view! { <Badge tone=Tone::Good text=t!(sale::for_sale) /> })}
                    {revoked.then(|| view! { <Badge text=t!(reader::taken_back) /> })}
                    {over.then(|| view! { <Badge text=t!(reader::over) /> })}
                }
            }
        >
            <Facts>
                <Fact term=t!(reader::kept_since)>{move || format::date_time((claimed_at.0 / 1_000) as i64)}</Fact>
                {revoked_at
                    .map(|at| {
                        view! {
                            <Fact term=t!(reader::taken_back_at)>{move || format::date_time((at.0 / 1_000) as i64)}</Fact>
                        }
                    })}
                {(!revoked)
                    .then(|| {
                        view! {
                            <Fact term=if over { t!(reader::ended_at) } else { t!(reader::until) }>
                                {move || format::date_time((not_after.0 / 1_000) as i64)}
                            </Fact>
                        }
                    })}
            </Facts>
            <Disclosure summary=t!(reader::terms)>
                <TermsFacts terms />
            </Disclosure>
            <div class="form-actions">
                {opens
                    .then(|| {
                        view! {
                            <LinkButton
                                href=format!("/saved/{grant}")
                                label=t!(reader::open_passport)
                                variant=ButtonVariant::Primary
                                glyph=Glyph::Document
                            />
                        }
                    })} <Forget grant name on_change />
            </div>
        </Card>
    }
}

/// The button that removes a passport from this wallet, with its question.
#[component]
pub(super) fn Forget(
    /// Its grant.
    grant: carnet_protocol::id::GrantId,
    /// What its owner calls the car.
    name: String,
    /// It was removed.
    #[prop(into)]
    on_change: Callback<()>,
) -> impl IntoView {
    let wallet = use_wallet();
    let question = Question::new();
    let forget = move |()| {
        let work = async move { wallet.forget_saved(grant).await };
        question.answer(work, t!(reader::forgotten), move |_| on_change.run(()));
    };
    view! {
        <Confirm
            question
            label=t!(reader::forget)
            glyph=Glyph::Trash
            title=t!(reader::forget_sure, name = name)
            yes=t!(reader::forget_now)
            on_yes=forget
        >
            <p>{t!(reader::forget_text)}</p>
        </Confirm>
    }
}
