//! Inviting someone: a name, with or without what is private, then the code to hand over.

use carnet_protocol::id::StreamId;
use carnet_wallet::view::InvitationView;
use leptos::html;
use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::i18n::format;
use crate::t;
use crate::ui::{
    Button, ButtonKind, ButtonVariant, Card, Choice, ChoiceGroup, ChoiceLook, CopyField, Field, Glyph, Notice, QrCode,
    Text, Tone, focus_first_error, follow,
};
use crate::wallet::use_wallet;

/// Values of the choice.
const EVERYTHING: &str = "all";
const WITHOUT_PRIVATE: &str = "car";

/// The form, and the code that comes of it.
#[component]
pub(crate) fn Invite(
    /// The car.
    vehicle: StreamId,
) -> impl IntoView {
    let wallet = use_wallet();
    let (name, error) = (RwSignal::new(String::new()), RwSignal::new(None::<Text>));
    let scope = RwSignal::new(WITHOUT_PRIVATE.to_owned());
    let made = RwSignal::new(None::<InvitationView>);
    let deed = Deed::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let who = name.get_untracked().trim().to_owned();
        error.set(who.is_empty().then(|| t!(people::name_missing)));
        if who.is_empty() {
            return focus_first_error();
        }
        let private = scope.with_untracked(|scope| scope == EVERYTHING);
        deed.run(async move { wallet.invite_holder(vehicle, who, private).await }, move |invitation| {
            name.set(String::new());
            made.set(Some(invitation));
        });
    };
    let choices = vec![
        Choice::new(WITHOUT_PRIVATE, t!(people::without_private))
            .hint(t!(people::without_private_hint))
            .glyph(Glyph::Car),
        Choice::new(EVERYTHING, t!(people::everything)).hint(t!(people::everything_hint)).glyph(Glyph::User),
    ];
    view! {
        <Card title=t!(people::invite_title)>
            <form class="form" on:submit=submit>
                <Field label=t!(people::name) hint=t!(people::name_hint) value=name error max_length=80 />
                <ChoiceGroup legend=t!(people::scope) choices selected=scope look=ChoiceLook::Cards />
                <DeedFailure deed />
                <Button
                    label=t!(people::invite)
                    variant=ButtonVariant::Primary
                    kind=ButtonKind::Submit
                    glyph=Glyph::Qr
                    busy=deed.busy()
                />
            </form>
            {move || made.get().map(|invitation| view! { <MadeCode invitation /> })}
        </Card>
    }
}

/// The code that was just made, with the focus on its heading: on a phone it stands below the screen.
#[component]
fn MadeCode(invitation: InvitationView) -> impl IntoView {
    let heading = NodeRef::<html::H3>::new();
    follow(move || {
        if let Some(heading) = heading.get() {
            // It has a tab index; where it is refused the focus, the page is read all the same.
            let _ = heading.focus();
        }
    });
    view! {
        <h3 tabindex="-1" node_ref=heading>
            {t!(people::code)}
        </h3>
        <Code invitation />
    }
}

/// The code of an invitation. It holds the secret, so it stands only where the owner asked for it.
#[component]
pub(super) fn Code(
    /// The invitation.
    invitation: InvitationView,
) -> impl IntoView {
    let InvitationView { holder, link } = invitation;
    let origin = window().location().origin().unwrap_or_default();
    let address = Signal::stored(format!("{origin}{link}"));
    let until = holder.expires;
    view! {
        <div class="link-card">
            <QrCode label=t!(people::qr) value=address />
            <div class="link-card__text">
                <CopyField label=t!(people::link) value=address copy=t!(share::copy) copied=t!(share::copied) />
                <p>
                    {t!(
                        people::code_text, name = holder.name, until = format::date_time((until.0 / 1_000) as i64)
                    )}
                </p>
            </div>
        </div>
        <Notice tone=Tone::Info title=t!(people::code_secret) text=t!(people::code_secret_text) />
    }
}
