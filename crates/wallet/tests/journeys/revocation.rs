//! Taking back: what it costs, what it ends, what it cannot undo; and shares that live only while their owner does.

use crate::{
    adversary::{Database, keep_envelopes, member_keys, scopes_of_link, scopes_of_member},
    desk::{answer, inbox, staff},
    world::*,
};
use carnet_protocol::{
    category::Category,
    day::{Day, Timestamp},
    grant::Purpose,
    id::{GrantId, RecordId, StreamId},
    member::MemberClass,
    payload::{Fact, Maintenance, MaintenanceKind},
};
use carnet_wallet::{
    command::{Answer, Audience, Command, ShareDraft, Subject, TimelineFilter},
    error::WalletError,
    view::{InboxState, ShareState, ShareView},
};
use std::collections::BTreeSet;

const SHARED: [Category; 2] = [Category::Identity, Category::Mileage];

async fn shares(owner: &mut Person, vehicle: StreamId) -> Vec<ShareView> {
    let Answer::Shares(shares) = owner.ask(Command::Shares { vehicle }).await.unwrap() else { panic!("shares") };
    shares
}

async fn share_of(owner: &mut Person, vehicle: StreamId, grant: GrantId) -> ShareView {
    shares(owner, vehicle).await.into_iter().find(|share| share.grant == grant).unwrap()
}

async fn revoke(owner: &mut Person, vehicle: StreamId, grant: GrantId) {
    owner.ask(Command::Revoke { vehicle, grant }).await.unwrap();
}

async fn open_ended(owner: &mut Person, vehicle: StreamId, audience: Audience) -> Result<GrantId, WalletError> {
    let draft = ShareDraft {
        audience,
        purpose: Purpose::InsuranceQuote,
        scopes: all_days(&SHARED),
        not_after: None,
        message: None,
    };
    loop {
        match owner.ask(Command::Share { vehicle, draft: draft.clone() }).await {
            Ok(Answer::Shared(shared)) => return Ok(shared.share.grant),
            // Nobody has confirmed the ledger yet.
            Err(WalletError::Busy { .. }) => drop(owner.ask(Command::Sync).await?),
            other => return Err(other.map(drop).unwrap_err()),
        }
    }
}

/// A car with so many records, shared with so many people; taking one share back costs these requests.
async fn cost_of_revoking(world: &World, records: u32, grantees: u32) -> Vec<String> {
    let mut owner = world.owner().await;
    let Answer::Vehicle(card) = owner.ask(Command::AddBenchVehicle { records }).await.unwrap() else { panic!("a car") };
    let car = card.vehicle;
    let first = owner.share(car, by_link(), all_days(&Category::ALL)).await.share.grant;
    for _ in 0..grantees {
        owner.share(car, by_link(), all_days(&Category::ALL)).await;
    }
    owner.settle().await;
    owner.sync().await;
    owner.wire.take_requests();
    revoke(&mut owner, car, first).await;
    owner.settle().await;
    owner.wire.take_requests()
}

#[tokio::test]
async fn rewrapping_fifty_grantees_is_one_request_however_many_records_there_are() {
    let world = World::new().await;
    let few = cost_of_revoking(&world, 10, 50).await;
    let batches = |requests: &[String]| requests.iter().filter(|line| line.ends_with("/grants")).count();
    assert_eq!(batches(&few), 1, "{few:?}");
    // The keyring, the revocation, grant and link away, the batch; and what every sync asks.
    assert!(few.len() <= 14, "{few:?}");
    let many = cost_of_revoking(&world, 2_000, 50).await;
    assert_eq!((batches(&many), many.len()), (1, few.len()), "{many:?}");
    let one = cost_of_revoking(&world, 10, 1).await;
    assert_eq!(one.len(), few.len(), "{one:?}");
}

#[tokio::test]
async fn withdrawing_five_hundred_records_is_one_request_at_the_relay() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let mut counts = Vec::new();
    for rows in [10, 240] {
        let car = owner.add_car().await;
        let line = |n: u32| format!("2024-{:02}-{:02},{},Oil,,\n", n / 28 % 12 + 1, n % 28 + 1, 10_000 + n * 30);
        let csv = format!("Date,Odometer,Description,Notes,Cost\n{}", (0..rows).map(line).collect::<String>());
        let file = text_file("service_records.csv", csv.as_bytes());
        let answers = carnet_import::Answers {
            distance_unit: Some(carnet_import::DistanceUnit::Kilometres),
            currency: Some("EUR".into()),
            lubelogger_kind: Some(carnet_import::LubeLoggerKind::Service),
            ..carnet_import::Answers::default()
        };
        let imported = owner.ask(Command::CommitImport { vehicle: car, file, answers }).await.unwrap();
        let Answer::Import(import) = imported else { panic!("an import") };
        // Each row tells of a service and of the odometer.
        assert_eq!(import.records, 2 * rows);
        owner.settle().await;
        owner.wire.take_requests();
        owner.ask(Command::UndoImport { vehicle: car, import: import.import }).await.unwrap();
        owner.settle().await;
        let requests = owner.wire.take_requests();
        assert_eq!(requests.iter().filter(|line| line.ends_with("/removals")).count(), 1, "{requests:?}");
        assert!(!requests.iter().any(|line| line.starts_with("DELETE")), "{requests:?}");
        counts.push(requests.len());
    }
    // The second sync looks at a second car.
    assert!(counts[1] <= counts[0] + 3, "{counts:?}");
}

#[tokio::test]
async fn the_owner_is_told_what_was_seen_before_and_after_taking_back() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    for n in 0..3 {
        owner.add_odometer(car, Day(20_000 + n), 20_000 + u64::from(n)).await;
    }
    let fact = Fact::Maintenance(Maintenance {
        kind: MaintenanceKind::Service,
        description: "outside of the share".into(),
        odometer: None,
        cost: None,
        workshop: None,
    });
    let outside = Command::AddRecord { vehicle: car, day: Day(20_050), fact, note: None, files: Vec::new() };
    owner.ask(outside).await.unwrap();
    let (mut insurer, role) = staff(&world, MemberClass::Insurer).await;
    let scopes = all_days(&[Category::Mileage]);
    let grant = owner.share(car, Audience::Member(role.member.sign), scopes).await.share.grant;
    owner.settle().await;
    assert_eq!(share_of(&mut owner, car, grant).await.seen, None, "nobody has looked");

    inbox(&mut insurer).await;
    answer(&mut insurer, grant, true).await;
    insurer.passport(Subject::Granted(grant)).await.unwrap();
    let seen = share_of(&mut owner, car, grant).await.seen.unwrap();
    assert_eq!((seen.records, seen.last_day), (3, Some(Day(20_002))));

    revoke(&mut owner, car, grant).await;
    owner.add_odometer(car, Day(20_100), 21_000).await;
    owner.settle().await;
    assert_eq!(share_of(&mut owner, car, grant).await.seen, Some(seen), "what was seen stays seen, and no more");
}

#[tokio::test]
async fn a_share_without_an_end_is_renewed_silently_while_its_owner_is_there() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let (mut insurer, role) = staff(&world, MemberClass::Insurer).await;
    let audience = Audience::Member(role.member.sign);
    assert_eq!(open_ended(&mut owner, car, by_link()).await.err(), Some(WalletError::BadInput), "a link has an end");
    let grant = open_ended(&mut owner, car, audience).await.unwrap();
    owner.settle().await;
    let first = share_of(&mut owner, car, grant).await;
    assert!(first.renewed && first.not_after <= owner.now().plus(90 * Timestamp::DAY));
    inbox(&mut insurer).await;
    answer(&mut insurer, grant, true).await;

    // Nothing is renewed at every sync.
    owner.settle().await;
    assert_eq!(share_of(&mut owner, car, grant).await.not_after, first.not_after);
    world.pass(40, &mut [&mut owner, &mut insurer]).await;
    owner.settle().await;
    let renewed = share_of(&mut owner, car, grant).await;
    assert!(renewed.not_after >= first.not_after.plus(39 * Timestamp::DAY));
    // Long after the first end the member still reads under the one grant it accepted.
    world.pass(60, &mut [&mut owner, &mut insurer]).await;
    let list = inbox(&mut insurer).await;
    assert_eq!((list.len(), list[0].state), (1, InboxState::Accepted));
    assert_eq!((list[0].terms.not_after, list[0].terms.renewed), (renewed.not_after, true));
    assert_eq!(list[0].terms.shared_at, first.issued_at, "it was shared when it was, however often it is renewed");
    assert!(list[0].terms.issued_at > first.issued_at);
    assert!(insurer.passport(Subject::Granted(grant)).await.is_ok());
    owner.settle().await;
    revoke(&mut owner, car, grant).await;
    world.pass(40, &mut [&mut owner, &mut insurer]).await;
    owner.settle().await;
    let share = share_of(&mut owner, car, grant).await;
    assert_eq!(share.state, ShareState::Revoked, "what was taken back stays so");
    assert!(share.revoked_at.is_some_and(|at| share.issued_at <= at), "and says when that was");
    assert_eq!(insurer.passport(Subject::Granted(grant)).await.err(), Some(WalletError::AccessRevoked));
}

#[tokio::test]
async fn a_share_without_an_end_lapses_when_its_owner_stays_away() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let (mut insurer, role) = staff(&world, MemberClass::Insurer).await;
    let grant = open_ended(&mut owner, car, Audience::Member(role.member.sign)).await.unwrap();
    owner.settle().await;
    inbox(&mut insurer).await;
    answer(&mut insurer, grant, true).await;
    world.pass(91, &mut [&mut owner, &mut insurer]).await;
    assert_eq!(insurer.passport(Subject::Granted(grant)).await.err(), Some(WalletError::AccessEnded));
    // Coming back does not bring it back: the owner shares again, knowingly.
    owner.settle().await;
    assert_eq!(share_of(&mut owner, car, grant).await.state, ShareState::Ended);
    assert_eq!(inbox(&mut insurer).await[0].state, InboxState::Ended);
}

#[tokio::test]
async fn what_a_member_declined_is_not_renewed() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let (mut bank, role) = staff(&world, MemberClass::Bank).await;
    let grant = open_ended(&mut owner, car, Audience::Member(role.member.sign)).await.unwrap();
    owner.settle().await;
    inbox(&mut bank).await;
    answer(&mut bank, grant, false).await;
    bank.settle().await;
    let before = share_of(&mut owner, car, grant).await.not_after;
    world.pass(40, &mut [&mut owner]).await;
    owner.settle().await;
    assert_eq!(share_of(&mut owner, car, grant).await.not_after, before);
}

/// The records of a car that are not in `before`.
async fn added(owner: &mut Person, vehicle: StreamId, before: &mut BTreeSet<RecordId>) -> BTreeSet<RecordId> {
    let command =
        Command::Timeline { subject: Subject::Own(vehicle), filter: TimelineFilter::default(), offset: 0, limit: 500 };
    let Answer::Timeline(page) = owner.ask(command).await.unwrap() else { panic!("a timeline") };
    let all: BTreeSet<RecordId> = page.entries.iter().map(|entry| entry.record).collect();
    let new = all.difference(before).copied().collect();
    *before = all;
    new
}

/// An insurer, a bank and a buyer are shut out one after the other. Each kept every key it ever had; then somebody hands
/// them the relay's database.
#[tokio::test]
async fn all_old_keys_and_the_whole_relay_open_nothing_written_after_the_revocation() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    let (mut insurer, to_insurer) = staff(&world, MemberClass::Insurer).await;
    let (mut bank, to_bank) = staff(&world, MemberClass::Bank).await;
    let mut buyer = world.person();
    let kept = [&insurer, &bank, &buyer].map(|person| keep_envelopes(&person.wire));
    let insurer_keys = member_keys(&owner.wire, MemberClass::Insurer).await;
    let bank_keys = member_keys(&owner.wire, MemberClass::Bank).await;

    let scopes = all_days(&Category::ALL);
    let to_insurer = owner.share(car, Audience::Member(to_insurer.member.sign), scopes.clone()).await.share.grant;
    let to_bank = owner.share(car, Audience::Member(to_bank.member.sign), scopes.clone()).await.share.grant;
    let shared = owner.share(car, by_link(), scopes).await;
    let (to_buyer, link) = (shared.share.grant, shared.link.unwrap());
    let mut known = BTreeSet::new();
    let mut times = Vec::new();
    let mut read = async |owner: &mut Person| {
        owner.settle().await;
        for person in [&mut insurer, &mut bank] {
            inbox(person).await;
        }
        let _shut_out = buyer.open(&link, None).await;
    };
    for (n, gone) in [None, Some(to_insurer), Some(to_bank), Some(to_buyer)].into_iter().enumerate() {
        if let Some(grant) = gone {
            revoke(&mut owner, car, grant).await;
        }
        owner.add_odometer(car, Day(20_000 + n as u16), 20_000 + n as u64).await;
        owner.add_odometer(car, Day(19_000), 10_000 + n as u64).await;
        times.push(added(&mut owner, car, &mut known).await);
        read(&mut owner).await;
    }
    let folder = world.end().await;
    let database = Database::read(folder.path(), car, &[to_insurer, to_bank, to_buyer]).await;
    assert_eq!(database.records.len(), known.len());

    let in_hand = |n: usize| [kept[n].lock().unwrap().clone(), database.grants.clone()].concat();
    let insurer = scopes_of_member(&in_hand(0), &insurer_keys);
    let bank = scopes_of_member(&in_hand(1), &bank_keys);
    let buyer = scopes_of_link(&in_hand(2), &link);
    let until = |n: usize| times[..n].iter().flatten().copied().collect::<BTreeSet<_>>();
    // Each opens what was written while it had access, so the attack is a real one; and nothing later.
    assert_eq!(database.opened_with(&insurer), until(1));
    assert_eq!(database.opened_with(&bank), until(2));
    assert_eq!(database.opened_with(&buyer), until(3));
    // All together have no more than the one who was shut out last.
    let everybody = [insurer, bank, buyer].into_iter().flatten().collect::<Vec<_>>();
    assert_eq!(database.opened_with(&everybody), until(3));
}
