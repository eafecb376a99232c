//! What to open: categories and days.

use carnet_protocol::{category::Category, day::DayRange, grant::Purpose, id::StreamId};
use carnet_wallet::command::ShareScope;
use leptos::prelude::*;

use super::draft::{ALL_DAYS, BETWEEN, FROM, FieldError, ShareForm};
use super::presets::purpose_of;
use crate::load::load;
use crate::t;
use crate::ui::{Card, Checkbox, Choice, ChoiceGroup, ChoiceLook, Field, FieldKind, Glyph, Icon, Text, Wait, aria};
use crate::wallet::use_wallet;
use crate::words;

/// Checkboxes with the number of records behind each, and the period.
#[component]
pub(crate) fn CategoriesCard(
    /// The car.
    vehicle: StreamId,
    /// The form.
    form: ShareForm,
) -> impl IntoView {
    let wallet = use_wallet();
    let changes = wallet.changes_of(vehicle);
    let everything = Category::ALL.map(|category| ShareScope { category, days: DayRange::ALL });
    let counts = load(move || {
        changes.track();
        async move { wallet.preview_share(vehicle, everything.to_vec()).await.map(|preview| preview.shown) }
    });
    let value = counts.value();
    let count = move |category: Category| {
        value.with(|shown| {
            let shown = shown.as_ref()?.iter().find(|(own, _)| *own == category);
            shown.map(|(_, count)| *count)
        })
    };
    let box_for = move |(category, checked): (Category, RwSignal<bool>)| {
        let hint = Text::from(move || hint(category, count(category).unwrap_or(0)));
        view! { <Checkbox label=words::category(category) hint checked /> }
    };
    let quote = Memo::new(move |_| form.purpose.with(|purpose| purpose_of(purpose) == Purpose::InsuranceQuote));
    view! {
        <Card title=t!(share::what)>
            <p class="share__hint">{t!(share::what_hint)}</p>
            <Wait phase=counts
                .phase(
                    t!(share::counting),
                )>
                <div class="share__categories" role="group" aria-label=t!(share::what)>
                    {form.categories.map(box_for).collect_view()}
                </div>
            </Wait>
            {move || quote.get().then(|| view! { <p class="share__hint">{t!(share::quote_hint)}</p> })}
            <GroupError error=form.errors.categories />
            <Period form />
        </Card>
    }
}

fn hint(category: Category, count: u32) -> String {
    let what = words::category_hint(category).get();
    let records = t!(share::records, count = count).get();
    match category {
        Category::Documents => format!("{records} · {what} · {}", t!(share::private_until_sale).get()),
        category if category.is_private() => format!("{records} · {what} · {}", t!(share::private).get()),
        _ => format!("{records} · {what}"),
    }
}

#[component]
fn Period(form: ShareForm) -> impl IntoView {
    let choices = vec![
        Choice::new(ALL_DAYS, t!(share::period_all)),
        Choice::new(FROM, t!(share::period_from)),
        Choice::new(BETWEEN, t!(share::period_between)),
    ];
    let first = move || form.period.with(|period| period != ALL_DAYS);
    let last = move || form.period.with(|period| period == BETWEEN);
    let (first, last) = (Memo::new(move |_| first()), Memo::new(move |_| last()));
    view! {
        <ChoiceGroup legend=t!(share::period) choices selected=form.period look=ChoiceLook::Segmented />
        {move || {
            first
                .get()
                .then(|| {
                    view! {
                        <Field label=t!(share::first) kind=FieldKind::Date value=form.first error=form.errors.first />
                    }
                })
        }}
        {move || {
            last.get()
                .then(|| {
                    view! { <Field label=t!(share::last) kind=FieldKind::Date value=form.last error=form.errors.last /> }
                })
        }}
    }
}

/// What is wrong with a group of choices; takes the focus as a field with an error does.
#[component]
pub(super) fn GroupError(error: FieldError) -> impl IntoView {
    move || {
        error.get().map(|text| {
            view! {
                <p class="share__error" tabindex="-1" role="alert" aria-invalid=aria(true)>
                    <Icon glyph=Glyph::Stop />
                    <span>{text}</span>
                </p>
            }
        })
    }
}
