//! Opening the wallet with its passphrase.

use leptos::prelude::*;

use crate::action::{Deed, DeedFailure};
use crate::passkey;
use crate::t;
use crate::ui::{Button, ButtonKind, ButtonVariant, Card, Disclosure, Field, FieldKind, Glyph, LinkButton, PageFrame};
use crate::wallet::use_wallet;

/// Asks for the passphrase; whoever shows this page shows another once the wallet is open.
#[component]
pub fn Unlock() -> impl IntoView {
    let wallet = use_wallet();
    let passphrase = RwSignal::new(String::new());
    let deed = Deed::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = passphrase.get_untracked();
        deed.run(async move { wallet.unlock(typed).await }, move |_| {});
    };
    view! {
        <PageFrame title=t!(unlock::title) lead=t!(unlock::lead) narrow=true>
            <Card>
                <WithPasskey />
                <form class="form" on:submit=submit>
                    <Field label=t!(unlock::passphrase) kind=FieldKind::Password value=passphrase />
                    <DeedFailure deed />
                    <Button
                        label=t!(unlock::unlock)
                        variant=ButtonVariant::Primary
                        kind=ButtonKind::Submit
                        glyph=Glyph::Lock
                        busy=deed.busy()
                    />
                    <p class="form__waiting" role="status">
                        {move || deed.busy().get().then(|| t!(unlock::working).get())}
                    </p>
                </form>
            </Card>
            <Disclosure summary=t!(unlock::forgotten)>
                <p>{t!(unlock::forgotten_text)}</p>
                <LinkButton href="/settings#wallet".to_owned() label=t!(unlock::to_settings) />
            </Disclosure>
        </PageFrame>
    }
}

/// Shown where a passkey opens the wallet.
#[component]
fn WithPasskey() -> impl IntoView {
    let wallet = use_wallet();
    let passkeys = Memo::new(move |_| {
        wallet.status().get().map(|status| status.passkeys).filter(|_| passkey::known()).unwrap_or_default()
    });
    let deed = Deed::new();
    let unlock = move |()| {
        let known = passkeys.get_untracked();
        let work = async move {
            let answered = passkey::ask(&known).await?;
            wallet.unlock_with_passkey(answered).await
        };
        deed.run(work, |_| {});
    };
    move || {
        (!passkeys.read().is_empty()).then(|| {
            view! {
                <div class="form">
                    <Button
                        label=t!(unlock::with_passkey)
                        variant=ButtonVariant::Primary
                        glyph=Glyph::Lock
                        busy=deed.busy()
                        on_press=unlock
                    />
                    <DeedFailure deed />
                    <p class="form__or">{t!(unlock::or_passphrase)}</p>
                </div>
            }
        })
    }
}
