use crate::{
    car::{Car, HOUR, LABEL, OTHER_LABEL, grant_path, key, record_id},
    relay::{By, TestRelay},
};
use carnet_protocol::{
    api::{
        ProblemCode as Code,
        body::{GrantAnswer, GrantBatch, Inbox, RecordPage, Stored, ViewKind, ViewPage},
        path,
    },
    day::Timestamp,
    grant::GrantEnvelope,
    id::{GrantId, Hash32},
    ledger::Action,
};

async fn records(relay: &TestRelay, by: By<'_>) -> RecordPage {
    relay.get(&grant_path(path::GRANT_RECORDS, 1), by).await.value()
}

/// Records inside the grant's days and label, and outside by one.
async fn filled(relay: &TestRelay) -> Car<'_> {
    let car = Car::open(relay, 1).await;
    let mut uploads: Vec<_> = [9, 10, 20, 21].into_iter().map(|day| car.upload(day as u8, day)).collect();
    uploads.push(car.upload_of(car.header(50, OTHER_LABEL, 15), 300, 50));
    car.keep(uploads).await;
    car
}

/// Whoever knows name and hash of a record before its leaf is there could put a leaf of their own under that name.
#[tokio::test]
async fn a_record_is_its_owners_alone_until_the_ledger_has_it() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    let (insurer, member) = (key(7), key(8));
    car.give(1, Some(insurer.verifying_key())).await;
    let one = path::fill(path::GRANT_RECORD, &[&GrantId([1; 16]), &record_id(60)]);
    let early = vec![car.upload(60, 15)];
    car.store(early.clone()).await.value::<Stored>();
    let shown =
        async || records(&relay, By::Key(&insurer)).await.records.iter().any(|r| r.header.record == record_id(60));
    assert!(!shown().await);
    assert_eq!(relay.get(&one, By::Key(&insurer)).await.code(), Code::NotFound);
    assert_eq!(relay.get(&car.record_path(60), car.by()).await.status, 200);
    car.commit(&early).await;
    assert!(shown().await);
    assert_eq!(relay.get(&one, By::Key(&insurer)).await.status, 200);

    // A leaf under its name that is for something else does not make it shown either.
    car.commit(&[car.upload_of(car.header(61, LABEL, 15), 300, 99)]).await;
    car.store(vec![car.upload(61, 15)]).await.value::<Stored>();
    let other = path::fill(path::GRANT_RECORD, &[&GrantId([1; 16]), &record_id(61)]);
    assert_eq!(relay.get(&other, By::Key(&insurer)).await.code(), Code::NotFound);
    assert_eq!(relay.get(&other, By::Key(&member)).await.code(), Code::NotFound);
}

/// A grant's name is on the ledger before its owner brings it here, and whoever follows the ledger's log reads it there.
#[tokio::test]
async fn nobody_takes_the_name_of_anothers_grant() {
    let relay = TestRelay::start().await;
    let (car, thief) = (filled(&relay).await, Car::open(&relay, 2).await);
    let insurer = key(7);
    let squat = async |id| {
        let envelope = thief.envelope(thief.grant_of(id, Some(insurer.verifying_key())), &thief.owner);
        relay.put(&grant_path(path::GRANT, id), thief.by(), &envelope).await
    };
    car.issue(1).await;
    assert_eq!(squat(1).await.code(), Code::Conflict);
    thief.issue(1).await;
    assert_eq!(squat(1).await.code(), Code::Conflict, "who was second on the ledger is second here");
    let good = car.give(1, Some(insurer.verifying_key())).await;
    assert_eq!(relay.get(&grant_path(path::GRANT, 1), By::Key(&insurer)).await.value::<GrantEnvelope>(), good);
    assert_eq!(squat(1).await.code(), Code::Conflict);

    // One that was here before the ledger knew the name gives way, with its links.
    thief.share(2, None).await;
    car.issue(2).await;
    let good = car.give(2, Some(insurer.verifying_key())).await;
    assert_eq!(relay.get(&grant_path(path::GRANT, 2), By::Key(&insurer)).await.value::<GrantEnvelope>(), good);
    assert_eq!(relay.get(&grant_path(path::GRANT, 2), thief.by()).await.code(), Code::NotFound);
    let inbox: Inbox = relay.get(path::INBOX, By::Key(&insurer)).await.value();
    assert_eq!(inbox.grants.len(), 2);
}

#[tokio::test]
async fn a_grantee_reads_what_is_in_scope_with_the_granted_wraps_and_nothing_else() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    let insurer = key(7);
    car.give(1, Some(insurer.verifying_key())).await;
    let page = records(&relay, By::Key(&insurer)).await;
    assert_eq!(page.records.iter().map(|r| r.header.day.0).collect::<Vec<_>>(), [10, 20]);
    assert!(page.records.iter().all(|r| r.wraps.len() == 1 && r.wraps[0].generation == 1 && r.header.label == LABEL));
    let one = |id| path::fill(path::GRANT_RECORD, &[&GrantId([1; 16]), &record_id(id)]);
    assert_eq!(relay.get(&one(10), By::Key(&insurer)).await.status, 200);
    for outside in [9, 21, 50, 99] {
        assert_eq!(relay.get(&one(outside), By::Key(&insurer)).await.code(), Code::NotFound);
    }
    for stranger in [By::Key(&car.owner), By::Key(&key(8))] {
        assert_eq!(relay.get(&one(10), stranger).await.code(), Code::NotFound);
    }
    assert_eq!(relay.get(&grant_path(path::GRANT_RECORDS, 1), By::Nobody).await.code(), Code::Unauthenticated);
    assert_eq!(relay.get(&one(10), By::View(&[1; 32])).await.code(), Code::Unauthenticated);
}

#[tokio::test]
async fn looks_are_logged_once_a_day() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    let insurer = key(7);
    let mut grant = car.grant_of(1, Some(insurer.verifying_key()));
    grant.not_after = grant.not_after.plus(48 * HOUR);
    let envelope = car.envelope(grant, &car.owner);
    relay.put(&grant_path(path::GRANT, 1), car.by(), &envelope).await.value::<Stored>();
    for _ in 0..3 {
        records(&relay, By::Key(&insurer)).await;
    }
    relay.clock.advance(24 * HOUR);
    records(&relay, By::Key(&insurer)).await;
    let views: ViewPage = relay.get(&car.path(path::VIEWS), car.by()).await.value();
    assert_eq!(views.views.iter().map(|view| view.kind).collect::<Vec<_>>(), [ViewKind::Fetched; 2]);
    assert_eq!(views.views[0].grant, GrantId([1; 16]));
}

#[tokio::test]
async fn an_inbox_shows_terms_answers_and_revocations() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    let insurer = key(7);
    let envelope = car.give(1, Some(insurer.verifying_key())).await;
    car.give(2, Some(key(8).verifying_key())).await;
    let inbox: Inbox = relay.get(path::INBOX, By::Key(&insurer)).await.value();
    assert_eq!(inbox.grants.len(), 1);
    assert_eq!(inbox.grants[0].envelope, envelope);
    assert_eq!((inbox.grants[0].answer, inbox.grants[0].revoked), (None, false));
    let answer = GrantAnswer { accept: true };
    let path = grant_path(path::GRANT_ANSWER, 1);
    assert_eq!(relay.post(&path, By::Key(&key(8)), &answer).await.code(), Code::NotFound);
    assert_eq!(relay.post(&path, By::Key(&insurer), &answer).await.value::<Stored>().new, 1);
    assert_eq!(relay.post(&path, By::Key(&insurer), &answer).await.value::<Stored>().new, 0);
    relay.delete(&grant_path(path::GRANT, 1), car.by()).await.done();
    let inbox: Inbox = relay.get(path::INBOX, By::Key(&insurer)).await.value();
    assert_eq!((inbox.grants[0].answer, inbox.grants[0].revoked), (Some(answer), true));
    let views: ViewPage = relay.get(&car.path(path::VIEWS), car.by()).await.value();
    assert_eq!(views.views.iter().map(|view| view.kind).collect::<Vec<_>>(), [ViewKind::Accepted]);
}

#[tokio::test]
async fn nothing_is_served_once_a_grant_was_taken_back_declined_or_has_ended() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    let insurer = key(7);
    let by = By::Key(&insurer);
    let path_of = |id| grant_path(path::GRANT_RECORDS, id);
    for id in 1..=5 {
        car.give(id, Some(insurer.verifying_key())).await;
        assert_eq!(relay.get(&path_of(id), by).await.status, 200);
    }
    relay.delete(&grant_path(path::GRANT, 1), car.by()).await.done();
    assert_eq!(relay.get(&path_of(1), by).await.code(), Code::Revoked);
    assert_eq!(relay.get(&grant_path(path::GRANT, 1), by).await.code(), Code::Revoked);
    relay.delete(&grant_path(path::GRANT, 1), car.by()).await.done();

    relay.post(&grant_path(path::GRANT_ANSWER, 2), by, &GrantAnswer { accept: false }).await.value::<Stored>();
    assert_eq!(relay.get(&path_of(2), by).await.code(), Code::Gone);
    relay.post(&grant_path(path::GRANT_ANSWER, 2), by, &GrantAnswer { accept: true }).await.value::<Stored>();
    assert_eq!(relay.get(&path_of(2), by).await.status, 200);

    // Revoked on the ledger alone: the owner's relay was not told.
    let (grant, stream, not_after) = (GrantId([3; 16]), car.stream, relay_now(&relay, HOUR));
    car.act(Action::IssueGrant { stream, grant, hash: Hash32([1; 32]), not_after, acceptor: None }).await;
    assert_eq!(relay.get(&path_of(3), by).await.status, 200);
    car.act(Action::RevokeGrant { stream, grant }).await;
    assert_eq!(relay.get(&path_of(3), by).await.code(), Code::Revoked);
    let inbox: Inbox = relay.get(path::INBOX, by).await.value();
    assert_eq!(inbox.grants.iter().filter(|item| item.revoked).count(), 2);

    relay.clock.advance(HOUR + 1);
    assert_eq!(relay.get(&path_of(4), by).await.code(), Code::Gone);
    let late = relay.post(&grant_path(path::GRANT_ANSWER, 4), by, &GrantAnswer { accept: true }).await;
    assert_eq!(late.code(), Code::Gone);
}

fn relay_now(relay: &TestRelay, ahead: u64) -> carnet_protocol::day::Timestamp {
    use carnet_server::clock::Clock as _;
    relay.clock.now().plus(ahead)
}

#[tokio::test]
async fn a_closed_passport_ends_its_grants() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    let insurer = key(7);
    car.give(1, Some(insurer.verifying_key())).await;
    car.act(Action::CloseStream { stream: car.stream }).await;
    assert_eq!(relay.get(&grant_path(path::GRANT_RECORDS, 1), By::Key(&insurer)).await.code(), Code::Gone);
    let inbox: Inbox = relay.get(path::INBOX, By::Key(&insurer)).await.value();
    assert!(inbox.grants.iter().all(|item| item.revoked));
    let another = car.envelope(car.grant_of(2, None), &car.owner);
    assert_eq!(relay.put(&grant_path(path::GRANT, 2), car.by(), &another).await.code(), Code::Gone);
}

#[tokio::test]
async fn a_grant_is_stored_as_its_owner_signed_it_or_not_at_all() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    let thief = Car::open(&relay, 2).await;
    let grantee = Some(key(7).verifying_key());
    let path_of = |id| grant_path(path::GRANT, id);
    let good = car.envelope(car.grant_of(1, grantee), &car.owner);

    assert_eq!(relay.put(&path_of(2), car.by(), &good).await.code(), Code::BadRequest);
    assert_eq!(relay.put(&path_of(1), thief.by(), &good).await.code(), Code::Forbidden);
    let forged = thief.envelope(car.grant_of(1, grantee), &thief.owner);
    assert_eq!(relay.put(&path_of(1), thief.by(), &forged).await.code(), Code::Forbidden);
    let mut reseal: GrantEnvelope = good.clone();
    reseal.sealed.sealed.0[0] ^= 1;
    assert_eq!(relay.put(&path_of(1), car.by(), &reseal).await.code(), Code::BadRequest);
    let mut ended = car.grant_of(1, grantee);
    ended.not_after = ended.issued_at;
    let ended = car.envelope(ended, &car.owner);
    assert_eq!(relay.put(&path_of(1), car.by(), &ended).await.code(), Code::Gone);
    let mut empty = car.grant_of(1, grantee);
    empty.scopes.clear();
    let empty = car.envelope(empty, &car.owner);
    assert_eq!(relay.put(&path_of(1), car.by(), &empty).await.code(), Code::BadRequest);

    assert_eq!(relay.put(&path_of(1), car.by(), &good).await.value::<Stored>().new, 1);
    assert_eq!(relay.put(&path_of(1), car.by(), &good).await.value::<Stored>().new, 0);
    let other = car.envelope(car.grant_of(1, None), &car.owner);
    assert_eq!(relay.put(&path_of(1), car.by(), &other).await.code(), Code::Conflict);
    assert_eq!(relay.get(&path_of(1), By::Key(&key(7))).await.value::<GrantEnvelope>(), good);
    assert_eq!(relay.get(&path_of(1), car.by()).await.value::<GrantEnvelope>(), good);
    assert_eq!(relay.get(&path_of(1), thief.by()).await.code(), Code::NotFound);
    assert_eq!(relay.delete(&path_of(1), thief.by()).await.code(), Code::Forbidden);
    assert_eq!(relay.delete(&path_of(9), car.by()).await.code(), Code::NotFound);
    relay.delete(&path_of(1), car.by()).await.done();
    assert_eq!(relay.put(&path_of(1), car.by(), &good).await.code(), Code::Gone);
}

#[tokio::test]
async fn who_keeps_changing_an_answer_does_not_fill_the_owners_log() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    let insurer = key(7);
    let mut grant = car.grant_of(1, Some(insurer.verifying_key()));
    grant.not_after = grant.not_after.plus(48 * HOUR);
    let envelope = car.envelope(grant, &car.owner);
    relay.put(&grant_path(path::GRANT, 1), car.by(), &envelope).await.value::<Stored>();
    let answer =
        async |accept| relay.post(&grant_path(path::GRANT_ANSWER, 1), By::Key(&insurer), &GrantAnswer { accept }).await;
    for n in 0..20 {
        assert_eq!(answer(n % 2 == 0).await.value::<Stored>().new, 1);
    }
    assert_eq!(answer(true).await.code(), Code::QuotaExceeded);
    assert_eq!(answer(false).await.value::<Stored>().new, 0);
    relay.clock.advance(24 * HOUR);
    assert_eq!(answer(true).await.value::<Stored>().new, 1);
}

#[tokio::test]
async fn grants_that_stand_are_given_again_in_one_batch_and_others_are_passed_over() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    let again = |n: u8, later: u64| {
        let mut grant = car.grant_of(n, Some(key(7).verifying_key()));
        grant.issued_at = grant.issued_at.plus(1);
        grant.not_after = grant.not_after.plus(later);
        car.envelope(grant, &car.owner)
    };
    for n in [1, 2, 3] {
        car.give(n, Some(key(7).verifying_key())).await;
    }
    relay.delete(&grant_path(path::GRANT, 2), car.by()).await.done();
    // The first with a later end; the second was taken back, the fourth never given, the third may not end earlier.
    let mut earlier = car.grant_of(3, Some(key(7).verifying_key()));
    (earlier.issued_at, earlier.not_after) = (earlier.issued_at.plus(1), Timestamp(earlier.not_after.0 - HOUR / 2));
    let grants = vec![again(1, HOUR), again(2, 0), car.envelope(earlier, &car.owner), again(4, 0)];
    let batch = GrantBatch { grants };
    assert_eq!(relay.post(&car.path(path::GRANTS), car.by(), &batch).await.value::<Stored>().new, 1);
    assert_eq!(relay.post(&car.path(path::GRANTS), car.by(), &batch).await.value::<Stored>().new, 0);
    let stands: GrantEnvelope = relay.get(&grant_path(path::GRANT, 1), car.by()).await.value();
    assert_eq!(stands, batch.grants[0]);
    assert_eq!(relay.get(&grant_path(path::GRANT, 4), car.by()).await.code(), Code::NotFound);

    assert_eq!(relay.post(&car.path(path::GRANTS), By::Key(&key(7)), &batch).await.code(), Code::Forbidden);
    let foreign = GrantBatch { grants: vec![car.envelope(car.grant_of(5, None), &key(8))] };
    assert_eq!(relay.post(&car.path(path::GRANTS), car.by(), &foreign).await.code(), Code::Forbidden);
    let none = GrantBatch { grants: Vec::new() };
    assert_eq!(relay.post(&car.path(path::GRANTS), car.by(), &none).await.code(), Code::BadRequest);
}

#[tokio::test]
async fn the_end_of_what_is_behind_a_link_does_not_move() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    car.give(1, None).await;
    let mut grant = car.grant_of(1, None);
    (grant.issued_at, grant.not_after) = (grant.issued_at.plus(1), grant.not_after.plus(HOUR));
    let later = car.envelope(grant, &car.owner);
    assert_eq!(relay.put(&grant_path(path::GRANT, 1), car.by(), &later).await.code(), Code::Conflict);
}

#[tokio::test]
async fn keys_of_a_further_generation_count_though_the_clock_of_who_gives_them_is_behind() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    let path = grant_path(path::GRANT, 1);
    let first = car.grant_of(1, Some(key(7).verifying_key()));
    let given = |generation: u16, earlier: u64| {
        let mut grant = first.clone();
        grant.issued_at = Timestamp(grant.issued_at.0 - earlier);
        grant.scopes.iter_mut().for_each(|scope| scope.generation += generation);
        car.envelope(grant, &car.owner)
    };
    relay.put(&path, car.by(), &given(1, 0)).await.value::<Stored>();
    assert_eq!(relay.put(&path, car.by(), &given(1, 1)).await.code(), Code::Conflict, "earlier, and nothing new in it");
    assert_eq!(relay.put(&path, car.by(), &given(0, 0)).await.code(), Code::Conflict, "older keys at the same time");
    let further = given(2, 60_000);
    assert_eq!(relay.put(&path, car.by(), &further).await.value::<Stored>().new, 1);
    assert_eq!(relay.get(&path, car.by()).await.value::<GrantEnvelope>(), further);
}

#[tokio::test]
async fn a_grant_given_again_in_the_same_moment_adds_generations_and_drops_none() {
    let relay = TestRelay::start().await;
    let car = filled(&relay).await;
    let path = grant_path(path::GRANT, 1);
    let mut newest = car.grant_of(1, Some(key(7).verifying_key()));
    let earlier = newest.scopes.clone();
    newest.scopes.iter_mut().for_each(|scope| scope.generation += 1);
    let mut both = newest.clone();
    both.scopes.extend(earlier);
    let (newest, both) = (car.envelope(newest, &car.owner), car.envelope(both, &car.owner));
    assert_eq!(relay.put(&path, car.by(), &newest).await.value::<Stored>().new, 1);
    assert_eq!(relay.put(&path, car.by(), &both).await.value::<Stored>().new, 1);
    assert_eq!(relay.put(&path, car.by(), &newest).await.code(), Code::Conflict);
    assert_eq!(relay.get(&path, car.by()).await.value::<GrantEnvelope>(), both);
}
