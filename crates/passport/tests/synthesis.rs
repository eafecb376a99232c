//! What a stranger is told of a car, and how several cars stand side by side.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "histories/car.rs"]
#[allow(dead_code)]
mod car;
#[path = "histories/log.rs"]
#[allow(dead_code)]
mod log;
#[path = "histories/numbers.rs"]
#[allow(dead_code)]
mod numbers;

use carnet_passport::{
    OpenedRecord, Views,
    compare::{self, Candidate, Mark, RowKind},
    odometer::{self, Verdict},
    quality::{self, Quality, Standing},
    synthesis::{
        self, Answer, CategoryCount, Checked, Flag, FlagKind, ProofStanding, QuestionKind, Reader, Severity, Synthesis,
        VinStanding,
    },
};
use carnet_protocol::{
    category::Category,
    day::Day,
    encoding,
    id::RecordId,
    member::MemberClass,
    payload::{
        Fact, Incident, IncidentKind, Inspection, InspectionNature, InspectionResult, OdometerReading, OwnershipEvent,
        OwnershipKind,
    },
    quantity::Metres,
};
use log::Hand;
use std::collections::HashSet;

const TODAY: Day = Day(20_000);

fn km(km: u64) -> Fact {
    Fact::Odometer(OdometerReading { odometer: Metres::from_km(km) })
}

fn incident(kind: IncidentKind) -> Fact {
    Fact::Incident(Incident { kind, description: "Rear".into(), odometer: None, damage: None })
}

fn inspection(result: InspectionResult) -> Fact {
    let nature = InspectionNature::Periodic;
    Fact::Inspection(Inspection { nature, result, label: None, odometer: None, centre: None })
}

fn ownership(kind: OwnershipKind) -> Fact {
    Fact::Ownership(OwnershipEvent { kind, code: None, label: None, owners: None })
}

/// Readings every two months until two months ago, by a garage.
fn honest() -> Vec<OpenedRecord> {
    (0..40_u16)
        .map(|n| {
            let day = Day(TODAY.0 - 60 * (40 - n));
            log::record(u32::from(n), day, km(10_000 + 2_000 * u64::from(n)), Hand::MemberGarage, None)
        })
        .collect()
}

fn with(facts: Vec<(u16, Fact)>) -> Vec<OpenedRecord> {
    let mut records = honest();
    let facts = facts.into_iter().zip(1_000_u32..);
    records
        .extend(facts.map(|((ago, fact), id)| log::record(id, Day(TODAY.0 - ago), fact, Hand::MemberInspection, None)));
    records
}

fn all_shared() -> Vec<CategoryCount> {
    let count = |category| CategoryCount { category, opened: 5, withheld: 0, missing: 0, damaged: 0 };
    Category::ALL.into_iter().map(count).collect()
}

fn indices(records: &[OpenedRecord]) -> Vec<(RecordId, Quality)> {
    quality::view(records, &odometer::view(records).report, |_| Standing { base: Some(70), ..Standing::default() })
}

struct Case {
    records: Vec<OpenedRecord>,
    categories: Vec<CategoryCount>,
    proof: ProofStanding,
    vin: VinStanding,
    flags: Vec<Flag>,
    disputed: Vec<RecordId>,
    reader: Reader,
}

impl Case {
    fn of(records: Vec<OpenedRecord>) -> Case {
        Case {
            records,
            categories: all_shared(),
            proof: ProofStanding::Proved,
            vin: VinStanding::Confirmed(MemberClass::Garage),
            flags: Vec::new(),
            disputed: Vec::new(),
            reader: Reader::PrivateBuyer,
        }
    }

    fn synthesis(&self) -> Synthesis {
        self.synthesis_on(TODAY)
    }

    fn synthesis_on(&self, today: Day) -> Synthesis {
        synthesis::view(&Checked {
            records: &self.records,
            views: &Views::of(&self.records),
            categories: &self.categories,
            proof: self.proof,
            vin: self.vin,
            flags: &self.flags,
            quality: &indices(&self.records),
            disputed: &self.disputed,
            today,
            reader: self.reader,
        })
    }
}

fn kinds(synthesis: &Synthesis) -> Vec<&'static str> {
    synthesis.questions.iter().map(|question| question.kind.code()).collect()
}

#[test]
fn an_honest_whole_proved_car_is_whole_and_true() {
    let synthesis = Case::of(with(vec![(100, inspection(InspectionResult::Pass))])).synthesis();
    assert_eq!((synthesis.whole.answer, synthesis.truth.answer), (Answer::Yes, Answer::Yes));
    assert_eq!(synthesis.truth.odometer, Verdict::Consistent);
    assert_eq!(kinds(&synthesis), ["service_old"]);
}

#[test]
fn wreck_and_theft_stand_first_whatever_else_there_is() {
    let flag = |kind| Flag { kind, since: Some(Day(19_000)), declared_by: Some(MemberClass::Insurer), record: None };
    let case = Case {
        flags: vec![flag(FlagKind::Lien), flag(FlagKind::Theft), flag(FlagKind::Wreck)],
        vin: VinStanding::NotConfirmed,
        proof: ProofStanding::Contradicted,
        ..Case::of(with(vec![(20, km(11_000))]))
    };
    for reader in Reader::ALL {
        let synthesis =
            Case { reader, records: case.records.clone(), flags: case.flags.clone(), ..Case::of(Vec::new()) };
        assert_eq!(kinds(&synthesis.synthesis())[..2], ["flagged_wreck", "flagged_theft"]);
    }
    let synthesis = case.synthesis();
    assert_eq!(synthesis.truth.answer, Answer::No);
    assert!(synthesis.questions.is_sorted_by_key(|question| (question.severity, question.kind)));
}

#[test]
fn a_wreck_that_only_a_record_tells_of_is_a_flag_until_a_later_one_lifts_it() {
    let open = Case::of(with(vec![(300, incident(IncidentKind::WreckProcedure))])).synthesis();
    assert_eq!(open.truth.flags[0].kind, FlagKind::Wreck);
    assert_eq!(open.truth.flags[0].declared_by, None);
    let lifted =
        Case::of(with(vec![(300, incident(IncidentKind::WreckProcedure)), (200, incident(IncidentKind::WreckLifted))]));
    assert_eq!(lifted.synthesis().truth.flags, []);
}

#[test]
fn what_is_withheld_missing_or_damaged_is_counted_and_asked_for() {
    let mut case = Case::of(honest());
    case.categories[4].withheld = 2;
    let withheld = case.synthesis();
    assert_eq!(withheld.whole.answer, Answer::Partly);
    let asked = QuestionKind::RecordsWithheld { category: Category::Incident, count: 2 };
    assert!(withheld.questions.iter().any(|question| question.kind == asked));
    case.categories[2].missing = 1;
    case.categories[3].damaged = 1;
    let missing = case.synthesis();
    assert_eq!(missing.whole.answer, Answer::No);
    assert!(["records_missing", "records_damaged"].iter().all(|code| kinds(&missing).contains(code)));
}

#[test]
fn each_reader_is_asked_to_ask_what_is_theirs() {
    let records = with(vec![
        (900, ownership(OwnershipKind::Lien)),
        (60, ownership(OwnershipKind::OwnerChange)),
        (500, incident(IncidentKind::Accident)),
        (400, inspection(InspectionResult::FailMajor)),
    ]);
    let of = |reader| Case { reader, ..Case::of(records.clone()) }.synthesis();
    let severity = |reader, code: &str| {
        of(reader).questions.iter().find(|question| question.kind.code() == code).map(|question| question.severity)
    };
    assert_eq!(severity(Reader::PrivateBuyer, "flagged_lien"), Some(Severity::Stop));
    assert_eq!(severity(Reader::Garage, "flagged_lien"), None);
    assert_eq!(severity(Reader::Insurer, "damaged"), Some(Severity::Warning));
    assert_eq!(severity(Reader::PrivateBuyer, "sold_soon"), Some(Severity::Ask));
    assert_eq!(severity(Reader::Garage, "inspection_failed"), Some(Severity::Warning));
    let shared = vec![all_shared()[0]];
    let closed = Case { categories: shared, reader: Reader::Insurer, ..Case::of(records) }.synthesis();
    assert!(closed.questions.iter().any(|q| q.kind == QuestionKind::NotShared { category: Category::Incident }));
}

#[test]
fn who_holds_the_car_is_told_what_to_mend_and_not_what_only_a_stranger_lacks() {
    let of = |records, categories| Case { reader: Reader::Owner, categories, ..Case::of(records) }.synthesis();
    assert_eq!(kinds(&of(honest(), all_shared())), ["inspection_missing", "service_old"]);
    let records = with(vec![
        (900, ownership(OwnershipKind::Lien)),
        (60, ownership(OwnershipKind::OwnerChange)),
        (400, inspection(InspectionResult::FailMajor)),
    ]);
    let synthesis = of(records, Vec::new());
    let severity = |code: &str| {
        synthesis.questions.iter().find(|question| question.kind.code() == code).map(|question| question.severity)
    };
    assert_eq!(severity("flagged_lien"), Some(Severity::Warning));
    assert_eq!(severity("inspection_failed"), Some(Severity::Warning));
    for code in ["not_shared", "sold_soon", "inspection_missing"] {
        assert_eq!(severity(code), None, "{code}");
    }
    assert_eq!(synthesis.reader.code(), "owner");
}

#[test]
fn one_reading_is_too_little_to_compare_and_has_no_verdict_beside_other_cars() {
    let one = Case::of(honest().into_iter().take(1).collect());
    let synthesis = one.synthesis();
    assert_eq!((synthesis.truth.readings, synthesis.truth.odometer), (1, Verdict::Consistent));
    assert_eq!(Case::of(honest()).synthesis().truth.readings, 40);
    let rows = compare::view(&[Candidate { records: &one.records, synthesis: &synthesis }]);
    assert!(rows.iter().all(|row| row.kind != RowKind::OdometerVerdict));
}

#[test]
fn a_turned_back_odometer_names_the_records_that_clash() {
    let synthesis = Case::of(with(vec![(30, km(40_000)), (20, km(40_300)), (10, km(40_800))])).synthesis();
    assert_eq!((synthesis.truth.answer, synthesis.truth.odometer), (Answer::No, Verdict::RolledBack));
    let question = &synthesis.questions[0];
    assert_eq!(question.kind, QuestionKind::OdometerRolledBack);
    assert!(!question.records.is_empty());
}

#[test]
fn the_synthesis_does_not_depend_on_the_order_of_records_and_crosses_a_worker() {
    let mut case = Case::of(with(vec![(900, ownership(OwnershipKind::Lien)), (500, incident(IncidentKind::Damage))]));
    let synthesis = case.synthesis();
    case.records.reverse();
    case.categories.reverse();
    assert_eq!(case.synthesis(), synthesis);
    assert_eq!(encoding::decode::<Synthesis>(&encoding::encode(&synthesis)).unwrap(), synthesis);
}

#[test]
fn on_another_day_it_is_what_it_would_have_been_made_then() {
    let facts = vec![(100, inspection(InspectionResult::Pass)), (20, ownership(OwnershipKind::OwnerChange))];
    let mut questions = HashSet::new();
    for records in [honest(), with(facts)] {
        for reader in Reader::ALL {
            let case = Case { reader, ..Case::of(records.clone()) };
            let mut carried = case.synthesis();
            // There and back again.
            for day in (0..900).step_by(30).chain([400, 0]).map(|days| Day(TODAY.0 + days)) {
                carried.on(day);
                assert_eq!(carried, case.synthesis_on(day));
                questions.insert(kinds(&carried));
            }
        }
    }
    assert!(questions.len() > 5, "hardly anything grows old: {questions:?}");
}

#[test]
fn cars_side_by_side_have_the_same_rows_and_marks_only_where_figures_compare() {
    let few = Case::of(honest().into_iter().take(30).collect());
    let many = Case::of(with(vec![(500, incident(IncidentKind::Accident))]));
    let turned = Case::of(with(vec![(30, km(4_000)), (20, km(4_300)), (10, km(4_800))]));
    let cases = [few, many, turned];
    let syntheses: Vec<Synthesis> = cases.iter().map(Case::synthesis).collect();
    let cars: Vec<Candidate> =
        cases.iter().zip(&syntheses).map(|(case, synthesis)| Candidate { records: &case.records, synthesis }).collect();
    let rows = compare::view(&cars);
    assert!(rows.iter().all(|row| row.cells.len() == 3));
    let marks = |kind| -> Vec<Mark> {
        rows.iter().find(|row| row.kind == kind).unwrap().cells.iter().map(|cell| cell.mark).collect()
    };
    // The lowest figure is false, and so not the best.
    assert_eq!(marks(RowKind::Odometer), [Mark::Best, Mark::Worst, Mark::None]);
    assert_eq!(marks(RowKind::Incidents), [Mark::Best, Mark::Worst, Mark::Best]);
    assert_eq!(marks(RowKind::Records), [Mark::None; 3]);
    assert_eq!(marks(RowKind::OdometerVerdict), [Mark::Best, Mark::Best, Mark::Worst]);
    let one = compare::view(&cars[..1]);
    assert!(one.iter().flat_map(|row| &row.cells).all(|cell| cell.mark == Mark::None));
    assert!(compare::view(&[]).is_empty());
}
