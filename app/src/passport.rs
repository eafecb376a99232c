//! A passport on the screen: the same parts for its owner, for a buyer with a link and for a member's staff.

mod battery;
mod completeness;
mod details;
mod entry;
mod files;
mod identity;
mod mileage;
mod proof;
mod sources;
mod synthesis;
mod timeline;

pub use completeness::CompletenessNotice;
pub(crate) use proof::Cosigners;
pub use timeline::Timeline;

use carnet_wallet::{command::Subject, view::PassportView};
use leptos::prelude::*;

use self::battery::BatteryCard;
use self::identity::IdentityCard;
use self::mileage::MileageCard;
use self::proof::ProofCard;
use self::sources::SourcesCard;
use self::synthesis::Synthesis;

/// The overview of a passport in one screen.
#[component]
pub fn Overview(
    /// Whose.
    subject: Subject,
    /// The passport.
    view: PassportView,
) -> impl IntoView {
    let PassportView { identity, odometer, battery, summary, sources, completeness, proof, sample, name, .. } = view;
    view! {
        <div class="passport">
            <IdentityCard name sample identity />
            <Synthesis summary completeness=completeness.clone() />
            <ProofCard subject proof />
            <MileageCard odometer />
            {battery.map(|battery| view! { <BatteryCard battery /> })}
            <SourcesCard sources />
        </div>
    }
}

/// Overview and timeline below each other: for readers and for print.
#[component]
pub fn WholePassport(
    /// Whose.
    subject: Subject,
    /// The passport.
    view: PassportView,
) -> impl IntoView {
    let first = view.timeline.clone();
    view! {
        <Overview subject=subject.clone() view />
        <Timeline subject first />
    }
}
