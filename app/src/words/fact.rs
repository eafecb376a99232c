//! Facts in words: a headline, and figures with their names.

use carnet_protocol::{
    payload::{
        ChargeState, ExpenseKind, Fact, IncidentKind, InspectionNature, InspectionResult, MaintenanceKind,
        OwnershipKind, VehicleIdentity,
    },
    quantity::{Metres, Money},
};

use crate::i18n::format;
use crate::t;
use crate::ui::{Glyph, Text};

/// A figure of a fact with its name.
#[derive(Clone)]
pub struct FactLine {
    /// What it is.
    pub term: Text,
    /// Its value.
    pub value: Text,
    /// It is long, and to be read in one piece.
    pub wide: bool,
}

fn line(term: Text, value: impl Into<Text>) -> FactLine {
    FactLine { term, value: value.into(), wide: false }
}

/// The drawing of a fact.
pub fn fact_glyph(fact: &Fact) -> Glyph {
    super::category_glyph(fact.category())
}

/// What happened, in a few words.
pub fn fact_headline(fact: &Fact) -> Text {
    match fact {
        Fact::Identity(_) => t!(words::fact_identity),
        Fact::Odometer(_) => t!(words::fact_odometer),
        Fact::ClusterReplacement(_) => t!(words::fact_cluster_replacement),
        Fact::Handover(_) => t!(words::fact_handover),
        Fact::Maintenance(work) if !work.description.is_empty() => Text::from(work.description.clone()),
        Fact::Maintenance(work) => maintenance(work.kind),
        Fact::Inspection(inspection) => nature(inspection.nature),
        Fact::Incident(incident) => match incident.kind {
            IncidentKind::Accident => t!(words::fact_accident),
            IncidentKind::Damage => t!(words::fact_damage),
            IncidentKind::WreckProcedure => t!(words::fact_wreck_procedure),
            IncidentKind::WreckLifted => t!(words::fact_wreck_lifted),
            IncidentKind::Theft => t!(words::fact_theft),
        },
        Fact::Ownership(event) => ownership(event.kind),
        Fact::Battery(_) => t!(words::fact_battery),
        Fact::Charge(charge) => match charge.state {
            ChargeState::Charging => t!(words::fact_charging),
            ChargeState::Complete => t!(words::fact_charge_complete),
            ChargeState::Stopped => t!(words::fact_charge_stopped),
        },
        Fact::Driving(_) => t!(words::fact_driving),
        Fact::Refuelling(_) => t!(words::fact_refuelling),
        Fact::Location(_) => t!(words::fact_location),
        Fact::Document(paper) if !paper.title.is_empty() => Text::from(paper.title.clone()),
        Fact::Document(_) => t!(words::fact_document),
        Fact::Statement(statement) => super::statement(statement.kind),
        Fact::Expense(expense) if !expense.description.is_empty() => Text::from(expense.description.clone()),
        Fact::Expense(expense) => match expense.kind {
            ExpenseKind::Tax => t!(words::fact_tax),
            ExpenseKind::Insurance => t!(words::fact_insurance),
            ExpenseKind::Finance => t!(words::fact_finance),
            ExpenseKind::Other => t!(words::fact_expense),
        },
    }
}

/// The name of a kind of work.
pub fn maintenance(kind: MaintenanceKind) -> Text {
    match kind {
        MaintenanceKind::Service => t!(words::fact_service),
        MaintenanceKind::Repair => t!(words::fact_repair),
        MaintenanceKind::Upgrade => t!(words::fact_upgrade),
    }
}

/// The name of a kind of inspection.
pub fn nature(nature: InspectionNature) -> Text {
    match nature {
        InspectionNature::Periodic => t!(words::fact_inspection_periodic),
        InspectionNature::Emissions => t!(words::fact_inspection_emissions),
        InspectionNature::Retest => t!(words::fact_inspection_retest),
        InspectionNature::EmissionsRetest => t!(words::fact_inspection_emissions_retest),
    }
}

/// How an inspection ended.
pub fn result(result: InspectionResult) -> Text {
    match result {
        InspectionResult::Pass => t!(words::result_pass),
        InspectionResult::FailMajor => t!(words::result_fail_major),
        InspectionResult::FailCritical => t!(words::result_fail_critical),
        InspectionResult::Postponed => t!(words::result_postponed),
    }
}

/// The name of an event in the car's papers.
pub fn ownership(kind: OwnershipKind) -> Text {
    match kind {
        OwnershipKind::FirstRegistration => t!(words::fact_first_registration),
        OwnershipKind::Import => t!(words::fact_import),
        OwnershipKind::OwnerChange => t!(words::fact_owner_change),
        OwnershipKind::Lien => t!(words::fact_lien),
        OwnershipKind::LienLifted => t!(words::fact_lien_lifted),
        OwnershipKind::Opposition => t!(words::fact_opposition),
        OwnershipKind::OppositionLifted => t!(words::fact_opposition_lifted),
        OwnershipKind::Suspension => t!(words::fact_suspension),
        OwnershipKind::OffRoad => t!(words::fact_off_road),
        OwnershipKind::BackOnRoad => t!(words::fact_back_on_road),
        OwnershipKind::Other => t!(words::fact_ownership_other),
    }
}

fn distance(metres: Metres) -> Text {
    Text::from(move || format::with_unit(metres.km() as f64, "kilometer"))
}

fn amount(money: &Money) -> Text {
    let Money { minor, currency } = money.clone();
    Text::from(move || match currency.as_str() {
        "" => format::number(minor as f64 / 100.0),
        code => format::money(minor, code),
    })
}

fn percent(value: u8) -> Text {
    Text::from(move || format::with_unit(f64::from(value), "percent"))
}

/// The figures of a fact, those that it has.
pub fn fact_figures(fact: &Fact) -> Vec<FactLine> {
    let mut lines = Vec::new();
    let mut add = |term: Text, value: Option<Text>| lines.extend(value.map(|value| line(term, value)));
    match fact {
        Fact::Identity(identity) => return identity_lines(identity),
        Fact::Odometer(reading) => add(t!(words::field_odometer), Some(distance(reading.odometer))),
        Fact::Handover(handover) => add(t!(words::field_odometer), Some(distance(handover.odometer))),
        Fact::ClusterReplacement(cluster) => {
            add(t!(words::field_removed_cluster), cluster.removed.map(distance));
            add(t!(words::field_fitted_cluster), Some(distance(cluster.fitted)));
        }
        Fact::Maintenance(work) => {
            add(t!(words::field_odometer), work.odometer.map(distance));
            add(t!(words::field_cost), work.cost.as_ref().map(amount));
            add(t!(words::field_workshop), work.workshop.clone().map(Text::from));
        }
        Fact::Inspection(inspection) => {
            add(t!(words::field_result), Some(result(inspection.result)));
            add(t!(words::field_odometer), inspection.odometer.map(distance));
            add(t!(words::field_workshop), inspection.centre.clone().map(Text::from));
        }
        Fact::Incident(incident) => {
            add(t!(words::field_odometer), incident.odometer.map(distance));
            add(t!(words::field_cost), incident.damage.as_ref().map(amount));
        }
        Fact::Ownership(_) | Fact::Document(_) => {}
        Fact::Battery(reading) => {
            add(t!(words::field_charge), Some(percent(reading.charge.value())));
            add(t!(words::field_range), reading.rated_range.map(distance));
            add(t!(words::field_health), reading.health.map(|health| percent(health.value())));
            add(t!(words::field_odometer), reading.odometer.map(distance));
        }
        Fact::Charge(charge) => {
            add(t!(words::field_charge), charge.charge.map(|charge| percent(charge.value())));
            let energy = charge.added.map(|added| added.0 as f64 / 1_000.0);
            add(t!(words::field_added), energy.map(|kwh| Text::from(move || format!("{} kWh", format::number(kwh)))));
            let power = charge.power_w.map(|watts| f64::from(watts) / 1_000.0);
            add(t!(words::field_power), power.map(|kw| Text::from(move || format!("{} kW", format::number(kw)))));
        }
        Fact::Driving(segment) => {
            let driven: i64 = segment.odometer_m.iter().skip(1).sum();
            add(t!(words::field_distance), u64::try_from(driven).ok().map(|metres| distance(Metres(metres))));
        }
        Fact::Refuelling(fuel) => {
            let litres = fuel.volume_ml as f64 / 1_000.0;
            add(t!(words::field_volume), Some(Text::from(move || format::with_unit(litres, "liter"))));
            add(t!(words::field_cost), fuel.cost.as_ref().map(amount));
            add(t!(words::field_odometer), fuel.odometer.map(distance));
        }
        Fact::Location(fix) => {
            let (latitude, longitude) = (fix.latitude_e7 as f64 / 1e7, fix.longitude_e7 as f64 / 1e7);
            add(t!(words::field_position), Some(Text::from(format!("{latitude:.5}, {longitude:.5}"))));
        }
        Fact::Expense(expense) => add(t!(words::field_cost), Some(amount(&expense.cost))),
        Fact::Statement(_) => {}
    }
    lines
}

/// What the car runs on: the codes of French registration papers and what importers write, in words; anything else as
/// its source has it.
fn energy_name(source: String) -> Text {
    match source.to_ascii_uppercase().as_str() {
        "ELECTRIC" | "EL" => t!(words::energy_electric),
        "PETROL" | "GASOLINE" | "ES" => t!(words::energy_petrol),
        "DIESEL" | "GO" => t!(words::energy_diesel),
        "HYBRID" | "EH" | "GH" => t!(words::energy_hybrid),
        "PLUG-IN HYBRID" | "EE" | "GL" => t!(words::energy_plug_in),
        "GP" | "GN" => t!(words::energy_gas),
        "HYDROGEN" | "H2" => t!(words::energy_hydrogen),
        _ => Text::from(source),
    }
}

fn identity_lines(identity: &VehicleIdentity) -> Vec<FactLine> {
    let VehicleIdentity { vin, plate, make, model, variant, colour, energy, software, .. } = identity.clone();
    let unit = |value: Option<u32>, unit: &'static str| {
        value.map(|value| Text::from(move || format!("{} {unit}", format::number(f64::from(value)))))
    };
    let plain = |value: Option<u16>| value.map(|value| Text::from(value.to_string()));
    let vin = vin.map(|vin| FactLine { wide: true, ..line(t!(words::field_vin), vin) });
    let others = [
        (t!(words::field_plate), plate.map(Text::from)),
        (t!(words::field_make), make.map(Text::from)),
        (t!(words::field_model), model.map(Text::from)),
        (t!(words::field_variant), variant.map(Text::from)),
        (t!(words::field_year), plain(identity.year)),
        (
            t!(words::field_first_registration),
            identity.first_registration.map(|day| Text::from(move || format::day(day.0))),
        ),
        (t!(words::field_colour), colour.map(Text::from)),
        (t!(words::field_energy), energy.map(energy_name)),
        (t!(words::field_power), unit(identity.power_kw, "kW")),
        (t!(words::field_displacement), unit(identity.displacement_cm3, "cm³")),
        (t!(words::field_co2), unit(identity.co2_g_per_km, "g/km")),
        (t!(words::field_seats), plain(identity.seats)),
        (t!(words::field_software), software.map(Text::from)),
    ]
    .into_iter()
    .filter_map(|(term, value)| value.map(|value| line(term, value)));
    vin.into_iter().chain(others).collect()
}
