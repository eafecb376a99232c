//! Odometer findings and a passport's questions in the reader's language.

use carnet_passport::odometer::{FindingKind, OdometerFinding};
use carnet_passport::synthesis::{FlagKind, QuestionKind};
use carnet_protocol::ledger;

use super::category;
use crate::i18n::format;
use crate::t;
use crate::ui::Text;

/// What was found, and the two readings that clash.
pub fn finding(finding: &OdometerFinding) -> (Text, Text) {
    let title = match finding.kind {
        FindingKind::Rollback { .. } => t!(findings::rollback),
        FindingKind::Unclear { .. } => t!(findings::unclear),
        FindingKind::UnitConfusion { .. } => t!(findings::unit_confusion),
        FindingKind::TypingSlip { .. } => t!(findings::typing_slip),
        FindingKind::Estimate { .. } => t!(findings::estimate),
        FindingKind::Misreading { .. } => t!(findings::misreading),
        FindingKind::ClusterReplaced { .. } => t!(findings::cluster_replaced),
        FindingKind::SmallStep { .. } => t!(findings::small_step),
        FindingKind::ImplausiblePace { .. } => t!(findings::implausible_pace),
        FindingKind::Gap { .. } => t!(findings::gap),
    };
    let OdometerFinding { earlier, later, .. } = *finding;
    let km = |value: u64| format::with_unit(value as f64, "kilometer");
    let readings = t!(
        findings::readings,
        earlier = km(earlier.odometer.km()),
        earlier_day = format::day(earlier.day.0),
        later = km(later.odometer.km()),
        later_day = format::day(later.day.0)
    );
    (title, readings)
}

/// What a member's declaration says, as the synthesis calls it.
pub fn flag_kind(kind: ledger::FlagKind) -> FlagKind {
    match kind {
        ledger::FlagKind::Wreck => FlagKind::Wreck,
        ledger::FlagKind::Theft => FlagKind::Theft,
        ledger::FlagKind::Lien => FlagKind::Lien,
    }
}

/// What weighs on a car.
pub fn flag(kind: FlagKind) -> Text {
    match kind {
        FlagKind::Wreck => t!(synthesis::wreck),
        FlagKind::Theft => t!(synthesis::theft),
        FlagKind::Lien => t!(synthesis::lien),
    }
}

/// What to ask.
pub fn question(kind: QuestionKind) -> Text {
    match kind {
        QuestionKind::Flagged(FlagKind::Wreck) => t!(questions::wreck),
        QuestionKind::Flagged(FlagKind::Theft) => t!(questions::theft),
        QuestionKind::Flagged(FlagKind::Lien) => t!(questions::lien),
        QuestionKind::ProofContradicted => t!(questions::proof_contradicted),
        QuestionKind::OdometerRolledBack => t!(questions::rolled_back),
        QuestionKind::IdentityContradicted => t!(questions::identity),
        QuestionKind::PapersBlocked => t!(questions::papers),
        QuestionKind::RecordsMissing { category: of, count } => {
            t!(questions::missing, category = category(of).get(), count = count)
        }
        QuestionKind::RecordsDamaged { category: of, count } => {
            t!(questions::damaged, category = category(of).get(), count = count)
        }
        QuestionKind::OdometerSuspicious => t!(questions::suspicious),
        QuestionKind::VinNotConfirmed => t!(questions::vin),
        QuestionKind::RecordsWithheld { category: of, count } => {
            t!(questions::withheld, category = category(of).get(), count = count)
        }
        QuestionKind::NotShared { category: of } => t!(questions::not_shared, category = category(of).get()),
        QuestionKind::Disputed => t!(questions::disputed),
        QuestionKind::InspectionFailed => t!(questions::inspection_failed),
        QuestionKind::InspectionOld { days } => t!(questions::inspection_old, days = days),
        QuestionKind::InspectionMissing => t!(tasks::inspection_missing),
        QuestionKind::Damaged { count } => t!(questions::damage, count = count),
        QuestionKind::ProofMissing => t!(questions::proof_missing),
        QuestionKind::SoldSoon { days } => t!(questions::sold_soon, days = days),
        QuestionKind::Silent { months } => t!(questions::silent, months = months),
        QuestionKind::OdometerOld { days } => t!(questions::odometer_old, days = days),
        QuestionKind::LittleBacking => t!(questions::little_backing),
        QuestionKind::ClusterReplaced => t!(questions::cluster),
        QuestionKind::ServiceOld { days: Some(days) } => t!(questions::service_old, days = days),
        QuestionKind::ServiceOld { days: None } => t!(questions::service_none),
    }
}
