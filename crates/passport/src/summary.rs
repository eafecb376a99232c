//! A passport on one page.

use crate::{odometer::OdometerView, opened::OpenedRecord};
use carnet_protocol::{
    category::Category,
    day::Day,
    id::RecordId,
    payload::{
        Fact, Incident, IncidentKind, Inspection, InspectionNature, InspectionResult, OwnershipEvent, OwnershipKind,
    },
    quantity::Metres,
};
use serde::{Deserialize, Serialize};

/// The synthesis of a passport.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Records in all.
    pub records: u32,
    /// Records per category that has any, in the order of [`Category::ALL`].
    pub counts: Vec<(Category, u32)>,
    /// Day of the earliest record.
    pub first_day: Option<Day>,
    /// Day of the latest record.
    pub last_day: Option<Day>,
    /// Number of owners by the ownership records; `None` where they say nothing of it.
    pub owners: Option<u16>,
    /// The latest inspection.
    pub last_inspection: Option<InspectionLine>,
    /// Incidents, latest first.
    pub incidents: Vec<IncidentLine>,
    /// Events in the papers that a buyer must know of and that no later event ended: liens, oppositions, suspensions,
    /// off the road. Latest first.
    pub open_events: Vec<OwnershipLine>,
    /// Spans of whole months, between the first and the latest record, without any record; earliest first.
    pub gaps: Vec<MonthGap>,
    /// Latest odometer.
    pub odometer: Option<Metres>,
}

/// An inspection in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionLine {
    /// The record.
    pub record: RecordId,
    /// Its day.
    pub day: Day,
    /// What was inspected.
    pub nature: InspectionNature,
    /// How it ended.
    pub result: InspectionResult,
    /// Odometer at the time.
    pub odometer: Option<Metres>,
}

/// An incident in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentLine {
    /// The record.
    pub record: RecordId,
    /// Its day.
    pub day: Day,
    /// Kind of incident.
    pub kind: IncidentKind,
    /// In the source's words.
    pub description: String,
}

/// An event in the papers in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnershipLine {
    /// The record.
    pub record: RecordId,
    /// Its day.
    pub day: Day,
    /// Kind of event.
    pub kind: OwnershipKind,
    /// In the source's words.
    pub label: Option<String>,
}

/// A month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Month {
    /// Year.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
}

/// Months without any record, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MonthGap {
    /// The first month without a record.
    pub first: Month,
    /// The last month without a record.
    pub last: Month,
    /// How many.
    pub months: u16,
}

/// The synthesis of all records, with their odometer as it was judged.
pub fn view(records: &[OpenedRecord], odometer: &OdometerView) -> Summary {
    let mut ordered: Vec<&OpenedRecord> = records.iter().collect();
    ordered.sort_by_key(|r| (r.day, r.payload.at, r.record));
    Summary {
        records: count(ordered.len()),
        counts: counts(records),
        first_day: ordered.first().map(|r| r.day),
        last_day: ordered.last().map(|r| r.day),
        owners: owners(&ordered),
        last_inspection: ordered.iter().rev().find_map(|r| match &r.payload.fact {
            Fact::Inspection(inspection) => Some(inspection_line(r, inspection)),
            _ => None,
        }),
        incidents: ordered
            .iter()
            .rev()
            .filter_map(|r| match &r.payload.fact {
                Fact::Incident(incident) => Some(incident_line(r, incident)),
                _ => None,
            })
            .collect(),
        open_events: open_events(&ordered),
        gaps: gaps(&ordered),
        odometer: odometer.latest.map(|point| point.odometer),
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn counts(records: &[OpenedRecord]) -> Vec<(Category, u32)> {
    let mut counts = Category::ALL.map(|category| (category, 0_u32));
    for record in records {
        counts[record.category() as usize].1 += 1;
    }
    counts.into_iter().filter(|(_, n)| *n > 0).collect()
}

fn inspection_line(record: &OpenedRecord, inspection: &Inspection) -> InspectionLine {
    InspectionLine {
        record: record.record,
        day: record.day,
        nature: inspection.nature,
        result: inspection.result,
        odometer: inspection.odometer,
    }
}

fn incident_line(record: &OpenedRecord, incident: &Incident) -> IncidentLine {
    IncidentLine {
        record: record.record,
        day: record.day,
        kind: incident.kind,
        description: incident.description.clone(),
    }
}

fn events<'a>(
    ordered: &'a [&'a OpenedRecord],
) -> impl DoubleEndedIterator<Item = (&'a OpenedRecord, &'a OwnershipEvent)> {
    ordered.iter().filter_map(|r| match &r.payload.fact {
        Fact::Ownership(event) => Some((*r, event)),
        _ => None,
    })
}

/// Owners as a register counted them, or as the events show, whichever is more: a register may have lost some, and
/// events may be missing.
fn owners(ordered: &[&OpenedRecord]) -> Option<u16> {
    let named = events(ordered).filter_map(|(_, event)| event.owners).max();
    let changes = events(ordered).filter(|(_, event)| event.kind == OwnershipKind::OwnerChange).count();
    let first =
        events(ordered).any(|(_, e)| matches!(e.kind, OwnershipKind::FirstRegistration | OwnershipKind::Import));
    let seen = (first || changes > 0).then(|| u16::try_from(changes).unwrap_or(u16::MAX).saturating_add(1));
    named.max(seen)
}

/// The event that ends another, where there is one.
fn ended_by(kind: OwnershipKind) -> Option<OwnershipKind> {
    match kind {
        OwnershipKind::Lien => Some(OwnershipKind::LienLifted),
        OwnershipKind::Opposition => Some(OwnershipKind::OppositionLifted),
        OwnershipKind::Suspension | OwnershipKind::OffRoad => Some(OwnershipKind::BackOnRoad),
        OwnershipKind::FirstRegistration
        | OwnershipKind::Import
        | OwnershipKind::OwnerChange
        | OwnershipKind::LienLifted
        | OwnershipKind::OppositionLifted
        | OwnershipKind::BackOnRoad
        | OwnershipKind::Other => None,
    }
}

fn open_events(ordered: &[&OpenedRecord]) -> Vec<OwnershipLine> {
    let mut ended: Vec<OwnershipKind> = Vec::new();
    let mut open = Vec::new();
    for (record, event) in events(ordered).rev() {
        match ended_by(event.kind) {
            Some(end) if !ended.contains(&end) => open.push(OwnershipLine {
                record: record.record,
                day: record.day,
                kind: event.kind,
                label: event.label.clone(),
            }),
            Some(_) => {}
            None if !ended.contains(&event.kind) => ended.push(event.kind),
            None => {}
        }
    }
    open
}

fn gaps(ordered: &[&OpenedRecord]) -> Vec<MonthGap> {
    let mut months: Vec<u32> = ordered.iter().map(|r| month_number(r.day)).collect();
    months.dedup();
    months
        .windows(2)
        .filter(|pair| pair[1] - pair[0] > 1)
        .map(|pair| MonthGap {
            first: month(pair[0] + 1),
            last: month(pair[1] - 1),
            months: u16::try_from(pair[1] - pair[0] - 1).unwrap_or(u16::MAX),
        })
        .collect()
}

/// Months since the year 0.
fn month_number(day: Day) -> u32 {
    let (year, month, _) = day.to_civil();
    year.unsigned_abs() * 12 + u32::from(month) - 1
}

fn month(number: u32) -> Month {
    Month { year: u16::try_from(number / 12).unwrap_or(u16::MAX), month: (number % 12) as u8 + 1 }
}
