//! A record as it stands, for the form that corrects it: what the fields hold at first, and what a correction keeps of what
//! the form does not ask.

use carnet_protocol::{
    day::Day,
    payload::{Expense, Fact, IncidentKind, Inspection, MaintenanceKind},
    quantity::{Metres, Money},
};

use carnet_passport::units::{decimal, minor_digits};

use super::draft::{Kind, result_id};

/// A record that is to be corrected.
#[derive(Clone)]
pub struct Given {
    /// The day it speaks of.
    pub day: Day,
    /// What happened.
    pub fact: Fact,
    /// Free text.
    pub note: Option<String>,
}

/// What the fields hold of a fact.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) odometer: String,
    pub(super) description: String,
    pub(super) cost: String,
    pub(super) currency: Option<String>,
    pub(super) place: String,
    pub(super) result: Option<&'static str>,
}

impl Fields {
    pub(super) fn of(fact: &Fact) -> Self {
        let (description, place) = match fact {
            Fact::Maintenance(work) => (work.description.as_str(), work.workshop.as_deref()),
            Fact::Inspection(inspection) => ("", inspection.centre.as_deref()),
            Fact::Incident(incident) => (incident.description.as_str(), None),
            Fact::Expense(expense) => (expense.description.as_str(), None),
            Fact::Document(paper) => (paper.title.as_str(), None),
            _ => ("", None),
        };
        let cost = cost(fact);
        Self {
            odometer: odometer(fact).map(|metres| metres.km().to_string()).unwrap_or_default(),
            description: description.to_owned(),
            cost: cost.as_ref().map(amount).unwrap_or_default(),
            currency: cost.map(|cost| cost.currency),
            place: place.unwrap_or_default().to_owned(),
            result: match fact {
                Fact::Inspection(inspection) => Some(result_id(inspection.result)),
                _ => None,
            },
        }
    }
}

/// The kind under which a fact can be typed, if it can.
pub(super) fn kind(fact: &Fact) -> Option<Kind> {
    match fact {
        Fact::Odometer(_) => Some(Kind::Odometer),
        Fact::Maintenance(work) => Some(match work.kind {
            MaintenanceKind::Service => Kind::Service,
            MaintenanceKind::Repair => Kind::Repair,
            MaintenanceKind::Upgrade => Kind::Upgrade,
        }),
        Fact::Inspection(_) => Some(Kind::Inspection),
        Fact::Incident(incident) => match incident.kind {
            IncidentKind::Accident => Some(Kind::Accident),
            IncidentKind::Damage => Some(Kind::Damage),
            IncidentKind::WreckProcedure | IncidentKind::WreckLifted | IncidentKind::Theft => None,
        },
        Fact::Expense(_) => Some(Kind::Expense),
        Fact::Document(_) => Some(Kind::Document),
        _ => None,
    }
}

/// The odometer that a fact tells.
pub(super) fn odometer(fact: &Fact) -> Option<Metres> {
    match fact {
        Fact::Odometer(reading) => Some(reading.odometer),
        Fact::Maintenance(work) => work.odometer,
        Fact::Inspection(inspection) => inspection.odometer,
        Fact::Incident(incident) => incident.odometer,
        _ => None,
    }
}

/// What a fact says was paid.
pub(super) fn cost(fact: &Fact) -> Option<Money> {
    match fact {
        Fact::Maintenance(work) => work.cost.clone(),
        Fact::Incident(incident) => incident.damage.clone(),
        Fact::Expense(expense) => Some(expense.cost.clone()),
        _ => None,
    }
}

/// An amount as it would be typed.
fn amount(money: &Money) -> String {
    decimal(money.minor.into(), minor_digits(&money.currency))
}

/// A correction with what the form does not ask as it was.
pub(super) fn keeping(before: &Fact, after: Fact) -> Fact {
    match (before, after) {
        (Fact::Inspection(before), Fact::Inspection(after)) => {
            // The source's words for a result are no words for another.
            let label = before.label.clone().filter(|_| before.result == after.result);
            Fact::Inspection(Inspection { nature: before.nature, label, ..after })
        }
        (Fact::Expense(before), Fact::Expense(after)) => Fact::Expense(Expense { kind: before.kind, ..after }),
        (_, after) => after,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use carnet_protocol::payload::{ExpenseKind, InspectionNature, InspectionResult, Maintenance};

    fn euros(minor: i64) -> Money {
        Money { minor, currency: "EUR".into() }
    }

    #[test]
    fn the_fields_start_with_what_the_entry_says() {
        let work = Fact::Maintenance(Maintenance {
            kind: MaintenanceKind::Repair,
            description: "Brakes".into(),
            odometer: Some(Metres(48_200_900)),
            cost: Some(euros(12_305)),
            workshop: Some("Garage du Parc".into()),
        });
        let fields = Fields::of(&work);
        assert_eq!(kind(&work), Some(Kind::Repair));
        assert_eq!((fields.odometer.as_str(), fields.description.as_str()), ("48200", "Brakes"));
        assert_eq!((fields.cost.as_str(), fields.place.as_str()), ("123.05", "Garage du Parc"));
        assert_eq!(fields.currency.as_deref(), Some("EUR"));
        assert_eq!(amount(&euros(-5)), "-0.05");
    }

    #[test]
    fn a_correction_keeps_what_the_form_does_not_ask() {
        let inspection = |nature, result, label: Option<&str>| {
            let label = label.map(Into::into);
            Fact::Inspection(Inspection { nature, result, label, odometer: None, centre: None })
        };
        let before = inspection(InspectionNature::Emissions, InspectionResult::Pass, Some("A"));
        let typed = |result| inspection(InspectionNature::Periodic, result, None);
        assert_eq!(keeping(&before, typed(InspectionResult::Pass)), before);
        let failed = inspection(InspectionNature::Emissions, InspectionResult::FailMajor, None);
        assert_eq!(keeping(&before, typed(InspectionResult::FailMajor)), failed);
        let expense = |kind, minor| Fact::Expense(Expense { kind, description: "Tax".into(), cost: euros(minor) });
        assert_eq!(
            keeping(&expense(ExpenseKind::Tax, 100), expense(ExpenseKind::Other, 200)),
            expense(ExpenseKind::Tax, 200)
        );
    }
}
