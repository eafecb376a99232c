//! What holds for every file.
#![allow(clippy::unwrap_used, clippy::panic)]

use carnet_import::{
    Answers, DateOrder, DecimalMark, DistanceUnit, Draft, DryRun, DuplicateOf, ExistingFact, FileKind, Format,
    ImportError, ImportNote, LubeLoggerKind, Place, SkipReason, SourceFile, VolumeUnit, detect, dry_run, limits,
};
use carnet_protocol::{
    encoding,
    payload::{Fact, Method},
};
use proptest::prelude::*;
use std::{collections::BTreeSet, fs, path::Path, time::Instant};

fn run(name: &str, bytes: &[u8], answers: &Answers) -> Result<DryRun, ImportError> {
    dry_run(&SourceFile { name, bytes }, answers, &[])
}

fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .map(|p| (p.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&p).unwrap()))
        .collect()
}

fn answered() -> Answers {
    Answers {
        date_order: Some(DateOrder::DayMonthYear),
        distance_unit: Some(DistanceUnit::Kilometres),
        decimal_mark: Some(DecimalMark::Comma),
        volume_unit: Some(VolumeUnit::Litres),
        currency: Some("EUR".into()),
        lubelogger_kind: Some(LubeLoggerKind::Service),
        vin: None,
        passphrase: None,
    }
}

/// What a draft says, whatever its place.
fn said(drafts: &[Draft]) -> BTreeSet<String> {
    drafts.iter().map(|d| format!("{} {:?} {:?} {:?}", d.day, d.at, d.fact, d.note)).collect()
}

#[test]
fn a_file_brought_twice_is_all_duplicates_the_second_time() {
    let mut seen = 0;
    for (name, bytes) in fixtures() {
        let Ok(first) = run(&name, &bytes, &answered()) else { continue };
        let existing: Vec<ExistingFact> = first.drafts.iter().map(|d| ExistingFact::of(&d.fact, d.day)).collect();
        let second = dry_run(&SourceFile { name: &name, bytes: &bytes }, &answered(), &existing).unwrap();
        assert_eq!(second.drafts, [], "{name}");
        assert_eq!(second.duplicates.len(), first.drafts.len() + first.duplicates.len(), "{name}");
        let again = second.duplicates.iter().filter(|d| d.of == DuplicateOf::Existing).count();
        assert_eq!(again, first.drafts.len(), "{name}");
        seen += first.drafts.len();
    }
    assert!(seen > 60, "the fixtures must hold something");
}

#[test]
fn questions_withhold_and_answers_release() {
    for (name, bytes) in fixtures() {
        let Ok(asked) = run(&name, &bytes, &Answers::default()) else { continue };
        assert_eq!(asked.withheld > 0, !asked.questions.is_empty(), "{name}");
        let answers = Answers { vin: Some("5YJ3E7EB0MF000316".into()), ..answered() };
        if let Ok(released) = run(&name, &bytes, &answers) {
            assert_eq!((released.withheld, released.questions), (0, vec![]), "{name}");
        }
    }
}

#[test]
fn every_fact_is_imported_belongs_to_its_format_and_crosses_a_worker_unchanged() {
    for (name, bytes) in fixtures() {
        let Ok(found) = run(&name, &bytes, &answered()) else { continue };
        assert!(detect(&SourceFile { name: &name, bytes: &bytes }).is_ok(), "{name}");
        assert!(found.drafts.iter().all(|d| d.method == Method::Imported), "{name}");
        assert_eq!(encoding::decode::<DryRun>(&encoding::encode(&found)).unwrap(), found, "{name}");
    }
}

#[test]
fn an_event_with_an_odometer_gives_the_reading_by_itself_too() {
    for (name, bytes) in fixtures() {
        let Ok(found) = run(&name, &bytes, &answered()) else { continue };
        let readings: BTreeSet<_> = found
            .drafts
            .iter()
            .filter_map(|d| match &d.fact {
                Fact::Odometer(reading) => Some((d.day, reading.odometer)),
                _ => None,
            })
            .collect();
        for draft in found.drafts.iter().filter(|d| !matches!(d.fact, Fact::Driving(_))) {
            if let Some(odometer) = carnet_passport::odometer::of_fact(&draft.fact) {
                assert!(readings.contains(&(draft.day, odometer)), "{name}: {draft:?}");
            }
        }
    }
}

#[test]
fn a_file_name_tells_lists_with_the_same_header_apart_and_an_answer_overrules_it() {
    let bytes = b"Date,Description,Cost,Notes,Odometer,Tags\n2024-01-01,Belt,,,10,\n";
    for (name, kind) in [
        ("repairs-2024.csv", LubeLoggerKind::Repair),
        ("C:\\export\\UpgradeRecords.csv", LubeLoggerKind::Upgrade),
        ("service/export.csv", LubeLoggerKind::Work),
        ("service and repair.csv", LubeLoggerKind::Work),
    ] {
        assert_eq!(detect(&SourceFile { name, bytes }), Ok(Format::LubeLogger(kind)), "{name}");
    }
    let found = run("repairs.csv", bytes, &answered()).unwrap();
    assert_eq!(found.format, Format::LubeLogger(LubeLoggerKind::Service));
}

#[test]
fn an_answer_that_a_column_contradicts_does_no_harm() {
    let bytes = b"Date,Odometer\n5/30/2024,10\n5/8/2024,9\n";
    let found = run("odometer.csv", bytes, &answered()).unwrap();
    assert_eq!(found.drafts[0].day.to_string(), "2024-05-08");
    assert_eq!(found.skipped, []);
}

#[test]
fn files_that_are_no_text_are_named_for_what_they_are() {
    for (bytes, seen) in [
        (&b"%PDF-1.7 ..."[..], FileKind::Pdf),
        (b"PK\x03\x04....", FileKind::Zip),
        (b"SQLite format 3\0...", FileKind::Database),
        (b"a,b\n\x00\x01", FileKind::Other),
    ] {
        assert_eq!(run("x.csv", bytes, &Answers::default()), Err(ImportError::NotText { seen }));
    }
}

#[test]
fn fifty_megabytes_are_refused_at_once() {
    let bytes = vec![b'7'; 50 * 1024 * 1024];
    let start = Instant::now();
    let refused = run("big.csv", &bytes, &Answers::default());
    assert_eq!(refused, Err(ImportError::TooLarge { bytes: 50 * 1024 * 1024, max: limits::FILE_MAX as u64 }));
    assert!(start.elapsed().as_millis() < 100);
}

#[test]
fn too_many_rows_are_refused_in_every_format() {
    let rows = limits::ROWS_MAX + 1;
    let too_many = Err(ImportError::TooManyRows { max: 200_000 });
    let csv = format!("Date,Odometer\n{}", "2024-01-01,5\n".repeat(rows));
    assert_eq!(run("o.csv", csv.as_bytes(), &answered()), too_many);
    let sample = r#"{"vehicle_state":{"odometer":1,"timestamp":1718000000000}}"#;
    assert_eq!(run("t.json", format!("{sample}\n").repeat(rows).as_bytes(), &answered()), too_many);
    let array = format!("[{}{sample}]", format!("{sample},").repeat(rows));
    assert_eq!(run("t.json", array.as_bytes(), &answered()), too_many);
}

#[test]
fn a_hundred_thousand_rows_take_seconds() {
    let rows: String = (0..100_000)
        .map(|i| format!("{}-{:02}-{:02},{},Oil {},,1.5\n", 1971 + i % 100, i % 12 + 1, i % 28 + 1, i + 1, i % 7))
        .collect();
    let csv = format!("Date,Odometer,Description,Notes,Cost\n{rows}");
    let start = Instant::now();
    assert_eq!(run("service.csv", csv.as_bytes(), &answered()).unwrap().drafts.len(), 200_000);
    // About two seconds without optimisation; work that grows with the square would take many minutes.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn deep_nesting_ends_in_an_error_and_not_in_the_stack() {
    for open in ["[", "{\"response\":", "{\"vehicule\":"] {
        let text = open.repeat(500_000);
        assert!(matches!(run("x.json", text.as_bytes(), &answered()), Err(ImportError::BrokenJson { .. })), "{open}");
    }
}

#[test]
fn a_day_of_many_samples_becomes_few_records_and_hides_no_step_back() {
    let log: String = (0..600_u64)
        .map(|i| {
            let odometer = if i == 300 { 90 } else { 100 };
            let (at, soc) = (1_718_000_000_000 + i * 60_000, 50 + i / 30);
            format!(
                "{{\"vehicle_state\":{{\"odometer\":{odometer},\"timestamp\":{at}}},\
                 \"charge_state\":{{\"battery_level\":{soc},\"battery_range\":100,\"timestamp\":{at}}}}}\n"
            )
        })
        .collect();
    let found = run("log.ndjson", log.as_bytes(), &answered()).unwrap();
    assert!(found.drafts.len() < 12, "{}", found.drafts.len());
    assert!(found.notes.iter().any(|n| matches!(n, ImportNote::Condensed { samples: 600, .. })));
    let readings: Vec<u64> = found
        .drafts
        .iter()
        .filter_map(|d| match &d.fact {
            Fact::Odometer(reading) => Some(reading.odometer.0),
            _ => None,
        })
        .collect();
    assert_eq!(readings, [160_934, 144_841]);
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    for (end, file) in [("\n", "n"), ("\r\n", "rn"), ("\r", "r")] {
        let csv = ["Date,Odometer,Notes", "2024-01-01,1,\"a\nb\"", "", "soon,2,", "2024-01-03,3,"].join(end);
        let found = run("odometer.csv", csv.as_bytes(), &answered()).unwrap();
        let lines: Vec<_> = found.drafts.iter().map(|d| d.place.clone()).collect();
        assert_eq!(lines, [Place::Line { line: 2 }, Place::Line { line: 6 }], "{file}");
        assert_eq!(found.skipped[0].place, Place::Line { line: 5 }, "{file}");
    }
}

#[test]
fn long_lists_of_faults_are_counted_and_long_texts_cut() {
    let csv = format!("Date,Odometer,Notes\n{}2024-01-01,5,{}\n", "soon,1,\n".repeat(1_500), "é".repeat(20_000));
    let found = run("odometer.csv", csv.as_bytes(), &answered()).unwrap();
    assert_eq!(found.skipped.len(), 1_000);
    assert!(found.notes.contains(&ImportNote::SkippedNotListed { count: 500 }));
    assert!(found.notes.contains(&ImportNote::TextCut { count: 1 }));
    assert_eq!(found.drafts[0].note.as_ref().unwrap().chars().count(), limits::TEXT_MAX);
}

#[test]
fn an_unreadable_odometer_does_not_hide_a_failed_inspection() {
    let bytes = fixtures().into_iter().find(|(name, _)| name == "histovec_full.json").unwrap().1;
    let found = run("r.json", &bytes, &answered()).unwrap();
    assert!(
        found.drafts.iter().any(
            |d| matches!(&d.fact, Fact::Inspection(i) if i.odometer.is_none()) && d.day.to_string() == "2024-03-12"
        )
    );
    assert!(found.skipped.iter().any(|s| matches!(&s.reason, SkipReason::BadNumber { field, .. } if field == "km")));
}

#[test]
fn a_theft_without_any_date_is_reported_and_a_lien_with_its_own_date_stands_alone() {
    let theft = run("r.json", br#"{"vehicule":{"etat":{"vole":true}}}"#, &answered()).unwrap();
    assert_eq!(theft.drafts, []);
    assert_eq!(theft.skipped[0].place, Place::Path { path: "vehicule.etat.vole".into() });
    let lien = br#"{"vehicule":{"situation_administrative":{"gages":[{"date":"2020-02-03"}]}}}"#;
    assert_eq!(run("r.json", lien, &answered()).unwrap().drafts.len(), 1);
}

/// Rows of a table, some of them wrong.
fn row() -> impl Strategy<Value = String> {
    let date = prop_oneof![
        (1970..2030_i32, 1..14_u8, 1..32_u8).prop_map(|(y, m, d)| format!("{y}-{m:02}-{d:02}")),
        (1..32_u8, 1..32_u8, 2000..2030_i32).prop_map(|(a, b, y)| format!("{a}/{b}/{y}")),
        Just("never".to_owned()),
    ];
    let number = prop_oneof![
        (0..400_000_u32).prop_map(|n| n.to_string()),
        (0..999_u32, 0..999_u32).prop_map(|(a, b)| format!("{a}.{b:03}")),
        (0..999_u32, 0..99_u32).prop_map(|(a, b)| format!("${a},{b:02}")),
        Just(String::new()),
    ];
    (date, number.clone(), number, "[a-z ]{0,6}")
        .prop_map(|(date, odometer, cost, text)| format!("{date};{odometer};{cost};{text};{text}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = run("service.csv", &bytes, &Answers::default());
        let _ = run("x", &bytes, &answered());
    }

    #[test]
    fn no_damage_to_a_real_file_makes_it_panic(
        which in any::<prop::sample::Index>(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let fixtures = fixtures();
        let (name, bytes) = which.get(&fixtures);
        let mut bytes = bytes.clone();
        for (at, byte) in edits {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
        }
        let _ = run(name, &bytes, &answered());
        bytes.truncate(cut.index(bytes.len() + 1));
        let _ = run(name, &bytes, &answered());
    }

    #[test]
    fn the_order_of_rows_changes_nothing(rows in proptest::collection::vec(row(), 1..40), seed in any::<u64>()) {
        let table = |rows: &[String]| format!("Date;Odometer;Cost;Description;Notes\n{}\n", rows.join("\n"));
        let mut shuffled = rows.clone();
        let mut state = seed;
        for i in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(i, (state >> 33) as usize % (i + 1));
        }
        for answers in [Answers::default(), answered()] {
            let a = run("service.csv", table(&rows).as_bytes(), &answers);
            let b = run("service.csv", table(&shuffled).as_bytes(), &answers);
            let (Ok(a), Ok(b)) = (a, b) else { panic!("a table with these headers is always read") };
            prop_assert_eq!(said(&a.drafts), said(&b.drafts));
            prop_assert_eq!(a.withheld, b.withheld);
            prop_assert_eq!(a.skipped.len(), b.skipped.len());
            prop_assert_eq!(a.duplicates.len(), b.duplicates.len());
        }
    }

    #[test]
    fn the_order_of_samples_changes_nothing(
        samples in proptest::collection::vec((0..40_u64, 0..60_u64, 0..100_u8, 0..4_u8), 1..30),
        turn in any::<prop::sample::Index>(),
    ) {
        let line = |(minute, odometer, soc, state): &(u64, u64, u8, u8)| {
            let at = 1_718_000_000_000 + minute * 60_000;
            let gear = ["null", "\"D\"", "\"P\"", "\"D\""][usize::from(*state)];
            let charging = ["Disconnected", "Disconnected", "Charging", "Complete"][usize::from(*state)];
            format!(
                r#"{{"drive_state":{{"shift_state":{gear},"timestamp":{at}}},"vehicle_state":{{"odometer":{odometer}}},"charge_state":{{"battery_level":{soc},"battery_range":{soc},"charging_state":"{charging}","charge_energy_added":{odometer}}}}}"#
            )
        };
        let lines: Vec<String> = samples.iter().map(line).collect();
        let mut turned = lines.clone();
        turned.rotate_left(turn.index(lines.len()));
        turned.reverse();
        let read = |lines: &[String]| run("log", lines.join("\n").as_bytes(), &answered()).unwrap();
        let (a, b) = (read(&lines), read(&turned));
        prop_assert_eq!(said(&a.drafts), said(&b.drafts));
    }
}
