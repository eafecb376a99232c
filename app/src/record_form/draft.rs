//! What is typed of a record, and turning it into a fact.

use carnet_protocol::{
    category::Category,
    day::Day,
    payload::{
        DocumentPaper, Expense, ExpenseKind, Fact, Incident, IncidentKind, Inspection, InspectionNature,
        InspectionResult, Maintenance, MaintenanceKind, OdometerReading,
    },
    quantity::{Metres, Money},
};
use leptos::prelude::*;

use super::given::{self, Fields, Given};
use crate::t;
use crate::typed::{self, ODOMETER_KM_MAX, minor_units, today, whole_number};
use crate::ui::Text;
use crate::words;

/// What can be typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Odometer,
    Service,
    Repair,
    Upgrade,
    Inspection,
    Accident,
    Damage,
    Expense,
    Document,
}

impl Kind {
    pub(super) const ALL: [Kind; 9] = [
        Kind::Odometer,
        Kind::Service,
        Kind::Repair,
        Kind::Upgrade,
        Kind::Inspection,
        Kind::Accident,
        Kind::Damage,
        Kind::Expense,
        Kind::Document,
    ];

    /// The kinds of these categories; all where none is named.
    pub(super) fn within(categories: &[Category]) -> Vec<Kind> {
        let within = |kind: &Kind| categories.is_empty() || categories.contains(&kind.category());
        Kind::ALL.into_iter().filter(within).collect()
    }

    fn category(self) -> Category {
        match self {
            Kind::Odometer => Category::Mileage,
            Kind::Service | Kind::Repair | Kind::Upgrade => Category::Maintenance,
            Kind::Inspection => Category::Inspection,
            Kind::Accident | Kind::Damage => Category::Incident,
            Kind::Expense => Category::Finance,
            Kind::Document => Category::Documents,
        }
    }

    pub(super) fn id(self) -> &'static str {
        match self {
            Kind::Odometer => "odometer",
            Kind::Service => "service",
            Kind::Repair => "repair",
            Kind::Upgrade => "upgrade",
            Kind::Inspection => "inspection",
            Kind::Accident => "accident",
            Kind::Damage => "damage",
            Kind::Expense => "expense",
            Kind::Document => "document",
        }
    }

    /// An unknown id is the first kind: the list of the page holds no other.
    pub(super) fn from_id(id: &str) -> Kind {
        Kind::ALL.into_iter().find(|kind| kind.id() == id).unwrap_or(Kind::Odometer)
    }

    pub(super) fn label(self) -> Text {
        match self {
            Kind::Odometer => t!(words::fact_odometer),
            Kind::Service => words::maintenance(MaintenanceKind::Service),
            Kind::Repair => words::maintenance(MaintenanceKind::Repair),
            Kind::Upgrade => words::maintenance(MaintenanceKind::Upgrade),
            Kind::Inspection => words::nature(InspectionNature::Periodic),
            Kind::Accident => t!(words::fact_accident),
            Kind::Damage => t!(words::fact_damage),
            Kind::Expense => t!(words::fact_expense),
            Kind::Document => t!(words::fact_document),
        }
    }

    pub(super) fn has_odometer(self) -> bool {
        !matches!(self, Kind::Expense | Kind::Document)
    }

    pub(super) fn has_description(self) -> bool {
        !matches!(self, Kind::Odometer | Kind::Inspection)
    }

    pub(super) fn has_cost(self) -> bool {
        !matches!(self, Kind::Odometer | Kind::Inspection | Kind::Document)
    }

    pub(super) fn has_place(self) -> bool {
        matches!(self, Kind::Service | Kind::Repair | Kind::Upgrade | Kind::Inspection)
    }
}

/// What is wrong with each field.
#[derive(Clone, Copy)]
pub(super) struct Errors {
    pub(super) day: RwSignal<Option<Text>>,
    pub(super) odometer: RwSignal<Option<Text>>,
    pub(super) description: RwSignal<Option<Text>>,
    pub(super) cost: RwSignal<Option<Text>>,
}

/// The fields, as typed.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    pub(super) kind: RwSignal<String>,
    pub(super) day: RwSignal<String>,
    pub(super) odometer: RwSignal<String>,
    pub(super) description: RwSignal<String>,
    pub(super) cost: RwSignal<String>,
    pub(super) currency: RwSignal<String>,
    pub(super) place: RwSignal<String>,
    pub(super) result: RwSignal<String>,
    pub(super) note: RwSignal<String>,
    pub(super) errors: Errors,
    given: StoredValue<Option<Given>>,
}

impl Draft {
    /// Of a record that is corrected what it says; otherwise the first of the kinds, today.
    pub(super) fn new(kinds: &[Kind], given: Option<Given>) -> Self {
        let error = || RwSignal::new(None);
        let own = given.as_ref().and_then(|given| given::kind(&given.fact)).filter(|kind| kinds.contains(kind));
        let kind = own.or(kinds.first().copied()).unwrap_or(Kind::Odometer);
        let day = given.as_ref().map_or_else(today, |given| given.day);
        let fields = given.as_ref().map(|given| Fields::of(&given.fact)).unwrap_or_default();
        let note = given.as_ref().and_then(|given| given.note.clone()).unwrap_or_default();
        Self {
            kind: RwSignal::new(kind.id().to_owned()),
            day: RwSignal::new(day.to_string()),
            odometer: RwSignal::new(fields.odometer),
            description: RwSignal::new(fields.description),
            cost: RwSignal::new(fields.cost),
            currency: RwSignal::new(fields.currency.unwrap_or_else(|| "EUR".to_owned())),
            place: RwSignal::new(fields.place),
            result: RwSignal::new(fields.result.unwrap_or("pass").to_owned()),
            note: RwSignal::new(note),
            errors: Errors { day: error(), odometer: error(), description: error(), cost: error() },
            given: StoredValue::new(given),
        }
    }

    /// Whether nothing was typed yet beside what a record that is corrected says.
    pub(super) fn is_untouched(&self) -> bool {
        let (fields, note) = self.given.with_value(|given| {
            let fields = given.as_ref().map(|given| Fields::of(&given.fact)).unwrap_or_default();
            (fields, given.as_ref().and_then(|given| given.note.clone()).unwrap_or_default())
        });
        let typed = [
            (self.odometer, fields.odometer),
            (self.description, fields.description),
            (self.cost, fields.cost),
            (self.place, fields.place),
            (self.note, note),
        ];
        typed.iter().all(|(field, first)| field.with_untracked(|text| text.trim() == first.trim()))
    }

    /// What of the record that is corrected the fields cannot hold to the last digit, where a field was left as it was.
    fn left<T>(&self, typed: &str, field: fn(Fields) -> String, value: fn(&Fact) -> Option<T>) -> Option<T> {
        self.given.with_value(|given| {
            let fact = &given.as_ref()?.fact;
            value(fact).filter(|_| field(Fields::of(fact)) == typed)
        })
    }

    /// The day and the fact, or `None` with every wrong field marked.
    pub(super) fn checked(&self) -> Option<(Day, Fact)> {
        let kind = Kind::from_id(&self.kind.get_untracked());
        let day = typed::past_day(&self.day.get_untracked());
        self.errors.day.set(day.as_ref().err().cloned());
        let odometer = self.odometer_checked(kind);
        let description = text(self.description);
        let bare = kind.has_description() && description.is_none();
        self.errors.description.set(bare.then(|| t!(new_record::description_missing)));
        let cost = self.cost_checked(kind);
        if bare {
            return None;
        }
        let fact = self.fact(kind, odometer?, description.unwrap_or_default(), cost?);
        let kept = self.given.with_value(|given| match given {
            Some(given) => given::keeping(&given.fact, fact),
            None => fact,
        });
        Some((day.ok()?, kept))
    }

    fn odometer_checked(&self, kind: Kind) -> Option<Option<Metres>> {
        let typed = text(self.odometer).filter(|_| kind.has_odometer());
        let read = typed.as_deref().map(whole_number);
        let unchanged = typed.as_deref().and_then(|typed| self.left(typed, |fields| fields.odometer, given::odometer));
        let (error, outcome) = match read {
            None if kind == Kind::Odometer => (Some(t!(new_record::odometer_missing)), None),
            None => (None, Some(None)),
            Some(_) if unchanged.is_some() => (None, Some(unchanged)),
            Some(Some(km)) if km <= ODOMETER_KM_MAX => (None, Some(Some(Metres::from_km(km)))),
            Some(_) => (Some(t!(new_record::odometer_wrong)), None),
        };
        self.errors.odometer.set(error);
        outcome
    }

    fn cost_checked(&self, kind: Kind) -> Option<Option<Money>> {
        let typed = text(self.cost).filter(|_| kind.has_cost());
        let currency = self.currency.get_untracked();
        let unchanged = typed.as_deref().and_then(|typed| self.left(typed, |fields| fields.cost, given::cost));
        let (error, outcome) = match typed.as_deref().map(|typed| minor_units(typed, &currency)) {
            None if kind == Kind::Expense => (Some(t!(new_record::cost_missing)), None),
            None => (None, Some(None)),
            Some(minor) if minor.is_some() || unchanged.is_some() => {
                let minor = minor.or(unchanged.map(|cost| cost.minor)).unwrap_or_default();
                (None, Some(Some(Money { minor, currency })))
            }
            Some(_) => (Some(t!(new_record::cost_wrong)), None),
        };
        self.errors.cost.set(error);
        outcome
    }

    fn fact(&self, kind: Kind, odometer: Option<Metres>, description: String, cost: Option<Money>) -> Fact {
        let place = text(self.place);
        let work = |kind| Maintenance {
            kind,
            description: description.clone(),
            odometer,
            cost: cost.clone(),
            workshop: place.clone(),
        };
        let incident = |kind| Incident { kind, description: description.clone(), odometer, damage: cost.clone() };
        match kind {
            Kind::Odometer => Fact::Odometer(OdometerReading { odometer: odometer.unwrap_or(Metres(0)) }),
            Kind::Service => Fact::Maintenance(work(MaintenanceKind::Service)),
            Kind::Repair => Fact::Maintenance(work(MaintenanceKind::Repair)),
            Kind::Upgrade => Fact::Maintenance(work(MaintenanceKind::Upgrade)),
            Kind::Inspection => Fact::Inspection(Inspection {
                nature: InspectionNature::Periodic,
                result: result_from_id(&self.result.get_untracked()),
                label: None,
                odometer,
                centre: place,
            }),
            Kind::Accident => Fact::Incident(incident(IncidentKind::Accident)),
            Kind::Damage => Fact::Incident(incident(IncidentKind::Damage)),
            Kind::Expense => Fact::Expense(Expense {
                kind: ExpenseKind::Other,
                description,
                cost: cost.unwrap_or(Money { minor: 0, currency: String::new() }),
            }),
            Kind::Document => Fact::Document(DocumentPaper { title: description }),
        }
    }
}

/// Results an owner can type, by the value of the list; the last only where the record that is corrected has it.
pub(super) const RESULTS: [(&str, InspectionResult); 4] = [
    ("pass", InspectionResult::Pass),
    ("fail_major", InspectionResult::FailMajor),
    ("fail_critical", InspectionResult::FailCritical),
    (POSTPONED, InspectionResult::Postponed),
];

/// The value of the result that no owner types.
pub(super) const POSTPONED: &str = "postponed";

pub(super) fn result_id(result: InspectionResult) -> &'static str {
    RESULTS.iter().find(|(_, own)| *own == result).map_or("pass", |(id, _)| *id)
}

fn result_from_id(id: &str) -> InspectionResult {
    RESULTS.iter().find(|(own, _)| *own == id).map_or(InspectionResult::Pass, |(_, result)| *result)
}

fn text(signal: RwSignal<String>) -> Option<String> {
    Some(signal.get_untracked().trim().to_owned()).filter(|text| !text.is_empty())
}
