//! The present state: liens, oppositions, suspensions, theft, damaged-vehicle procedures, import from abroad.

use super::{Report, event::ownership, node::Node};
use crate::SkipReason;
use carnet_protocol::{
    day::Day,
    payload::{Fact, IncidentKind, OwnershipKind},
};

/// Reads the state as of a day. What has a date of its own gets that; a flag alone gets the state's. Without either
/// it is reported as passed over, for a theft must not vanish.
pub fn read(vehicle: &Node, state_day: Option<Day>, report: &mut Report) {
    administrative(&vehicle.get("situation_administrative"), state_day, report);
    certificate(&vehicle.get("certificat_immatriculation").get("etat"), state_day, report);
    import(&vehicle.get("import_en_france"), state_day, report);
    let state = vehicle.get("etat");
    let stolen = state.get("vole");
    if stolen.is_true()
        && let Some(day) = dated(None, state_day, &stolen, report)
    {
        report.add_incident_once(day, IncidentKind::Theft, "Véhicule déclaré volé", stolen.place());
    }
    damaged_vehicle(&state.get("procedures_ve"), state_day, report);
}

fn dated(own: Option<Day>, state_day: Option<Day>, node: &Node, report: &mut Report) -> Option<Day> {
    let day = own.or(state_day);
    if day.is_none() {
        report.findings.skip(node.place(), SkipReason::Missing { field: "date".into() });
    }
    day
}

/// Adds one event for each element of a list.
fn each(
    list: &Node,
    state_day: Option<Day>,
    kind: OwnershipKind,
    code: &str,
    label: &str,
    who: &str,
    report: &mut Report,
) {
    for entry in list.items() {
        let Some(day) = dated(entry.get("date").day(), state_day, &entry, report) else { continue };
        let note = entry.get(who).text().and_then(|text| report.findings.text(&text));
        report.add_ownership_once(day, ownership(kind, code, Some(label)), note, entry.place());
    }
}

fn administrative(situation: &Node, state_day: Option<Day>, report: &mut Report) {
    let lien = OwnershipKind::Lien;
    each(&situation.get("gages"), state_day, lien, "GAGE", "Gage en cours", "nom_creancier", report);
    let seizure = OwnershipKind::Opposition;
    let declarations = situation.get("declarations_valant_saisie");
    each(&declarations, state_day, seizure, "DVS", "Déclaration valant saisie", "nom_personne_morale", report);
    let opposition = situation.get("opposition");
    for (list, code, label) in [
        ("oves", "OVE", "Opposition : véhicule endommagé"),
        ("oveis", "OVEI", "Opposition : véhicule économiquement irréparable"),
        ("otcis", "OTCI", "Opposition au transfert du certificat d'immatriculation"),
        ("otcis_pv", "OTCI_PV", "Opposition au transfert : amendes impayées"),
    ] {
        each(&opposition.get(list), state_day, OwnershipKind::Opposition, code, label, "motif", report);
    }
    for entry in situation.get("suspensions").items() {
        let Some(day) = dated(entry.get("date").day(), state_day, &entry, report) else { continue };
        // The register's reasons are codes without published words; they stand as they are.
        let code = entry
            .get("motif")
            .text()
            .map_or("SUSPENSION".to_owned(), |motif| format!("SUSPENSION_{}", crate::text::excerpt(&motif)));
        let label = "Suspension du certificat d'immatriculation";
        let event = ownership(OwnershipKind::Suspension, &code, Some(label));
        report.add_ownership_once(day, event, None, entry.place());
    }
}

fn certificate(state: &Node, state_day: Option<Day>, report: &mut Report) {
    for (field, code, label) in [
        ("annule", "CERTIFICAT_ANNULE", "Certificat d'immatriculation annulé"),
        ("perdu", "CERTIFICAT_PERDU", "Certificat d'immatriculation déclaré perdu"),
        ("vole", "CERTIFICAT_VOLE", "Certificat d'immatriculation déclaré volé"),
    ] {
        let flag = state.get(field);
        let own = state.get("date_annulation").day().filter(|_| field == "annule");
        if flag.is_true()
            && let Some(day) = dated(own, state_day, &flag, report)
        {
            let fact = Fact::Ownership(ownership(OwnershipKind::Other, code, Some(label)));
            report.add(day, fact, None, flag.place());
        }
    }
}

fn import(import: &Node, state_day: Option<Day>, report: &mut Report) {
    let flag = import.get("vehicule_importe_depuis_etranger");
    if !flag.is_true() {
        return;
    }
    if let Some(day) = dated(import.get("date_import").day(), state_day, &flag, report) {
        let event = ownership(OwnershipKind::Import, "IMPORT", Some("Véhicule importé de l'étranger"));
        report.add_ownership_once(day, event, None, flag.place());
    }
    let abroad = import.get("date_premiere_immatriculation_etranger");
    if let Some(day) = abroad.day() {
        let label = "Première immatriculation à l'étranger";
        let event = ownership(OwnershipKind::FirstRegistration, "IMMAT_NORMALE_PREM_ETRANGER", Some(label));
        report.add_ownership_once(day, event, None, abroad.place());
    }
}

fn damaged_vehicle(procedures: &Node, state_day: Option<Day>, report: &mut Report) {
    let (began, ended) =
        (procedures.get("date_derniere_procedure_ve"), procedures.get("date_fin_derniere_procedure_ve"));
    let running = procedures.get("procedure_ve_en_cours");
    let label = "Procédure véhicule endommagé";
    if let Some(day) = began.day() {
        report.add_incident_once(day, IncidentKind::WreckProcedure, label, began.place());
    } else if (running.is_true() || procedures.get("nombre_de_procedures_ve").number().is_some_and(|n| n > 0))
        && !report.has_incident(IncidentKind::WreckProcedure)
        && let Some(day) = dated(None, state_day, &running, report)
    {
        report.add_incident_once(day, IncidentKind::WreckProcedure, label, running.place());
    }
    if let Some(day) = ended.day().filter(|_| !running.is_true()) {
        let label = "Fin de la procédure véhicule endommagé";
        report.add_incident_once(day, IncidentKind::WreckLifted, label, ended.place());
    }
    let fit = procedures.get("apte_a_circuler");
    if fit.is_there()
        && !fit.is_true()
        && let Some(day) = dated(None, state_day, &fit, report)
    {
        let label = "Véhicule déclaré inapte à circuler";
        let event = ownership(OwnershipKind::Suspension, "INAPTE_A_CIRCULER", Some(label));
        report.add_ownership_once(day, event, None, fit.place());
    }
}
