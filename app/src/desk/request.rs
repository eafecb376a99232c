//! Asking the consortium to admit one's own organisation.

use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::share::{CLASSES, class_of};
use crate::t;
use crate::ui::{
    Button, ButtonKind, ButtonVariant, Field, Glyph, Place, Select, SelectOption, Text, focus_first_error,
};
use crate::wallet::use_wallet;
use crate::words;

/// Longest public name, in bytes.
const NAME_MAX: usize = carnet_protocol::limits::NAME_MAX;

/// Name and class; makes the keys.
#[component]
pub(super) fn RequestForm(
    /// The keys were made.
    on_taken: Callback<()>,
) -> impl IntoView {
    let wallet = use_wallet();
    let (name, class) = (RwSignal::new(String::new()), RwSignal::new(CLASSES[0].0.to_owned()));
    let error = RwSignal::new(None::<Text>);
    let deed = Deed::new();
    let classes: Vec<_> =
        CLASSES.iter().map(|(value, class)| SelectOption::new(*value, words::class(*class))).collect();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = name.get_untracked().trim().to_owned();
        let fault = match typed.len() {
            0 => Some(t!(desk::name_missing)),
            1..=NAME_MAX => None,
            _ => Some(t!(desk::name_long)),
        };
        let wrong = fault.is_some();
        error.set(fault);
        if wrong {
            return focus_first_error();
        }
        let class = class_of(&class.get_untracked());
        deed.run(async move { wallet.request_membership(typed, class).await }, move |_| {
            on_taken.run(());
            Place::Top.keep();
        });
    };
    view! {
        <form class="desk__form" on:submit=submit>
            <p>{t!(desk::request_text)}</p>
            <Field label=t!(desk::name) hint=t!(desk::name_hint) value=name error max_length=120 />
            <Select label=t!(desk::class) options=classes value=class />
            <DeedFailure deed />
            <Button
                label=t!(desk::make_keys)
                variant=ButtonVariant::Primary
                kind=ButtonKind::Submit
                glyph=Glyph::Key
                busy=deed.busy()
            />
        </form>
    }
}
