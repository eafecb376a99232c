//! Papers, workshop and costs of the sample car: what happened on which day of its life.

use super::{Life, identity};
use carnet_protocol::{
    payload::{
        DocumentPaper, Expense, ExpenseKind, Fact, Incident, IncidentKind, Inspection, InspectionNature,
        InspectionResult, Maintenance, MaintenanceKind, OwnershipEvent, OwnershipKind,
    },
    quantity::Money,
};

fn euros(amount: u16) -> Money {
    Money { minor: i64::from(amount) * 100, currency: "EUR".into() }
}

/// Identity, ownership, inspections, papers.
pub fn papers(life: &mut Life) {
    for (offset, software) in [(0, "1.0"), (640, "1.4"), (1_480, "2.0"), (2_210, "2.3")] {
        let fact = Fact::Identity(identity(life.first, software));
        life.add(offset, fact, (offset > 0).then_some("Software update"));
    }
    for (offset, kind, label, owners) in [
        (0, OwnershipKind::FirstRegistration, "First registration of a new vehicle", Some(1)),
        (0, OwnershipKind::Lien, "Lien entered for a loan", None),
        (1_095, OwnershipKind::LienLifted, "Lien lifted", None),
        (1_180, OwnershipKind::OwnerChange, "Change of owner", Some(2)),
    ] {
        let event = OwnershipEvent { kind, code: None, label: Some(label.into()), owners };
        life.add(offset, Fact::Ownership(event), None);
    }
    for (offset, label) in [(1_440, "Passed"), (2_165, "Passed, tyre wear noted")] {
        let inspection = Inspection {
            nature: InspectionNature::Periodic,
            result: InspectionResult::Pass,
            label: Some(label.into()),
            odometer: Some(life.road.odometer(offset)),
            centre: Some("Sample inspection centre".into()),
        };
        life.add(offset, Fact::Inspection(inspection), None);
    }
    for (offset, title) in
        [(0, "Order confirmation"), (1_178, "Purchase contract"), (1_182, "Registration certificate")]
    {
        life.add(offset, Fact::Document(DocumentPaper { title: title.into() }), None);
    }
}

/// One visit to a workshop: day, kind, what was done, what it cost in euros, a note.
type Visit = (u16, MaintenanceKind, &'static str, u16, Option<&'static str>);

const VISITS: [Visit; 15] = [
    (18, MaintenanceKind::Upgrade, "All-weather floor mats", 120, None),
    (190, MaintenanceKind::Service, "Winter tyres fitted", 980, Some("Stored with the dealer in summer")),
    (402, MaintenanceKind::Service, "Annual check, cabin filter", 165, None),
    (560, MaintenanceKind::Repair, "Charge port latch replaced under warranty", 0, None),
    (745, MaintenanceKind::Service, "Brake fluid tested, cabin filter, wipers", 210, None),
    (930, MaintenanceKind::Repair, "Rear bumper repaired and painted", 1_340, Some("After the parking damage")),
    (1_130, MaintenanceKind::Service, "Inspection before sale, tyres rotated", 240, None),
    (1_320, MaintenanceKind::Service, "Summer tyres replaced", 860, None),
    (1_425, MaintenanceKind::Service, "Brake service before inspection", 185, None),
    (1_600, MaintenanceKind::Repair, "12 V battery replaced", 215, None),
    (1_705, MaintenanceKind::Upgrade, "Tow bar fitted", 1_150, None),
    (1_860, MaintenanceKind::Service, "Air conditioning service, cabin filter", 290, None),
    (2_080, MaintenanceKind::Repair, "Front upper control arm replaced", 640, Some("Creaking when steering slowly")),
    (2_240, MaintenanceKind::Service, "Two tyres replaced", 430, None),
    (2_420, MaintenanceKind::Service, "Brake fluid changed, coolant tested", 310, None),
];

/// Services, repairs, upgrades, and the one accident.
pub fn workshop(life: &mut Life) {
    for (offset, kind, description, cost, note) in VISITS {
        let work = Maintenance {
            kind,
            description: description.into(),
            odometer: Some(life.road.odometer(offset)),
            cost: Some(euros(cost)),
            workshop: Some("Sample garage".into()),
        };
        life.add(offset, Fact::Maintenance(work), note);
    }
    let damage = Incident {
        kind: IncidentKind::Damage,
        description: "Parking damage to the rear bumper, other party's fault".into(),
        odometer: Some(life.road.odometer(905)),
        damage: Some(euros(1_340)),
    };
    life.add(905, Fact::Incident(damage), None);
}

/// Insurance each year, and a tax at the change of owner.
pub fn costs(life: &mut Life) {
    for (year, premium) in [690_u16, 705, 720, 655, 640, 662, 675].into_iter().enumerate() {
        let expense =
            Expense { kind: ExpenseKind::Insurance, description: "Insurance, one year".into(), cost: euros(premium) };
        life.add(year as u16 * 365 + 1, Fact::Expense(expense), None);
    }
    let tax = Expense { kind: ExpenseKind::Tax, description: "Registration fee".into(), cost: euros(14) };
    life.add(1_183, Fact::Expense(tax), None);
}
