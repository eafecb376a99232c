//! What the importer must hold for any bytes; the fuzzer and the replay of its corpus share it.

use carnet_import::{
    Answers, DateOrder, DecimalMark, DistanceUnit, DuplicateOf, ExistingFact, LubeLoggerKind, SourceFile, VolumeUnit,
    carnet_export::parse, dry_run,
};

/// A table: the name tells nothing.
pub fn import_table(bytes: &[u8]) {
    holds("export.csv", bytes);
}

/// A JSON document or log.
pub fn import_json(bytes: &[u8]) {
    holds("export.json", bytes);
}

/// A wallet's export.
pub fn import_export(bytes: &[u8]) {
    let _ = parse(bytes, |_, _| {});
    holds("export.carnet.jsonl", bytes);
}

fn holds(name: &str, bytes: &[u8]) {
    let file = SourceFile { name, bytes };
    if let Ok(asked) = dry_run(&file, &Answers::default(), &[]) {
        assert_eq!(asked.withheld > 0, !asked.questions.is_empty(), "only questions withhold");
    }
    for decimal_mark in [DecimalMark::Point, DecimalMark::Comma] {
        let answers = Answers {
            date_order: Some(DateOrder::MonthDayYear),
            distance_unit: Some(DistanceUnit::Miles),
            decimal_mark: Some(decimal_mark),
            volume_unit: Some(VolumeUnit::UsGallons),
            currency: Some(String::new()),
            lubelogger_kind: Some(LubeLoggerKind::Upgrade),
            vin: None,
            passphrase: None,
        };
        let Ok(first) = dry_run(&file, &answers, &[]) else { continue };
        let existing: Vec<ExistingFact> = first.drafts.iter().map(|d| ExistingFact::of(&d.fact, d.day)).collect();
        let second = dry_run(&file, &answers, &existing).expect("a file that was read is read again");
        assert!(second.drafts.is_empty(), "what was imported is known");
        let known = second.duplicates.iter().filter(|d| d.of == DuplicateOf::Existing).count();
        assert_eq!(known, first.drafts.len(), "each draft is found again");
    }
}
