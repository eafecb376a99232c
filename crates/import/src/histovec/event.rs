//! The history: events of the register.

use super::{Report, code, code::Meaning, node::Node};
use crate::{Place, SkipReason, text};
use carnet_protocol::{
    day::Day,
    payload::{Fact, Incident, IncidentKind, OwnershipEvent, OwnershipKind},
};

/// Reads `vehicule.historique`.
pub fn history(vehicle: &Node, report: &mut Report) {
    for event in vehicle.get("historique").items() {
        if let Err(reason) = read(&event, report) {
            report.findings.skip(event.place(), reason);
        }
    }
}

fn read(event: &Node, report: &mut Report) -> Result<(), SkipReason> {
    let code = event.get("type").text().ok_or_else(|| SkipReason::Missing { field: "type".into() })?;
    let day = event.get("date").day_or_reason()?;
    if event.get("date_annulation").is_there() {
        return Err(SkipReason::Cancelled);
    }
    // A code that is not known is kept as it stands: it may be what matters.
    let fact = match code::find(&code) {
        Some((Meaning::Incident(kind), label)) => incident(kind, label),
        Some((Meaning::Ownership(kind), label)) => Fact::Ownership(ownership(kind, &code, Some(label))),
        None => Fact::Ownership(ownership(OwnershipKind::Other, &text::excerpt(&code), None)),
    };
    report.add(day, fact, None, event.place());
    Ok(())
}

/// An event in the papers.
pub fn ownership(kind: OwnershipKind, code: &str, label: Option<&str>) -> OwnershipEvent {
    OwnershipEvent { kind, code: Some(code.to_owned()), label: label.map(str::to_owned), owners: None }
}

/// An incident.
pub fn incident(kind: IncidentKind, label: &str) -> Fact {
    Fact::Incident(Incident { kind, description: label.to_owned(), odometer: None, damage: None })
}

/// The number of owners goes with the event that made the present one: the latest change of owner or registration.
/// Without such an event it is one of its own.
pub fn number_of_owners(vehicle: &Node, state_day: Option<Day>, report: &mut Report) {
    let node = vehicle.get("etat").get("nombre_de_titulaires");
    let Some(number) = node.number().and_then(|n| u16::try_from(n).ok()).filter(|n| *n > 0) else { return };
    let latest = report
        .facts
        .iter_mut()
        .filter_map(|found| match &mut found.fact {
            Fact::Ownership(event) => Some((found.day, event)),
            _ => None,
        })
        .filter(|(_, event)| {
            matches!(event.kind, OwnershipKind::OwnerChange | OwnershipKind::FirstRegistration | OwnershipKind::Import)
        })
        .max_by_key(|(day, _)| *day);
    if let Some((_, event)) = latest {
        event.owners = Some(number);
    } else if let Some(day) = state_day {
        let event = OwnershipEvent {
            kind: OwnershipKind::Other,
            code: Some("NOMBRE_DE_TITULAIRES".into()),
            label: Some("Nombre de titulaires".into()),
            owners: Some(number),
        };
        report.add(day, Fact::Ownership(event), None, node.place());
    }
}

impl Report<'_> {
    /// An event that another part of the report may have named: added where nothing of its kind stands on its day.
    pub fn add_ownership_once(&mut self, day: Day, fact: OwnershipEvent, note: Option<String>, place: Place) {
        if !self.events.contains(&(day, fact.kind)) {
            self.add(day, Fact::Ownership(fact), note, place);
        }
    }

    /// The same for incidents.
    pub fn add_incident_once(&mut self, day: Day, kind: IncidentKind, label: &str, place: Place) {
        if !self.incidents.contains(&(day, kind)) {
            self.add(day, incident(kind, label), None, place);
        }
    }

    /// Whether any incident of this kind is known.
    pub fn has_incident(&self, kind: IncidentKind) -> bool {
        self.incidents.iter().any(|(_, known)| *known == kind)
    }
}
