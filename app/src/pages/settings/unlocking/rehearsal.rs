//! A rehearsal of the day on which the words are needed.

use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::announcements::use_announcer;
use crate::t;
use crate::ui::{Button, TextArea, Tone};
use crate::wallet::use_wallet;

/// All words, typed from the sheet of paper.
#[component]
pub(super) fn Rehearsal() -> impl IntoView {
    let (wallet, announcer) = (use_wallet(), use_announcer());
    let words = RwSignal::new(String::new());
    let deed = Deed::new();
    let check = move |()| {
        let typed = words.get_untracked();
        deed.run(async move { wallet.rehearse_words(typed).await }, move |()| {
            words.set(String::new());
            announcer.say(Tone::Good, t!(settings::rehearsed));
        });
    };
    view! {
        <div class="form">
            <p>{t!(settings::rehearse_text)}</p>
            <TextArea label=t!(create_wallet::restore_words) hint=t!(create_wallet::restore_hint) value=words />
            <DeedFailure deed />
            <Button label=t!(settings::rehearse_now) busy=deed.busy() on_press=check />
        </div>
    }
}
