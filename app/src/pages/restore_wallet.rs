//! Bringing a wallet back from its 24 words.

use leptos::prelude::*;

use super::create_wallet::ChoosePassphrase;
use crate::action::{Deed, DeedFailure};
use crate::browser;
use crate::router;
use crate::t;
use crate::ui::{Card, PageFrame, Text, TextArea};
use crate::wallet::use_wallet;

/// The words, and a passphrase for this browser.
#[component]
pub fn RestoreWallet() -> impl IntoView {
    let wallet = use_wallet();
    let words = RwSignal::new(String::new());
    let error = RwSignal::new(None::<Text>);
    let deed = Deed::new();
    let restore = Callback::new(move |passphrase: String| {
        let typed = words.get_untracked();
        let missing = typed.split_whitespace().count() != 24;
        error.set(missing.then(|| t!(create_wallet::restore_count, count = typed.split_whitespace().count())));
        let typed = words.get_untracked();
        if !missing {
            let work = async move {
                let status = wallet.restore_wallet(typed, passphrase).await?;
                // A browser that refuses keeps the wallet all the same; the settings say so.
                let _ = browser::persist_storage().await;
                Ok(status)
            };
            deed.run(work, move |_| router::go(crate::errand::after_wallet()));
        }
    });
    view! {
        <PageFrame title=t!(create_wallet::restore_title) lead=t!(create_wallet::restore_lead) narrow=true>
            <Card>
                <TextArea label=t!(create_wallet::restore_words) hint=t!(create_wallet::restore_hint) value=words error />
                <ChoosePassphrase busy=deed.busy() on_chosen=restore />
                <DeedFailure deed />
            </Card>
        </PageFrame>
    }
}
