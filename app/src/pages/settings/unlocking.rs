//! Ways to unlock: another passphrase, passkeys, and the words rehearsed.

mod passkeys;
mod passphrase;
mod rehearsal;

use carnet_wallet::view::WalletState;
use leptos::prelude::*;

use self::passkeys::Passkeys;
use self::passphrase::ChangePassphrase;
use self::rehearsal::Rehearsal;
use super::trust::Trust;
use crate::t;
use crate::ui::{Card, Disclosure};
use crate::wallet::use_wallet;

/// Shown while the wallet is open.
#[component]
pub(super) fn Unlocking() -> impl IntoView {
    let state = use_wallet().state();
    // What is being typed must outlast a change of anything else in the status.
    let open = Memo::new(move |_| state.get() == Some(WalletState::Unlocked));
    move || {
        open.get().then(|| {
            view! {
                <Card title=t!(settings::unlocking)>
                    <div class="stack">
                        <Passkeys />
                        <Disclosure summary=t!(settings::change_passphrase)>
                            <ChangePassphrase />
                        </Disclosure>
                        <Disclosure summary=t!(settings::rehearse)>
                            <Rehearsal />
                        </Disclosure>
                    </div>
                </Card>
                <Trust />
            }
        })
    }
}
