//! Until when, how often, with or without a PIN, and a message.

use leptos::prelude::*;

use super::draft::{ON_A_DAY, OPEN, ShareForm, UNLIMITED};
use crate::t;
use crate::ui::{Card, Checkbox, Choice, ChoiceGroup, ChoiceLook, Field, FieldKind, TextArea};

/// How the share ends and what goes with it.
#[component]
pub(crate) fn EndCard(
    /// The form.
    form: ShareForm,
) -> impl IntoView {
    let link = Memo::new(move |_| form.is_link());
    let open = Memo::new(move |_| form.is_open());
    view! {
        <Card title=t!(share::limits)>
            {move || (!link.get()).then(|| view! { <EndChoice form /> })}
            {move || {
                if open.get() {
                    view! { <p class="share__hint">{t!(share::open_hint)}</p> }.into_any()
                } else {
                    view! {
                        <Field
                            label=t!(share::end)
                            hint=t!(share::end_hint)
                            kind=FieldKind::Date
                            value=form.end
                            error=form.errors.end
                        />
                    }
                        .into_any()
                }
            }}
            {move || link.get().then(|| view! { <LinkLimits form /> })}
            <TextArea
                label=t!(share::message)
                hint=t!(share::message_hint)
                optional=t!(share::optional)
                value=form.message
                error=form.errors.message
                rows=3
            />
        </Card>
    }
}

/// Only a member is given access without an end: a link lies about in chats and mails.
#[component]
fn EndChoice(form: ShareForm) -> impl IntoView {
    let ends = vec![Choice::new(ON_A_DAY, t!(share::ends_on_a_day)), Choice::new(OPEN, t!(share::ends_open))];
    view! { <ChoiceGroup legend=t!(share::ends) choices=ends selected=form.ends look=ChoiceLook::Segmented /> }
}

#[component]
fn LinkLimits(form: ShareForm) -> impl IntoView {
    let uses = vec![
        Choice::new(UNLIMITED, t!(share::uses_unlimited)),
        Choice::new("1", t!(share::uses_once)),
        Choice::new("5", t!(share::uses_times, count = 5u32)),
        Choice::new("20", t!(share::uses_times, count = 20u32)),
    ];
    view! {
        <ChoiceGroup legend=t!(share::uses) choices=uses selected=form.uses look=ChoiceLook::Segmented />
        <Checkbox label=t!(share::with_pin) hint=t!(share::with_pin_hint) checked=form.with_pin />
        {move || {
            form.with_pin
                .get()
                .then(|| {
                    view! {
                        <Field
                            label=t!(share::pin)
                            hint=t!(share::pin_hint)
                            kind=FieldKind::Code
                            value=form.pin
                            error=form.errors.pin
                            max_length=12
                        />
                    }
                })
        }}
    }
}
