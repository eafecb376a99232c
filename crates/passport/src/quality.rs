//! The quality index: how far a record can be believed, 0 to 100, as a pure function of logged facts.
//!
//! The function is published with its version (`docs/quality-index.md`); every index carries the reasons it is the sum
//! of. It says how much stands behind a record, not whether it is true.

mod said;

use crate::{odometer::OdometerReport, opened::OpenedRecord};
use carnet_protocol::{
    id::RecordId,
    payload::{Method, OriginKind, Payload},
};
use said::Said;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Version of the function; it rises with every change that can change an index.
pub const QUALITY_RULES_VERSION: u16 = 2;

/// The index of one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quality {
    /// The rules that were applied.
    pub version: u16,
    /// The index, 0 to 100.
    pub index: u8,
    /// What it is the sum of, in a fixed order; the sum is held between 0 and 100.
    pub reasons: Vec<QualityReason>,
}

/// One reason and what it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct QualityReason {
    /// What counts.
    pub kind: QualityReasonKind,
    /// How much, in points.
    pub points: i16,
}

/// What an index is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QualityReasonKind {
    /// The source is a member; its class had this base index when it wrote.
    MemberBase,
    /// The source is the owner.
    OwnerBase,
    /// The source is not known to the directory.
    UnknownBase,
    /// Read out of the car.
    ReadFromCar,
    /// Read by a professional who saw the car.
    ReadByProfessional,
    /// Taken over from a register's report that the owner brought.
    ImportedRegister,
    /// Taken over from a file that the owner kept.
    ImportedFile,
    /// Typed by the owner.
    Typed,
    /// Generated for trying Carnet out.
    Sample,
    /// Written down long after it happened.
    WrittenLate {
        /// Days between.
        days: u32,
    },
    /// Other sources say the same.
    Corroborated {
        /// How many.
        sources: u32,
    },
    /// Another party signed it as well.
    CounterSigned {
        /// How many.
        parties: u32,
    },
    /// Somebody disputes it.
    Disputed {
        /// How many disputes are open.
        open: u32,
    },
    /// It clashes with other odometer readings, and nothing explains it.
    OdometerClash,
}

impl QualityReasonKind {
    /// A stable name, for message ids.
    pub fn code(&self) -> &'static str {
        match self {
            QualityReasonKind::MemberBase => "member_base",
            QualityReasonKind::OwnerBase => "owner_base",
            QualityReasonKind::UnknownBase => "unknown_base",
            QualityReasonKind::ReadFromCar => "read_from_car",
            QualityReasonKind::ReadByProfessional => "read_by_professional",
            QualityReasonKind::ImportedRegister => "imported_register",
            QualityReasonKind::ImportedFile => "imported_file",
            QualityReasonKind::Typed => "typed",
            QualityReasonKind::Sample => "sample",
            QualityReasonKind::WrittenLate { .. } => "written_late",
            QualityReasonKind::Corroborated { .. } => "corroborated",
            QualityReasonKind::CounterSigned { .. } => "counter_signed",
            QualityReasonKind::Disputed { .. } => "disputed",
            QualityReasonKind::OdometerClash => "odometer_clash",
        }
    }
}

/// Who wrote a record, and the base index of its class as of the writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QualitySource {
    /// A member, with the base index that the record or the directory carries; more than 100 counts as 100.
    Member(u8),
    /// The owner's wallet.
    Owner,
    /// A key that the directory does not know.
    Unknown,
}

/// What the index of a record is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct QualityFacts {
    /// Who wrote it.
    pub source: QualitySource,
    /// How the figures came about.
    pub method: Method,
    /// Where the data came from.
    pub origin: OriginKind,
    /// Days between what happened and its writing down.
    pub age_days: u32,
    /// Other sources that say the same.
    pub corroborating: u32,
    /// Other parties that signed it.
    pub counter_signatures: u32,
    /// Disputes that are open.
    pub disputes: u32,
    /// It clashes with other odometer readings without an explanation.
    pub odometer_clash: bool,
}

/// What is known of a record beside its content.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Standing {
    /// The base index of its source's class as of the writing; `None` for the owner and for unknown keys.
    pub base: Option<u8>,
    /// Other parties that signed it.
    pub counter_signatures: u32,
    /// Disputes that are open.
    pub disputes: u32,
}

/// Base of what the owner writes, set by the rules since no vote sets it.
const OWNER_BASE: u8 = 40;

/// Base of what an unknown key signed.
const UNKNOWN_BASE: u8 = 10;

/// Days within which writing down is prompt.
const PROMPT_DAYS: u32 = 31;

/// Sources that count at most; more says nothing new.
const CORROBORATING_MAX: u32 = 3;

/// Counter-signatures that count at most.
const COUNTER_SIGNATURES_MAX: u32 = 2;

/// Disputes that count at most.
const DISPUTES_MAX: u32 = 2;

/// The index of a record from its facts.
pub fn quality(facts: &QualityFacts) -> Quality {
    let mut reasons = vec![base(facts.source), method(facts.source, facts.method, facts.origin)];
    let mut add = |kind, points: i16| reasons.push(QualityReason { kind, points });
    // Who copies what happened long ago copies from memory or from a paper. The car's own figures do not age so.
    if facts.age_days > PROMPT_DAYS && facts.method != Method::ReadFromCar {
        add(QualityReasonKind::WrittenLate { days: facts.age_days }, if facts.age_days > 365 { -10 } else { -5 });
    }
    if facts.corroborating > 0 {
        let sources = facts.corroborating;
        add(QualityReasonKind::Corroborated { sources }, 8 * capped(sources, CORROBORATING_MAX));
    }
    if facts.counter_signatures > 0 {
        let parties = facts.counter_signatures;
        add(QualityReasonKind::CounterSigned { parties }, 15 * capped(parties, COUNTER_SIGNATURES_MAX));
    }
    if facts.disputes > 0 {
        let open = facts.disputes;
        add(QualityReasonKind::Disputed { open }, -25 * capped(open, DISPUTES_MAX));
    }
    if facts.odometer_clash {
        add(QualityReasonKind::OdometerClash, -30);
    }
    let sum: i16 = reasons.iter().map(|reason| reason.points).sum();
    let index = u8::try_from(sum.clamp(0, 100)).unwrap_or(0);
    Quality { version: QUALITY_RULES_VERSION, index, reasons }
}

fn capped(count: u32, most: u32) -> i16 {
    i16::try_from(count.min(most)).unwrap_or(0)
}

fn base(source: QualitySource) -> QualityReason {
    let (kind, points) = match source {
        QualitySource::Member(base) => (QualityReasonKind::MemberBase, base.min(100)),
        QualitySource::Owner => (QualityReasonKind::OwnerBase, OWNER_BASE),
        QualitySource::Unknown => (QualityReasonKind::UnknownBase, UNKNOWN_BASE),
    };
    QualityReason { kind, points: i16::from(points) }
}

/// How the figures came about. What only the owner's wallet says of a professional's reading or of the car's own counts
/// little: nobody but the owner signed for it.
fn method(source: QualitySource, method: Method, origin: OriginKind) -> QualityReason {
    let member = matches!(source, QualitySource::Member(_));
    let (kind, points) = match (method, origin) {
        (Method::ReadFromCar, _) => (QualityReasonKind::ReadFromCar, if member { 20 } else { 10 }),
        (Method::ReadByProfessional, _) => (QualityReasonKind::ReadByProfessional, if member { 15 } else { 5 }),
        (Method::Imported, OriginKind::HistoVec) => (QualityReasonKind::ImportedRegister, 10),
        (Method::Imported, _) => (QualityReasonKind::ImportedFile, 0),
        (Method::Typed, _) => (QualityReasonKind::Typed, -10),
        (Method::Sample, _) => (QualityReasonKind::Sample, -100),
    };
    QualityReason { kind, points }
}

/// What source and method count by themselves, before what others say.
pub fn points(source: QualitySource, how: Method, origin: OriginKind) -> i16 {
    base(source).points + method(source, how, origin).points
}

/// Whether a record came with an export and nobody stands behind it: its own source could not be verified, and the owner
/// who brought it did not write it.
pub fn is_unvouched(payload: &Payload) -> bool {
    payload.origin.kind == OriginKind::CarnetExport && payload.method == Method::Typed
}

/// The indices of all records, in their order. `odometer` is what their readings say of each other; `standing` tells what
/// is known of a record beside its content.
pub fn view(
    records: &[OpenedRecord],
    odometer: &OdometerReport,
    standing: impl Fn(&OpenedRecord) -> Standing,
) -> Vec<(RecordId, Quality)> {
    let said = Said::of(records);
    let clashing: HashSet<RecordId> = odometer.alarms().flat_map(|f| [f.earlier.record, f.later.record]).collect();
    records
        .iter()
        .enumerate()
        .map(|(place, record)| {
            let standing = standing(record);
            let facts = QualityFacts {
                source: source(record, &standing),
                method: record.payload.method,
                origin: record.payload.origin.kind,
                age_days: u32::from(record.payload.written_at.day().0.saturating_sub(record.day.0)),
                corroborating: said.corroborating(place, record),
                counter_signatures: standing.counter_signatures,
                disputes: standing.disputes,
                odometer_clash: clashing.contains(&record.record),
            };
            (record.record, quality(&facts))
        })
        .collect()
}

/// Who wrote a record.
pub fn source(record: &OpenedRecord, standing: &Standing) -> QualitySource {
    match standing.base {
        Some(base) if !record.owner_made => QualitySource::Member(base),
        _ if record.owner_made && !is_unvouched(&record.payload) => QualitySource::Owner,
        _ => QualitySource::Unknown,
    }
}
