//! Carrying everything away in an open format, and bringing it into another wallet.

use crate::{
    sources::{paired, service, write},
    world::*,
};
use carnet_crypto::signature::verify;
use carnet_import::{
    Answers, Format, ImportError, ImportNote, Place, Question, SkipReason,
    carnet_export::{Export, parse},
    limits::EXPORT_MAX,
};
use carnet_protocol::{
    category::Category,
    day::Day,
    encoding,
    id::StreamId,
    payload::{Expense, ExpenseKind, Fact, OriginKind, Payload, StatementKind, VehicleIdentity},
    quantity::Money,
    signed::Signed,
};
use carnet_wallet::{
    command::{Answer, Command, FileData, SourceCommand, Subject, Via, WriteDraft},
    error::WalletError,
    view::{RecordView, SourceName},
};

const PROTECT: &str = "a passphrase for the file";

impl Person {
    async fn export(&mut self, vehicle: Option<StreamId>, protect: Option<&str>) -> FileData {
        let command = Command::Export {
            vehicle,
            passphrase: PASSPHRASE.into(),
            protect: protect.map(str::to_owned),
            files: true,
        };
        let Answer::File(file) = self.ask(command).await.unwrap() else { panic!("a file") };
        file
    }

    async fn try_import(
        &mut self,
        vehicle: StreamId,
        file: &FileData,
        answers: &Answers,
    ) -> Result<carnet_import::DryRun, WalletError> {
        let command = Command::DryRun { vehicle, file: file.clone(), answers: answers.clone() };
        match self.ask(command).await? {
            Answer::DryRun(run) => Ok(*run),
            _ => panic!("a dry run"),
        }
    }

    async fn import(&mut self, vehicle: StreamId, file: &FileData, answers: &Answers) -> u32 {
        let command = Command::CommitImport { vehicle, file: file.clone(), answers: answers.clone() };
        let Answer::Import(view) = self.ask(command).await.unwrap() else { panic!("an import") };
        assert_eq!(view.kind, OriginKind::CarnetExport);
        view.records
    }

    /// A car of which nothing is known yet.
    async fn bare_car(&mut self) -> StreamId {
        let command = Command::AddVehicle { name: "Heir's car".into(), identity: VehicleIdentity::default() };
        let Answer::Vehicle(card) = self.ask(command).await.unwrap() else { panic!("a vehicle") };
        card.vehicle
    }

    /// All entries, earliest first.
    async fn everything(&mut self, vehicle: StreamId) -> Vec<RecordView> {
        let subject = Subject::Own(vehicle);
        let page = Command::Timeline { subject, filter: Default::default(), offset: 0, limit: 500 };
        let Answer::Timeline(page) = self.ask(page).await.unwrap() else { panic!("a timeline") };
        assert_eq!(page.total as usize, page.entries.len());
        page.entries
    }

    async fn timeline(&mut self, vehicle: StreamId) -> Vec<RecordView> {
        self.passport(Subject::Own(vehicle)).await.unwrap().timeline.entries
    }
}

async fn expense(owner: &mut Person, vehicle: StreamId, description: &str, file: Option<&[u8]>) {
    let cost = Money { minor: -1_000, currency: "EUR".into() };
    let fact = Fact::Expense(Expense { kind: ExpenseKind::Other, description: description.into(), cost });
    let files = file.iter().map(|bytes| text_file("invoice.txt", bytes)).collect();
    let command = Command::AddRecord { vehicle, day: Day(20_000), fact, note: Some("=HYPERLINK(1)".into()), files };
    owner.ask(command).await.unwrap();
}

fn read(file: &FileData) -> Export {
    let mut skipped = Vec::new();
    let export = parse(&file.bytes, |place, reason| skipped.push((place, reason))).unwrap();
    assert!(skipped.is_empty(), "{skipped:?}");
    export
}

#[tokio::test]
async fn an_export_holds_every_record_as_it_was_signed_and_every_file() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let (car, sample) = (owner.add_car().await, owner.add_sample().await);
    expense(&mut owner, car, "wash", Some(b"the invoice")).await;
    owner.settle().await;
    let all = read(&owner.export(None, None).await);
    assert_eq!(all.cars.len(), 2);
    for (exported, car) in all.cars.iter().zip([car, sample]) {
        let shown = owner.passport(Subject::Own(car)).await.unwrap().timeline.total;
        assert_eq!(exported.records.len(), shown as usize);
        for record in &exported.records {
            let payload: Payload = verify(&record.signed).unwrap();
            assert_eq!(record.signed.key, exported.owner);
            // Byte for byte: what is signed decodes to what is shown, and encodes to what was signed.
            assert_eq!(encoding::encode(&payload), record.signed.body.0);
            assert_eq!(payload, record.payload);
        }
    }
    let with_file = all.cars[0].records.iter().find(|record| !record.payload.attachments.is_empty()).unwrap();
    assert_eq!(with_file.files[0].bytes, b"the invoice");
    let one = read(&owner.export(Some(car), None).await);
    assert_eq!(one.cars, all.cars[..1]);
}

/// Who finds the wallet open carries nothing away.
#[tokio::test]
async fn an_export_asks_for_the_passphrase() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let wrong = || "not the passphrase".to_owned();
    let export = Command::Export { vehicle: None, passphrase: wrong(), protect: None, files: true };
    assert_eq!(owner.ask(export).await.err(), Some(WalletError::WrongPassphrase));
    let table = Command::ExportTable { vehicle: car, category: Category::Identity, passphrase: wrong() };
    assert_eq!(owner.ask(table).await.err(), Some(WalletError::WrongPassphrase));
    let short =
        Command::Export { vehicle: None, passphrase: PASSPHRASE.into(), protect: Some("short".into()), files: true };
    assert!(matches!(owner.ask(short).await.err(), Some(WalletError::PassphraseTooShort { .. })));
}

#[tokio::test]
async fn another_wallet_takes_an_export_in_once_and_can_undo_it() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    expense(&mut owner, car, "wash", Some(b"the invoice")).await;
    owner.add_odometer(car, Day(20_001), 1_000).await;
    owner.settle().await;
    let file = owner.export(Some(car), Some(PROTECT)).await;
    assert!(!file.bytes.windows(4).any(|window| window == b"wash"));

    let mut heir = world.owner().await;
    let theirs = heir.bare_car().await;
    let before = heir.timeline(theirs).await.len();
    let asked = heir.try_import(theirs, &file, &Answers::default()).await.unwrap();
    assert_eq!((asked.format, asked.questions), (Format::CarnetExport, vec![Question::Passphrase]));
    let answers = |passphrase: &str| Answers { passphrase: Some(passphrase.into()), ..Answers::default() };
    let wrong = heir.try_import(theirs, &file, &answers("not this one at all")).await;
    assert_eq!(wrong.err(), Some(WalletError::WrongPassphrase));
    let answers = answers(PROTECT);
    let run = heir.try_import(theirs, &file, &answers).await.unwrap();
    assert_eq!((run.drafts.len(), run.skipped.len()), (3, 0));
    assert_eq!(heir.import(theirs, &file, &answers).await, 3);
    heir.settle().await;
    let entries = heir.everything(theirs).await;
    let wash = entries.iter().find(|entry| matches!(&entry.fact, Fact::Expense(e) if e.description == "wash"));
    let wash = wash.unwrap().clone();
    assert_eq!(wash.source, SourceName::Own(OriginKind::CarnetExport), "who brings it in has not typed it");
    // Its files came along; the exporting owner's own word needs no statement.
    assert_eq!(wash.attachments.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["invoice.txt"]);
    let attachment = wash.attachments[0].record;
    let file_of = Command::Attachment { subject: Subject::Own(theirs), record: wash.record, attachment };
    let Answer::File(invoice) = heir.ask(file_of).await.unwrap() else { panic!("a file") };
    assert_eq!(invoice.bytes, b"the invoice");

    // Again it brings nothing; undone it is gone.
    let again = heir.try_import(theirs, &file, &answers).await.unwrap();
    assert_eq!((again.drafts.len(), again.duplicates.len()), (0, 3));
    let Answer::Imports(imports) = heir.ask(Command::Imports { vehicle: theirs }).await.unwrap() else {
        panic!("imports")
    };
    heir.ask(Command::UndoImport { vehicle: theirs, import: imports[0].import }).await.unwrap();
    assert_eq!(heir.timeline(theirs).await.len(), before);
}

/// A whole life of a car: what it says is equal, record by record and file by file, and so is what follows from it.
#[tokio::test]
async fn an_empty_wallet_gets_an_equal_passport() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let sample = owner.add_sample().await;
    expense(&mut owner, sample, "wash", Some(b"the invoice")).await;
    // Two that say the same are two.
    expense(&mut owner, sample, "toll", None).await;
    expense(&mut owner, sample, "toll", None).await;
    let file = owner.export(None, None).await;

    let mut heir = world.owner().await;
    let theirs = heir.bare_car().await;
    let empty = heir.everything(theirs).await.len();
    let run = heir.try_import(theirs, &file, &Answers::default()).await.unwrap();
    assert_eq!((run.skipped.len(), run.duplicates.len()), (0, 0));
    assert_eq!(run.notes, [ImportNote::SignedAnew { others: 0 }]);
    heir.import(theirs, &file, &Answers::default()).await;
    heir.settle().await;

    let said = |entries: Vec<RecordView>| {
        let mut said: Vec<String> = entries
            .iter()
            .map(|entry| {
                let files: Vec<_> = entry.attachments.iter().map(|f| (&f.name, &f.media_type, f.size)).collect();
                format!("{:?} {:?} {:?} {files:?}", entry.day, entry.fact, entry.note)
            })
            .collect();
        said.sort();
        said
    };
    let (before, after) = (owner.everything(sample).await, heir.everything(theirs).await);
    assert_eq!(after.len(), before.len() + empty);
    let (before, after) = (said(before), said(after));
    assert!(before.iter().all(|entry| after.contains(entry)));
    let (was, is) =
        (owner.passport(Subject::Own(sample)).await.unwrap(), heir.passport(Subject::Own(theirs)).await.unwrap());
    assert_eq!(is.identity.vin, was.identity.vin);
    // It stays what it is: a sample, of which nothing is believed.
    assert!(was.sample && is.sample);
    assert_eq!(is.synthesis.truth.quality.high, 0);
    let card = heir.vehicles().await.remove(0);
    assert!(card.sample);
    let link = heir.share(theirs, by_link(), all_days(&[Category::Mileage])).await.link.unwrap();
    heir.settle().await;
    let mut buyer = world.owner().await;
    buyer.open(&link, None).await.unwrap();
    assert!(buyer.passport(Subject::Link).await.unwrap().sample);
    assert_eq!(is.odometer.latest.map(|latest| latest.odometer), was.odometer.latest.map(|latest| latest.odometer));

    let again = heir.try_import(theirs, &file, &Answers::default()).await.unwrap();
    assert_eq!((again.drafts.len(), again.duplicates.len()), (0, before.len()));
    heir.ask(Command::CommitImport { vehicle: theirs, file, answers: Answers::default() }).await.unwrap();
    assert_eq!(heir.everything(theirs).await.len(), before.len() + empty);
}

/// The car knows its number: what another car's export says does not mix with it.
#[tokio::test]
async fn the_export_of_another_car_is_refused_and_of_several_the_cars_own_is_taken() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let (car, sample) = (owner.add_car().await, owner.add_sample().await);
    let (of_sample, of_all) = (owner.export(Some(sample), None).await, owner.export(None, None).await);
    let refused = owner.try_import(car, &of_sample, &Answers::default()).await.err();
    assert!(matches!(refused, Some(WalletError::Import(ImportError::WrongVehicle { .. }))), "{refused:?}");
    let own = owner.try_import(car, &of_all, &Answers::default()).await.unwrap();
    assert_eq!((own.questions.len(), own.drafts.len(), own.duplicates.len()), (0, 0, 1));
    let mut heir = world.owner().await;
    let bare = heir.bare_car().await;
    let asked = heir.try_import(bare, &of_all, &Answers::default()).await.unwrap();
    assert!(matches!(asked.questions.as_slice(), [Question::Vehicle { options }] if options.len() == 2));
}

#[tokio::test]
async fn what_is_no_whole_export_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    expense(&mut owner, car, "wash", Some(b"the invoice")).await;
    let file = owner.export(Some(car), None).await;
    let sealed = owner.export(Some(car), Some(PROTECT)).await;
    let mut heir = world.owner().await;
    let theirs = heir.bare_car().await;
    let rows = heir.store.dump();
    let answers = Answers { passphrase: Some(PROTECT.into()), ..Answers::default() };
    let text = String::from_utf8(file.bytes.clone()).unwrap();
    let without = |part: &str| -> Vec<u8> {
        let kept = text.lines().filter(|line| !line.contains(part)).map(|line| format!("{line}\n"));
        kept.collect::<String>().into_bytes()
    };
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
        ("other JSON", b"{\"hello\": 1}\n".to_vec()),
        ("cut off", file.bytes[..file.bytes.len() / 2].to_vec()),
        ("without its end", without("\"end\"")),
        ("a line lost", without("\"file\"")),
        ("a later version", text.replacen("\"version\":1", "\"version\":2", 1).into_bytes()),
        ("too large", [file.bytes.as_slice(), &vec![b' '; EXPORT_MAX]].concat()),
        ("sealed, cut off", sealed.bytes[..sealed.bytes.len() - 1].to_vec()),
        ("sealed, its beginning only", sealed.bytes[..30].to_vec()),
    ];
    for (name, bytes) in cases {
        let file = FileData { bytes, ..file.clone() };
        assert!(heir.try_import(theirs, &file, &answers).await.is_err(), "{name}");
        let commit = Command::CommitImport { vehicle: theirs, file, answers: answers.clone() };
        assert!(heir.ask(commit).await.is_err(), "{name}");
    }
    let cut = FileData { bytes: sealed.bytes[..sealed.bytes.len() / 2].to_vec(), ..sealed };
    let said = heir.try_import(theirs, &cut, &Answers::default()).await.err();
    assert!(matches!(said, Some(WalletError::Import(ImportError::CutOff))), "{said:?}");
    assert!(heir.store.dump() == rows, "a refused file changed the store");
}

/// Without its files a car of any size goes; the records say which files are missing.
#[tokio::test]
async fn an_export_without_files_names_what_is_missing() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    expense(&mut owner, car, "wash", Some(b"the invoice")).await;
    let command = Command::Export { vehicle: Some(car), passphrase: PASSPHRASE.into(), protect: None, files: false };
    let Answer::File(file) = owner.ask(command).await.unwrap() else { panic!("a file") };
    let mut heir = world.owner().await;
    let theirs = heir.bare_car().await;
    let run = heir.try_import(theirs, &file, &Answers::default()).await.unwrap();
    let reasons: Vec<&SkipReason> = run.skipped.iter().map(|skipped| &skipped.reason).collect();
    assert_eq!(reasons, [&SkipReason::FileLeftOut { name: "invoice.txt".into() }]);
    assert_eq!(run.drafts.len(), 2);
}

/// A source's word keeps its signature: exported, imported and exported again it can still be verified.
#[tokio::test]
async fn what_a_source_signed_keeps_a_statement_that_can_be_verified() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    expense(&mut owner, car, "wash", None).await;
    let file = owner.export(Some(car), None).await;
    // The same records as if another had signed them: the car is said to be somebody else's.
    let text = String::from_utf8(file.bytes.clone()).unwrap();
    let exported = read(&file);
    let other = carnet_protocol::key::VerifyingKey([7; 32]).to_string();
    let text = text.replace(&format!("\"owner\":\"{}\"", exported.cars[0].owner), &format!("\"owner\":\"{other}\""));
    let file = FileData { bytes: text.into_bytes(), ..file };

    let mut heir = world.owner().await;
    let theirs = heir.bare_car().await;
    heir.import(theirs, &file, &Answers::default()).await;
    let again = read(&heir.export(Some(theirs), None).await);
    let statements: Vec<&[u8]> = again.cars[0]
        .records
        .iter()
        .flat_map(|record| record.payload.attachments.iter().zip(&record.files))
        .filter(|(named, _)| named.name == "signed-by-source.carnet-statement")
        .map(|(_, file)| file.bytes.as_slice())
        .collect();
    assert_eq!(statements.len(), 2);
    for (statement, record) in
        statements.iter().map(|bytes| encoding::decode::<Signed<Payload>>(bytes).unwrap()).zip([(); 2])
    {
        let () = record;
        assert_eq!(statement.key, exported.cars[0].owner);
        let payload = verify(&statement).unwrap();
        assert!(exported.cars[0].records.iter().any(|record| record.payload == payload));
    }
}

/// A garage's reading clashes with the owner's, the owner disputes it, and the garage had corrected another: after the way
/// through a file nothing of it looks better.
#[tokio::test]
async fn nothing_looks_better_after_an_import() {
    let world = World::new().await;
    let (mut owner, car, mut garage, pairing) = paired(&world).await;
    let today = garage.now().day();
    owner.add_odometer(car, Day(today.0 - 400), 200_000).await;
    let disputed = write(&mut garage, Via::Paired(pairing), service(today, 80_000)).await[0].record;
    let wrong = write(&mut garage, Via::Paired(pairing), service(Day(today.0 - 800), 90_000)).await[0].record;
    garage.settle().await;
    let corrected = WriteDraft { rectifies: Some(wrong), ..service(Day(today.0 - 800), 70_000) };
    write(&mut garage, Via::Paired(pairing), corrected).await;
    garage.settle().await;
    owner.settle().await;
    let (kind, reason) = (StatementKind::Disputed, Some("canary: it was more".to_owned()));
    owner.ask(SourceCommand::AnswerRecord { vehicle: car, record: disputed, kind, reason }).await.unwrap();
    owner.settle().await;
    let file = owner.export(Some(car), None).await;

    let mut heir = world.owner().await;
    heir.settle().await;
    let theirs = heir.bare_car().await;
    heir.import(theirs, &file, &Answers::default()).await;
    heir.settle().await;
    let (was, is) =
        (owner.passport(Subject::Own(car)).await.unwrap(), heir.passport(Subject::Own(theirs)).await.unwrap());
    assert!(is.odometer.report.verdict >= was.odometer.report.verdict, "{:?}", is.odometer.report);
    assert!(is.synthesis.truth.answer >= was.synthesis.truth.answer);
    assert_eq!((is.synthesis.truth.disputes, was.synthesis.truth.disputes), (1, 1));
    assert_eq!(is.odometer_readings, was.odometer_readings, "what was corrected stays corrected");
    let index = |entry: &RecordView| entry.quality.as_ref().map_or(0, |quality| quality.index);
    for entry in was.timeline.entries.iter().filter(|entry| entry.rectified_by.is_empty()) {
        let after = is.timeline.entries.iter().find(|after| after.fact == entry.fact && after.day == entry.day);
        let after = after.unwrap();
        assert!(index(after) <= index(entry), "{entry:?} became {after:?}");
    }
    // Once more it brings nothing, not even the dispute.
    let again = heir.try_import(theirs, &file, &Answers::default()).await.unwrap();
    assert!(again.drafts.is_empty(), "{:?}", again.drafts);
}

#[tokio::test]
async fn what_was_changed_in_an_export_is_passed_over_and_said() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    expense(&mut owner, car, "wash", Some(b"the invoice")).await;
    let file = owner.export(Some(car), None).await;
    let mut lines: Vec<String> = String::from_utf8(file.bytes.clone()).unwrap().lines().map(str::to_owned).collect();
    let (with_file, of_identity) = (
        lines.iter().position(|line| line.contains("\"file\":")).unwrap(),
        lines.iter().position(|line| line.contains("\"identity\"") && line.contains("\"signed\"")).unwrap(),
    );
    // Another file in its place, and a payload that nobody signed: the last letters of the base64 are the signature's.
    lines[with_file] = lines[with_file].replace("dGhlIGludm9pY2U=", "YW5vdGhlciBmaWxl");
    let signed = lines[of_identity].split("\"signed\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut forged = signed.clone();
    let at = forged.len() - 12;
    let letter = if &forged[at..=at] == "A" { "B" } else { "A" };
    forged.replace_range(at..=at, letter);
    lines[of_identity] = lines[of_identity].replace(&signed, &forged);
    let changed = FileData { bytes: (lines.join("\n") + "\n").into_bytes(), ..file.clone() };

    let mut heir = world.owner().await;
    let theirs = heir.bare_car().await;
    let run = heir.try_import(theirs, &changed, &Answers::default()).await.unwrap();
    assert_eq!(run.drafts.len(), 1);
    let reasons: Vec<&SkipReason> = run.skipped.iter().map(|skipped| &skipped.reason).collect();
    assert!(reasons.contains(&&SkipReason::BadSignature), "{reasons:?}");
    assert!(reasons.contains(&&SkipReason::FileLeftOut { name: "invoice.txt".into() }), "{reasons:?}");
    assert!(matches!(run.drafts[0].place, Place::Line { .. }));
    let cut = FileData { bytes: file.bytes[..file.bytes.len() - 10].to_vec(), ..file };
    assert!(matches!(
        heir.try_import(theirs, &cut, &Answers::default()).await.err(),
        Some(WalletError::Import(carnet_import::ImportError::CutOff))
    ));
}

#[tokio::test]
async fn a_table_runs_in_no_spreadsheet() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    expense(&mut owner, car, "@SUM(1)", None).await;
    let command = Command::ExportTable { vehicle: car, category: Category::Finance, passphrase: PASSPHRASE.into() };
    let Answer::File(table) = owner.ask(command).await.unwrap() else { panic!("a file") };
    let text = String::from_utf8(table.bytes).unwrap();
    assert!(text.starts_with("\u{feff}date,kind,type,description,amount,currency,note,"), "{text}");
    for cell in ["'=HYPERLINK(1)", "'@SUM(1)", "2024-10-04,", ",-10.00,EUR,", ",typed,owner,owner"] {
        assert!(text.contains(cell), "{text}");
    }
}
