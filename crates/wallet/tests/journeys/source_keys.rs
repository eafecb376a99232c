//! To which keys a source seals, when these change under it: after an erasure, when a passport is closed, and while its
//! owner takes nothing in.

use crate::{
    desk::staff,
    erasure::Loot,
    sources::{accident, granted, open, paired, service, write, written},
    standing::member,
    world::*,
};
use carnet_protocol::{
    category::Category,
    day::{Day, DayRange, Timestamp},
    id::{RecordId, StreamId},
    member::MemberClass,
};
use carnet_wallet::{
    command::{Answer, Command, EraseTarget, PairingDraft, SourceCommand, Subject, Via, WriteDraft},
    view::{PassportView, WrittenState},
};

/// A day for which no day seal key is published: what a source writes of it goes to the inbox.
fn long_ago(person: &Person) -> Day {
    Day(person.now().day().0 - 60)
}

async fn code(owner: &mut Person, vehicle: StreamId, categories: &[Category]) -> String {
    let not_after = owner.now().plus(30 * Timestamp::DAY);
    let draft = PairingDraft { name: "Garage".into(), categories: categories.to_vec(), days: DayRange::ALL, not_after };
    match owner.ask(SourceCommand::PairSource { vehicle, draft }).await.unwrap() {
        Answer::Pairing(view) => view.code.unwrap(),
        _ => panic!("a pairing"),
    }
}

/// Writes and sends; answers the record with its files.
async fn sent(source: &mut Person, via: Via, draft: WriteDraft) -> RecordId {
    let record = write(source, via, draft).await[0].record;
    source.settle().await;
    record
}

fn records(passport: &PassportView) -> Vec<RecordId> {
    passport.timeline.entries.iter().map(|entry| entry.record).collect()
}

#[tokio::test]
async fn what_a_source_sealed_to_an_erased_day_or_to_the_inbox_opens_with_nothing_afterwards() {
    let world = World::new().await;
    let (mut owner, car, mut garage, pairing) = paired(&world).await;
    let (today, past, via) = (garage.now().day(), long_ago(&garage), Via::Paired(pairing));
    let by_day = sent(&mut garage, via, service(today, 40_000)).await;
    let by_inbox = sent(&mut garage, via, service(past, 30_000)).await;
    // As it was when nobody but the source had touched it.
    let before = Loot::steal(&world, &[car], &[]).await;
    owner.settle().await;
    let passport = owner.passport(Subject::Own(car)).await.unwrap();
    let files: Vec<RecordId> =
        passport.timeline.entries.iter().flat_map(|entry| &entry.attachments).map(|file| file.record).collect();
    assert_eq!((passport.completeness.missing, files.len()), (0, 2));
    // Sealed to the day that is erased now, and not taken in before.
    let unseen = sent(&mut garage, via, service(today, 40_001)).await;
    let all = before.opens(&world, &owner).await;
    assert!(all.contains_key(&by_day) && all.contains_key(&by_inbox) && all.contains_key(&unseen));

    for record in [by_day, by_inbox] {
        owner.erase(EraseTarget::Record { vehicle: car, record }).await.unwrap();
    }
    owner.settle().await;
    assert!(owner.erasures().await.iter().all(|erasure| erasure.receipt.streams.len() == 1));
    let left = before.opens(&world, &owner).await;
    for gone in files.iter().chain([&by_day, &by_inbox, &unseen]) {
        assert!(!left.contains_key(gone), "it opens still");
    }
    // The owner's own record is what it was, and the gap shows.
    let own: Vec<&RecordId> = all.keys().filter(|record| left.contains_key(*record)).collect();
    assert!(!own.is_empty() && own.iter().all(|record| left[*record] == all[*record]));
    assert!(owner.passport(Subject::Own(car)).await.unwrap().completeness.missing > 0);

    // The same day and the same long time ago, with the keys that are published now.
    let again = sent(&mut garage, via, service(today, 40_002)).await;
    let again_long_ago = sent(&mut garage, via, service(past, 30_001)).await;
    owner.settle().await;
    let here = records(&owner.passport(Subject::Own(car)).await.unwrap());
    assert!(here.contains(&again) && here.contains(&again_long_ago));
    assert!(!here.contains(&by_day) && !here.contains(&unseen));
}

#[tokio::test]
async fn what_lies_in_the_inbox_while_its_owner_erases_is_taken_in_before_the_key_is_forgotten() {
    let world = World::new().await;
    let (mut owner, car, mut garage, pairing) = paired(&world).await;
    let via = Via::Paired(pairing);
    let day = long_ago(&garage);
    let erased = sent(&mut garage, via, service(day, 30_000)).await;
    owner.settle().await;
    let mut twin = owner.twin(world.wire()).await;
    twin.unlock().await;
    // The owner erases without a connection; meanwhile the garage writes to keys that are still published.
    owner.wire.cut(true);
    owner.erase(EraseTarget::Record { vehicle: car, record: erased }).await.unwrap();
    let meanwhile = sent(&mut garage, via, service(Day(day.0 - 1), 29_000)).await;
    owner.wire.cut(false);
    owner.settle().await;
    let passport = owner.passport(Subject::Own(car)).await.unwrap();
    assert!(records(&passport).contains(&meanwhile) && !records(&passport).contains(&erased));
    // The other device hears of it, and has what the first has.
    twin.settle().await;
    assert!(records(&twin.passport(Subject::Own(car)).await.unwrap()).contains(&meanwhile));
}

#[tokio::test]
async fn what_waits_for_a_closed_passport_is_sealed_anew_for_the_one_that_continues_it() {
    let world = World::new().await;
    let (mut owner, car, mut garage, pairing) = paired(&world).await;
    let (mut expert, grant) = member(&world, &mut owner, car, MemberClass::Expert).await;
    expert.ask(Command::AttestVin { grant, odometer: None }).await.unwrap();
    garage.wire.cut(true);
    let today = garage.now().day();
    let waiting = write(&mut garage, Via::Paired(pairing), service(today, 40_000)).await[0].record;

    // Meanwhile the car has another owner, and a member continues its passport.
    let mut buyer = world.owner().await;
    let next = buyer.add_car().await;
    buyer.settle().await;
    let (mut expert, grant) = member(&world, &mut buyer, next, MemberClass::Expert).await;
    let evidence = expert.passport(Subject::Granted(grant)).await.unwrap().timeline.entries[0].record;
    expert.ask(Command::ReopenPassport { grant, odometer: None, evidence }).await.unwrap();

    garage.wire.cut(false);
    assert!(garage.sync().await.refused.is_some());
    let list = written(&mut garage).await;
    assert_eq!((list.len(), list[0].record, list[0].state), (1, waiting, WrittenState::Closed));
    let code = code(&mut buyer, next, &[Category::Maintenance]).await;
    assert_eq!(open(&mut garage, &code).await.unwrap().len(), 2);
    garage.settle().await;
    let list = written(&mut garage).await;
    assert_eq!((list.len(), list[0].state), (1, WrittenState::Committed), "once, and where it belongs now");
    buyer.settle().await;
    let passport = buyer.passport(Subject::Own(next)).await.unwrap();
    let entry = passport.timeline.entries.iter().find(|entry| entry.record == list[0].record).unwrap();
    assert_eq!((entry.category, entry.attachments.len()), (Category::Maintenance, 1));
    owner.settle().await;
    assert!(!records(&owner.passport(Subject::Own(car)).await.unwrap()).contains(&waiting));
}

#[tokio::test]
async fn an_accident_that_its_owner_never_took_in_counts_as_missing_for_a_reader() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let (mut insurer, _) = staff(&world, MemberClass::Insurer).await;
    let (mut bank, role) = staff(&world, MemberClass::Bank).await;
    let code = code(&mut owner, car, &[Category::Incident]).await;
    let pairing = open(&mut insurer, &code).await.unwrap()[0].pairing;
    let grant = granted(&mut owner, car, &mut bank, &role, &[Category::Incident]).await;
    let link = owner.share(car, by_link(), all_days(&[Category::Incident])).await.link.unwrap();
    owner.settle().await;

    // From here on the owner would rather not know.
    let day = long_ago(&insurer);
    let record = sent(&mut insurer, Via::Paired(pairing), accident(day)).await;
    assert_eq!(written(&mut insurer).await[0].state, WrittenState::Committed);
    let seen = bank.passport(Subject::Granted(grant)).await.unwrap();
    assert_eq!((seen.completeness.committed, seen.completeness.missing), (1, 1));
    assert!(seen.timeline.entries.is_empty());
    let mut buyer = world.person();
    buyer.open(&link, None).await.unwrap();
    assert_eq!(buyer.passport(Subject::Link).await.unwrap().completeness.missing, 1);

    // It cannot be made to go away: taken in, everybody reads it.
    owner.settle().await;
    let seen = bank.passport(Subject::Granted(grant)).await.unwrap();
    assert_eq!((seen.completeness.missing, seen.summary.incidents.len()), (0, 1));
    assert_eq!(records(&seen), [record]);
}
