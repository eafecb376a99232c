//! Another device: a code that it scans, the digits that it shows, and the passphrase of this one.

use carnet_wallet::view::{MeetingState, MeetingView};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::watch::watch;
use crate::action::{Deed, DeedFailure};
use crate::announcements::use_announcer;
use crate::t;
use crate::ui::{Button, ButtonKind, ButtonVariant, Card, CopyField, Field, FieldKind, Glyph, Notice, QrCode, Tone};
use crate::wallet::use_wallet;

/// A button, and once it is pressed the code.
#[component]
pub(crate) fn AddDevice(
    /// There is another device on the list.
    #[prop(into)]
    on_added: Callback<()>,
) -> impl IntoView {
    let wallet = use_wallet();
    let code = RwSignal::new(None::<MeetingView>);
    let deed = Deed::new();
    let start = move |()| deed.run(async move { wallet.start_meeting().await }, move |view| code.set(Some(view)));
    let end = Callback::new(move |()| code.set(None));
    let shown = Memo::new(move |_| code.read().as_ref().map(|view| view.link.clone()));
    let added = Callback::new(move |()| {
        code.set(None);
        on_added.run(());
    });
    view! {
        <Card title=t!(devices::add)>
            <p>{t!(devices::add_text)}</p>
            {move || match shown.get() {
                Some(link) => view! { <Code link code on_end=end on_added=added /> }.into_any(),
                None => {
                    view! {
                        <Button
                            label=t!(devices::add_now)
                            variant=ButtonVariant::Primary
                            glyph=Glyph::Plus
                            busy=deed.busy()
                            on_press=start
                        />
                    }
                        .into_any()
                }
            }}
            <DeedFailure deed />
        </Card>
    }
}

#[component]
fn Code(
    link: String,
    code: RwSignal<Option<MeetingView>>,
    on_end: Callback<()>,
    on_added: Callback<()>,
) -> impl IntoView {
    let wallet = use_wallet();
    let deed = Deed::new();
    // One look at a time; a failure stays on the screen until the next look goes through.
    watch(move || {
        let over = code.read_untracked().as_ref().is_none_or(|view| view.state != MeetingState::Waiting);
        if !over {
            deed.run(async move { wallet.meeting().await }, move |view| code.set(Some(view)));
        }
    });
    let cancel = move |()| {
        spawn_local(async move {
            // A code that is not taken back ends by itself.
            let _ = wallet.cancel_meeting().await;
        });
        on_end.run(());
    };
    let state = Memo::new(move |_| code.read().as_ref().map(|view| view.state.clone()));
    let origin = window().location().origin().unwrap_or_default();
    let address = Signal::stored(format!("{origin}{link}"));
    view! {
        {move || match state.get() {
            Some(MeetingState::Asked { name }) => view! { <Approval name on_added /> }.into_any(),
            Some(MeetingState::Ended) | None => {
                view! { <Notice tone=Tone::Caution title=t!(devices::ended) text=t!(devices::ended_text) /> }.into_any()
            }
            Some(MeetingState::Waiting) => {
                view! {
                    <div class="link-card">
                        <QrCode label=t!(devices::qr) value=address />
                        <div class="link-card__text">
                            <CopyField
                                label=t!(devices::link)
                                value=address
                                copy=t!(share::copy)
                                copied=t!(share::copied)
                            />
                            <p class="aside" role="status">{t!(devices::waiting)}</p>
                        </div>
                    </div>
                    <Notice tone=Tone::Info title=t!(devices::secret) text=t!(devices::secret_text) />
                    <DeedFailure deed />
                }
                    .into_any()
            }
        }}
        <Button label=t!(devices::cancel) variant=ButtonVariant::Quiet glyph=Glyph::Close on_press=cancel />
    }
}

#[component]
fn Approval(name: String, on_added: Callback<()>) -> impl IntoView {
    let (wallet, announcer) = (use_wallet(), use_announcer());
    let (digits, passphrase) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let deed = Deed::new();
    let approve = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (code, typed) = (digits.get_untracked(), passphrase.get_untracked());
        deed.run(async move { wallet.approve_meeting(code, typed).await }, move |_| {
            announcer.say(Tone::Good, t!(devices::added_now));
            on_added.run(());
        });
    };
    view! {
        <form class="form" on:submit=approve>
            <Notice tone=Tone::Caution title=t!(devices::asked, name = name) text=t!(devices::asked_text) />
            <Field label=t!(devices::digits) hint=t!(devices::digits_hint) kind=FieldKind::Number value=digits max_length=7 />
            <Field
                label=t!(unlock::passphrase)
                hint=t!(devices::passphrase_hint)
                kind=FieldKind::Password
                value=passphrase
            />
            <DeedFailure deed />
            <Button
                label=t!(devices::approve)
                variant=ButtonVariant::Primary
                kind=ButtonKind::Submit
                busy=deed.busy()
                disabled=Signal::derive(move || digits.read().trim().is_empty() || passphrase.read().is_empty())
            />
            <p class="form__waiting" role="status">
                {move || deed.busy().get().then(|| t!(devices::approving).get())}
            </p>
        </form>
    }
}
