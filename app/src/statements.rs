//! What may be said of a car on the ledger: members confirm its VIN and declare wreck, theft or lien, the owner a theft.

mod dialog;
mod flags;
mod saying;
mod speaker;

pub(crate) use speaker::Speaker;

use carnet_protocol::ledger::FlagKind;
use carnet_wallet::command::Subject;
use carnet_wallet::view::{StandingView, VinConfirmation};
use leptos::prelude::*;

use self::dialog::SayingDialog;
use self::flags::StandingFlags;
use self::saying::Saying;
use crate::load::load;
use crate::t;
use crate::ui::{Button, Card, Glyph, Notice, Text, Tone, Wait};
use crate::wallet::use_wallet;
use crate::words;

/// All kinds of declarations, in the order in which they are offered.
const KINDS: [FlagKind; 3] = [FlagKind::Wreck, FlagKind::Theft, FlagKind::Lien];

/// How the car stands on the ledger now, and what this speaker may add or lift.
#[component]
pub(crate) fn Statements(
    /// The passport in which it is said.
    subject: Subject,
    /// Who speaks.
    speaker: Speaker,
    /// The VIN that the passport shows.
    vin: Option<String>,
    /// Something was said.
    #[prop(into)]
    on_said: Callback<()>,
) -> impl IntoView {
    let wallet = use_wallet();
    let said = RwSignal::new(0u32);
    let asked = subject.clone();
    let standing = load(move || {
        said.track();
        let subject = asked.clone();
        async move { wallet.standing(subject).await }
    });
    let value = standing.value();
    let saying = RwSignal::new(None::<Saying>);
    let title = speaker.title();
    let lead = speaker.lead();
    let (speaker, vin) = (StoredValue::new(speaker), StoredValue::new(vin));
    let on_said = move |()| {
        said.update(|count| *count += 1);
        on_said.run(());
    };
    view! {
        <div class="print-hidden">
            <Card title>
                <div class="stack">
                    <p>{lead}</p>
                    <Wait phase=standing.phase(t!(statements::asking))>
                        {move || {
                            value
                                .get()
                                .map(|view| {
                                    let speaker = speaker.get_value();
                                    let vin = vin.get_value();
                                    view! {
                                        {sighting(&view, &speaker, vin.is_some(), saying)}
                                        <StandingFlags flags=view.flags.clone() speaker=speaker.clone() saying />
                                        {declarations(&view, &speaker, saying)}
                                    }
                                })
                        }}
                    </Wait>
                </div>
                <SayingDialog
                    subject
                    saying
                    vin=vin.get_value()
                    may_reopen=speaker.with_value(Speaker::sees_cars)
                    on_said
                />
            </Card>
        </div>
    }
}

/// The VIN: confirmed or not, and confirming it.
fn sighting(view: &StandingView, speaker: &Speaker, has_vin: bool, saying: RwSignal<Option<Saying>>) -> AnyView {
    if !speaker.sees_cars() {
        return ().into_any();
    }
    let linked = if view.continued_by_another {
        Some((Tone::Caution, t!(statements::continued), t!(statements::continued_text)))
    } else if view.continues_another {
        Some((Tone::Info, t!(statements::continues), t!(statements::continues_text)))
    } else {
        None
    };
    let linked = linked.map(|(tone, title, text)| view! { <Notice tone title text /> });
    let open = view.vin == VinConfirmation::NotConfirmed && !view.continued_by_another;
    let vin = match (open, has_vin) {
        (false, _) => view! { <Notice tone=Tone::Good title=t!(statements::vin_stands) /> }.into_any(),
        (true, false) => {
            view! { <Notice tone=Tone::Caution title=t!(statements::vin_open) text=t!(statements::vin_hidden) /> }
                .into_any()
        }
        (true, true) => view! {
            <Notice tone=Tone::Caution title=t!(statements::vin_open) text=t!(statements::vin_open_text)>
                <Button
                    label=t!(statements::attest)
                    glyph=Glyph::Check
                    on_press=move |()| saying.set(Some(Saying::Attest))
                />
            </Notice>
        }
        .into_any(),
    };
    view! {
        {linked}
        {(!view.continued_by_another).then_some(vin)}
    }
    .into_any()
}

/// What this speaker may declare and has not declared yet.
fn declarations(view: &StandingView, speaker: &Speaker, saying: RwSignal<Option<Saying>>) -> AnyView {
    let buttons: Vec<_> = KINDS
        .into_iter()
        .filter(|kind| {
            let stands = view.flags.iter().any(|flag| flag.kind == *kind && speaker.said(&flag.declared));
            speaker.declares(*kind) && !stands && !view.continued_by_another
        })
        .map(|kind| {
            let press = move |()| saying.set(Some(Saying::Declare(kind)));
            view! { <Button label=declare(kind) glyph=Glyph::Warning on_press=press /> }
        })
        .collect();
    (!buttons.is_empty()).then(|| view! { <div class="form-actions">{buttons}</div> }).into_any()
}

fn declare(kind: FlagKind) -> Text {
    match kind {
        FlagKind::Wreck => t!(statements::declare_wreck),
        FlagKind::Theft => t!(statements::declare_theft),
        FlagKind::Lien => t!(statements::declare_lien),
    }
}

/// The name of what stands against a car.
fn named(kind: FlagKind) -> Text {
    words::flag(words::flag_kind(kind))
}
