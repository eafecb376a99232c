//! The columns of each kind of fact. A fact gives all of its columns, filled or not, so that their order does not depend on
//! which record comes first; those that no record fills are left out of the table.

use super::{Cells, clock, decimal, empty, figure, km, money, reference, text, thousands, word};
use carnet_protocol::payload::{
    BatteryReading, ChargeReading, DrivingSegment, Fact, Incident, Inspection, LocationFix, Maintenance,
    OwnershipEvent, Refuelling, VehicleIdentity,
};
use carnet_protocol::quantity::{Metres, Percent};

/// What a fact is, and its cells.
pub(super) fn cells(fact: &Fact) -> (&'static str, Cells) {
    match fact {
        Fact::Identity(identity) => ("identity", of_identity(identity)),
        Fact::Odometer(reading) => ("odometer", odometer(Some(reading.odometer))),
        Fact::Handover(handover) => ("handover", odometer(Some(handover.odometer))),
        Fact::ClusterReplacement(cluster) => {
            let cells = vec![("removed at (km)", km(cluster.removed)), ("fitted at (km)", km(Some(cluster.fitted)))];
            ("cluster replacement", cells)
        }
        Fact::Maintenance(work) => ("maintenance", of_maintenance(work)),
        Fact::Inspection(inspection) => ("inspection", of_inspection(inspection)),
        Fact::Incident(incident) => ("incident", of_incident(incident)),
        Fact::Ownership(event) => ("ownership", of_ownership(event)),
        Fact::Battery(reading) => ("battery", of_battery(reading)),
        Fact::Charge(charge) => ("charge", of_charge(charge)),
        Fact::Driving(segment) => ("driving", of_driving(segment)),
        Fact::Refuelling(refuelling) => ("refuelling", of_refuelling(refuelling)),
        Fact::Location(fix) => ("location", of_location(fix)),
        Fact::Document(paper) => ("document", vec![("description", text(paper.title.clone()))]),
        Fact::Expense(expense) => {
            let mut cells =
                vec![("type", text(word(&expense.kind))), ("description", text(expense.description.clone()))];
            cells.extend(money(Some(&expense.cost)));
            ("expense", cells)
        }
        Fact::Statement(said) => {
            ("statement", vec![("type", text(word(&said.kind))), ("about", text(reference(said.about)))])
        }
    }
}

fn odometer(reading: Option<Metres>) -> Cells {
    vec![("odometer (km)", km(reading))]
}

fn of_identity(identity: &VehicleIdentity) -> Cells {
    vec![
        ("VIN", words(identity.vin.as_ref())),
        ("plate", words(identity.plate.as_ref())),
        ("make", words(identity.make.as_ref())),
        ("model", words(identity.model.as_ref())),
        ("variant", words(identity.variant.as_ref())),
        ("model year", number(identity.year)),
        ("colour", words(identity.colour.as_ref())),
        ("energy", words(identity.energy.as_ref())),
        ("power (kW)", number(identity.power_kw)),
        ("displacement (cm3)", number(identity.displacement_cm3)),
        ("CO2 (g/km)", number(identity.co2_g_per_km)),
        ("seats", number(identity.seats)),
        ("first registration", number(identity.first_registration)),
        ("software", words(identity.software.as_ref())),
    ]
}

fn of_maintenance(work: &Maintenance) -> Cells {
    let mut cells = vec![("type", text(word(&work.kind))), ("description", text(work.description.clone()))];
    cells.extend(odometer(work.odometer));
    cells.extend(money(work.cost.as_ref()));
    cells.push(("workshop", words(work.workshop.as_ref())));
    cells
}

fn of_inspection(inspection: &Inspection) -> Cells {
    let mut cells = vec![
        ("type", text(word(&inspection.nature))),
        ("result", text(word(&inspection.result))),
        ("label", words(inspection.label.as_ref())),
    ];
    cells.extend(odometer(inspection.odometer));
    cells.push(("centre", words(inspection.centre.as_ref())));
    cells
}

fn of_incident(incident: &Incident) -> Cells {
    let mut cells = vec![("type", text(word(&incident.kind))), ("description", text(incident.description.clone()))];
    cells.extend(odometer(incident.odometer));
    cells.extend(money(incident.damage.as_ref()));
    cells
}

fn of_ownership(event: &OwnershipEvent) -> Cells {
    vec![
        ("type", text(word(&event.kind))),
        ("code", words(event.code.as_ref())),
        ("label", words(event.label.as_ref())),
        ("owners so far", number(event.owners)),
    ]
}

fn of_battery(reading: &BatteryReading) -> Cells {
    let mut cells = vec![
        ("charge (%)", percent(Some(reading.charge))),
        ("usable charge (%)", percent(reading.usable_charge)),
        ("rated range (km)", km(reading.rated_range)),
        ("estimated range (km)", km(reading.estimated_range)),
        ("health (%)", percent(reading.health)),
    ];
    cells.extend(odometer(reading.odometer));
    cells
}

fn of_charge(charge: &ChargeReading) -> Cells {
    vec![
        ("type", text(word(&charge.state))),
        ("charge (%)", percent(charge.charge)),
        ("energy added (kWh)", charge.added.map_or_else(empty, |added| thousands(i128::from(added.0)))),
        ("rated range added (km)", km(charge.rated_range_added)),
        ("power (kW)", charge.power_w.map_or_else(empty, |power| thousands(i128::from(power)))),
        ("fast charging", charge.fast.map_or_else(empty, |fast| text(yes_or_no(fast)))),
    ]
}

/// A segment's ends; its samples are in the export of everything.
fn of_driving(segment: &DrivingSegment) -> Cells {
    let sum = |steps: &[i64]| steps.iter().map(|step| i128::from(*step)).sum::<i128>();
    let seconds = sum(&segment.time_ms).max(0) / 1_000;
    let metres = |sum: i128| u64::try_from(sum).ok().map(Metres);
    let last = metres(sum(&segment.odometer_m)).filter(|last| last.0 > 0);
    let driven = last.and_then(|_| metres(sum(segment.odometer_m.get(1..).unwrap_or_default())));
    vec![
        ("start (UTC)", figure(format!("{} {}", segment.start.day(), clock(segment.start)))),
        ("duration (min)", figure(seconds / 60)),
        // A trip may be shorter than a kilometre.
        ("distance (km)", driven.map_or_else(empty, |driven| thousands(i128::from(driven.0)))),
        ("odometer (km)", km(last)),
        ("samples", figure(segment.time_ms.len())),
    ]
}

fn of_refuelling(refuelling: &Refuelling) -> Cells {
    let mut cells = vec![("volume (l)", thousands(i128::from(refuelling.volume_ml)))];
    cells.extend(odometer(refuelling.odometer));
    cells.extend(money(refuelling.cost.as_ref()));
    cells.push(("tank full", text(yes_or_no(refuelling.full))));
    cells.push(("an earlier one is missing", text(yes_or_no(refuelling.missed))));
    cells
}

fn of_location(fix: &LocationFix) -> Cells {
    let degrees = |e7: i64| figure(decimal(i128::from(e7), 7));
    vec![("latitude (degrees)", degrees(fix.latitude_e7)), ("longitude (degrees)", degrees(fix.longitude_e7))]
}

fn words(value: Option<&String>) -> super::Cell {
    value.map_or_else(empty, |value| text(value.clone()))
}

fn number(value: Option<impl ToString>) -> super::Cell {
    value.map_or_else(empty, figure)
}

fn percent(value: Option<Percent>) -> super::Cell {
    number(value.map(Percent::value))
}

fn yes_or_no(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}
