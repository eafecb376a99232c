//! What stands in front of an owner's pages: the wallet must be there and open.

use carnet_wallet::view::WalletState;
use leptos::prelude::*;

use crate::pages::Welcome;
use crate::router::{Later, Page};
use crate::t;
use crate::ui::Progress;
use crate::wallet::use_wallet;

/// Shows the page when the wallet is open; else what opens it, at the same address.
#[component]
pub fn Gate(
    /// The page.
    children: ChildrenFn,
) -> impl IntoView {
    let state = use_wallet().state();
    let state = Memo::new(move |_| state.get());
    move || match state.get() {
        None => view! { <Progress label=t!(gate::starting) /> }.into_any(),
        Some(WalletState::Absent) => view! { <Welcome /> }.into_any(),
        Some(WalletState::Locked) => view! { <Later page=Page::Unlock /> }.into_any(),
        Some(WalletState::Unlocked) => children(),
    }
}
