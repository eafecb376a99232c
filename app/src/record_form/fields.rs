//! The fields that a kind of record asks for.

use leptos::prelude::*;

use super::draft::{Draft, Kind, POSTPONED, RESULTS};
use crate::t;
use crate::typed::CURRENCIES;
use crate::ui::{Field, FieldKind, Select, SelectOption, Text};
use crate::words;

/// The fields of one kind.
#[component]
pub(super) fn KindFields(draft: Draft, kind: Kind) -> impl IntoView {
    let postponed = draft.result.with_untracked(|result| result == POSTPONED);
    let results = RESULTS.into_iter().filter(|(id, _)| postponed || *id != POSTPONED);
    let results: Vec<_> = results.map(|(id, result)| SelectOption::new(id, words::result(result))).collect();
    let mut currencies = CURRENCIES.map(|code| SelectOption::new(code, Text::from(code))).to_vec();
    let given = draft.currency.get_untracked();
    if !CURRENCIES.contains(&given.as_str()) {
        // A file may have named another, or none.
        let label = if given.is_empty() { t!(new_record::currency_none) } else { Text::from(given.clone()) };
        currencies.push(SelectOption::new(given, label));
    }
    let needed = kind == Kind::Odometer;
    view! {
        {kind
            .has_description()
            .then(|| {
                view! {
                    <Field
                        label=t!(new_record::description)
                        value=draft.description
                        error=draft.errors.description
                        max_length=500
                    />
                }
            })}
        {(kind == Kind::Inspection)
            .then(|| view! { <Select label=t!(words::field_result) options=Signal::stored(results) value=draft.result /> })}
        {kind
            .has_odometer()
            .then(|| {
                let optional = (!needed).then(|| t!(new_record::optional));
                let hint = if needed { t!(new_record::odometer_hint) } else { t!(new_record::odometer_optional_hint) };
                view! {
                    <Field
                        label=t!(words::field_odometer)
                        kind=FieldKind::Number
                        unit=UNIT
                        optional
                        hint
                        value=draft.odometer
                        error=draft.errors.odometer
                        max_length=12
                    />
                }
            })}
        {kind
            .has_place()
            .then(|| {
                view! {
                    <Field
                        label=t!(words::field_workshop)
                        optional=t!(new_record::optional)
                        value=draft.place
                        max_length=120
                    />
                }
            })}
        {kind
            .has_cost()
            .then(|| {
                view! {
                    <Field
                        label=t!(words::field_cost)
                        kind=FieldKind::Number
                        optional=(kind != Kind::Expense).then(|| t!(new_record::optional))
                        hint=t!(new_record::cost_hint)
                        value=draft.cost
                        error=draft.errors.cost
                        max_length=16
                    />
                    <Select label=t!(new_record::currency) options=Signal::stored(currencies) value=draft.currency />
                }
            })}
    }
}

/// The unit's sign, the same in every language.
const UNIT: &str = "km";
