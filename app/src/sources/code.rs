//! A pairing code to show at the counter: scanned, opened as a link, or typed.

use carnet_wallet::view::PairingView;
use leptos::prelude::*;

use crate::i18n::format;
use crate::t;
use crate::ui::{CopyField, Fact, Facts, QrCode};

/// The code with the time it lasts. It is a secret, so it stands only where the owner asked for it.
#[component]
pub(super) fn CodeCard(
    /// The code.
    code: String,
    /// Its pairing.
    pairing: PairingView,
) -> impl IntoView {
    let origin = window().location().origin().unwrap_or_default();
    let address = Signal::stored(format!("{origin}/desk#{code}"));
    let (ends, id) = (pairing.claim_before, pairing.pairing.to_string());
    view! {
        <div class="link-card" data-pairing=id>
            <QrCode label=t!(sources::qr) value=address />
            <div class="link-card__text">
                <Facts>
                    <Fact term=t!(sources::code) wide=true>
                        <span class="code">{code}</span>
                    </Fact>
                    <Fact term=t!(sources::code_until)>{move || format::date_time((ends.0 / 1_000) as i64)}</Fact>
                </Facts>
                <CopyField label=t!(sources::link) value=address copy=t!(share::copy) copied=t!(share::copied) />
            </div>
        </div>
        <p>{t!(sources::code_text)}</p>
    }
}
