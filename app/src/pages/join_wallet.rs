//! Becoming another device of a wallet that there is.

use leptos::prelude::*;

use crate::devices::Join;
use crate::t;
use crate::ui::PageFrame;

/// For a browser without a wallet.
#[component]
pub fn JoinWallet() -> impl IntoView {
    view! {
        <PageFrame title=t!(devices::join_title) lead=t!(devices::join_lead) narrow=true>
            <Join />
        </PageFrame>
    }
}
