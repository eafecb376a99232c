//! Hard cases, each written by hand: what the odometer rules say and which readings they name.
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
    OpenedRecord,
    odometer::{self, ContradictionKind, FindingKind, OdometerReport, Slip, UnitMistake, Verdict},
};
use carnet_protocol::{
    day::{Day, Timestamp},
    encoding,
    member::MemberClass,
    payload::{ClusterReplacement, Fact, OdometerReading, OwnershipEvent, OwnershipKind},
    quantity::Metres,
};
use log::{Hand, Hand::*};
use proptest::prelude::*;

fn reading(km: u64) -> Fact {
    Fact::Odometer(OdometerReading { odometer: Metres::from_km(km) })
}

fn record(id: usize, day: &str, hand: Hand, fact: Fact) -> OpenedRecord {
    log::record(id as u32, Day::parse_iso(day).unwrap(), fact, hand, None)
}

fn records(readings: &[(&str, Hand, u64)]) -> Vec<OpenedRecord> {
    readings.iter().enumerate().map(|(id, (day, hand, km))| record(id, day, *hand, reading(*km))).collect()
}

fn report(readings: &[(&str, Hand, u64)]) -> OdometerReport {
    odometer::view(&records(readings)).report
}

/// The gravest finding with the kilometres of the two readings that clash.
fn gravest(report: &OdometerReport) -> (FindingKind, u64, u64) {
    let finding = report.findings[0];
    (finding.kind, finding.earlier.odometer.km(), finding.later.odometer.km())
}

#[test]
fn inspections_that_show_less_than_before_are_a_rollback_and_both_are_named() {
    let report = report(&[
        ("2016-05-02", MemberInspection, 62_310),
        ("2018-05-04", MemberInspection, 95_870),
        ("2020-05-02", MemberInspection, 71_455),
        ("2022-05-03", MemberInspection, 84_120),
    ]);
    assert_eq!(report.verdict, Verdict::RolledBack);
    assert_eq!(gravest(&report), (FindingKind::Rollback { drop: Metres::from_km(24_415) }, 95_870, 71_455));
}

#[test]
fn a_reading_that_the_owner_calls_the_cars_own_does_not_outweigh_a_garage() {
    let with = |signer| {
        let mut records = records(&[
            ("2016-05-02", MemberGarage, 62_310),
            ("2018-05-04", MemberGarage, 95_870),
            ("2020-05-02", Connected, 71_455),
        ]);
        records[2].source_class = signer;
        odometer::view(&records).report.verdict
    };
    assert_eq!(with(Some(MemberClass::Manufacturer)), Verdict::RolledBack);
    assert_eq!(with(None), Verdict::Suspicious);
}

#[test]
fn each_slip_of_an_owners_pen_is_told_and_put_right() {
    let with = |written| {
        report(&[
            ("2020-01-10", Owner, 80_120),
            ("2020-03-10", Owner, 82_260),
            ("2020-05-10", Owner, written),
            ("2020-07-10", Owner, 86_790),
            ("2020-09-10", Owner, 88_950),
            ("2021-03-10", MemberInspection, 95_100),
        ])
    };
    for (written, slip) in [
        (48_531, Slip::SwappedDigits),
        (8_431, Slip::DroppedDigit),
        (844_531, Slip::DoubledDigit),
        (34_531, Slip::WrongDigit),
    ] {
        let report = with(written);
        assert_eq!(report.verdict, Verdict::Explained, "{written}: {:?}", report.findings);
        let FindingKind::TypingSlip { slip: found, corrected, .. } = report.findings[0].kind else {
            panic!("{:?}", report.findings)
        };
        assert_eq!(found, slip);
        assert!((82_260..=86_790).contains(&corrected.km()));
    }
}

#[test]
fn a_slip_just_before_the_last_reading_is_still_one() {
    let report = report(&[
        ("2016-10-05", Owner, 34_405),
        ("2016-11-22", Owner, 35_945),
        ("2017-01-20", Owner, 37_510),
        ("2017-02-14", Owner, 388_275),
        ("2017-04-13", Owner, 39_993),
    ]);
    assert_eq!(report.verdict, Verdict::Explained, "{:#?}", report.findings);
}

#[test]
fn several_faults_in_one_history_are_each_told() {
    let report = report(&[
        ("2014-06-01", Owner, 20_000),
        ("2015-06-01", MemberInspection, 35_210),
        ("2015-09-01", Owner, 3_890),
        ("2016-06-01", MemberInspection, 50_480),
        ("2016-08-20", Owner, 525_330),
        ("2017-06-01", MemberInspection, 66_020),
        ("2018-06-01", MemberInspection, 47_300),
        ("2019-06-01", MemberInspection, 61_760),
        ("2019-08-01", Owner, 84_320),
        ("2020-06-01", MemberInspection, 75_990),
    ]);
    assert_eq!(report.verdict, Verdict::RolledBack, "{:#?}", report.findings);
    assert_eq!((report.findings[0].earlier.odometer.km(), report.findings[0].later.odometer.km()), (66_020, 47_300));
    assert!(report.findings.len() >= 4, "{:#?}", report.findings);
}

#[test]
fn a_declared_cluster_swap_explains_and_carries_the_distance_on() {
    let mut records = records(&[
        ("2018-01-10", MemberInspection, 110_300),
        ("2019-01-10", MemberInspection, 127_900),
        ("2019-06-03", Invoice, 2_150),
        ("2020-01-10", MemberInspection, 14_800),
    ]);
    let declared = ClusterReplacement { removed: Some(Metres::from_km(132_050)), fitted: Metres(0) };
    records.push(record(9, "2019-05-05", MemberGarage, Fact::ClusterReplacement(declared)));
    let report = odometer::view(&records).report;
    assert_eq!(report.verdict, Verdict::Explained, "{:#?}", report.findings);
    assert_eq!(report.carried_over, Some(Metres::from_km(132_050)));
}

#[test]
fn an_owners_declaration_that_concedes_nothing_explains_nothing() {
    let history = [
        ("2018-01-10", MemberInspection, 110_300),
        ("2019-01-10", MemberInspection, 127_900),
        ("2019-06-03", Invoice, 52_150),
        ("2020-01-10", MemberInspection, 64_800),
    ];
    for removed in [None, Some(Metres::from_km(60_000))] {
        let mut records = records(&history);
        let declared = ClusterReplacement { removed, fitted: Metres::from_km(50_000) };
        records.push(record(9, "2019-05-05", Owner, Fact::ClusterReplacement(declared)));
        assert!(odometer::view(&records).report.verdict.alarms(), "{removed:?}");
    }
}

#[test]
fn one_figure_in_miles_among_kilometres_is_a_unit_confusion() {
    let report = report(&[
        ("2018-01-10", MemberInspection, 110_300),
        ("2019-01-10", MemberInspection, 127_900),
        ("2019-07-10", MemberGarage, 85_100),
        ("2020-01-10", MemberInspection, 145_800),
    ]);
    assert_eq!(report.verdict, Verdict::Explained);
    let FindingKind::UnitConfusion { direction, persists, .. } = report.findings[0].kind else {
        panic!("{:?}", report.findings)
    };
    assert_eq!((direction, persists), (UnitMistake::MilesAsKilometres, false));
}

#[test]
fn miles_passed_off_as_kilometres_to_the_end_are_suspicious_even_after_an_import() {
    let mut records = records(&[
        ("2016-01-10", MemberInspection, 110_300),
        ("2017-01-10", MemberInspection, 135_900),
        ("2017-03-10", MemberInspection, 86_100),
        ("2018-03-10", MemberInspection, 99_700),
        ("2019-03-10", MemberInspection, 115_000),
    ]);
    let import = OwnershipEvent { kind: OwnershipKind::Import, code: None, label: None, owners: None };
    records.push(record(9, "2017-02-20", RegisterInspection, Fact::Ownership(import)));
    let report = odometer::view(&records).report;
    assert_eq!(report.verdict, Verdict::Suspicious);
    assert!(matches!(report.findings[0].kind, FindingKind::UnitConfusion { persists: true, .. }), "{report:#?}");
}

#[test]
fn a_taxi_a_standstill_and_late_papers_are_left_in_peace() {
    let taxi: Vec<(String, u64)> =
        (0..40_u16).map(|n| (Day(17_000 + 30 * n).to_string(), 20_000 + 8_400 * u64::from(n))).collect();
    let taxi: Vec<(&str, Hand, u64)> = taxi.iter().map(|(day, km)| (day.as_str(), MemberGarage, *km)).collect();
    assert_eq!(report(&taxi).verdict, Verdict::Consistent);
    let barn = report(&[
        ("2008-01-10", MemberInspection, 88_000),
        ("2019-02-10", MemberInspection, 88_020),
        ("2020-02-10", MemberInspection, 97_000),
    ]);
    assert_eq!(barn.verdict, Verdict::Consistent);
    assert!(matches!(barn.findings[0].kind, FindingKind::Gap { days: 4_049 }), "{:?}", barn.findings);
    let late = report(&[
        ("2020-01-10", MemberInspection, 40_000),
        ("2020-06-10", FuelLog, 46_210),
        ("2020-06-13", Invoice, 46_020),
        ("2021-01-10", MemberInspection, 55_000),
    ]);
    assert_eq!(late.verdict, Verdict::Consistent);
}

#[test]
fn a_last_figure_too_low_is_never_explained_away() {
    for low in [15_971, 95_971, 59_271, 100_000] {
        let report = report(&[
            ("2022-01-10", MemberInspection, 130_000),
            ("2023-01-10", MemberInspection, 152_000),
            ("2023-06-10", Owner, 158_971),
            ("2023-06-20", Owner, low),
        ]);
        assert!(report.verdict.alarms(), "{low}");
    }
}

#[test]
fn a_figure_read_from_the_car_is_no_slip_of_a_pen() {
    let report = report(&[
        ("2020-01-10", Connected, 80_120),
        ("2020-03-10", Connected, 82_260),
        ("2020-05-10", Connected, 34_531),
        ("2020-07-10", Connected, 86_790),
    ]);
    assert!(report.verdict.alarms());
}

#[test]
fn a_report_crosses_a_worker_unchanged() {
    let report = report(&[("2020-01-10", Owner, 80_120), ("2021-01-10", Owner, 40_000)]);
    assert_eq!(encoding::decode::<OdometerReport>(&encoding::encode(&report)).unwrap(), report);
}

fn hand() -> impl Strategy<Value = Hand> {
    prop_oneof![Just(Owner), Just(FuelLog), Just(MemberGarage), Just(RegisterInspection), Just(Connected)]
}

proptest! {
    #[test]
    fn the_report_does_not_depend_on_the_order_of_arrival(
        history in proptest::collection::vec((0..400_u16, hand(), 0..300_000_u64, proptest::option::of(0..3_u64)), 0..40),
        turn in any::<prop::sample::Index>(),
    ) {
        let mut records: Vec<OpenedRecord> = history
            .iter()
            .enumerate()
            .map(|(id, (day, hand, km, hour))| {
                let day = Day(17_000 + day);
                let at = hour.map(|hour| u64::from(day.0) * Timestamp::DAY + hour);
                log::record(id as u32, day, reading(*km), *hand, at)
            })
            .collect();
        let report = odometer::view(&records).report;
        if !records.is_empty() {
            let at = turn.index(records.len());
            records.rotate_left(at);
        }
        records.reverse();
        prop_assert_eq!(odometer::view(&records).report, report);
    }

    #[test]
    fn readings_that_never_go_back_and_never_race_are_consistent(
        steps in proptest::collection::vec((1..300_u16, 0..100_u64, hand()), 1..40),
    ) {
        let (mut day, mut km) = (14_000_u16, 10_u64);
        let records: Vec<OpenedRecord> = steps
            .iter()
            .enumerate()
            .map(|(id, (days, per_day, hand))| {
                day += days;
                km += u64::from(*days) * per_day;
                log::record(id as u32, Day(day), reading(km), *hand, None)
            })
            .collect();
        prop_assert_eq!(odometer::view(&records).report.verdict, Verdict::Consistent);
    }

    #[test]
    fn any_figures_at_all_are_judged(kms in proptest::collection::vec(any::<u64>(), 0..30)) {
        let records: Vec<OpenedRecord> = kms
            .iter()
            .enumerate()
            .map(|(id, km)| {
                let fact = Fact::Odometer(OdometerReading { odometer: Metres(*km) });
                log::record(id as u32, Day(60_000 + id as u16), fact, Owner, None)
            })
            .collect();
        odometer::view(&records);
    }
}

/// How a reading to be written down contradicts three on record.
fn contradicted(day: &str, km: u64) -> Option<(ContradictionKind, u64)> {
    let known = records(&[
        ("2020-01-10", MemberGarage, 40_000),
        ("2021-01-10", Owner, 44_000),
        ("2022-01-10", MemberGarage, 50_000),
    ]);
    let found = odometer::contradiction(&known, Day::parse_iso(day).unwrap(), Metres::from_km(km))?;
    Some((found.kind, found.known.odometer.km()))
}

#[test]
fn a_reading_that_follows_is_written_down_without_a_question() {
    assert_eq!(odometer::contradiction(&[], Day(100), Metres::from_km(1)), None);
    let follow = [
        ("2019-06-01", 39_000),
        ("2020-01-10", 40_000),
        ("2020-06-01", 42_000),
        // The order within a day is not known.
        ("2021-01-10", 43_500),
        ("2022-01-10", 50_000),
        ("2023-01-10", 61_000),
    ];
    for (day, km) in follow {
        assert_eq!(contradicted(day, km), None, "{km} km on {day}");
    }
}

#[test]
fn a_reading_that_contradicts_its_neighbours_is_asked_about_and_the_neighbour_named() {
    use ContradictionKind::{Higher, Lower, TooFar};
    let wrong = [
        ("2023-01-10", 49_999, (Lower, 50_000)),
        ("2022-01-10", 30_000, (Lower, 50_000)),
        ("2020-06-01", 39_000, (Lower, 40_000)),
        ("2020-06-01", 44_001, (Higher, 44_000)),
        ("2019-06-01", 40_001, (Higher, 40_000)),
        ("2022-01-20", 500_000, (TooFar, 50_000)),
        ("2021-01-12", 49_990, (TooFar, 44_000)),
    ];
    for (day, km, expected) in wrong {
        assert_eq!(contradicted(day, km), Some(expected), "{km} km on {day}");
    }
}
