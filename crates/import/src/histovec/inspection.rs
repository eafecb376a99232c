//! Technical inspections.

use super::{Report, node::Node};
use crate::{ImportNote, SkipReason, dry_run::believable, text};
use carnet_protocol::{
    payload::{Fact, Inspection, InspectionNature, InspectionResult},
    quantity::Metres,
};

/// Reads `controles_techniques`.
pub fn history(inspections: &Node, report: &mut Report) {
    let history = inspections.get("historique");
    let available = inspections.get("donnee_disponible");
    if !history.is_there() || inspections.get("erreur").is_there() || (available.is_there() && !available.is_true()) {
        report.findings.notes.push(ImportNote::InspectionsUnavailable);
    }
    for inspection in history.items() {
        if let Err(reason) = read(&inspection, report) {
            report.findings.skip(inspection.place(), reason);
        }
    }
}

fn read(node: &Node, report: &mut Report) -> Result<(), SkipReason> {
    let day = node.get("date").day_or_reason()?;
    let nature = match code(node, "nature")?.as_str() {
        "VTP" => InspectionNature::Periodic,
        "VTC" => InspectionNature::Emissions,
        "CV" => InspectionNature::Retest,
        "CVC" => InspectionNature::EmissionsRetest,
        other => return Err(unknown("nature", other)),
    };
    // The letters have been the same before and after the reform of 2018-05-20, only their labels differ.
    let result = match code(node, "resultat")?.as_str() {
        "A" | "AP" => InspectionResult::Pass,
        "S" | "SP" => InspectionResult::FailMajor,
        "R" | "RP" => InspectionResult::FailCritical,
        "X" => InspectionResult::Postponed,
        other => return Err(unknown("resultat", other)),
    };
    let label = node.get("resultat_libelle").text().and_then(|label| report.findings.text(&label));
    // An inspection counts without its odometer too; only that is passed over.
    let odometer = odometer(node).unwrap_or_else(|reason| {
        report.findings.skip(node.get("km").place(), reason);
        None
    });
    let fact = Fact::Inspection(Inspection { nature, result, label, odometer, centre: None });
    report.add(day, fact, None, node.place());
    Ok(())
}

fn code(node: &Node, field: &str) -> Result<String, SkipReason> {
    node.get(field).text().map(|code| code.to_uppercase()).ok_or_else(|| SkipReason::Missing { field: field.into() })
}

fn unknown(field: &str, value: &str) -> SkipReason {
    SkipReason::UnknownValue { field: field.into(), value: text::excerpt(value) }
}

/// Kilometres; 0 stands for "not read".
fn odometer(node: &Node) -> Result<Option<Metres>, SkipReason> {
    let km = node.get("km");
    if !km.is_there() {
        return Ok(None);
    }
    let value = || text::excerpt(&km.text().unwrap_or_default());
    let odometer =
        km.number().map(Metres::from_km).ok_or_else(|| SkipReason::BadNumber { field: "km".into(), value: value() })?;
    if !believable(odometer) {
        return Err(SkipReason::OutOfRange { field: "km".into(), value: value() });
    }
    Ok(Some(odometer).filter(|o| o.0 > 0))
}
