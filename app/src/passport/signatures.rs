//! The sources' signatures: verified by the wallet while the passport is looked at.

use carnet_wallet::command::Subject;
use carnet_wallet::view::{RecordView, SignaturesView};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::i18n::format;
use crate::t;
use crate::ui::{Notice, Tone, follow};
use crate::wallet::{WalletClient, use_wallet};
use crate::words;

/// How verifying goes. Asks the wallet slice by slice until all is verified, and for the passport anew where something
/// turned out to be forged: it is in none of the figures then.
pub(super) fn verifying(
    subject: Subject,
    given: Memo<SignaturesView>,
    reload: Callback<()>,
) -> ReadSignal<SignaturesView> {
    let wallet = use_wallet();
    let state = RwSignal::new(given.get_untracked());
    let under_way = RwSignal::new(false);
    follow(move || {
        let given = given.get();
        let left = given.checked < given.total;
        state.set(given);
        if left && !under_way.get_untracked() {
            under_way.set(true);
            spawn_local(go_on(wallet, subject.clone(), state, under_way, reload));
        }
    });
    state.read_only()
}

async fn go_on(
    wallet: WalletClient,
    subject: Subject,
    state: RwSignal<SignaturesView>,
    under_way: RwSignal<bool>,
    reload: Callback<()>,
) {
    let known = state.try_with_untracked(|state| state.forged.len());
    let mut found = None;
    // A wallet that was locked meanwhile, or a passport that was taken back, shows in other places.
    while let Ok(now) = wallet.check_signatures(subject.clone()).await {
        let done = now.checked >= now.total;
        found = Some(now.forged.len());
        if state.try_set(now).is_some() {
            // The page was left.
            return;
        }
        if done {
            break;
        }
    }
    under_way.try_set(false);
    if found > known {
        reload.try_run(());
    }
}

/// How far it is, until it is done.
#[component]
pub(super) fn Verifying(signatures: ReadSignal<SignaturesView>) -> impl IntoView {
    let left = Memo::new(move |_| signatures.with(|now| now.checked < now.total));
    let title = move || {
        let (checked, total) = signatures.with(|now| (now.checked, now.total));
        t!(proof::signatures, checked = checked, total = total).get()
    };
    move || {
        left.get().then(|| {
            view! { <Notice tone=Tone::Info title=crate::ui::Text::from(title) text=t!(proof::signatures_text) /> }
        })
    }
}

/// Records that are not by the source that they name.
#[component]
pub(super) fn Forged(signatures: ReadSignal<SignaturesView>) -> impl IntoView {
    let forged = Memo::new(move |_| signatures.with(|now| now.forged.clone()));
    move || {
        let forged = forged.get();
        let count = forged.len();
        (!forged.is_empty()).then(|| {
            view! {
                <Notice
                    tone=Tone::Bad
                    title=t!(proof::forged, count = count)
                    text=t!(proof::forged_text)
                >
                    <ul class="proof__cosigners">{forged.iter().map(line).collect_view()}</ul>
                </Notice>
            }
        })
    }
}

fn line(record: &RecordView) -> AnyView {
    let (day, category) = (record.day.0, words::category(record.category));
    let source = words::source(&record.source);
    let line = t!(proof::forged_record, day = format::day(day), what = category.get(), who = source.get());
    view! { <li>{line}</li> }.into_any()
}
