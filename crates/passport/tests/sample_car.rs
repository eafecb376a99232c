//! The sample car. `CARNET_BLESS=1 cargo test -p carnet-passport` writes the snapshot anew.
#![allow(clippy::unwrap_used)]

use carnet_passport::{
    OpenedRecord, Views, battery, identity, odometer,
    sample::{self, SampleDraft},
    vin,
};
use carnet_protocol::{
    category::Category,
    day::{Day, Timestamp},
    encoding,
    id::{RecordId, StreamId},
    key::VerifyingKey,
    payload::{Fact, Method, Origin, OriginKind, Payload},
};
use std::{fmt::Write, fs, path::Path};

const TODAY: &str = "2026-06-15";

fn car(seed: u64) -> Vec<SampleDraft> {
    sample::car(seed, Day::parse_iso(TODAY).unwrap())
}

#[test]
fn the_sample_car_is_the_same_for_the_same_seed_and_day() {
    let mut text = String::new();
    for draft in car(1) {
        let at = draft.at.map_or(String::new(), |at| format!(" at {}", at.0));
        writeln!(text, "{}{at} {:?} {:?}", draft.day, draft.fact, draft.note).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/sample_car.txt");
    if std::env::var_os("CARNET_BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(text, fs::read_to_string(path).unwrap_or_default());
    assert_ne!(car(1), car(2));
}

#[test]
fn it_has_about_150_records_in_every_category_over_seven_years_and_none_in_the_future() {
    let drafts = car(1);
    assert!((140..=175).contains(&drafts.len()), "{}", drafts.len());
    for category in Category::ALL {
        assert!(drafts.iter().any(|d| d.fact.category() == category), "{category:?}");
    }
    assert!(drafts.is_sorted_by_key(|d| d.day));
    let today = Day::parse_iso(TODAY).unwrap();
    let (first, last) = (drafts.first().unwrap().day, drafts.last().unwrap().day);
    assert!(last <= today && last.0 + 120 > today.0 && today.0 - first.0 >= 7 * 365);
    assert!(drafts.iter().all(|d| d.at.is_none_or(|at| at.day() == d.day)));
}

#[test]
fn every_record_says_that_it_is_a_sample() {
    assert!(car(3).iter().all(|d| d.method == Method::Sample && d.origin == OriginKind::Sample));
}

#[test]
fn its_number_has_the_right_shape_and_check_digit() {
    for draft in car(1) {
        if let Fact::Identity(identity) = draft.fact {
            let check = vin::check(&identity.vin.unwrap());
            assert!(check.is_acceptable());
            assert_eq!(check.check_digit, vin::CheckDigit::Right);
            assert!(check.model_years.contains(&identity.year.unwrap()));
        }
    }
}

#[test]
fn its_odometer_never_falls_whatever_the_seed() {
    for seed in 0..50 {
        let mut last = 0;
        for draft in car(seed) {
            if let Some(odometer) = carnet_passport::odometer::of_fact(&draft.fact)
                && !matches!(draft.fact, Fact::Driving(_))
            {
                assert!(odometer.0 >= last, "seed {seed}, {}", draft.day);
                last = odometer.0;
            }
        }
    }
}

#[test]
fn any_day_will_do() {
    for today in [Day(0), Day(1), Day(400), Day::LAST] {
        assert!(sample::car(1, today).iter().all(|d| d.day <= today));
    }
    let drafts = car(1);
    assert_eq!(encoding::decode::<Vec<SampleDraft>>(&encoding::encode(&drafts)).unwrap(), drafts);
    assert!(drafts.iter().filter_map(|d| d.at).all(|at| at.0 % (60 * Timestamp::SECOND) == 0));
}

#[test]
fn its_passport_tells_a_plausible_story() {
    let records: Vec<OpenedRecord> = car(1).into_iter().zip(0_u8..).map(|(draft, n)| opened(draft, n)).collect();
    let odometer = odometer::view(&records);
    assert_eq!(odometer.report.verdict, odometer::Verdict::Consistent, "{:?}", odometer.report.findings);
    assert!((9_000..16_000).contains(&odometer.average_per_year.unwrap().km()));
    let battery = battery::view(&records).unwrap();
    assert!((60_000..78_000).contains(&battery.capacity.unwrap().value.0), "{:?}", battery.capacity);
    assert!((900..960).contains(&battery.health.unwrap().per_mille.value), "{:?}", battery.health);
    assert!(battery.charges > 15);
    assert_eq!(identity::view(&records).conflicts, []);
    let summary = Views::of(&records).summary;
    assert_eq!(summary.owners, Some(2));
    assert_eq!((summary.incidents.len(), summary.open_events.len()), (1, 0));
    assert!(summary.gaps.iter().all(|gap| gap.months <= 1), "{:?}", summary.gaps);
}

fn opened(draft: SampleDraft, n: u8) -> OpenedRecord {
    OpenedRecord {
        record: RecordId([n; 16]),
        day: draft.day,
        source: VerifyingKey([1; 32]),
        source_class: None,
        owner_made: true,
        payload: Payload {
            stream: StreamId([2; 16]),
            record: RecordId([n; 16]),
            at: draft.at,
            written_at: Timestamp(0),
            method: draft.method,
            origin: Origin { kind: draft.origin, import: None },
            fact: draft.fact,
            note: draft.note,
            attachments: Vec::new(),
            rectifies: None,
        },
    }
}
