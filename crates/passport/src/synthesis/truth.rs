//! Is it true?

use super::{Answer, Checked};
use crate::{odometer::Verdict, vin::VinShape};
use carnet_protocol::{
    day::Day,
    id::RecordId,
    member::MemberClass,
    payload::{IncidentKind, OwnershipKind},
};
use serde::{Deserialize, Serialize};

/// What is known of the VIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VinStanding {
    /// A member of this class saw the car and confirmed it.
    Confirmed(MemberClass),
    /// Nobody confirmed it yet.
    NotConfirmed,
}

impl VinStanding {
    /// A stable name, for message ids.
    pub fn code(self) -> &'static str {
        match self {
            VinStanding::Confirmed(_) => "confirmed",
            VinStanding::NotConfirmed => "not_confirmed",
        }
    }
}

/// What weighs on a car.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagKind {
    /// Declared a wreck.
    Wreck,
    /// Reported stolen.
    Theft,
    /// A lien is on it.
    Lien,
}

impl FlagKind {
    /// A stable name, for message ids.
    pub fn code(self) -> &'static str {
        match self {
            FlagKind::Wreck => "wreck",
            FlagKind::Theft => "theft",
            FlagKind::Lien => "lien",
        }
    }
}

/// A flag that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Flag {
    /// What it says.
    pub kind: FlagKind,
    /// Since when, where known.
    pub since: Option<Day>,
    /// The class of the member that declared it on the ledger; `None` where only a record says so.
    pub declared_by: Option<MemberClass>,
    /// The record that says so, where it is one.
    pub record: Option<RecordId>,
}

/// How many records have which quality.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct QualitySpread {
    /// Index of 75 and more.
    pub high: u32,
    /// 50 to 74.
    pub fair: u32,
    /// 25 to 49.
    pub low: u32,
    /// Below 25.
    pub poor: u32,
    /// The index that half of the records reach; `None` without records.
    pub median: Option<u8>,
}

/// Whether the passport is true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Truth {
    /// The answer.
    pub answer: Answer,
    /// What the odometer readings say.
    pub odometer: Verdict,
    /// Readings that the verdict compares; fewer than two have nothing to be compared with.
    pub readings: u32,
    /// What is known of the VIN.
    pub vin: VinStanding,
    /// Records contradict each other on the VIN, make, year or first registration; or the VIN cannot be one.
    pub identity_contradicted: bool,
    /// What weighs on the car: by the ledger or by a record, wreck and theft first.
    pub flags: Vec<Flag>,
    /// How many records have which quality.
    pub quality: QualitySpread,
    /// Records that somebody disputes.
    pub disputes: u32,
}

pub(super) fn truth(checked: &Checked<'_>) -> Truth {
    let odometer = checked.views.odometer.report.verdict;
    let identity_contradicted = identity_contradicted(checked);
    let flags = flags(checked);
    let disputes = u32::try_from(checked.disputed.len()).unwrap_or(u32::MAX);
    let grave = flags.iter().any(|flag| flag.kind != FlagKind::Lien);
    let answer = if odometer == Verdict::RolledBack || identity_contradicted || grave {
        Answer::No
    } else if odometer == Verdict::Suspicious || disputes > 0 || checked.vin == VinStanding::NotConfirmed {
        Answer::Partly
    } else {
        Answer::Yes
    };
    let readings = u32::try_from(checked.views.odometer.points.len()).unwrap_or(u32::MAX);
    let (vin, quality) = (checked.vin, spread(checked));
    Truth { answer, odometer, readings, vin, identity_contradicted, flags, quality, disputes }
}

pub(super) fn identity_contradicted(checked: &Checked<'_>) -> bool {
    let shape = checked.views.identity.vin.as_ref().map(|vin| &vin.shape);
    matches!(shape, Some(VinShape::BadCharacter { .. } | VinShape::TooLong { .. }))
        || !checked.views.identity.conflicts.is_empty()
}

/// Flags of the ledger, and those that only records tell of.
pub(super) fn flags(checked: &Checked<'_>) -> Vec<Flag> {
    let mut flags = checked.flags.to_vec();
    let mut add = |kind, day, record| {
        if !flags.iter().any(|flag| flag.kind == kind) {
            flags.push(Flag { kind, since: Some(day), declared_by: None, record: Some(record) });
        }
    };
    // Latest first: a wreck that was lifted later is none.
    let wreck = checked
        .views
        .summary
        .incidents
        .iter()
        .find(|incident| matches!(incident.kind, IncidentKind::WreckProcedure | IncidentKind::WreckLifted));
    if let Some(wreck) = wreck.filter(|incident| incident.kind == IncidentKind::WreckProcedure) {
        add(FlagKind::Wreck, wreck.day, wreck.record);
    }
    if let Some(theft) = checked.views.summary.incidents.iter().find(|incident| incident.kind == IncidentKind::Theft) {
        add(FlagKind::Theft, theft.day, theft.record);
    }
    if let Some(lien) = checked.views.summary.open_events.iter().find(|event| event.kind == OwnershipKind::Lien) {
        add(FlagKind::Lien, lien.day, lien.record);
    }
    flags.sort();
    flags.dedup();
    flags
}

fn spread(checked: &Checked<'_>) -> QualitySpread {
    let mut indices: Vec<u8> = checked.quality.iter().map(|(_, quality)| quality.index).collect();
    indices.sort_unstable();
    let from = |least: u8, below: u8| {
        let inside = indices.iter().filter(|index| (least..below).contains(index)).count();
        u32::try_from(inside).unwrap_or(u32::MAX)
    };
    let median = indices.get(indices.len() / 2).copied();
    QualitySpread { high: from(75, u8::MAX), fair: from(50, 75), low: from(25, 50), poor: from(0, 25), median }
}
