//! An invitation to hold a car together.

use leptos::prelude::*;

use crate::browser;
use crate::errand;
use crate::household::Accept;
use crate::load::load;
use crate::reader::arrivals;
use crate::t;
use crate::ui::{EmptyState, Glyph, PageFrame, on_change};
use crate::wallet::use_wallet;

/// What the code of the address bar offers; where there is none, the one that a wallet is being made for.
#[component]
pub fn Join() -> impl IntoView {
    let wallet = use_wallet();
    let code = RwSignal::new(browser::take_link_fragment().or_else(errand::invitation));
    let arrived = arrivals();
    on_change(
        move || arrived.get(),
        move |_| {
            if let Some(fragment) = browser::take_link_fragment() {
                code.set(Some(fragment));
            }
        },
    );
    let offer = load(move || {
        let code = code.get();
        async move {
            match code {
                Some(code) => wallet.read_invitation(code.clone()).await.map(|offer| Some((code, offer))),
                None => Ok(None),
            }
        }
    });
    let value = offer.value();
    view! {
        <PageFrame title=t!(join::title) lead=t!(join::lead) narrow=true phase=offer.phase(t!(join::reading))>
            {move || {
                value
                    .get()
                    .map(|found| match found {
                        Some((code, offer)) => view! { <Accept code offer /> }.into_any(),
                        None => view! { <EmptyState glyph=Glyph::Qr title=t!(join::none) text=t!(join::none_text) /> }.into_any(),
                    })
            }}
        </PageFrame>
    }
}
