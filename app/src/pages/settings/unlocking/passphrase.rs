//! Another passphrase for this browser.

use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::announcements::use_announcer;
use crate::pages::create_wallet::ChoosePassphrase;
use crate::t;
use crate::ui::{Field, FieldKind, Tone};
use crate::wallet::use_wallet;

/// The one in force, then the new one twice.
#[component]
pub(super) fn ChangePassphrase() -> impl IntoView {
    let (wallet, announcer) = (use_wallet(), use_announcer());
    let current = RwSignal::new(String::new());
    let deed = Deed::new();
    let change = Callback::new(move |next: String| {
        let typed = current.get_untracked();
        deed.run(async move { wallet.change_passphrase(typed, next).await }, move |()| {
            current.set(String::new());
            announcer.say(Tone::Good, t!(settings::passphrase_changed));
        });
    });
    view! {
        <div class="form">
            <Field label=t!(settings::current_passphrase) kind=FieldKind::Password value=current />
            <DeedFailure deed />
            <ChoosePassphrase
                busy=deed.busy()
                submit_label=t!(settings::change)
                busy_text=t!(settings::changing)
                on_chosen=change
            />
        </div>
    }
}
