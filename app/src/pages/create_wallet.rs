//! Making a wallet: write the words down, show that you have them, choose a passphrase.

mod check;
mod passphrase;
mod words;

use leptos::prelude::*;

use self::check::CheckWords;
pub(crate) use self::passphrase::ChoosePassphrase;
use self::words::ShowWords;
use crate::action::{Deed, DeedFailure};
use crate::browser;
use crate::errand::after_wallet;
use crate::load::load;
use crate::router;
use crate::t;
use crate::ui::{Card, PageFrame, StepTitle, Steps, Text, on_change, refocus};
use crate::wallet::use_wallet;

/// Positions (from 0) of the words asked for: one in each third, so that a sheet with a missing line shows.
const ASKED: [u8; 3] = [2, 10, 19];

/// What the steps are called.
fn names() -> [Text; 3] {
    [t!(create_wallet::step_words), t!(create_wallet::step_check), t!(create_wallet::step_passphrase)]
}

/// Three steps; nothing is kept before the last.
#[component]
pub fn CreateWallet() -> impl IntoView {
    let wallet = use_wallet();
    let words = load(move || async move { wallet.draw_words().await });
    let step = RwSignal::new(0usize);
    let typed = RwSignal::new(Vec::<(u8, String)>::new());
    let deed = Deed::new();
    let create = Callback::new(move |passphrase: String| {
        let check = typed.get_untracked();
        deed.run(
            async move {
                let status = wallet.create_wallet(check, passphrase).await?;
                // A browser that refuses keeps the wallet all the same; the settings say so.
                let _ = browser::persist_storage().await;
                Ok(status)
            },
            move |_| router::go(after_wallet()),
        );
    });
    let drawn = words.value();
    on_change(move || step.get(), |_| refocus());
    view! {
        <PageFrame
            title=t!(create_wallet::title)
            lead=t!(create_wallet::lead)
            narrow=true
            phase=words.phase(t!(create_wallet::drawing))
        >
            <Steps
                label=t!(create_wallet::steps)
                steps=names().to_vec()
                current=step
            />
            <Card>
                <StepTitle text=move || names()[step.get().min(2)].get() />
                {move || {
                    let words = drawn.get().unwrap_or_default();
                    match step.get() {
                        0 => view! { <ShowWords words on_next=move |()| step.set(1) /> }.into_any(),
                        1 => {
                            let on_next = move |entries| {
                                typed.set(entries);
                                step.set(2);
                            };
                            view! { <CheckWords words asked=ASKED.to_vec() on_back=move |()| step.set(0) on_next /> }
                                .into_any()
                        }
                        _ => {
                            view! {
                                <ChoosePassphrase busy=deed.busy() on_chosen=create />
                                <DeedFailure deed />
                            }
                                .into_any()
                        }
                    }
                }}
            </Card>
        </PageFrame>
    }
}
