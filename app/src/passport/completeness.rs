//! Whether the passport is whole: what the ledger has against what could be opened.

use carnet_wallet::view::Completeness;
use leptos::prelude::*;

use crate::t;
use crate::ui::{Notice, Tone};

/// One notice that says whether everything on the ledger is here.
#[component]
pub fn CompletenessNotice(
    /// The counts.
    completeness: Completeness,
) -> impl IntoView {
    let Completeness { committed, opened, withdrawn, missing, uncommitted } = completeness;
    let expected = committed.saturating_sub(withdrawn);
    if missing > 0 {
        view! {
            <Notice
                tone=Tone::Bad
                title=t!(passport::missing, count = missing)
                text=t!(passport::missing_text, opened = opened, expected = expected)
            />
        }
        .into_any()
    } else if committed == 0 && uncommitted == 0 {
        view! { <Notice tone=Tone::Info title=t!(passport::nothing) text=t!(passport::nothing_text) /> }.into_any()
    } else {
        view! {
            {(expected > 0)
                .then(|| {
                    view! {
                        <Notice
                            tone=Tone::Good
                            title=t!(passport::whole, opened = opened.max(expected), expected = expected)
                            text=t!(passport::whole_text)
                        />
                    }
                })}
            {(uncommitted > 0)
                .then(|| {
                    view! {
                        <Notice
                            tone=Tone::Info
                            title=t!(passport::uncommitted, count = uncommitted)
                            text=t!(passport::uncommitted_text)
                        />
                    }
                })}
            {(withdrawn > 0)
                .then(|| {
                    view! {
                        <Notice
                            tone=Tone::Info
                            title=t!(passport::withdrawn, count = withdrawn)
                            text=t!(passport::withdrawn_text, count = withdrawn)
                        />
                    }
                })}
        }
        .into_any()
    }
}
