//! What the car is, by its registration certificate.

use super::node::Node;
use crate::{ImportNote, dry_run::Findings, text};
use carnet_passport::vin;
use carnet_protocol::payload::VehicleIdentity;

/// Reads the certificate; `None` where it says nothing.
pub fn read(vehicle: &Node, findings: &mut Findings) -> Option<VehicleIdentity> {
    let certificate = vehicle.get("certificat_immatriculation");
    let technical = certificate.get("caracteristiques_techniques");
    let number = |field: &str| technical.get(field).number();
    let identity = VehicleIdentity {
        vin: read_vin(&technical, findings),
        plate: ["numero_immatriculation_anonymisee", "numero_immatriculation"]
            .iter()
            .find_map(|field| certificate.get(field).text()),
        make: technical.get("marque").text(),
        model: technical.get("nom_commercial").text(),
        variant: technical.get("tvv").text(),
        year: None,
        colour: technical.get("couleur").text(),
        energy: technical.get("energie").text(),
        power_kw: number("puissance_nette").and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0),
        displacement_cm3: number("cylindree").and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0),
        co2_g_per_km: number("emission_co2").and_then(|n| u32::try_from(n).ok()),
        seats: number("places_assises").and_then(|n| u16::try_from(n).ok()).filter(|n| *n > 0),
        first_registration: certificate.get("date_premiere_immatriculation").day(),
        software: None,
    };
    (identity != VehicleIdentity::default()).then_some(identity)
}

fn read_vin(technical: &Node, findings: &mut Findings) -> Option<String> {
    let given = ["vin_anonymise", "vin"].iter().find_map(|field| technical.get(field).text())?;
    let check = vin::check(&given);
    if check.is_acceptable() {
        return Some(check.normalised);
    }
    findings.notes.push(ImportNote::VinLeftOut { vin: text::excerpt(&given) });
    None
}
