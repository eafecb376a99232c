//! What the car is, by its samples.

use super::{read::Numbered, sample::Sample, state::State};
use crate::{ImportNote, Place, dry_run::Findings};
use carnet_passport::vin;
use carnet_protocol::payload::{Fact, VehicleIdentity};

/// The VIN of a sample, where it has the shape of one.
pub fn vin(sample: &Sample) -> Option<String> {
    let check = vin::check(&sample.vin.text()?);
    check.is_acceptable().then_some(check.normalised)
}

/// All VINs of a file, sorted; the first that has not the shape of one is reported.
pub fn vins(samples: &[Numbered], findings: &mut Findings) -> Vec<String> {
    let mut vins: Vec<String> = samples.iter().filter_map(|n| vin(&n.sample)).collect();
    vins.sort_unstable();
    vins.dedup();
    let odd = samples.iter().filter_map(|n| n.sample.vin.text()).filter(|text| !vin::check(text).is_acceptable()).min();
    if let Some(vin) = odd {
        findings.notes.push(ImportNote::VinLeftOut { vin: crate::text::excerpt(&vin) });
    }
    vins
}

/// What a sample says of the car; `None` where it says nothing.
pub fn of(sample: &Sample) -> Option<VehicleIdentity> {
    let config = sample.vehicle_config.get();
    let vin = vin(sample);
    let model = config.and_then(|c| c.car_type.text()).map(|text| model(&text));
    let colour = config.and_then(|c| c.exterior_color.text()).or_else(|| sample.color.text());
    let software = sample.vehicle_state.get().and_then(|s| s.car_version.text());
    if vin.is_none() && model.is_none() && software.is_none() {
        return None;
    }
    Some(VehicleIdentity {
        year: vin.as_deref().and_then(year),
        vin,
        make: Some("Tesla".into()),
        model,
        variant: config.and_then(|c| c.trim_badging.text()).map(|text| text.to_uppercase()),
        colour,
        energy: Some("electric".into()),
        // The version; the build's hash after it says nothing to people.
        software: software.and_then(|text| text.split_whitespace().next().map(str::to_owned)),
        ..VehicleIdentity::default()
    })
}

fn year(vin: &str) -> Option<u16> {
    match vin::check(vin).model_years[..] {
        [year] => Some(year),
        _ => None,
    }
}

fn model(car_type: &str) -> String {
    match car_type.to_lowercase().as_str() {
        "models" | "models2" | "lychee" => "Model S",
        "model3" => "Model 3",
        "modelx" | "tamarind" => "Model X",
        "modely" => "Model Y",
        "cybertruck" => "Cybertruck",
        "roadster" => "Roadster",
        "semi" => "Semi",
        _ => return car_type.to_owned(),
    }
    .to_owned()
}

/// A record each time the car became another, which is mostly its software.
pub fn add(states: &[(Place, State)], findings: &mut Findings) {
    let mut last: Option<&VehicleIdentity> = None;
    for (place, state) in states {
        let Some(identity) = &state.identity else { continue };
        if last != Some(identity) {
            findings.add(state.day(), Some(state.at), Fact::Identity(identity.clone()), None, place.clone());
            last = Some(identity);
        }
    }
    findings.identity = last.cloned();
}
