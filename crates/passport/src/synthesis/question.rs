//! Questions that a passport raises.

use super::{Reader, truth::FlagKind};
use carnet_protocol::{category::Category, id::RecordId};
use serde::{Deserialize, Serialize};

/// One thing to ask, and what raises it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// How grave it is.
    pub severity: Severity,
    /// What to ask about.
    pub kind: QuestionKind,
    /// The records that raise it, at most 16.
    pub records: Vec<RecordId>,
}

/// How grave a question is, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Do not go on before it is answered.
    Stop,
    /// It may change the price or the decision.
    Warning,
    /// Worth asking.
    Ask,
}

impl Severity {
    /// A stable name, for message ids.
    pub fn code(self) -> &'static str {
        match self {
            Severity::Stop => "stop",
            Severity::Warning => "warning",
            Severity::Ask => "ask",
        }
    }
}

/// What to ask about; of equally grave ones the first comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// Something weighs on the car.
    Flagged(FlagKind),
    /// The proof contradicts what was delivered.
    ProofContradicted,
    /// The odometer was turned back.
    OdometerRolledBack,
    /// Records contradict each other on what car it is.
    IdentityContradicted,
    /// A transfer is opposed, the registration suspended, or the car off the road.
    PapersBlocked,
    /// Records that should be there were not delivered.
    RecordsMissing {
        /// Category.
        category: Category,
        /// How many.
        count: u32,
    },
    /// Records do not open or are not as committed.
    RecordsDamaged {
        /// Category.
        category: Category,
        /// How many.
        count: u32,
    },
    /// Odometer readings clash.
    OdometerSuspicious,
    /// The VIN was never confirmed by anybody who saw the car.
    VinNotConfirmed,
    /// Records of a shared category are withheld.
    RecordsWithheld {
        /// Category.
        category: Category,
        /// How many.
        count: u32,
    },
    /// A category that matters to this reader is not shared at all.
    NotShared {
        /// Category.
        category: Category,
    },
    /// Somebody disputes records.
    Disputed,
    /// The last inspection ended badly.
    InspectionFailed,
    /// The last inspection is long ago.
    InspectionOld {
        /// Days since.
        days: u32,
    },
    /// No inspection is on record.
    InspectionMissing,
    /// Accidents and damage: was it repaired well?
    Damaged {
        /// How many.
        count: u32,
    },
    /// The passport is not proved, or by too old a checkpoint.
    ProofMissing,
    /// The car was sold again after a short time.
    SoldSoon {
        /// Days since the last change of owner.
        days: u32,
    },
    /// Half a year or more without any record.
    Silent {
        /// Months in all.
        months: u32,
    },
    /// No odometer reading for long: have it read now.
    OdometerOld {
        /// Days since.
        days: u32,
    },
    /// Most records rest on the owner's word.
    LittleBacking,
    /// The instrument cluster was replaced.
    ClusterReplaced,
    /// No service on record for long, or none at all.
    ServiceOld {
        /// Days since; `None` without any.
        days: Option<u32>,
    },
}

impl QuestionKind {
    /// A stable name, for message ids.
    pub fn code(&self) -> &'static str {
        match self {
            QuestionKind::Flagged(FlagKind::Wreck) => "flagged_wreck",
            QuestionKind::Flagged(FlagKind::Theft) => "flagged_theft",
            QuestionKind::Flagged(FlagKind::Lien) => "flagged_lien",
            QuestionKind::ProofContradicted => "proof_contradicted",
            QuestionKind::OdometerRolledBack => "odometer_rolled_back",
            QuestionKind::IdentityContradicted => "identity_contradicted",
            QuestionKind::PapersBlocked => "papers_blocked",
            QuestionKind::RecordsMissing { .. } => "records_missing",
            QuestionKind::RecordsDamaged { .. } => "records_damaged",
            QuestionKind::OdometerSuspicious => "odometer_suspicious",
            QuestionKind::VinNotConfirmed => "vin_not_confirmed",
            QuestionKind::RecordsWithheld { .. } => "records_withheld",
            QuestionKind::NotShared { .. } => "not_shared",
            QuestionKind::Disputed => "disputed",
            QuestionKind::InspectionFailed => "inspection_failed",
            QuestionKind::InspectionOld { .. } => "inspection_old",
            QuestionKind::InspectionMissing => "inspection_missing",
            QuestionKind::Damaged { .. } => "damaged",
            QuestionKind::ProofMissing => "proof_missing",
            QuestionKind::SoldSoon { .. } => "sold_soon",
            QuestionKind::Silent { .. } => "silent",
            QuestionKind::OdometerOld { .. } => "odometer_old",
            QuestionKind::LittleBacking => "little_backing",
            QuestionKind::ClusterReplaced => "cluster_replaced",
            QuestionKind::ServiceOld { .. } => "service_old",
        }
    }

    /// How grave it is for a reader; `None` where it is none of this reader's business.
    pub fn severity(&self, reader: Reader) -> Option<Severity> {
        use Severity::{Ask, Stop, Warning};
        let garage = reader == Reader::Garage;
        Some(match self {
            QuestionKind::Flagged(FlagKind::Wreck | FlagKind::Theft)
            | QuestionKind::ProofContradicted
            | QuestionKind::IdentityContradicted => Stop,
            QuestionKind::Flagged(FlagKind::Lien) | QuestionKind::PapersBlocked => match reader {
                Reader::PrivateBuyer | Reader::Bank => Stop,
                // It keeps nobody from owning the car, only from selling it.
                Reader::Owner => Warning,
                Reader::Insurer => Ask,
                // Who repairs a car does not buy it.
                Reader::Garage => return None,
            },
            QuestionKind::OdometerRolledBack if garage => Warning,
            QuestionKind::OdometerRolledBack => Stop,
            QuestionKind::VinNotConfirmed | QuestionKind::RecordsWithheld { .. } if garage => Ask,
            QuestionKind::InspectionFailed if reader == Reader::Bank => Ask,
            QuestionKind::Damaged { .. } if reader == Reader::Insurer => Warning,
            QuestionKind::RecordsMissing { .. }
            | QuestionKind::RecordsDamaged { .. }
            | QuestionKind::RecordsWithheld { .. }
            | QuestionKind::OdometerSuspicious
            | QuestionKind::VinNotConfirmed
            | QuestionKind::InspectionFailed
            | QuestionKind::Disputed => Warning,
            QuestionKind::ServiceOld { .. } | QuestionKind::ClusterReplaced => match reader {
                Reader::PrivateBuyer | Reader::Garage | Reader::Owner => Ask,
                Reader::Insurer | Reader::Bank => return None,
            },
            QuestionKind::SoldSoon { .. } if garage || reader == Reader::Owner => return None,
            QuestionKind::LittleBacking if garage => return None,
            QuestionKind::InspectionMissing if reader != Reader::Owner => return None,
            QuestionKind::NotShared { .. }
            | QuestionKind::InspectionOld { .. }
            | QuestionKind::InspectionMissing
            | QuestionKind::Damaged { .. }
            | QuestionKind::ProofMissing
            | QuestionKind::SoldSoon { .. }
            | QuestionKind::Silent { .. }
            | QuestionKind::OdometerOld { .. }
            | QuestionKind::LittleBacking => Ask,
        })
    }
}

impl Reader {
    /// Categories that this reader cannot judge a car without.
    pub fn needs(self) -> &'static [Category] {
        match self {
            Reader::PrivateBuyer => &[
                Category::Identity,
                Category::Mileage,
                Category::Maintenance,
                Category::Inspection,
                Category::Incident,
                Category::Ownership,
            ],
            Reader::Insurer => &[Category::Identity, Category::Mileage, Category::Incident, Category::Ownership],
            Reader::Bank => {
                &[Category::Identity, Category::Mileage, Category::Inspection, Category::Incident, Category::Ownership]
            }
            Reader::Garage => &[Category::Identity, Category::Mileage, Category::Maintenance],
            // To an owner nothing is shared: what there is, is there.
            Reader::Owner => &[],
        }
    }
}
