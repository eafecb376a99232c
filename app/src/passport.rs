//! A passport on the screen: the same parts for its owner, for a buyer with a link and for a member's staff.

mod battery;
mod completeness;
mod details;
mod entry;
mod files;
mod identity;
mod mileage;
mod sources;
mod synthesis;
mod timeline;

pub use completeness::CompletenessNotice;
pub use timeline::Timeline;

use carnet_wallet::{command::Subject, view::PassportView};
use leptos::prelude::*;

use self::battery::BatteryCard;
use self::identity::IdentityCard;
use self::mileage::MileageCard;
use self::sources::SourcesCard;
use self::synthesis::Synthesis;

/// The overview of a passport in one screen.
#[component]
pub fn Overview(
    /// The passport.
    view: PassportView,
) -> impl IntoView {
    let PassportView { identity, odometer, odometer_readings, battery, battery_readings, summary, .. } = view;
    let (name, sample, sources, completeness) = (view.name, view.sample, view.sources, view.completeness);
    view! {
        <div class="passport">
            <IdentityCard name sample identity />
            <Synthesis summary completeness=completeness.clone() />
            <MileageCard odometer readings=odometer_readings />
            {battery.map(|battery| view! { <BatteryCard battery readings=battery_readings /> })}
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
        <Overview view />
        <Timeline subject first />
    }
}
