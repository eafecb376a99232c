//! Letting a garage write: whom, what, how long.

use carnet_protocol::{
    category::Category,
    day::{DayRange, Timestamp},
    id::StreamId,
};
use carnet_wallet::command::PairingDraft;
use carnet_wallet::view::PairingView;
use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::t;
use crate::ui::{
    Button, ButtonKind, ButtonVariant, Card, Checkbox, Field, Glyph, Select, SelectOption, Text, focus_first_error,
};
use crate::wallet::use_wallet;
use crate::words;

/// Categories a source can be let write to, and whether a garage usually is.
const OFFERED: [(Category, bool); 6] = [
    (Category::Maintenance, true),
    (Category::Mileage, true),
    (Category::Inspection, true),
    (Category::Incident, false),
    (Category::Battery, false),
    (Category::Documents, false),
];

/// Days, as proposed.
const A_MONTH: &str = "30";

/// The form.
#[component]
pub(crate) fn PairingForm(
    /// The car.
    vehicle: StreamId,
    /// A code was made.
    #[prop(into)]
    on_made: Callback<PairingView>,
) -> impl IntoView {
    let wallet = use_wallet();
    let (name, days) = (RwSignal::new(String::new()), RwSignal::new(A_MONTH.to_owned()));
    let error = RwSignal::new(None::<Text>);
    let none_chosen = RwSignal::new(false);
    let boxes = OFFERED.map(|(category, usual)| (category, RwSignal::new(usual)));
    let deed = Deed::new();
    let spans = vec![
        SelectOption::new("1", t!(sources::for_a_day)),
        SelectOption::new(A_MONTH, t!(sources::for_a_month)),
        SelectOption::new("365", t!(sources::for_a_year)),
    ];
    // For the next garage: what was asked for this one stands in its entry.
    let clear = move || {
        name.set(String::new());
        days.set(A_MONTH.to_owned());
        boxes.iter().zip(OFFERED).for_each(|((_, chosen), (_, usual))| chosen.set(usual));
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let name = name.get_untracked().trim().to_owned();
        let categories: Vec<Category> =
            boxes.iter().filter(|(_, chosen)| chosen.get_untracked()).map(|(category, _)| *category).collect();
        error.set(name.is_empty().then(|| t!(sources::name_missing)));
        none_chosen.set(categories.is_empty());
        if name.is_empty() || categories.is_empty() {
            return focus_first_error();
        }
        let days: u64 = days.get_untracked().parse().unwrap_or(1);
        let not_after = Timestamp(js_sys::Date::now() as u64).plus(days * Timestamp::DAY);
        let draft = PairingDraft { name, categories, days: DayRange::ALL, not_after };
        deed.run(async move { wallet.pair_source(vehicle, draft).await }, move |made| {
            clear();
            on_made.run(made);
        });
    };
    view! {
        <Card title=t!(sources::let_write)>
            <form class="form" on:submit=submit>
                <Field label=t!(sources::name) hint=t!(sources::name_hint) value=name error max_length=100 />
                <div role="group" aria-label=t!(sources::what)>
                    <p class="field__label">{t!(sources::what)}</p>
                    {boxes
                        .map(|(category, checked)| {
                            view! { <Checkbox label=words::category(category) checked /> }
                        })
                        .collect_view()}
                </div>
                {move || {
                    none_chosen
                        .get()
                        .then(|| {
                            view! {
                                <p class="share__error" role="alert" tabindex="-1" aria-invalid="true">
                                    {t!(sources::what_missing)}
                                </p>
                            }
                        })
                }}
                <Select label=t!(sources::how_long) options=Signal::stored(spans) value=days />
                <DeedFailure deed />
                <Button
                    label=t!(sources::make_code)
                    variant=ButtonVariant::Primary
                    kind=ButtonKind::Submit
                    glyph=Glyph::Key
                    busy=deed.busy()
                />
                <p class="form__waiting" role="status">
                    {move || deed.busy().get().then(|| t!(sources::making_code).get())}
                </p>
            </form>
        </Card>
    }
}
