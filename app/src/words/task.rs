//! What a passport's questions come to for who holds the car: what to mend before others ask.

use carnet_passport::synthesis::{FlagKind, QuestionKind};

use super::{category, question};
use crate::t;
use crate::ui::Text;

/// What to see to.
pub fn task(kind: QuestionKind) -> Text {
    match kind {
        QuestionKind::Flagged(FlagKind::Wreck) => t!(tasks::wreck),
        QuestionKind::Flagged(FlagKind::Theft) => t!(tasks::theft),
        QuestionKind::Flagged(FlagKind::Lien) => t!(tasks::lien),
        QuestionKind::ProofContradicted => t!(tasks::proof_contradicted),
        QuestionKind::OdometerRolledBack => t!(tasks::rolled_back),
        QuestionKind::IdentityContradicted => t!(tasks::identity),
        QuestionKind::PapersBlocked => t!(tasks::papers),
        QuestionKind::RecordsMissing { category: of, count } => {
            t!(tasks::missing, category = category(of).get(), count = count)
        }
        QuestionKind::RecordsDamaged { category: of, count } => {
            t!(tasks::damaged, category = category(of).get(), count = count)
        }
        QuestionKind::OdometerSuspicious => t!(tasks::suspicious),
        QuestionKind::RecordsWithheld { category: of, count } => {
            t!(tasks::withheld, category = category(of).get(), count = count)
        }
        QuestionKind::Disputed => t!(tasks::disputed),
        QuestionKind::InspectionFailed => t!(tasks::inspection_failed),
        QuestionKind::InspectionOld { days } => t!(tasks::inspection_old, days = days),
        QuestionKind::InspectionMissing => t!(tasks::inspection_missing),
        QuestionKind::Damaged { count } => t!(tasks::damage, count = count),
        QuestionKind::ProofMissing => t!(tasks::proof_missing),
        QuestionKind::Silent { months } => t!(tasks::silent, months = months),
        QuestionKind::OdometerOld { days } => t!(tasks::odometer_old, days = days),
        QuestionKind::LittleBacking => t!(tasks::little_backing),
        QuestionKind::ClusterReplaced => t!(tasks::cluster),
        QuestionKind::ServiceOld { days: Some(days) } => t!(tasks::service_old, days = days),
        QuestionKind::ServiceOld { days: None } => t!(tasks::service_none),
        // What the owner has done is what a stranger would ask for; what an owner is never asked is asked of strangers.
        QuestionKind::VinNotConfirmed | QuestionKind::NotShared { .. } | QuestionKind::SoldSoon { .. } => {
            question(kind)
        }
    }
}
