//! What each fixture gives, to the last field. `CARNET_BLESS=1 cargo test -p carnet-import` writes the files anew; read
//! the difference before committing it.
#![allow(clippy::unwrap_used, clippy::panic)]

use carnet_import::{
    Answers, DateOrder, DecimalMark, DistanceUnit, DryRun, ImportError, LubeLoggerKind, SourceFile, VolumeUnit, dry_run,
};
use std::{fmt::Write, fs, path::Path};

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

/// One JSON line for each thing found.
fn render(result: &Result<DryRun, ImportError>) -> String {
    let line = |value: serde_json::Value| value.to_string();
    let json = |value: &dyn erased::Json| line(value.json());
    let mut text = String::new();
    match result {
        Err(error) => writeln!(text, "error {}", json(error)).unwrap(),
        Ok(run) => {
            writeln!(text, "format {}", json(&run.format)).unwrap();
            writeln!(text, "identity {}", json(&run.identity)).unwrap();
            run.notes.iter().for_each(|note| writeln!(text, "note {}", json(note)).unwrap());
            run.questions.iter().for_each(|question| writeln!(text, "question {}", json(question)).unwrap());
            writeln!(text, "withheld {}", run.withheld).unwrap();
            run.drafts.iter().for_each(|draft| writeln!(text, "draft {} {}", draft.day, json(draft)).unwrap());
            run.duplicates.iter().for_each(|duplicate| writeln!(text, "duplicate {}", json(duplicate)).unwrap());
            run.skipped.iter().for_each(|skipped| writeln!(text, "skipped {}", json(skipped)).unwrap());
        }
    }
    text
}

mod erased {
    pub trait Json {
        fn json(&self) -> serde_json::Value;
    }
    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> serde_json::Value {
            serde_json::to_value(self).unwrap()
        }
    }
}

fn check(case: &str, file: &str, answers: &Answers) {
    let bytes = fixture(file);
    let found = render(&dry_run(&SourceFile { name: file, bytes: &bytes }, answers, &[]));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{case}.txt"));
    if std::env::var_os("CARNET_BLESS").is_some() {
        fs::write(&path, &found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{case}: the result is not as in {}", path.display());
}

fn answered() -> Answers {
    Answers {
        date_order: Some(DateOrder::DayMonthYear),
        distance_unit: Some(DistanceUnit::Kilometres),
        decimal_mark: Some(DecimalMark::Point),
        volume_unit: Some(VolumeUnit::UsGallons),
        currency: Some("EUR".into()),
        lubelogger_kind: Some(LubeLoggerKind::Repair),
        vin: None,
        passphrase: None,
    }
}

/// Every fixture without any answer.
#[test]
fn unanswered_files_ask_and_report() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert!(names.len() > 25);
    for name in names {
        check(&format!("{name}.asked"), &name, &Answers::default());
    }
}

/// Tables with everything answered.
#[test]
fn answered_tables_become_drafts() {
    for name in [
        "lubelogger_service.csv",
        "service_semicolon_cp1252.csv",
        "records_ambiguous_dates.csv",
        "gas_bom.csv",
        "gas_litres_price.csv",
        "odometer_mixed.csv",
        "odometer_comma_or_point.csv",
        "tax.csv",
        "day_month_year_columns.csv",
        "utf16_tabs.csv",
    ] {
        check(&format!("{name}.answered"), name, &answered());
    }
    let miles = Answers { distance_unit: Some(DistanceUnit::Miles), lubelogger_kind: None, ..answered() };
    check("lubelogger_service.csv.miles", "lubelogger_service.csv", &miles);
    let comma = Answers { decimal_mark: Some(DecimalMark::Comma), ..answered() };
    check("odometer_comma_or_point.csv.comma", "odometer_comma_or_point.csv", &comma);
}

/// A log of two cars, for one of them.
#[test]
fn a_log_of_several_cars_gives_the_chosen_one() {
    let answers = Answers { vin: Some("LRW3E7EK0NC000002".into()), ..Answers::default() };
    check("tesla_two_cars.ndjson.chosen", "tesla_two_cars.ndjson", &answers);
    check("tesla_envelope.json.other_car", "tesla_envelope.json", &answers);
    check("histovec_full.json.other_car", "histovec_full.json", &answers);
}
