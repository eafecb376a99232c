//! What the rules say of a series of readings: typed, with the readings and figures it rests on. Words are the front
//! end's. The rules themselves: `docs/odometer.md`.

use super::OdometerPoint;
use carnet_protocol::{id::RecordId, quantity::Metres};
use serde::{Deserialize, Serialize};

/// Version of the rules; it rises with every change that can change a verdict.
pub const ODOMETER_RULES_VERSION: u16 = 3;

/// What the readings say as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OdometerReport {
    /// The rules that were applied.
    pub version: u16,
    /// The gravest standing among the findings.
    pub verdict: Verdict,
    /// What was found, the gravest first, then by day; at most [`super::FINDINGS_MAX`].
    pub findings: Vec<OdometerFinding>,
    /// Findings in all.
    pub found: u32,
    /// What replaced instruments had counted beyond the present one, by their declarations: the car has driven the
    /// latest reading and this. `None` where no replacement was declared and believed.
    pub carried_over: Option<Metres>,
}

impl OdometerReport {
    /// Findings that a buyer must be warned of.
    pub fn alarms(&self) -> impl Iterator<Item = &OdometerFinding> {
        self.findings.iter().filter(|finding| finding.standing.alarms())
    }
}

/// What the readings say, the gravest last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every reading follows from the one before.
    #[default]
    Consistent,
    /// Some readings clash, and each clash has an innocent explanation that fits better than any other.
    Explained,
    /// Readings clash, and no explanation is good enough.
    Suspicious,
    /// The odometer shows less than it did, by readings on both sides.
    RolledBack,
}

impl Verdict {
    /// A stable name, for message ids.
    pub fn code(self) -> &'static str {
        match self {
            Verdict::Consistent => "consistent",
            Verdict::Explained => "explained",
            Verdict::Suspicious => "suspicious",
            Verdict::RolledBack => "rolled_back",
        }
    }

    /// Whether a buyer must be warned.
    pub fn alarms(self) -> bool {
        self >= Verdict::Suspicious
    }
}

/// One thing that stands out between two readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OdometerFinding {
    /// What it is.
    pub kind: FindingKind,
    /// How grave it is; [`Verdict::Consistent`] for what only deserves a look.
    pub standing: Verdict,
    /// The earlier of the two readings.
    pub earlier: OdometerPoint,
    /// The later of the two.
    pub later: OdometerPoint,
    /// Readings that stand on the wrong side: 1 for a slip, all of a level for a rollback.
    pub readings: u32,
}

/// Kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// The odometer shows less than it did.
    Rollback {
        /// By how much at least.
        drop: Metres,
    },
    /// One reading lies off the others' line, and could as well be true as be a slip.
    Unclear {
        /// The reading.
        reading: RecordId,
        /// How far off.
        off: Metres,
    },
    /// Figures of one unit were written as the other.
    UnitConfusion {
        /// Which way.
        direction: UnitMistake,
        /// What the reading would be in the right unit.
        corrected: Metres,
        /// All readings up to the latest are of the other unit: the figure that the car shows now is not comparable.
        persists: bool,
    },
    /// A slip of the pen.
    TypingSlip {
        /// The reading.
        reading: RecordId,
        /// Which slip.
        slip: Slip,
        /// What was meant.
        corrected: Metres,
    },
    /// A round figure near the others' line.
    Estimate {
        /// The reading.
        reading: RecordId,
        /// How far off.
        off: Metres,
    },
    /// A single reading that no car could have had between its neighbours, by no known slip: another car's, or a trip
    /// counter's.
    Misreading {
        /// The reading.
        reading: RecordId,
        /// What its neighbours let expect.
        expected: Metres,
    },
    /// The instrument cluster was replaced, and a record says so.
    ClusterReplaced {
        /// The record.
        declaration: RecordId,
        /// What the old instrument had counted beyond the new one.
        carried_over: Metres,
    },
    /// A small step back, as papers dated some days late make it.
    SmallStep {
        /// How far.
        drop: Metres,
    },
    /// More distance than the time allows.
    ImplausiblePace {
        /// Metres a day between the two readings.
        per_day: Metres,
        /// Metres a day that are usual for this car.
        usual: Metres,
    },
    /// A long time without any reading.
    Gap {
        /// Days between the two readings.
        days: u32,
    },
}

impl FindingKind {
    /// A stable name, for message ids.
    pub fn code(&self) -> &'static str {
        match self {
            FindingKind::Rollback { .. } => "rollback",
            FindingKind::Unclear { .. } => "unclear",
            FindingKind::UnitConfusion { .. } => "unit_confusion",
            FindingKind::TypingSlip { .. } => "typing_slip",
            FindingKind::Estimate { .. } => "estimate",
            FindingKind::Misreading { .. } => "misreading",
            FindingKind::ClusterReplaced { .. } => "cluster_replaced",
            FindingKind::SmallStep { .. } => "small_step",
            FindingKind::ImplausiblePace { .. } => "implausible_pace",
            FindingKind::Gap { .. } => "gap",
        }
    }
}

/// Which unit was taken for which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitMistake {
    /// Miles were written as kilometres: the figure is too low.
    MilesAsKilometres,
    /// Kilometres were written as miles: the figure is too high.
    KilometresAsMiles,
}

impl UnitMistake {
    /// A stable name, for message ids.
    pub fn code(self) -> &'static str {
        match self {
            UnitMistake::MilesAsKilometres => "miles_as_kilometres",
            UnitMistake::KilometresAsMiles => "kilometres_as_miles",
        }
    }
}

/// Slips of the pen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slip {
    /// Two neighbouring digits changed places.
    SwappedDigits,
    /// A digit was left out.
    DroppedDigit,
    /// A digit was written twice.
    DoubledDigit,
    /// One digit is another.
    WrongDigit,
}

impl Slip {
    /// A stable name, for message ids.
    pub fn code(self) -> &'static str {
        match self {
            Slip::SwappedDigits => "swapped_digits",
            Slip::DroppedDigit => "dropped_digit",
            Slip::DoubledDigit => "doubled_digit",
            Slip::WrongDigit => "wrong_digit",
        }
    }
}
