//! Sources that write: pairing at the counter, writing, reading without the owner, the owner's answers, quarantine.

use crate::{
    desk::{answer, inbox, staff},
    sale,
    world::*,
};
use carnet_protocol::{
    api::path,
    category::Category,
    day::{Day, DayRange, Timestamp},
    id::{GrantId, PairingId, RecordId, StreamId},
    member::MemberClass,
    payload::{Fact, Incident, IncidentKind, Maintenance, MaintenanceKind, Method, StatementKind},
    quantity::Metres,
};
use carnet_wallet::{
    command::{Answer, Audience, Command, PairingDraft, SourceCommand, Subject, Via, WriteDraft},
    error::WalletError,
    view::{
        InboxState, PairedCarView, PairingStatus, PairingView, PassportView, RecordView, SourceName, TimelinePage,
        WrittenState, WrittenView,
    },
};

pub const INVOICE: &[u8] = b"canary invoice of the garage";

fn draft(owner: &Person, categories: &[Category]) -> PairingDraft {
    PairingDraft {
        name: "Canary garage".into(),
        categories: categories.to_vec(),
        days: DayRange::ALL,
        not_after: owner.now().plus(30 * Timestamp::DAY),
    }
}

pub async fn offer(owner: &mut Person, vehicle: StreamId, categories: &[Category]) -> PairingView {
    let draft = draft(owner, categories);
    let Answer::Pairing(view) = owner.ask(SourceCommand::PairSource { vehicle, draft }).await.unwrap() else {
        panic!("a pairing")
    };
    assert_eq!(view.status, PairingStatus::Waiting);
    *view
}

pub async fn pairings(owner: &mut Person, vehicle: StreamId) -> Vec<PairingView> {
    let Answer::Pairings(views) = owner.ask(SourceCommand::Pairings { vehicle }).await.unwrap() else {
        panic!("pairings")
    };
    views
}

pub async fn open(source: &mut Person, code: &str) -> Result<Vec<PairedCarView>, WalletError> {
    match source.ask(SourceCommand::OpenPairing { code: code.to_owned() }).await? {
        Answer::PairedCars(cars) => Ok(cars),
        _ => panic!("cars"),
    }
}

/// An owner with a car, and a garage that may write its service records.
pub async fn paired(world: &World) -> (Person, StreamId, Person, PairingId) {
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let (mut garage, _) = staff(world, MemberClass::Garage).await;
    let view = offer(&mut owner, car, &[Category::Maintenance]).await;
    let cars = open(&mut garage, &view.code.unwrap()).await.unwrap();
    assert_eq!((cars.len(), cars[0].name.as_str()), (1, "Canary's car"));
    (owner, car, garage, cars[0].pairing)
}

pub fn service(day: Day, km: u64) -> WriteDraft {
    WriteDraft {
        day,
        fact: Fact::Maintenance(Maintenance {
            kind: MaintenanceKind::Service,
            description: "canary oil and filters".into(),
            odometer: Some(Metres::from_km(km)),
            cost: None,
            workshop: None,
        }),
        note: None,
        files: vec![text_file("invoice.txt", INVOICE)],
        rectifies: None,
    }
}

pub fn accident(day: Day) -> WriteDraft {
    let incident =
        Incident { kind: IncidentKind::Accident, description: "canary crash".into(), odometer: None, damage: None };
    WriteDraft { day, fact: Fact::Incident(incident), note: None, files: Vec::new(), rectifies: None }
}

pub async fn write(source: &mut Person, via: Via, draft: WriteDraft) -> Vec<WrittenView> {
    let Answer::Written(written) = source.ask(SourceCommand::WriteRecord { via, draft }).await.unwrap() else {
        panic!("written records")
    };
    written
}

pub async fn written(source: &mut Person) -> Vec<WrittenView> {
    let Answer::Written(written) = source.ask(SourceCommand::Written).await.unwrap() else { panic!("written records") };
    written
}

/// A grant to a member, accepted.
pub async fn granted(
    owner: &mut Person,
    car: StreamId,
    reader: &mut Person,
    role: &carnet_wallet::view::MemberView,
    categories: &[Category],
) -> GrantId {
    let shared = owner.share(car, Audience::Member(role.member.sign), all_days(categories)).await;
    owner.settle().await;
    inbox(reader).await;
    assert_eq!(answer(reader, shared.share.grant, true).await[0].state, InboxState::Accepted);
    reader.settle().await;
    shared.share.grant
}

async fn unanswered(owner: &mut Person, vehicle: StreamId) -> TimelinePage {
    let Answer::Timeline(page) = owner.ask(SourceCommand::Unanswered { vehicle }).await.unwrap() else {
        panic!("a page")
    };
    page
}

async fn say(owner: &mut Person, vehicle: StreamId, record: RecordId, kind: StatementKind, reason: &str) -> RecordView {
    let reason = Some(reason.to_owned());
    let command = SourceCommand::AnswerRecord { vehicle, record, kind, reason };
    let Answer::Record(view) = owner.ask(command).await.unwrap() else { panic!("a record") };
    *view
}

pub fn find(passport: &PassportView, record: RecordId) -> &RecordView {
    passport.timeline.entries.iter().find(|entry| entry.record == record).unwrap()
}

#[tokio::test]
async fn an_insurer_reads_what_a_garage_wrote_while_the_owner_is_away() {
    let world = World::new().await;
    let (mut owner, car, mut garage, pairing) = paired(&world).await;
    let (mut insurer, role) = staff(&world, MemberClass::Insurer).await;
    let grant = granted(&mut owner, car, &mut insurer, &role, &[Category::Maintenance]).await;
    assert_eq!(insurer.passport(Subject::Granted(grant)).await.unwrap().timeline.total, 0);

    // From here on the owner's browser is closed.
    owner.wire.cut(true);
    let today = garage.now().day();
    let list = write(&mut garage, Via::Paired(pairing), service(today, 40_000)).await;
    assert_eq!((list.len(), list[0].state), (1, WrittenState::Waiting));
    garage.settle().await;
    assert_eq!(written(&mut garage).await[0].state, WrittenState::Committed);

    let passport = insurer.passport(Subject::Granted(grant)).await.unwrap();
    assert_eq!((passport.timeline.total, passport.completeness.missing), (1, 0));
    let entry = &passport.timeline.entries[0];
    assert!(!entry.quarantined && passport.quarantine.is_empty());
    assert_eq!(entry.method, Method::ReadByProfessional);
    assert!(matches!(&entry.source, SourceName::Member { class: MemberClass::Garage, .. }));
    let (record, attachment) = (entry.record, entry.attachments[0].record);
    let file = Command::Attachment { subject: Subject::Granted(grant), record, attachment };
    let Answer::File(file) = insurer.ask(file).await.unwrap() else { panic!("a file") };
    assert_eq!(file.bytes, INVOICE);

    // The owner comes back and has it as well, and its file.
    owner.wire.cut(false);
    owner.settle().await;
    let passport = owner.passport(Subject::Own(car)).await.unwrap();
    assert_eq!(find(&passport, record).attachments.len(), 1);
    let file = Command::Attachment { subject: Subject::Own(car), record, attachment };
    let Answer::File(file) = owner.ask(file).await.unwrap() else { panic!("a file") };
    assert_eq!(file.bytes, INVOICE);
    assert_eq!(pairings(&mut owner, car).await[0].status, PairingStatus::Paired);
}

#[tokio::test]
async fn a_code_serves_once_and_is_forgiving_to_type() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let (mut garage, _) = staff(&world, MemberClass::Garage).await;
    let (mut other, _) = staff(&world, MemberClass::Bank).await;
    let view = offer(&mut owner, car, &[Category::Maintenance]).await;
    let code = view.code.unwrap();
    assert_eq!(open(&mut garage, "0000-0000-0000-0000").await.err(), Some(WalletError::PairingCodeWrong));
    assert_eq!(open(&mut garage, "not a code").await.err(), Some(WalletError::PairingCodeWrong));
    let typed = code.to_lowercase().replace('-', "  ");
    open(&mut garage, &typed).await.unwrap();
    // The same desk may try again; another one finds it used.
    assert_eq!(open(&mut garage, &format!("https://carnet.example/desk#{code}")).await.unwrap().len(), 1);
    assert!(matches!(open(&mut other, &code).await, Err(WalletError::Rejected { .. })));
    let seen = pairings(&mut owner, car).await;
    assert_eq!((seen[0].status, seen[0].code.is_none()), (PairingStatus::Paired, true));
    assert!(matches!(&seen[0].source, Some(SourceName::Member { class: MemberClass::Garage, .. })));
    assert!(seen[0].source_key.is_some(), "to share with it");
}

#[tokio::test]
async fn what_is_written_offline_waits_and_a_lost_answer_doubles_nothing() {
    let world = World::new().await;
    let (mut owner, car, mut garage, pairing) = paired(&world).await;
    garage.wire.cut(true);
    let today = garage.now().day();
    write(&mut garage, Via::Paired(pairing), service(today, 40_000)).await;
    assert!(garage.sync().await.waiting > 0);
    garage.wire.cut(false);
    // Each answer in turn is lost once: the upload's, its seal key's, the commitment's.
    for lost in 0..12 {
        garage.wire.lose_answer_after(lost);
        garage.sync().await;
    }
    garage.wire.honest();
    garage.settle().await;
    assert_eq!(written(&mut garage).await[0].state, WrittenState::Committed);
    owner.settle().await;
    let passport = owner.passport(Subject::Own(car)).await.unwrap();
    let services = passport.timeline.entries.iter().filter(|entry| entry.category == Category::Maintenance);
    assert_eq!(services.count(), 1);
}

#[tokio::test]
async fn an_owner_disputes_beside_the_record_and_its_source_hears_why() {
    let world = World::new().await;
    let (mut owner, car, mut garage, pairing) = paired(&world).await;
    let today = garage.now().day();
    let record = write(&mut garage, Via::Paired(pairing), service(today, 400_000)).await[0].record;
    garage.settle().await;
    owner.settle().await;
    // With leave nothing asks for an answer, and a reason is needed to speak against it.
    assert_eq!(unanswered(&mut owner, car).await.total, 0);
    let bare = SourceCommand::AnswerRecord { vehicle: car, record, kind: StatementKind::Disputed, reason: None };
    assert_eq!(owner.ask(bare).await.err(), Some(WalletError::BadInput));
    let view = say(&mut owner, car, record, StatementKind::Disputed, "canary: it was 40,000").await;
    assert_eq!((view.said.len(), view.said[0].kind), (1, StatementKind::Disputed));
    assert_eq!(view.said[0].reason.as_deref(), Some("canary: it was 40,000"));
    owner.settle().await;
    let answered = written(&mut garage).await.remove(0).answer.unwrap();
    assert_eq!((answered.kind, answered.reason.as_deref()), (StatementKind::Disputed, Some("canary: it was 40,000")));

    // The garage corrects itself with a record of its own; the first one stays.
    let corrected = WriteDraft { rectifies: Some(record), ..service(today, 40_000) };
    write(&mut garage, Via::Paired(pairing), corrected).await;
    garage.settle().await;
    owner.settle().await;
    let passport = owner.passport(Subject::Own(car)).await.unwrap();
    let original = find(&passport, record);
    assert_eq!((original.rectified_by.len(), original.said.len()), (1, 1));
    assert_eq!(find(&passport, original.rectified_by[0]).rectifies, Some(record));
    assert_eq!(passport.odometer_readings, 1, "judged by the correction alone");
}

#[tokio::test]
async fn an_accident_written_without_leave_shows_to_every_reader_and_counts_once_accepted() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let (mut insurer, role) = staff(&world, MemberClass::Insurer).await;
    let (mut bank, bank_role) = staff(&world, MemberClass::Bank).await;
    let to_insurer = granted(&mut owner, car, &mut insurer, &role, &[Category::Incident]).await;
    let to_bank = granted(&mut owner, car, &mut bank, &bank_role, &[Category::Identity]).await;
    let today = insurer.now().day();
    let record = write(&mut insurer, Via::Granted(to_insurer), accident(today)).await[0].record;
    insurer.settle().await;
    assert_eq!(written(&mut insurer).await[0].state, WrittenState::Quarantined);

    // Even a reader who has nothing of this category sees that it is there, and from whom.
    let seen = bank.passport(Subject::Granted(to_bank)).await.unwrap().quarantine;
    assert_eq!((seen.len(), seen[0].record, seen[0].rejected), (1, None, false));
    assert!(matches!(&seen[0].by, SourceName::Member { class: MemberClass::Insurer, .. }));
    let seen = insurer.passport(Subject::Granted(to_insurer)).await.unwrap();
    assert!(find(&seen, record).quarantined);
    assert_eq!((seen.summary.incidents.len(), seen.quarantine[0].record), (0, Some(record)));

    // Rejecting it does not take it away.
    owner.settle().await;
    assert_eq!(unanswered(&mut owner, car).await.entries[0].record, record);
    say(&mut owner, car, record, StatementKind::Rejected, "not mine").await;
    owner.settle().await;
    assert_eq!(unanswered(&mut owner, car).await.total, 0);
    assert_eq!(bank.passport(Subject::Granted(to_bank)).await.unwrap().quarantine.len(), 1);
    let seen = insurer.passport(Subject::Granted(to_insurer)).await.unwrap();
    assert!(seen.quarantine[0].rejected && find(&seen, record).quarantined);

    say(&mut owner, car, record, StatementKind::Accepted, "it was").await;
    owner.settle().await;
    let seen = insurer.passport(Subject::Granted(to_insurer)).await.unwrap();
    assert_eq!((seen.summary.incidents.len(), seen.quarantine.len()), (1, 0));
    assert!(!find(&seen, record).quarantined);
}

#[tokio::test]
async fn a_counter_signature_raises_the_quality_of_what_the_owner_typed() {
    let world = World::new().await;
    let (mut owner, car, mut garage, pairing) = paired(&world).await;
    let Answer::Members(members) = owner.ask(Command::Members).await.unwrap() else { panic!("members") };
    let role = members.into_iter().find(|member| member.member.class == MemberClass::Garage).unwrap();
    let fact = service(Day(20_000), 20_000).fact;
    let add = Command::AddRecord { vehicle: car, day: Day(20_000), fact, note: None, files: Vec::new() };
    let Answer::Record(typed) = owner.ask(add).await.unwrap() else { panic!("a record") };
    let index = |passport: &PassportView, record| find(passport, record).quality.as_ref().unwrap().index;
    owner.settle().await;
    let before = index(&owner.passport(Subject::Own(car)).await.unwrap(), typed.record);
    let grant = granted(&mut owner, car, &mut garage, &role, &[Category::Maintenance]).await;
    garage.passport(Subject::Granted(grant)).await.unwrap();
    garage.ask(SourceCommand::CounterSign { grant, record: typed.record }).await.unwrap();
    garage.settle().await;
    owner.settle().await;
    let passport = owner.passport(Subject::Own(car)).await.unwrap();
    let said = &find(&passport, typed.record).said;
    assert_eq!((said.len(), said[0].kind), (1, StatementKind::CounterSigned));
    assert!(matches!(&said[0].by, SourceName::Member { class: MemberClass::Garage, .. }));
    // A statement is no entry of its own.
    assert_eq!(passport.timeline.total, 2);
    let after = index(&passport, typed.record);
    assert!(after > before, "{before} before, {after} after");

    // What a garage wrote itself is believed more than either.
    let own = write(&mut garage, Via::Paired(pairing), service(Day(20_000), 20_000)).await[0].record;
    garage.settle().await;
    owner.settle().await;
    assert!(index(&owner.passport(Subject::Own(car)).await.unwrap(), own) > after);
}

#[tokio::test]
async fn after_a_revocation_a_source_seals_to_keys_that_were_not_given_out() {
    let world = World::new().await;
    let (mut owner, car, mut garage, pairing) = paired(&world).await;
    let (mut insurer, role) = staff(&world, MemberClass::Insurer).await;
    let grant = granted(&mut owner, car, &mut insurer, &role, &[Category::Maintenance]).await;
    // Written before, sent after: the wrap is made when it is sent.
    garage.wire.cut(true);
    let today = garage.now().day();
    let record = write(&mut garage, Via::Paired(pairing), service(today, 40_000)).await[0].record;
    owner.ask(Command::Revoke { vehicle: car, grant }).await.unwrap();
    owner.settle().await;
    garage.wire.cut(false);
    garage.settle().await;
    owner.settle().await;
    assert!(find(&owner.passport(Subject::Own(car)).await.unwrap(), record).attachments.len() == 1);
    let (mut bank, role) = staff(&world, MemberClass::Bank).await;
    let grant = granted(&mut owner, car, &mut bank, &role, &[Category::Maintenance]).await;
    assert_eq!(bank.passport(Subject::Granted(grant)).await.unwrap().timeline.total, 1);
}

#[tokio::test]
async fn a_source_that_was_ended_is_told_so_and_writes_by_a_new_code() {
    let world = World::new().await;
    let (mut owner, car, mut garage, pairing) = paired(&world).await;
    owner.ask(SourceCommand::EndPairing { vehicle: car, pairing }).await.unwrap();
    owner.settle().await;
    assert_eq!(pairings(&mut owner, car).await[0].status, PairingStatus::Ended);
    let today = garage.now().day();
    let record = write(&mut garage, Via::Paired(pairing), service(today, 40_000)).await[0].record;
    assert!(garage.sync().await.refused.is_some());
    assert_eq!(written(&mut garage).await[0].state, WrittenState::PairingEnded);
    let view = offer(&mut owner, car, &[Category::Maintenance]).await;
    open(&mut garage, &view.code.unwrap()).await.unwrap();
    let resend = SourceCommand::ResendWritten { record, via: Via::Paired(view.pairing) };
    let Answer::Written(list) = garage.ask(resend).await.unwrap() else { panic!("written records") };
    assert_eq!(list.len(), 1);
    garage.settle().await;
    assert_eq!(written(&mut garage).await[0].state, WrittenState::Committed);
    owner.settle().await;
    let passport = owner.passport(Subject::Own(car)).await.unwrap();
    assert!(passport.timeline.entries.iter().any(|entry| entry.attachments.len() == 1));
    // What lies outside the leave is refused before it is written.
    let outside = SourceCommand::WriteRecord { via: Via::Paired(view.pairing), draft: accident(today) };
    assert_eq!(garage.ask(outside).await.err(), Some(WalletError::OutsidePairing));
}

#[tokio::test]
async fn a_garage_sees_in_its_list_that_a_car_was_sold_before_it_writes_to_it() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = sale::lived_in(&mut owner).await;
    let (mut garage, _) = staff(&world, MemberClass::Garage).await;
    let view = offer(&mut owner, car, &[Category::Maintenance]).await;
    let cars = open(&mut garage, &view.code.unwrap()).await.unwrap();
    assert!(!cars[0].closed && !cars[0].ended);
    let mut buyer = world.owner().await;
    sale::sell(&mut owner, car, &mut buyer, sale::KM).await;

    let asks = format!("GET {}", path::fill(path::STREAM, &[&car]));
    let asked = |garage: &Person| garage.wire.take_requests().into_iter().filter(|request| *request == asks).count();
    asked(&garage);
    garage.settle().await;
    assert_eq!(asked(&garage), 1);
    let Answer::PairedCars(cars) = garage.ask(SourceCommand::PairedCars).await.unwrap() else { panic!("cars") };
    assert!(cars[0].closed && !cars[0].ended);
    // A closed passport stays closed.
    garage.settle().await;
    assert_eq!(asked(&garage), 0);
}

#[tokio::test]
async fn a_relay_that_serves_another_days_key_is_found_out_before_anything_is_sealed() {
    let world = World::new().await;
    let (_owner, _car, mut garage, pairing) = paired(&world).await;
    let today = garage.now().day();
    write(&mut garage, Via::Paired(pairing), service(today, 40_000)).await;
    garage.wire.tamper(|request, mut response| {
        if request.path.contains("/seal-keys/") && response.status == 200 {
            let mut served: carnet_protocol::seal_keys::DaySealKey =
                carnet_protocol::encoding::decode(&response.body).unwrap();
            served.key.as_mut().unwrap().key = carnet_protocol::key::SealingKey([9; 32]);
            response.body = carnet_protocol::encoding::encode(&served);
        }
        response
    });
    let refused = garage.ask(Command::Sync).await.err();
    assert_eq!(refused, Some(WalletError::Untrusted { what: carnet_wallet::error::Distrust::SealKey }));
    assert!(!garage.wire.take_requests().iter().any(|request| request.contains("/written/")));
    garage.wire.honest();
    garage.settle().await;
}
