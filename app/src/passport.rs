//! A passport on the screen: the same parts for its owner, for a buyer with a link and for a member's staff.

mod answers;
mod backing;
mod battery;
mod completeness;
mod details;
mod entry;
mod files;
mod identity;
mod mileage;
mod owners;
mod printing;
mod proof;
mod quarantine;
mod signatures;
mod sources;
mod synthesis;
mod timeline;

pub use completeness::CompletenessNotice;
pub use printing::Printing;
pub(crate) use proof::Cosigners;
pub use timeline::{PAGE, Timeline};

use carnet_protocol::category::Category;
use carnet_wallet::{command::Subject, view::PassportView};
use leptos::prelude::*;
use std::time::Duration;

use self::answers::Answers;
use self::battery::BatteryCard;
use self::identity::IdentityCard;
use self::mileage::MileageCard;
use self::owners::OwnersCard;
use self::proof::ProofCard;
use self::quarantine::QuarantineCard;
use self::signatures::{Forged, verifying};
use self::sources::SourcesCard;
use self::synthesis::Synthesis;
use crate::t;
use crate::terms::Terms;

/// The overview of a passport in one screen. What changes in the view redraws the cards it concerns and no others, so
/// that an open table and the focus stay.
#[component]
pub fn Overview(
    /// Whose.
    subject: Subject,
    /// The passport.
    view: Signal<PassportView>,
    /// Asks for the passport anew.
    reload: Callback<()>,
) -> impl IntoView {
    let identity = Memo::new(move |_| view.with(|view| (view.sample, view.identity.clone())));
    let answers = Memo::new(move |_| {
        view.with(|view| {
            let newer = view.proof.newer > 0 || view.completeness.uncommitted > 0;
            (view.synthesis.clone(), view.standing.clone(), view.odometer.report.clone(), newer, view.archive)
        })
    });
    // Under which terms it was opened comes after how the car stands.
    let terms = Memo::new(move |_| view.with(|view| view.terms.clone()));
    let story = Memo::new(move |_| view.with(|view| (view.summary.clone(), view.completeness.clone())));
    let odometer = Memo::new(move |_| {
        view.with(|view| (view.odometer.clone(), view.odometer_readings, more_readings_withheld(view)))
    });
    let battery = Memo::new(move |_| view.with(|view| Some((view.battery.clone()?, view.battery_readings))));
    let proof = Memo::new(move |_| view.with(|view| (view.proof.clone(), view.completeness.uncommitted)));
    let owners = Memo::new(move |_| view.with(|view| view.owners.clone()));
    let sources = Memo::new(move |_| view.with(|view| view.sources.clone()));
    let quarantine = Memo::new(move |_| view.with(|view| view.quarantine.clone()));
    let signatures = Memo::new(move |_| view.with(|view| view.signatures.clone()));
    let signatures = verifying(subject.clone(), signatures, reload);
    let frames = after_the_first_frame(3);
    let [mileage_due, battery_due, rest_due] = [1, 2, 3].map(|frame| Memo::new(move |_| frames.get() >= frame));
    view! {
        <div class="passport">
            <Forged signatures />
            {move || {
                let (synthesis, standing, report, newer, archive) = answers.get();
                view! { <Answers synthesis standing report newer archive /> }
            }} {move || terms.get().map(|terms| view! { <Terms terms /> })} {move || {
                let (sample, identity) = identity.get();
                view! { <IdentityCard title=t!(passport::particulars) sample identity /> }
            }}
            {move || {
                let (summary, completeness) = story.get();
                view! { <Synthesis summary completeness /> }
            }}
            {move || {
                let (proof, waiting) = proof.get();
                view! { <ProofCard subject=subject.clone() proof waiting signatures /> }
            }}
            {move || {
                mileage_due.get().then(|| {
                    let (odometer, readings, partial) = odometer.get();
                    view! { <MileageCard odometer readings partial /> }
                })
            }}
            {move || {
                let (battery, readings) = battery.get().filter(|_| battery_due.get())?;
                Some(view! { <BatteryCard battery readings /> })
            }} {move || rest_due.get().then(|| view! { <OwnersCard owners=owners.get() /> })}
            {move || rest_due.get().then(|| view! { <SourcesCard sources=sources.get() /> })}
            {move || {
                let entries = quarantine.get();
                (!entries.is_empty()).then(|| view! { <QuarantineCard entries /> })
            }}
        </div>
    }
}

/// Whether the reader is not shown records that tell odometer readings besides the mileage itself.
fn more_readings_withheld(view: &PassportView) -> bool {
    use Category::{Battery, Driving, Incident, Inspection, Maintenance};
    let tells = [Maintenance, Inspection, Incident, Battery, Driving];
    view.terms.as_ref().is_some_and(|terms| terms.not_shared.iter().any(|category| tells.contains(category)))
}

/// How many frames are out, up to a last one. What lies below the first screen, charts above all, is drawn then, one after the
/// other: drawing all of it at once would keep the page from answering for longer than a frame.
fn after_the_first_frame(last: u8) -> ReadSignal<u8> {
    let (out, set_out) = signal(0);
    next_frame(1, last, set_out);
    out
}

fn next_frame(frame: u8, last: u8, set_out: WriteSignal<u8>) {
    let go_on = move || {
        // Somebody may have gone on to another page by then.
        if set_out.try_set(frame).is_none() && frame < last {
            next_frame(frame + 1, last, set_out);
        }
    };
    request_animation_frame(move || set_timeout(go_on, Duration::ZERO));
}

/// Overview and timeline below each other: for readers and for print.
#[component]
pub fn WholePassport(
    /// Whose.
    subject: Subject,
    /// The passport.
    view: PassportView,
    /// Asks for it anew.
    reload: Callback<()>,
    /// The categories that are open to its reader.
    categories: Vec<Category>,
    /// The wish to have it on paper.
    printing: Printing,
) -> impl IntoView {
    let first = view.timeline.clone();
    view! {
        <Overview subject=subject.clone() view=Signal::stored(view) reload />
        <Timeline subject first title=t!(passport::records) categories printing />
    }
}
