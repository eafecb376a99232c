//! Taking a share back, said plainly: what was seen stays seen.

use carnet_protocol::id::{GrantId, StreamId};
use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::announcements::use_announcer;
use crate::t;
use crate::ui::{Button, ButtonVariant, Dialog, Glyph, Tone};
use crate::wallet::use_wallet;

/// The button with its question.
#[component]
pub(super) fn TakeBack(
    /// The car.
    vehicle: StreamId,
    /// The share.
    grant: GrantId,
    /// For whom it is.
    audience: String,
) -> impl IntoView {
    let wallet = use_wallet();
    let announcer = use_announcer();
    let asked = RwSignal::new(false);
    let deed = Deed::new();
    let revoke = move |()| {
        deed.run(async move { wallet.revoke(vehicle, grant).await }, move |()| {
            asked.set(false);
            announcer.say(Tone::Good, t!(share::taken_back));
        });
    };
    view! {
        <Button
            label=t!(share::take_back)
            variant=ButtonVariant::Danger
            glyph=Glyph::Close
            on_press=move |()| asked.set(true)
        />
        <Dialog
            open=asked
            title=t!(share::take_back_sure, audience = audience)
            close_label=t!(share::close)
            on_close=move |()| asked.set(false)
        >
            <p>{t!(share::take_back_text)}</p>
            <p>{t!(share::take_back_seen)}</p>
            <DeedFailure deed />
            <div class="form-actions">
                <Button
                    label=t!(share::take_back_now)
                    variant=ButtonVariant::Danger
                    busy=deed.busy()
                    on_press=revoke
                />
                <Button label=t!(share::keep) variant=ButtonVariant::Quiet on_press=move |()| asked.set(false) />
            </div>
        </Dialog>
    }
}
