//! An export is read back byte for byte, whatever is in it, and broken lines cost themselves.
#![allow(clippy::unwrap_used)]

use carnet_import::{
    Answers, ExistingFact, Format, ImportError, Question, SkipReason, SourceFile,
    carnet_export::{Export, Writer, choose, parse},
    dry_run,
    limits::{EXPORT_MAX, SIGNED_MAX},
};
use carnet_protocol::{
    day::{Day, Timestamp},
    encoding,
    id::{Hash32, RecordId, StreamId},
    key::{Signature, VerifyingKey},
    payload::{Attachment, Expense, ExpenseKind, Fact, Method, Origin, OriginKind, Payload, VehicleIdentity},
    quantity::Money,
    signed::Signed,
};
use proptest::prelude::*;

const AT: Timestamp = Timestamp(1_795_000_000_000);

fn payload(number: u8, fact: Fact, note: &str, files: u8) -> Payload {
    let file = |n: u8| Attachment {
        record: RecordId([n; 16]),
        name: format!("file {n}"),
        media_type: "text/plain".into(),
        size: 3,
        hash: Hash32([n; 32]),
    };
    Payload {
        stream: StreamId([1; 16]),
        record: RecordId([number; 16]),
        at: None,
        written_at: AT,
        method: Method::Typed,
        origin: Origin { kind: OriginKind::Manual, import: None },
        fact,
        note: Some(note.to_owned()),
        attachments: (0..files).map(file).collect(),
        rectifies: None,
    }
}

fn expense(text: &str, minor: i64) -> Fact {
    let cost = Money { minor, currency: "EUR".into() };
    Fact::Expense(Expense { kind: ExpenseKind::Other, description: text.to_owned(), cost })
}

fn signed(payload: &Payload) -> Signed<Payload> {
    Signed::from_parts(encoding::encode(payload), VerifyingKey([2; 32]), Signature([3; 64]))
}

fn read(bytes: &[u8]) -> (Export, Vec<SkipReason>) {
    let mut skipped = Vec::new();
    let export = parse(bytes, |_, reason| skipped.push(reason)).unwrap();
    (export, skipped)
}

fn car(writer: &mut Writer, number: u8, name: &str, vin: Option<&str>) {
    writer.car(StreamId([number; 16]), VerifyingKey([2; 32]), name);
    let identity = VehicleIdentity { vin: vin.map(str::to_owned), ..VehicleIdentity::default() };
    let payload = payload(number, Fact::Identity(identity), "", 0);
    writer.record(Day(1), &encoding::encode(&signed(&payload)), payload, None);
}

proptest! {
    #[test]
    fn what_is_written_comes_back_byte_for_byte(
        texts in prop::collection::vec(("\\PC{0,40}", "[ -~\t\r\n\u{2028}]{0,40}", any::<i64>()), 0..8),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut writer = Writer::new(AT);
        writer.car(StreamId([1; 16]), VerifyingKey([2; 32]), "car");
        let mut written = Vec::new();
        for (number, (text, note, minor)) in texts.iter().enumerate() {
            let payload = payload(number as u8, expense(text, *minor), note, 1);
            let whole = signed(&payload);
            writer.record(Day(20_000), &encoding::encode(&whole), payload, None);
            writer.file(RecordId([0; 16]), text, &bytes);
            written.push(whole);
        }
        let file = writer.finish();
        let (export, skipped) = read(&file);
        prop_assert!(skipped.is_empty(), "{:?}", skipped);
        let found: Vec<_> = export.cars[0].records.iter().map(|record| record.signed.clone()).collect();
        prop_assert_eq!(&found, &written);
        prop_assert!(export.cars[0].records.iter().all(|record| record.files[0].bytes == bytes));
        prop_assert!(export.cars[0].records.iter().all(|record| encoding::encode(&record.payload) == record.signed.body.0));
        // The readable part is for others: changing it changes nothing.
        let text = String::from_utf8(file).unwrap().replace("\"method\":\"typed\"", "\"method\":\"sample\"");
        prop_assert_eq!(read(text.as_bytes()).0, export);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0usize..2_000) {
        let mut writer = Writer::new(AT);
        car(&mut writer, 1, "car", Some("VIN"));
        let mut file = writer.finish();
        let at = at.min(file.len());
        file.splice(at..at, bytes);
        let _ = parse(&file, |_, _| {});
    }
}

#[test]
fn one_car_of_several_is_asked_for_by_its_number_or_its_name() {
    let mut writer = Writer::new(AT);
    car(&mut writer, 1, "one", Some("5YJ3E7EB0MF000001"));
    car(&mut writer, 2, "two", None);
    let bytes = writer.finish();
    let file = SourceFile { name: "x", bytes: &bytes };
    let asked = dry_run(&file, &Answers::default(), &[]).unwrap();
    assert_eq!(asked.format, Format::CarnetExport);
    assert_eq!(asked.questions, [Question::Vehicle { options: vec!["5YJ3E7EB0MF000001".into(), "two".into()] }]);
    assert_eq!((asked.drafts.len(), asked.withheld), (0, 2));
    let answers = Answers { vin: Some("two".into()), ..Answers::default() };
    let chosen = dry_run(&file, &answers, &[]).unwrap();
    assert_eq!((chosen.drafts.len(), chosen.questions.len()), (1, 0));
    assert_eq!((chosen.drafts[0].method, chosen.drafts[0].origin), (Method::Typed, OriginKind::Manual));
}

#[test]
fn cars_of_one_name_can_be_told_apart() {
    let mut writer = Writer::new(AT);
    car(&mut writer, 1, "car", None);
    car(&mut writer, 2, "car", None);
    let bytes = writer.finish();
    let file = SourceFile { name: "x", bytes: &bytes };
    let asked = dry_run(&file, &Answers::default(), &[]).unwrap();
    assert_eq!(asked.questions, [Question::Vehicle { options: vec!["car".into(), "car (2)".into()] }]);
    let export = read(&bytes).0;
    for (answer, stream) in [("car", 1), ("car (2)", 2)] {
        let answers = Answers { vin: Some(answer.into()), ..Answers::default() };
        assert_eq!(choose(&export, &answers).unwrap().stream, StreamId([stream; 16]));
    }
}

#[test]
fn the_export_of_a_car_with_another_number_is_refused() {
    let mut writer = Writer::new(AT);
    car(&mut writer, 1, "one", Some("5YJ3E7EB0MF000001"));
    let bytes = writer.finish();
    let file = SourceFile { name: "x", bytes: &bytes };
    let own = |vin: &str| Answers { vin: Some(vin.into()), ..Answers::default() };
    let refused = dry_run(&file, &own("WVWZZZ1JZXW000001"), &[]).err();
    assert_eq!(refused, Some(ImportError::WrongVehicle { vin: "5YJ3E7EB0MF000001".into() }));
    assert_eq!(dry_run(&file, &own("5yj3e7eb0mf000001"), &[]).unwrap().drafts.len(), 1);
}

#[test]
fn two_records_that_say_the_same_are_two_and_come_once() {
    let mut writer = Writer::new(AT);
    car(&mut writer, 1, "one", None);
    for number in [5, 6] {
        let payload = payload(number, expense("toll", 100), "", 0);
        writer.record(Day(20_000), &encoding::encode(&signed(&payload)), payload, None);
    }
    let bytes = writer.finish();
    let file = SourceFile { name: "x", bytes: &bytes };
    let all = dry_run(&file, &Answers::default(), &[]).unwrap();
    assert_eq!((all.drafts.len(), all.duplicates.len()), (3, 0));
    let mut existing: Vec<ExistingFact> = all.drafts.iter().map(|d| ExistingFact::of(&d.fact, d.day)).collect();
    let again = dry_run(&file, &Answers::default(), &existing).unwrap();
    assert_eq!((again.drafts.len(), again.duplicates.len()), (0, 3));
    // One of the two was deleted meanwhile: that one is new.
    existing.pop();
    assert_eq!(dry_run(&file, &Answers::default(), &existing).unwrap().drafts.len(), 1);
}

#[test]
fn a_lost_line_a_large_record_and_a_large_file_are_told() {
    let mut writer = Writer::new(AT);
    car(&mut writer, 1, "one", None);
    let payload = payload(5, expense(&"x".repeat(SIGNED_MAX), 100), "", 0);
    writer.record(Day(20_000), &encoding::encode(&signed(&payload)), payload, None);
    let text = String::from_utf8(writer.finish()).unwrap();
    let (export, skipped) = read(text.as_bytes());
    assert_eq!((export.cars[0].records.len(), skipped), (1, vec![SkipReason::TooLarge]));
    let mut lines: Vec<&str> = text.lines().collect();
    lines.remove(2);
    assert_eq!(parse(lines.join("\n").as_bytes(), |_, _| {}).err(), Some(ImportError::CutOff));
    let large = [text.as_bytes(), &vec![b' '; EXPORT_MAX]].concat();
    assert!(matches!(parse(&large, |_, _| {}), Err(ImportError::TooLarge { .. })));
}

#[test]
fn a_broken_line_costs_itself_and_a_cut_file_is_refused() {
    let mut writer = Writer::new(AT);
    car(&mut writer, 1, "one", None);
    let text = String::from_utf8(writer.finish()).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.insert(2, "{\"record\":");
    lines.insert(2, "{\"file\":{\"record\":\"AQEBAQEBAQEBAQEBAQEBAQ\",\"name\":\"x\",\"bytes\":\"\"}}");
    let (export, skipped) = read(lines.join("\n").as_bytes());
    assert_eq!((export.cars[0].records.len(), skipped.len()), (1, 2));
    let cut = lines[..lines.len() - 1].join("\n");
    assert_eq!(parse(cut.as_bytes(), |_, _| {}).err(), Some(ImportError::CutOff));
    let later = text.replace("\"version\":1", "\"version\":2");
    assert!(matches!(parse(later.as_bytes(), |_, _| {}), Err(ImportError::UnknownFormat { .. })));
}
