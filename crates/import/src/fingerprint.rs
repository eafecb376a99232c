//! What makes two facts the same.

use carnet_protocol::{
    day::Day,
    encoding,
    payload::{DrivingSegment, Fact, VehicleIdentity},
    quantity::{Metres, Money},
};
use serde::{Deserialize, Serialize};

/// Two facts of one car with the same fingerprint are the same fact, from whatever file or hand they came.
///
/// Compared are the day and what tells events of one kind apart (odometer, amount, description, code); not compared
/// are notes, methods and how exactly the source knew the rest.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

/// A fact the car already has.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ExistingFact {
    /// Its day.
    pub day: Day,
    /// Its fingerprint on that day.
    pub fingerprint: Fingerprint,
}

impl ExistingFact {
    /// Of a fact on a day.
    pub fn of(fact: &Fact, day: Day) -> Self {
        Self { day, fingerprint: fingerprint(fact, day) }
    }
}

/// The fingerprint of a fact on a day.
pub fn fingerprint(fact: &Fact, day: Day) -> Fingerprint {
    let mut key = Key(format!("{}", day.0));
    match fact {
        Fact::Identity(identity) => identity_key(&mut key, identity),
        Fact::Odometer(reading) => key.word("odometer").metres(Some(reading.odometer)),
        Fact::Handover(handover) => key.word("handover").metres(Some(handover.odometer)),
        Fact::ClusterReplacement(cluster) => {
            key.word("cluster_replacement").metres(cluster.removed).metres(Some(cluster.fitted))
        }
        Fact::Maintenance(work) => {
            key.word("maintenance").metres(work.odometer).text(&work.description).money(work.cost.as_ref())
        }
        // One inspection a day and outcome, whoever reports it and however its odometer was rounded.
        Fact::Inspection(inspection) => {
            key.word("inspection").value(&inspection.nature).value(&inspection.result).metres(inspection.odometer)
        }
        Fact::Incident(incident) => {
            key.word("incident").value(&incident.kind).metres(incident.odometer).text(&incident.description)
        }
        Fact::Ownership(event) => key
            .word("ownership")
            .value(&event.kind)
            .text(event.code.as_deref().or(event.label.as_deref()).unwrap_or_default()),
        Fact::Battery(reading) => key
            .word("battery")
            .number(reading.charge.value())
            .metres(reading.rated_range)
            .metres(reading.odometer)
            .value(&reading.health),
        Fact::Charge(charge) => key
            .word("charge")
            .value(&charge.state)
            .value(&charge.charge)
            .value(&charge.added)
            .metres(charge.rated_range_added),
        Fact::Driving(segment) => driving_key(&mut key, segment),
        Fact::Refuelling(refuelling) => key
            .word("refuelling")
            .metres(refuelling.odometer)
            .number(refuelling.volume_ml)
            .money(refuelling.cost.as_ref()),
        Fact::Location(fix) => key.word("location").number(fix.latitude_e7).number(fix.longitude_e7),
        Fact::Document(paper) => key.word("document").text(&paper.title),
        Fact::Expense(expense) => key.word("expense").text(&expense.description).money(Some(&expense.cost)),
        Fact::Statement(said) => key.word("statement").value(&said.kind).word(&said.about.to_string()),
    };
    Fingerprint(key.0)
}

fn identity_key<'a>(key: &'a mut Key, identity: &VehicleIdentity) -> &'a mut Key {
    // All fields: a later report that knows one more is a new record.
    let VehicleIdentity { vin, plate, make, model, variant, colour, energy, software, .. } = identity;
    key.word("identity");
    for text in [vin, plate, make, model, variant, colour, energy, software] {
        match text {
            Some(text) => key.text(text),
            None => key.word("-"),
        };
    }
    key.value(&(identity.year, identity.power_kw, identity.displacement_cm3, identity.co2_g_per_km, identity.seats))
        .value(&identity.first_registration)
}

fn driving_key<'a>(key: &'a mut Key, segment: &DrivingSegment) -> &'a mut Key {
    let odometer = segment.odometer_m.iter().fold(0_i64, |sum, step| sum.saturating_add(*step));
    key.word("driving").number(segment.start.0).number(segment.time_ms.len()).number(odometer)
}

/// Builds a fingerprint part by part; a separator that no part contains stands between them.
struct Key(String);

impl Key {
    fn word(&mut self, word: &str) -> &mut Self {
        self.0.push('\u{1f}');
        self.0.push_str(word);
        self
    }

    fn number(&mut self, number: impl core::fmt::Display) -> &mut Self {
        self.word(&number.to_string())
    }

    /// By its encoding: what a debug output looks like is not for programs, and the app is built without.
    fn value(&mut self, value: &impl Serialize) -> &mut Self {
        let digits: String = encoding::encode(value).iter().map(|byte| format!("{byte:02x}")).collect();
        self.word(&digits)
    }

    fn metres(&mut self, metres: Option<Metres>) -> &mut Self {
        match metres {
            Some(metres) => self.number(metres.0),
            None => self.word("-"),
        }
    }

    fn money(&mut self, money: Option<&Money>) -> &mut Self {
        match money {
            Some(money) => self.word(&format!("{} {}", money.minor, money.currency)),
            None => self.word("-"),
        }
    }

    /// Words in small letters with single spaces: retyped with other spacing it is the same.
    fn text(&mut self, text: &str) -> &mut Self {
        let words: Vec<String> = text
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|w| !w.is_empty())
            .map(str::to_lowercase)
            .collect();
        self.word(&words.join(" "))
    }
}
