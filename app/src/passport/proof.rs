//! How far a passport is proved, by whom, and how to check it without this relay.

use carnet_wallet::command::Subject;
use carnet_wallet::view::{CosignedView, ProofState, ProofView, SignaturesView};
use leptos::prelude::*;

use super::signatures::Verifying;
use crate::action::{Deed, DeedFailure};
use crate::download::download;
use crate::i18n::format;
use crate::t;
use crate::ui::{Button, Card, Disclosure, Fact, Facts, Glyph, Notice, Tone};
use crate::wallet::use_wallet;

/// What `carnet` is to be told; a command is the same in every language.
const COMMAND: &str = "carnet verify bundle passport.carnet-proof";

/// The panel.
#[component]
pub(super) fn ProofCard(
    /// Whose.
    subject: Subject,
    /// What was found.
    proof: ProofView,
    /// Records that are here and not on the ledger yet.
    waiting: u32,
    /// How far the sources' signatures are verified.
    signatures: ReadSignal<SignaturesView>,
) -> impl IntoView {
    let proved = proof.state == ProofState::Proved;
    view! {
        <Card title=t!(proof::title)>
            <div class="stack">
                {verdict(&proof, waiting)} <Verifying signatures />
                {proved.then(|| view! { <Details proof=proof.clone() waiting /> })}
                {proved.then(|| view! { <CheckYourself subject /> })}
            </div>
        </Card>
    }
}

/// What is confirmed, and no more than that: of what is newer, or not sent yet, nobody has said anything.
fn verdict(proof: &ProofView, waiting: u32) -> AnyView {
    let (members, records, newer) = (proof.cosigned.len(), proof.records, proof.newer);
    let (tone, title, text) = match proof.state {
        ProofState::Proved if records == 0 => (Tone::Caution, t!(proof::none_yet), t!(proof::none_yet_text)),
        ProofState::Proved if newer > 0 || waiting > 0 => {
            (Tone::Good, t!(proof::proved, count = members), t!(proof::proved_so_far, count = records))
        }
        ProofState::Proved => (Tone::Good, t!(proof::proved, count = members), t!(proof::proved_text)),
        ProofState::Pending => (Tone::Caution, t!(proof::pending), t!(proof::pending_text)),
    };
    let newer = (proof.state == ProofState::Proved && newer > 0).then(|| {
        view! {
            <Notice tone=Tone::Info title=t!(proof::newer, count = newer) text=t!(proof::newer_text) />
        }
    });
    view! {
        <Notice tone title text />
        {newer}
    }
    .into_any()
}

#[component]
fn Details(proof: ProofView, waiting: u32) -> impl IntoView {
    let ProofView { checked_at, size, cosigned, records, .. } = proof;
    view! {
        <Facts>
            {checked_at
                .map(|at| {
                    view! { <Fact term=t!(proof::checked_at)>{move || format::date_time((at.0 / 1_000) as i64)}</Fact> }
                })}
            <Fact term=t!(proof::records)>{t!(proof::records_value, count = records)}</Fact>
            {(waiting > 0)
                .then(|| view! { <Fact term=t!(proof::waiting)>{t!(proof::waiting_value, count = waiting)}</Fact> })}
            <Fact term=t!(proof::size)>{t!(proof::size_value, count = size)}</Fact>
            <Fact term=t!(proof::cosigned) wide=true>
                <Cosigners cosigned />
            </Fact>
        </Facts>
    }
}

/// Members who vouch for a checkpoint, and when they did.
#[component]
pub(crate) fn Cosigners(cosigned: Vec<CosignedView>) -> impl IntoView {
    let lines = cosigned
        .into_iter()
        .map(|CosignedView { by, at }| {
            let seconds = (at.0 / 1_000) as i64;
            let by = StoredValue::new(by);
            let line = move || t!(proof::cosigned_by, name = by.get_value(), when = format::date_time(seconds)).get();
            view! { <li>{line}</li> }
        })
        .collect_view();
    view! { <ul class="proof__cosigners">{lines}</ul> }
}

#[component]
fn CheckYourself(subject: Subject) -> impl IntoView {
    let wallet = use_wallet();
    let deed = Deed::new();
    let save = move |()| {
        let subject = subject.clone();
        deed.run(async move { wallet.proof_bundle(subject).await }, |file| download(&file));
    };
    view! {
        <div class="print-hidden">
            <Disclosure summary=t!(proof::yourself)>
                <p>{t!(proof::yourself_text)}</p>
                <pre class="listing">
                    <code>{COMMAND}</code>
                </pre>
                <Button label=t!(proof::bundle) glyph=Glyph::Download busy=deed.busy() on_press=save />
                <DeedFailure deed />
            </Disclosure>
        </div>
    }
}
