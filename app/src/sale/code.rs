//! The code of an offer, for the buyer to scan or to be sent; and taking the offer back.

use carnet_protocol::id::StreamId;
use carnet_wallet::view::SaleView;
use leptos::prelude::*;

use super::CategoryList;
use crate::confirm::{Confirm, Question};
use crate::i18n::format;
use crate::t;
use crate::ui::{Card, CopyField, Fact, Facts, Glyph, Notice, QrCode, Tone};
use crate::wallet::use_wallet;

/// What was offered, with its code while it is good.
#[component]
pub(crate) fn CodeCard(
    /// The car.
    vehicle: StreamId,
    /// The offer.
    sale: SaleView,
    /// It was taken back.
    #[prop(into)]
    on_change: Callback<()>,
) -> impl IntoView {
    let SaleView { code, odometer, price, until, handed_over, .. } = sale;
    let origin = window().location().origin().unwrap_or_default();
    view! {
        <Card title=t!(sale::code_title)>
            {match code {
                Some(code) => {
                    let address = Signal::stored(format!("{origin}{code}"));
                    view! {
                        <p>{t!(sale::code_text)}</p>
                        <div class="link-card">
                            <QrCode label=t!(sale::code_qr) value=address />
                            <div class="link-card__text">
                                <CopyField
                                    label=t!(sale::code)
                                    value=address
                                    copy=t!(share::copy)
                                    copied=t!(share::copied)
                                />
                            </div>
                        </div>
                        <Notice tone=Tone::Info title=t!(sale::waiting) text=t!(sale::waiting_text) />
                    }
                        .into_any()
                }
                None => view! { <Notice tone=Tone::Caution title=t!(sale::lapsed) text=t!(sale::lapsed_text) /> }.into_any(),
            }}
            <Facts>
                <Fact term=t!(words::field_odometer)>
                    {move || format::with_unit(odometer.km() as f64, "kilometer")}
                </Fact>
                {price
                    .map(|price| {
                        view! {
                            <Fact term=t!(sale::price)>{move || format::money(price.minor, &price.currency)}</Fact>
                        }
                    })}
                <Fact term=t!(sale::until)>{move || format::date_time((until.0 / 1_000) as i64)}</Fact>
            </Facts>
            <p class="terms__caption">{t!(sale::handed_over)}</p>
            <CategoryList categories=handed_over glyph=Glyph::Check />
            <TakeBack vehicle on_change />
        </Card>
    }
}

#[component]
fn TakeBack(vehicle: StreamId, on_change: Callback<()>) -> impl IntoView {
    let wallet = use_wallet();
    let question = Question::new();
    let back = move |()| {
        let work = async move { wallet.cancel_sale(vehicle).await };
        question.answer(work, t!(sale::taken_back), move |_| on_change.run(()));
    };
    view! {
        <div class="form-actions">
            <Confirm
                question
                label=t!(sale::take_back)
                glyph=Glyph::Close
                title=t!(sale::take_back_sure)
                yes=t!(sale::take_back_now)
                on_yes=back
            >
                <p>{t!(sale::take_back_text)}</p>
            </Confirm>
        </div>
    }
}
