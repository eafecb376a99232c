//! HistoVec reports (JSON), as the French registration authority hands them out. Format: `docs/imports.md`.
//!
//! Names and postcodes of owners stand in a report and are not read.

mod code;
mod event;
mod identity;
mod inspection;
mod node;
mod situation;

use crate::{Answers, ImportError, ImportNote, Place, dry_run::Findings, limits};
use carnet_passport::vin;
use carnet_protocol::{
    day::Day,
    payload::{Fact, IncidentKind, OwnershipKind},
};
use node::Node;
use std::collections::HashSet;

/// Whether an object with these fields is a report.
pub fn is_report(fields: &[String]) -> bool {
    fields.iter().any(|f| f == "vehicule" || f == "controles_techniques")
}

/// Reads a report.
///
/// # Errors
/// [`ImportError::BrokenJson`], [`ImportError::TooLarge`], [`ImportError::WrongVehicle`],
/// [`ImportError::EmptyReport`].
pub fn read(text: &str, answers: &Answers, findings: &mut Findings) -> Result<(), ImportError> {
    if text.len() > limits::REPORT_MAX {
        return Err(ImportError::TooLarge { bytes: text.len() as u64, max: limits::REPORT_MAX as u64 });
    }
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| crate::json::broken(&error))?;
    let root = Node::root(&value);
    // A list of one report, or the report itself; an envelope around either.
    let root = root.items().into_iter().next().unwrap_or(root);
    let root = if root.get("response").is_there() { root.get("response") } else { root };
    let vehicle = root.get("vehicule");
    let identity = identity::read(&vehicle, findings);
    check_vehicle(identity.as_ref().and_then(|i| i.vin.as_deref()), answers)?;

    let mut report = Report { findings, facts: Vec::new(), events: HashSet::new(), incidents: HashSet::new() };
    event::history(&vehicle, &mut report);
    let inspections = root.get("controles_techniques");
    inspection::history(&inspections, &mut report);
    let state_day = report.state_day(&vehicle, &inspections);
    situation::read(&vehicle, state_day, &mut report);
    event::number_of_owners(&vehicle, state_day, &mut report);
    let Report { findings, facts, .. } = report;
    if let (Some(identity), Some(day)) = (&identity, state_day) {
        let place = Place::Path { path: "vehicule.certificat_immatriculation".into() };
        findings.add(day, None, Fact::Identity(identity.clone()), None, place);
    }
    if facts.is_empty() && identity.is_none() && !findings.has_skipped() {
        return Err(ImportError::EmptyReport);
    }
    for found in facts {
        findings.add(found.day, None, found.fact, found.note, found.place);
    }
    findings.identity = identity;
    Ok(())
}

fn check_vehicle(found: Option<&str>, answers: &Answers) -> Result<(), ImportError> {
    match (found, answers.vin.as_deref().map(str::trim).filter(|vin| !vin.is_empty())) {
        (Some(found), Some(wanted)) if !vin::may_be_same(found, wanted) => {
            Err(ImportError::WrongVehicle { vin: found.to_owned() })
        }
        _ => Ok(()),
    }
}

/// A report while it is read: one part of it may say what another has said already.
struct Report<'a> {
    findings: &'a mut Findings,
    facts: Vec<Found>,
    events: HashSet<(Day, OwnershipKind)>,
    incidents: HashSet<(Day, IncidentKind)>,
}

struct Found {
    day: Day,
    fact: Fact,
    note: Option<String>,
    place: Place,
}

impl Report<'_> {
    fn add(&mut self, day: Day, fact: Fact, note: Option<String>, place: Place) {
        match &fact {
            Fact::Ownership(event) => {
                self.events.insert((day, event.kind));
            }
            Fact::Incident(incident) => {
                self.incidents.insert((day, incident.kind));
            }
            _ => {}
        }
        self.facts.push(Found { day, fact, note, place });
    }

    /// The day of the report's present state: its own date, else that of its inspections, else the latest date in it,
    /// the first registration included.
    fn state_day(&mut self, vehicle: &Node, inspections: &Node) -> Option<Day> {
        let own = [vehicle, inspections].iter().find_map(|part| part.get("date_mise_a_jour").day());
        if let Some(day) = own {
            self.findings.notes.push(ImportNote::UpdatedOn { day });
            return Some(day);
        }
        let registered = vehicle.get("certificat_immatriculation").get("date_premiere_immatriculation").day();
        let day = self.facts.iter().map(|found| found.day).max().max(registered)?;
        self.findings.notes.push(ImportNote::StateDated { day });
        Some(day)
    }
}
