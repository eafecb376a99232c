//! Waiting for admission: the public keys to hand to the consortium.

use carnet_wallet::view::StaffView;
use leptos::prelude::*;

use crate::t;
use crate::ui::{Badge, Button, Card, CopyField, Fact, Facts, Glyph, Notice, Tone};
use crate::words;

/// The member that is not admitted yet.
#[component]
pub(crate) fn Waiting(
    /// The member.
    staff: StaffView,
    /// Look whether it is admitted by now.
    #[prop(into)]
    on_check: Callback<()>,
) -> impl IntoView {
    let StaffView { member, fingerprint, .. } = staff;
    let (sign, seal) = (Signal::stored(member.sign.to_string()), Signal::stored(member.seal.to_string()));
    view! {
        <Card
            title=t!(desk::waiting_title)
            actions=move || view! { <Badge tone=Tone::Caution text=t!(desk::waiting) /> }
        >
            <Notice tone=Tone::Info title=t!(desk::waiting_next) text=t!(desk::waiting_text) />
            <Facts>
                <Fact term=t!(desk::name)>{member.name}</Fact>
                <Fact term=t!(desk::class)>{words::class(member.class)}</Fact>
                <Fact term=t!(desk::fingerprint)>
                    <span class="code">{fingerprint}</span>
                </Fact>
            </Facts>
            <CopyField label=t!(desk::sign_key) value=sign copy=t!(share::copy) copied=t!(desk::key_copied) />
            <CopyField label=t!(desk::seal_key) value=seal copy=t!(share::copy) copied=t!(desk::key_copied) />
            <div class="form-actions">
                <Button label=t!(desk::check_again) glyph=Glyph::Refresh on_press=on_check />
            </div>
        </Card>
    }
}
