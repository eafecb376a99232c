//! One entry of the timeline: kind, figures and the source's own words.

use crate::opened::OpenedRecord;
use carnet_protocol::{
    category::Category,
    day::{Day, Timestamp},
    id::RecordId,
    payload::{
        ChargeState, DrivingSegment, ExpenseKind, Fact, IncidentKind, InspectionNature, InspectionResult,
        MaintenanceKind, Method, OriginKind, OwnershipKind, StatementKind,
    },
    quantity::{Metres, Money, Percent, WattHours},
};
use serde::{Deserialize, Serialize};

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The record.
    pub record: RecordId,
    /// Its day.
    pub day: Day,
    /// When, where known more closely.
    pub at: Option<Timestamp>,
    /// Its category.
    pub category: Category,
    /// What kind of thing happened.
    pub kind: EntryKind,
    /// The source's own words: description, label, title.
    pub text: Option<String>,
    /// Free text.
    pub note: Option<String>,
    /// Its figures, in the order in which to show them.
    pub figures: Vec<Figure>,
    /// How the figures came about.
    pub method: Method,
    /// Where it came from.
    pub origin: OriginKind,
    /// Whether the owner wrote it.
    pub owner_made: bool,
    /// Number of files.
    pub attachments: u16,
}

/// Kinds of entries; each has its words in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// What the car is was written down.
    Identity,
    /// The odometer was read.
    Odometer,
    /// Work was done.
    Maintenance(MaintenanceKind),
    /// An inspection.
    Inspection(InspectionNature, InspectionResult),
    /// An incident.
    Incident(IncidentKind),
    /// An event in the papers.
    Ownership(OwnershipKind),
    /// The battery was read.
    Battery,
    /// A charge.
    Charge(ChargeState),
    /// A trip or a day of driving.
    Driving,
    /// Fuel was bought.
    Refuelling,
    /// Where the car was.
    Location,
    /// A paper.
    Document,
    /// Money was spent.
    Expense(ExpenseKind),
    /// The instrument cluster was replaced.
    ClusterReplacement,
    /// The car was sold, and both sides signed the odometer.
    Handover,
    /// Something is said of another record.
    Statement(StatementKind),
}

/// A figure of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Odometer.
    Odometer(Metres),
    /// What it cost.
    Cost(Money),
    /// State of charge.
    Charge(Percent),
    /// Rated range left.
    Range(Metres),
    /// Battery health as the source gave it.
    Health(Percent),
    /// Energy added.
    Energy(WattHours),
    /// Power in watts.
    PowerW(u32),
    /// Fuel in millilitres.
    VolumeMl(u64),
    /// Distance driven.
    Distance(Metres),
    /// Duration in milliseconds.
    DurationMs(u64),
    /// Owners so far.
    Owners(u16),
}

impl Entry {
    /// The entry of a record.
    pub fn of(record: &OpenedRecord) -> Entry {
        let payload = &record.payload;
        Entry {
            record: record.record,
            day: record.day,
            at: payload.at,
            category: record.category(),
            kind: kind(&payload.fact),
            text: text(&payload.fact),
            note: payload.note.clone(),
            figures: figures(&payload.fact),
            method: payload.method,
            origin: payload.origin.kind,
            owner_made: record.owner_made,
            attachments: u16::try_from(payload.attachments.len()).unwrap_or(u16::MAX),
        }
    }
}

fn kind(fact: &Fact) -> EntryKind {
    match fact {
        Fact::Identity(_) => EntryKind::Identity,
        Fact::Odometer(_) => EntryKind::Odometer,
        Fact::Maintenance(work) => EntryKind::Maintenance(work.kind),
        Fact::Inspection(inspection) => EntryKind::Inspection(inspection.nature, inspection.result),
        Fact::Incident(incident) => EntryKind::Incident(incident.kind),
        Fact::Ownership(event) => EntryKind::Ownership(event.kind),
        Fact::Battery(_) => EntryKind::Battery,
        Fact::Charge(charge) => EntryKind::Charge(charge.state),
        Fact::Driving(_) => EntryKind::Driving,
        Fact::Refuelling(_) => EntryKind::Refuelling,
        Fact::Location(_) => EntryKind::Location,
        Fact::Document(_) => EntryKind::Document,
        Fact::Expense(expense) => EntryKind::Expense(expense.kind),
        Fact::ClusterReplacement(_) => EntryKind::ClusterReplacement,
        Fact::Handover(_) => EntryKind::Handover,
        Fact::Statement(statement) => EntryKind::Statement(statement.kind),
    }
}

fn text(fact: &Fact) -> Option<String> {
    let text = match fact {
        Fact::Identity(identity) => {
            let words: Vec<&str> =
                [&identity.make, &identity.model].into_iter().flatten().map(String::as_str).collect();
            Some(words.join(" "))
        }
        Fact::Maintenance(work) => Some(work.description.clone()),
        Fact::Inspection(inspection) => inspection.label.clone(),
        Fact::Incident(incident) => Some(incident.description.clone()),
        Fact::Ownership(event) => event.label.clone(),
        Fact::Document(paper) => Some(paper.title.clone()),
        Fact::Expense(expense) => Some(expense.description.clone()),
        Fact::Odometer(_)
        | Fact::ClusterReplacement(_)
        | Fact::Handover(_)
        | Fact::Battery(_)
        | Fact::Charge(_)
        | Fact::Driving(_)
        | Fact::Refuelling(_)
        | Fact::Location(_)
        | Fact::Statement(_) => None,
    };
    text.filter(|t| !t.is_empty())
}

fn figures(fact: &Fact) -> Vec<Figure> {
    let mut figures = Vec::new();
    match fact {
        Fact::Maintenance(work) => figures.extend(work.cost.clone().map(Figure::Cost)),
        Fact::Incident(incident) => figures.extend(incident.damage.clone().map(Figure::Cost)),
        Fact::Ownership(event) => figures.extend(event.owners.map(Figure::Owners)),
        Fact::Battery(reading) => {
            figures.push(Figure::Charge(reading.charge));
            figures.extend(reading.rated_range.map(Figure::Range));
            figures.extend(reading.health.map(Figure::Health));
        }
        Fact::Charge(charge) => {
            figures.extend(charge.charge.map(Figure::Charge));
            figures.extend(charge.added.map(Figure::Energy));
            figures.extend(charge.power_w.map(Figure::PowerW));
        }
        Fact::Driving(segment) => figures.extend(driving_figures(segment)),
        Fact::Refuelling(refuelling) => {
            figures.push(Figure::VolumeMl(refuelling.volume_ml));
            figures.extend(refuelling.cost.clone().map(Figure::Cost));
        }
        Fact::Expense(expense) => figures.push(Figure::Cost(expense.cost.clone())),
        Fact::Identity(_)
        | Fact::Odometer(_)
        | Fact::ClusterReplacement(_)
        | Fact::Handover(_)
        | Fact::Inspection(_)
        | Fact::Location(_)
        | Fact::Document(_)
        | Fact::Statement(_) => {}
    }
    figures.extend(crate::odometer::of_fact(fact).map(Figure::Odometer));
    figures
}

/// Distance and duration of a segment: its columns hold differences, so all but the first add up to them.
fn driving_figures(segment: &DrivingSegment) -> Vec<Figure> {
    let total = |column: &[i64]| {
        let sum = column.iter().skip(1).try_fold(0_i64, |sum, step| sum.checked_add(*step))?;
        u64::try_from(sum).ok().filter(|sum| *sum > 0)
    };
    let distance = total(&segment.odometer_m).map(|m| Figure::Distance(Metres(m)));
    let duration = total(&segment.time_ms).map(Figure::DurationMs);
    distance.into_iter().chain(duration).collect()
}
