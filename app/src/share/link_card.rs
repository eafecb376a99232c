//! A share link to hand over: as a code, as text, and through the device's own way of sharing.

use carnet_wallet::view::ShareView;
use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::i18n::format;
use crate::t;
use crate::ui::{Button, CopyField, Fact, Facts, Glyph, Notice, QrCode, Tone};

/// The link with its limits. It holds the secret, so it stands only where the owner asked for it.
#[component]
pub(super) fn LinkCard(
    /// Path and fragment.
    link: String,
    /// Its share.
    share: ShareView,
) -> impl IntoView {
    let ShareView { not_after, max_opens, pin, .. } = share;
    // Without an origin of its own a page has no links to give; browsers name one for every page served over HTTPS.
    let origin = window().location().origin().unwrap_or_default();
    let address = Signal::stored(format!("{origin}{link}"));
    let can_send = device_share().is_some();
    view! {
        <div class="link-card">
            <QrCode label=t!(share::qr) value=address />
            <div class="link-card__text">
                <CopyField label=t!(share::link) value=address copy=t!(share::copy) copied=t!(share::copied) />
                {can_send
                    .then(|| {
                        view! {
                            <Button
                                label=t!(share::send)
                                glyph=Glyph::Share
                                on_press=move |()| send(&address.get_untracked())
                            />
                        }
                    })}
                <Facts>
                    <Fact term=t!(share::ends)>{move || format::date_time(seconds(not_after.0))}</Fact>
                    <Fact term=t!(share::uses)>
                        {match max_opens {
                            Some(count) => t!(share::uses_times, count = count),
                            None => t!(share::uses_unlimited),
                        }}
                    </Fact>
                </Facts>
            </div>
        </div>
        {pin
            .then(|| {
                view! {
                    <Notice tone=Tone::Caution title=t!(share::pin_reminder) text=t!(share::pin_reminder_text) />
                }
            })}
        <Notice tone=Tone::Info title=t!(share::secret_part) text=t!(share::secret_part_text) />
    }
}

/// Seconds of a time in milliseconds.
fn seconds(milliseconds: u64) -> i64 {
    (milliseconds / 1_000) as i64
}

/// The device's own way of sharing, where there is one.
fn device_share() -> Option<Function> {
    let navigator = window().navigator();
    Reflect::get(&navigator, &JsValue::from_str("share")).ok()?.dyn_into().ok()
}

fn send(address: &str) {
    let Some(share) = device_share() else { return };
    let data = Object::new();
    // Setting a property of a plain object does not fail.
    let _ = Reflect::set(&data, &JsValue::from_str("url"), &JsValue::from_str(address));
    let Ok(promise) = share.call1(&window().navigator(), &data) else { return };
    if let Ok(promise) = promise.dyn_into::<Promise>() {
        // Refused means that the owner thought better of it; the link is still on the screen.
        spawn_local(async move { drop(JsFuture::from(promise).await) });
    }
}
