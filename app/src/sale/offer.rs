//! Offering a car: what will happen, the odometer, the price, and who is at the keys.

use carnet_protocol::{
    category::Category,
    id::{GrantId, StreamId},
    quantity::{Metres, Money},
};
use carnet_wallet::command::{SaleDraft, Subject, Verification};
use carnet_wallet::view::{SaleView, ShareState};
use leptos::prelude::*;

use super::CategoryList;
use crate::action::{Deed, DeedFailure};
use crate::load::load;
use crate::passkey;
use crate::reading_check::{ReadingCheck, ReadingQuestion};
use crate::t;
use crate::typed::{CURRENCIES, ODOMETER_KM_MAX, minor_units, today, whole_number};
use crate::ui::{
    Button, ButtonKind, ButtonVariant, Card, Field, FieldKind, Glyph, Notice, Select, SelectOption, Text, Tone,
    focus_first_error,
};
use crate::wallet::use_wallet;

/// Stays with the seller.
const KEPT: [Category; 3] = [Category::Driving, Category::Location, Category::Finance];

/// Days that an offer stands, as offered; the wallet takes up to 30.
const DAYS: [u8; 4] = [1, 7, 14, 30];

/// The fields, as typed.
#[derive(Clone, Copy)]
struct Form {
    odometer: RwSignal<String>,
    odometer_error: RwSignal<Option<Text>>,
    price: RwSignal<String>,
    price_error: RwSignal<Option<Text>>,
    currency: RwSignal<String>,
    days: RwSignal<String>,
    reader: RwSignal<String>,
}

impl Form {
    fn new() -> Self {
        let text = |text: &str| RwSignal::new(text.to_owned());
        let error = || RwSignal::new(None);
        Self {
            odometer: text(""),
            odometer_error: error(),
            price: text(""),
            price_error: error(),
            currency: text("EUR"),
            days: text("7"),
            reader: text(""),
        }
    }

    /// The terms, or `None` with every wrong field marked.
    fn checked(self) -> Option<SaleDraft> {
        let km = whole_number(&self.odometer.get_untracked()).filter(|km| (1..=ODOMETER_KM_MAX).contains(km));
        self.odometer_error.set(km.is_none().then(|| t!(sale::odometer_wrong)));
        let (typed, currency) = (self.price.get_untracked(), self.currency.get_untracked());
        let price = Some(typed.trim()).filter(|typed| !typed.is_empty()).map(|typed| minor_units(typed, &currency));
        self.price_error.set((price == Some(None)).then(|| t!(new_record::cost_wrong)));
        if km.is_none() || price == Some(None) {
            focus_first_error();
        }
        let price = match price {
            Some(None) => return None,
            other => other.flatten().map(|minor| Money { minor, currency }),
        };
        let days = self.days.get_untracked().parse().unwrap_or(DAYS[1]);
        let reader = self.reader.get_untracked().parse::<GrantId>().ok();
        Some(SaleDraft { odometer: Metres::from_km(km?), price, days, reader })
    }
}

/// The form for an offer.
#[component]
pub(crate) fn OfferForm(
    /// The car.
    vehicle: StreamId,
    /// It is made.
    #[prop(into)]
    on_made: Callback<SaleView>,
) -> impl IntoView {
    let wallet = use_wallet();
    let form = Form::new();
    let passphrase = RwSignal::new(String::new());
    let deed = Deed::new();
    let passkeys = Memo::new(move |_| {
        wallet.status().get().map(|status| status.passkeys).filter(|_| passkey::known()).unwrap_or_default()
    });
    let check = ReadingCheck::new(Some(Subject::Own(vehicle)), None);
    let read_today = |draft: &SaleDraft| Some((today(), draft.odometer));
    let made = move |sale: Option<SaleView>| sale.into_iter().for_each(|sale| on_made.run(sale));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(draft) = form.checked() else { return };
        check.then(read_today(&draft), move || {
            let verification = Verification::Passphrase(passphrase.get_untracked());
            deed.run(async move { wallet.offer_sale(vehicle, verification, draft).await }, made);
        });
    };
    let with_passkey = move |()| {
        let Some(draft) = form.checked() else { return };
        let known = passkeys.get_untracked();
        check.then(read_today(&draft), move || {
            let work = async move {
                let answered = passkey::ask(&known).await?;
                let (credential, output) = (answered.credential, answered.output);
                wallet.offer_sale(vehicle, Verification::Passkey { credential, output }, draft).await
            };
            deed.run(work, made);
        });
    };
    view! {
        <form class="share" on:submit=submit>
            <WhatHappens />
            <Card title=t!(sale::terms)>
                <div class="form">
                    <TermsFields vehicle form />
                </div>
            </Card>
            <Card title=t!(sale::sure_it_is_you)>
                <div class="form">
                    <Field
                        label=t!(unlock::passphrase)
                        hint=t!(sale::passphrase_hint)
                        kind=FieldKind::Password
                        value=passphrase
                    />
                    <ReadingQuestion check />
                    <DeedFailure deed />
                    <Button
                        label=t!(sale::make_offer)
                        variant=ButtonVariant::Primary
                        kind=ButtonKind::Submit
                        glyph=Glyph::Check
                        busy=deed.busy()
                    />
                    {move || {
                        (!passkeys.read().is_empty())
                            .then(|| {
                                view! {
                                    <Button
                                        label=t!(sale::make_offer_passkey)
                                        glyph=Glyph::Lock
                                        busy=deed.busy()
                                        on_press=with_passkey
                                    />
                                }
                            })
                    }}
                    <p class="form__waiting" role="status">
                        {move || deed.busy().get().then(|| t!(sale::offering).get())}
                    </p>
                </div>
            </Card>
        </form>
    }
}

/// What an offer means, before anything is typed.
#[component]
fn WhatHappens() -> impl IntoView {
    let handed: Vec<Category> = Category::ALL.into_iter().filter(|category| !KEPT.contains(category)).collect();
    view! {
        <Card title=t!(sale::what_happens)>
            <p>{t!(sale::what_happens_text)}</p>
            <div class="terms__lists">
                <div>
                    <p class="terms__caption">{t!(sale::handed_over)}</p>
                    <CategoryList categories=handed glyph=Glyph::Check />
                    <p class="aside">{t!(sale::documents_go)}</p>
                </div>
                <div>
                    <p class="terms__caption">{t!(sale::kept)}</p>
                    <CategoryList categories=KEPT.to_vec() glyph=Glyph::Lock />
                </div>
            </div>
            <Notice tone=Tone::Caution title=t!(sale::for_good) text=t!(sale::for_good_text) />
        </Card>
    }
}

#[component]
fn TermsFields(vehicle: StreamId, form: Form) -> impl IntoView {
    let wallet = use_wallet();
    let shares = load(move || async move { wallet.shares(vehicle).await });
    let shares = shares.value();
    let currencies = CURRENCIES.map(|code| SelectOption::new(code, Text::from(code))).to_vec();
    let days = DAYS.map(|days| SelectOption::new(days.to_string(), t!(sale::days, count = days))).to_vec();
    let readers = Signal::derive(move || {
        let claimed = shares.get().unwrap_or_default().into_iter().filter(|share| share.state == ShareState::Claimed);
        let nobody = SelectOption::new("", t!(sale::whoever_has_code));
        let reader = |grant: GrantId, name: String| SelectOption::new(grant.to_string(), Text::from(name));
        core::iter::once(nobody).chain(claimed.map(|share| reader(share.grant, share.audience))).collect::<Vec<_>>()
    });
    view! {
        <Field
            label=t!(words::field_odometer)
            hint=t!(sale::odometer_hint)
            kind=FieldKind::Number
            unit="km"
            value=form.odometer
            error=form.odometer_error
            max_length=12
        />
        <Field
            label=t!(sale::price)
            hint=t!(sale::price_hint)
            optional=t!(new_record::optional)
            kind=FieldKind::Number
            value=form.price
            error=form.price_error
            max_length=16
        />
        <Select label=t!(new_record::currency) options=Signal::stored(currencies) value=form.currency />
        <Select label=t!(sale::stands) options=Signal::stored(days) value=form.days />
        <Select label=t!(sale::offered_to) hint=t!(sale::offered_to_hint) options=readers value=form.reader />
    }
}
