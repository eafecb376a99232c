//! The passphrase that opens the wallet in this browser.

use leptos::prelude::*;

use crate::t;
use crate::ui::{Button, ButtonKind, ButtonVariant, Field, FieldKind, Text, focus_first_error};

/// Fewer are refused by the wallet too.
const SHORTEST: usize = 10;

/// Asks twice, so that a slip does not lock the owner out.
#[component]
pub(crate) fn ChoosePassphrase(
    /// The wallet is being made.
    #[prop(into)]
    busy: Signal<bool>,
    /// What the button says, where it does not make the wallet.
    #[prop(optional)]
    submit_label: Option<Text>,
    /// What is said while it is busy; where it makes the wallet, that takes its time on purpose.
    #[prop(optional)]
    busy_text: Option<Text>,
    /// Chosen.
    #[prop(into)]
    on_chosen: Callback<String>,
) -> impl IntoView {
    let submit_label = submit_label.unwrap_or_else(|| t!(create_wallet::create));
    let busy_text = busy_text.unwrap_or_else(|| t!(create_wallet::creating));
    let (first, second) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (first_error, second_error) = (RwSignal::new(None::<Text>), RwSignal::new(None::<Text>));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (one, two) = (first.get_untracked(), second.get_untracked());
        let short = one.chars().count() < SHORTEST;
        first_error.set(short.then(|| t!(create_wallet::passphrase_short)));
        second_error.set((one != two).then(|| t!(create_wallet::passphrase_differs)));
        if short || one != two {
            focus_first_error();
        } else {
            on_chosen.run(one);
        }
    };
    view! {
        <form class="form" on:submit=submit>
            <p>{t!(create_wallet::passphrase_text)}</p>
            <Field
                label=t!(create_wallet::passphrase)
                kind=FieldKind::NewPassword
                value=first
                hint=t!(create_wallet::passphrase_hint)
                error=first_error
            />
            <Field label=t!(create_wallet::passphrase_again) kind=FieldKind::NewPassword value=second error=second_error />
            <Button label=submit_label variant=ButtonVariant::Primary kind=ButtonKind::Submit busy />
            <p class="form__waiting" role="status">
                {move || busy.get().then(|| busy_text.get())}
            </p>
        </form>
    }
}
