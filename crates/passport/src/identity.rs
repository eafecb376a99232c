//! What the car is: the latest value of each field, and where sources disagree.

use crate::{opened::OpenedRecord, vin, vin::VinCheck};
use carnet_protocol::{
    day::{Day, Timestamp},
    id::RecordId,
    payload::{Fact, VehicleIdentity},
};
use serde::{Deserialize, Serialize};

/// What the car is, by all records of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityView {
    /// The latest value of each field.
    pub identity: VehicleIdentity,
    /// What there is to say about the VIN; `None` without one.
    pub vin: Option<VinCheck>,
    /// Fields that cannot change in a car's life and for which records give different values.
    pub conflicts: Vec<IdentityConflict>,
}

/// A field with different values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityConflict {
    /// The field.
    pub field: IdentityField,
    /// Its values, the latest first; at least two.
    pub values: Vec<IdentityValue>,
}

/// One value of a field, with the latest record that gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityValue {
    /// The value as text.
    pub value: String,
    /// The record.
    pub record: RecordId,
    /// The record's day.
    pub day: Day,
}

/// Fields that cannot change in a car's life. Plate, colour, software and the like can, and are no conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityField {
    /// Vehicle identification number.
    Vin,
    /// Make.
    Make,
    /// Model year.
    Year,
    /// Date of first registration.
    FirstRegistration,
}

/// One identity record with what orders it.
struct Statement<'a> {
    day: Day,
    at: Option<Timestamp>,
    written_at: Timestamp,
    record: RecordId,
    identity: &'a VehicleIdentity,
}

/// Merges all identity records.
pub fn view(records: &[OpenedRecord]) -> IdentityView {
    let mut statements: Vec<Statement> = records.iter().filter_map(statement).collect();
    statements.sort_by_key(|s| (s.day, s.at, s.written_at, s.record));
    let mut identity = VehicleIdentity::default();
    for statement in &statements {
        overlay(&mut identity, statement.identity);
    }
    // The number that shows most, so that a report with masked characters does not hide a complete one.
    identity.vin = clearest_vin(&statements).or(identity.vin);
    let vin = identity.vin.as_deref().map(vin::check);
    IdentityView { identity, vin, conflicts: conflicts(&statements) }
}

fn statement(record: &OpenedRecord) -> Option<Statement<'_>> {
    let Fact::Identity(identity) = &record.payload.fact else { return None };
    Some(Statement {
        day: record.day,
        at: record.payload.at,
        written_at: record.payload.written_at,
        record: record.record,
        identity,
    })
}

/// Takes over every field that `later` knows.
fn overlay(identity: &mut VehicleIdentity, later: &VehicleIdentity) {
    fn take<T: Clone>(field: &mut Option<T>, later: &Option<T>) {
        if later.is_some() {
            field.clone_from(later);
        }
    }
    take(&mut identity.vin, &later.vin);
    take(&mut identity.plate, &later.plate);
    take(&mut identity.make, &later.make);
    take(&mut identity.model, &later.model);
    take(&mut identity.variant, &later.variant);
    take(&mut identity.year, &later.year);
    take(&mut identity.colour, &later.colour);
    take(&mut identity.energy, &later.energy);
    take(&mut identity.power_kw, &later.power_kw);
    take(&mut identity.displacement_cm3, &later.displacement_cm3);
    take(&mut identity.co2_g_per_km, &later.co2_g_per_km);
    take(&mut identity.seats, &later.seats);
    take(&mut identity.first_registration, &later.first_registration);
    take(&mut identity.software, &later.software);
}

fn clearest_vin(statements: &[Statement]) -> Option<String> {
    let masked = |vin: &str| vin.chars().filter(|c| *c == '*').count();
    let vins = statements.iter().filter_map(|s| s.identity.vin.as_deref());
    // Of equally clear ones `min_by_key` keeps the first; reversed, that is the latest.
    vins.rev().min_by_key(|vin| masked(vin)).map(str::to_owned)
}

fn conflicts(statements: &[Statement]) -> Vec<IdentityConflict> {
    type Read = fn(&VehicleIdentity) -> Option<String>;
    type Same = fn(&str, &str) -> bool;
    let same_text: Same = |a, b| a.trim().to_lowercase() == b.trim().to_lowercase();
    let fields: [(IdentityField, Read, Same); 4] = [
        (IdentityField::Vin, |i| i.vin.clone(), vin::may_be_same),
        (IdentityField::Make, |i| i.make.clone(), same_text),
        (IdentityField::Year, |i| i.year.map(|y| y.to_string()), same_text),
        (IdentityField::FirstRegistration, |i| i.first_registration.map(|d| d.to_string()), same_text),
    ];
    fields
        .into_iter()
        .filter_map(|(field, read, same)| {
            let mut values: Vec<IdentityValue> = Vec::new();
            for statement in statements.iter().rev() {
                let Some(value) = read(statement.identity) else { continue };
                if values.len() < CONFLICTING_VALUES_MAX && !values.iter().any(|known| same(&known.value, &value)) {
                    values.push(IdentityValue { value, record: statement.record, day: statement.day });
                }
            }
            (values.len() > 1).then_some(IdentityConflict { field, values })
        })
        .collect()
}

/// Values of one conflict that are named; more would say nothing new and cost a comparison each.
const CONFLICTING_VALUES_MAX: usize = 8;
