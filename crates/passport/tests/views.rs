//! What the views say of records, and what no view depends on.
#![allow(clippy::unwrap_used, clippy::panic)]

use carnet_passport::{
    OpenedRecord, Views, battery, identity, identity::IdentityField, odometer, odometer::Verdict, summary::Summary,
    timeline, timeline::Filter, vin::VinShape,
};
use carnet_protocol::{
    category::Category,
    day::{Day, Timestamp},
    encoding,
    id::{RecordId, StreamId},
    key::VerifyingKey,
    payload::{
        BatteryReading, ChargeReading, ChargeState, DocumentPaper, Fact, Incident, IncidentKind, Inspection,
        InspectionNature, InspectionResult, Maintenance, MaintenanceKind, Method, OdometerReading, Origin, OriginKind,
        OwnershipEvent, OwnershipKind, Payload, VehicleIdentity,
    },
    quantity::{Metres, Money, Percent, WattHours},
};
use proptest::prelude::*;
use std::time::Instant;

/// The life in short of records whose odometer is judged along.
fn summary_of(records: &[OpenedRecord]) -> Summary {
    Views::of(records).summary
}

fn id(n: u32) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&n.to_be_bytes());
    bytes
}

fn record(n: u32, day: Day, fact: Fact) -> OpenedRecord {
    OpenedRecord {
        record: RecordId(id(n)),
        day,
        source: VerifyingKey([7; 32]),
        source_class: None,
        owner_made: true,
        payload: Payload {
            stream: StreamId([1; 16]),
            record: RecordId(id(n)),
            at: None,
            written_at: Timestamp(0),
            method: Method::Typed,
            origin: Origin { kind: OriginKind::Manual, import: None },
            fact,
            note: None,
            attachments: Vec::new(),
            rectifies: None,
        },
    }
}

fn all(facts: Vec<(&str, Fact)>) -> Vec<OpenedRecord> {
    facts.into_iter().enumerate().map(|(n, (day, fact))| record(n as u32, Day::parse_iso(day).unwrap(), fact)).collect()
}

fn km(km: u64) -> Fact {
    Fact::Odometer(OdometerReading { odometer: Metres::from_km(km) })
}

fn work(km: u64, description: &str) -> Fact {
    Fact::Maintenance(Maintenance {
        kind: MaintenanceKind::Service,
        description: description.into(),
        odometer: Some(Metres::from_km(km)),
        cost: Some(Money { minor: 12_000, currency: "EUR".into() }),
        workshop: Some("Garage Müller".into()),
    })
}

fn event(kind: OwnershipKind, owners: Option<u16>) -> Fact {
    Fact::Ownership(OwnershipEvent { kind, code: None, label: None, owners })
}

fn battery_fact(charge: u8, range_km: u64) -> Fact {
    Fact::Battery(BatteryReading {
        charge: Percent::new(charge).unwrap(),
        usable_charge: None,
        rated_range: Some(Metres::from_km(range_km)),
        estimated_range: None,
        health: None,
        odometer: None,
    })
}

#[test]
fn readings_of_all_kinds_make_one_series_and_the_same_one_counts_once() {
    let records = all(vec![
        ("2022-01-01", km(10_000)),
        ("2022-01-01", work(10_000, "Oil")),
        ("2023-01-01", work(25_000, "Brakes")),
        ("2024-01-01", km(40_000)),
    ]);
    let view = odometer::view(&records);
    let values: Vec<u64> = view.points.iter().map(|p| p.odometer.km()).collect();
    assert_eq!(values, [10_000, 25_000, 40_000]);
    assert_eq!(view.latest.unwrap().odometer.km(), 40_000);
    assert_eq!(view.average_per_year.unwrap().km(), 15_010);
    assert_eq!(view.report.verdict, Verdict::Consistent);
}

#[test]
fn a_lower_later_reading_is_named_with_the_one_before() {
    let view =
        odometer::view(&all(vec![("2022-01-01", km(80_000)), ("2023-01-01", km(60_000)), ("2023-06-01", km(65_000))]));
    assert!(view.report.verdict.alarms());
    let finding = view.report.findings[0];
    assert_eq!((finding.earlier.odometer.km(), finding.later.odometer.km()), (80_000, 60_000));
    assert_eq!(view.average_per_year, None);
}

#[test]
fn two_readings_of_a_day_are_a_step_back_only_when_times_say_so() {
    let day = Day::parse_iso("2024-05-05").unwrap();
    let mut records = vec![record(1, day, km(9_500)), record(2, day, km(2_400))];
    assert!(!odometer::view(&records).report.verdict.alarms());
    records[0].payload.at = Some(Timestamp(u64::from(day.0) * Timestamp::DAY + 1));
    records[1].payload.at = Some(Timestamp(u64::from(day.0) * Timestamp::DAY + 2));
    let finding = odometer::view(&records).report.findings[0];
    assert_eq!((finding.earlier.odometer.km(), finding.later.odometer.km()), (9_500, 2_400));
}

#[test]
fn the_latest_value_of_each_field_stands_and_contradictions_are_named() {
    let identity = |vin: &str, colour: Option<&str>| {
        Fact::Identity(VehicleIdentity {
            vin: Some(vin.into()),
            colour: colour.map(str::to_owned),
            make: Some("Tesla".into()),
            ..VehicleIdentity::default()
        })
    };
    let view = identity::view(&all(vec![
        ("2021-01-01", identity("5YJ3E7EB0MF000316", Some("blue"))),
        ("2022-01-01", identity("5YJ3********00316", Some("red"))),
        ("2023-01-01", identity("5YJ3E7EB0MF000999", None)),
    ]));
    assert_eq!(view.identity.colour.as_deref(), Some("red"));
    assert_eq!(view.vin.unwrap().shape, VinShape::Complete);
    assert_eq!(view.conflicts.len(), 1);
    assert_eq!(view.conflicts[0].field, IdentityField::Vin);
    assert_eq!(view.conflicts[0].values[0].value, "5YJ3E7EB0MF000999");
}

#[test]
fn a_masked_number_never_hides_a_complete_one() {
    let vin = |vin: &str| Fact::Identity(VehicleIdentity { vin: Some(vin.into()), ..VehicleIdentity::default() });
    let view =
        identity::view(&all(vec![("2021-01-01", vin("5YJ3E7EB0MF000316")), ("2024-01-01", vin("5YJ3********00316"))]));
    assert_eq!(view.identity.vin.as_deref(), Some("5YJ3E7EB0MF000316"));
    assert_eq!(view.conflicts, []);
}

#[test]
fn a_car_without_battery_records_has_no_battery_view() {
    assert_eq!(battery::view(&all(vec![("2024-01-01", km(1))])), None);
}

#[test]
fn health_is_the_ratio_of_range_at_full_charge_over_time() {
    let mut facts: Vec<(&str, Fact)> = Vec::new();
    for day in ["2020-01-01", "2020-01-10", "2020-01-20", "2020-02-01"] {
        facts.push((day, battery_fact(50, 200)));
    }
    for day in ["2023-01-01", "2023-01-10", "2023-01-20", "2023-02-01"] {
        facts.push((day, battery_fact(80, 288)));
    }
    // Below a fifth of charge the rounding is larger than the wear.
    facts.push(("2023-02-02", battery_fact(3, 30)));
    let view = battery::view(&all(facts)).unwrap();
    assert_eq!(view.points.len(), 9);
    assert_eq!(view.points[8].range_at_full, None);
    let health = view.health.unwrap();
    assert_eq!(health.method, battery::HealthMethod::RangeRatio);
    assert_eq!((health.per_mille.value, health.per_mille.readings), (900, 8));
    assert_eq!(view.capacity, None);
}

#[test]
fn a_season_is_not_read_as_wear() {
    let days = ["2020-01-01", "2020-02-01", "2020-03-01", "2020-04-01", "2020-05-01", "2020-06-01"];
    let facts = days.iter().map(|day| (*day, battery_fact(50, 200))).collect();
    assert_eq!(battery::view(&all(facts)).unwrap().health, None);
}

#[test]
fn capacity_is_range_times_the_energy_that_range_needs() {
    let charge = Fact::Charge(ChargeReading {
        state: ChargeState::Complete,
        charge: None,
        added: Some(WattHours(15_000)),
        rated_range_added: Some(Metres::from_km(100)),
        power_w: None,
        fast: None,
    });
    let view = battery::view(&all(vec![("2024-01-01", battery_fact(50, 200)), ("2024-01-02", charge)])).unwrap();
    let capacity = view.capacity.unwrap();
    assert_eq!((capacity.value, capacity.readings), (WattHours(60_000), 2));
}

#[test]
fn the_timeline_is_newest_first_and_filters_by_category_year_and_words() {
    let mut records = all(vec![
        ("2022-03-01", work(10, "Révision complète")),
        ("2023-03-01", Fact::Document(DocumentPaper { title: "Invoice".into() })),
        ("2024-03-01", km(20)),
    ]);
    records[1].payload.note = Some("Paid at the GARAGE MULLER".into());
    let days = |filter: &Filter| -> Vec<String> {
        timeline::entries(&records, filter).iter().map(|e| e.day.to_string()).collect()
    };
    assert_eq!(days(&Filter::default()), ["2024-03-01", "2023-03-01", "2022-03-01"]);
    let words = |text: &str| Filter { text: text.into(), ..Filter::default() };
    assert_eq!(days(&words("garage MÜLLER")), ["2023-03-01", "2022-03-01"]);
    assert_eq!(days(&words("revision")), ["2022-03-01"]);
    assert_eq!(days(&words("revision invoice")), [] as [&str; 0]);
    let categories = Filter { categories: vec![Category::Mileage], ..Filter::default() };
    assert_eq!(days(&categories), ["2024-03-01"]);
    let years = Filter { from_year: Some(2022), to_year: Some(2023), ..Filter::default() };
    assert_eq!(days(&years), ["2023-03-01", "2022-03-01"]);
    for record in &records {
        assert!(years.matches(record) == (record.day.to_civil().0 <= 2023));
    }
}

#[test]
fn the_summary_counts_owners_names_what_is_open_and_finds_silent_months() {
    let inspection = |result| {
        Fact::Inspection(Inspection {
            nature: InspectionNature::Periodic,
            result,
            label: None,
            odometer: None,
            centre: None,
        })
    };
    let damage = Fact::Incident(Incident {
        kind: IncidentKind::Damage,
        description: "Hail".into(),
        odometer: None,
        damage: None,
    });
    let view = summary_of(&all(vec![
        ("2020-01-10", event(OwnershipKind::FirstRegistration, None)),
        ("2020-02-10", event(OwnershipKind::Lien, None)),
        ("2020-03-10", event(OwnershipKind::LienLifted, None)),
        ("2020-07-10", event(OwnershipKind::OwnerChange, None)),
        ("2020-08-10", event(OwnershipKind::Suspension, None)),
        ("2020-09-10", inspection(InspectionResult::FailMajor)),
        ("2020-10-10", inspection(InspectionResult::Pass)),
        ("2020-11-10", damage),
        ("2020-12-31", km(12)),
    ]));
    assert_eq!((view.records, view.owners), (9, Some(2)));
    assert_eq!(view.counts[0], (Category::Mileage, 1));
    assert_eq!(view.counts.iter().map(|(_, n)| n).sum::<u32>(), 9);
    assert_eq!(view.last_inspection.unwrap().result, InspectionResult::Pass);
    assert_eq!(view.incidents.len(), 1);
    assert_eq!(view.open_events.len(), 1);
    assert_eq!(view.open_events[0].kind, OwnershipKind::Suspension);
    assert_eq!(view.gaps.len(), 1);
    assert_eq!((view.gaps[0].first.month, view.gaps[0].last.month, view.gaps[0].months), (4, 6, 3));
    assert_eq!(view.odometer, Some(Metres::from_km(12)));
}

#[test]
fn a_registers_number_of_owners_counts_when_it_is_higher() {
    let view = summary_of(&all(vec![("2020-01-10", event(OwnershipKind::OwnerChange, Some(4)))]));
    assert_eq!(view.owners, Some(4));
    assert_eq!(summary_of(&all(vec![("2020-01-10", km(1))])).owners, None);
    assert_eq!(summary_of(&[]), Summary::default());
}

/// Facts of several kinds.
fn fact() -> impl Strategy<Value = Fact> {
    let ownership = prop_oneof![
        Just(OwnershipKind::OwnerChange),
        Just(OwnershipKind::Lien),
        Just(OwnershipKind::LienLifted),
        Just(OwnershipKind::FirstRegistration)
    ];
    prop_oneof![
        (0..300_u64).prop_map(km),
        (0..300_u64, "[a-c]{1,3}").prop_map(|(n, text)| work(n, &text)),
        (0..=100_u8, 0..600_u64).prop_map(|(charge, range)| battery_fact(charge, range)),
        (ownership, proptest::option::of(0..9_u16)).prop_map(|(kind, owners)| event(kind, owners)),
        ("[A-D]{1,2}").prop_map(|vin| Fact::Identity(VehicleIdentity { vin: Some(vin), ..VehicleIdentity::default() })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_view_depends_on_the_order_of_records(
        facts in proptest::collection::vec((0..50_u16, proptest::option::of(0..3_u64), fact()), 0..40),
        turn in any::<prop::sample::Index>(),
    ) {
        let records: Vec<OpenedRecord> = facts
            .into_iter()
            .enumerate()
            .map(|(n, (day, at, fact))| {
                let mut record = record(n as u32, Day(18_000 + day), fact);
                record.payload.at = at.map(Timestamp);
                record
            })
            .collect();
        let mut other = records.clone();
        if !other.is_empty() {
            let at = turn.index(other.len());
            other.rotate_left(at);
        }
        other.reverse();
        prop_assert_eq!(odometer::view(&records), odometer::view(&other));
        prop_assert_eq!(identity::view(&records), identity::view(&other));
        prop_assert_eq!(battery::view(&records), battery::view(&other));
        prop_assert_eq!(summary_of(&records), summary_of(&other));
        let filter = Filter::default();
        prop_assert_eq!(timeline::entries(&records, &filter), timeline::entries(&other, &filter));
    }
}

#[test]
fn views_cross_a_worker_unchanged() {
    let records = all(vec![("2020-01-10", work(5, "Oil")), ("2021-01-10", battery_fact(50, 200))]);
    let odometer = odometer::view(&records);
    assert_eq!(encoding::decode::<odometer::OdometerView>(&encoding::encode(&odometer)).unwrap(), odometer);
    let battery = battery::view(&records);
    assert_eq!(encoding::decode::<Option<battery::BatteryView>>(&encoding::encode(&battery)).unwrap(), battery);
    let summary = summary_of(&records);
    assert_eq!(encoding::decode::<Summary>(&encoding::encode(&summary)).unwrap(), summary);
    let entries = timeline::entries(&records, &Filter::default());
    assert_eq!(encoding::decode::<Vec<timeline::Entry>>(&encoding::encode(&entries)).unwrap(), entries);
    let identity = identity::view(&records);
    assert_eq!(encoding::decode::<identity::IdentityView>(&encoding::encode(&identity)).unwrap(), identity);
    assert_eq!(encoding::decode::<Vec<OpenedRecord>>(&encoding::encode(&records)).unwrap(), records);
}

#[test]
fn ten_thousand_records_take_no_noticeable_time() {
    let records: Vec<OpenedRecord> = (0..10_000_u32)
        .map(|n| {
            let fact = match n % 3 {
                0 => km(u64::from(n)),
                1 => work(u64::from(n), "Oil"),
                _ => battery_fact(50 + (n % 40) as u8, 200),
            };
            record(n, Day(18_000 + (n.wrapping_mul(7_919) % 3_000) as u16), fact)
        })
        .collect();
    let start = Instant::now();
    let view = odometer::view(&records);
    identity::view(&records);
    battery::view(&records);
    summary_of(&records);
    let entries = timeline::entries(&records, &Filter { text: "oil".into(), ..Filter::default() });
    assert!(view.points.len() > 5_000 && entries.len() > 3_000);
    // Milliseconds when optimised, tens of them when not; anything quadratic would be far beyond.
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
}
