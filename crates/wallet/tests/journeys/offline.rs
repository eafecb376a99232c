//! Without the relay, with lost answers, and with a crash in between: everything waits, nothing is lost or doubled.

use crate::world::*;
use carnet_protocol::{
    api::{body::LeafPage, path},
    category::Category,
    day::Day,
    encoding,
    id::{RecordId, StreamId},
    ledger::{Leaf, LeafEntry},
    proof::ProofRequest,
};
use carnet_wallet::{
    audit::leaves_in,
    command::{Answer, Command, Notice, Subject},
    error::WalletError,
    store::{Batch, Store as _, StoreError, Table},
    transport::{Method, Request, Transport as _},
    view::{Connection, ProofState},
};

#[tokio::test]
async fn offline_everything_works_and_waits_then_drains() {
    let world = World::new().await;
    let mut owner = world.person();
    owner.wire.cut(true);
    owner.create().await;
    let car = owner.add_car().await;
    owner.add_odometer(car, Day(20_000), 1_000).await;
    let shared = owner.share(car, by_link(), all_days(&[Category::Mileage])).await;
    let view = owner.sync().await;
    assert_eq!((view.connection, view.synced_at), (Connection::Offline, None));
    // The car with its first record, a reading, and a share; the items that carry them are more.
    assert_eq!(view.waiting, 3);
    assert!(owner.notices.iter().any(|notice| matches!(notice, Notice::Sync(view) if view.waiting > 0)));
    // A browser that was closed meanwhile.
    let mut owner = owner.tab();
    owner.unlock().await;
    owner.wire.cut(false);
    owner.settle().await;
    let mut buyer = world.person();
    buyer.open(&shared.link.unwrap(), None).await.unwrap();
    assert_eq!(buyer.passport(Subject::Link).await.unwrap().completeness.missing, 0);
}

pub type Row = (Table, Vec<u8>, Vec<u8>);

/// The rows of a table whose keys start so.
pub fn rows(owner: &Person, table: Table, start: &[u8]) -> Vec<Row> {
    owner.store.dump().into_iter().filter(|(of, key, _)| *of == table && key.starts_with(start)).collect()
}

/// Puts rows in the place of all whose keys start so.
pub async fn exchange(owner: &Person, table: Table, start: &[u8], by: &[Row]) {
    let mut batch = Batch::default();
    for (table, key, _) in rows(owner, table, start) {
        batch.delete(table, key);
    }
    for (table, key, row) in by.iter().cloned() {
        batch.put(table, key, row);
    }
    owner.store.commit(batch).await.unwrap();
}

/// How far a car is confirmed for a browser that starts on what is stored.
async fn reopened(owner: &Person, car: StreamId) -> ProofState {
    let mut tab = owner.tab();
    tab.unlock().await;
    tab.passport(Subject::Own(car)).await.unwrap().proof.state
}

/// A car with two readings, all of it confirmed by the consortium.
pub async fn confirmed_car(owner: &mut Person) -> StreamId {
    let car = owner.add_car().await;
    owner.add_odometer(car, Day(20_000), 1_000).await;
    owner.add_odometer(car, Day(20_100), 2_000).await;
    owner.confirmed(car).await;
    car
}

/// A page that somebody else put into the browser's storage cannot change what was confirmed, unseen.
#[tokio::test]
async fn a_kept_proof_counts_only_for_the_leaves_that_are_kept_with_it() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = confirmed_car(&mut owner).await;
    let other = owner.add_car().await;
    owner.confirmed(other).await;
    owner.wire.cut(true);
    assert_eq!(reopened(&owner, car).await, ProofState::Proved, "without a connection");

    let kept = rows(&owner, Table::Leaves, car.as_bytes());
    let (_, last, _) = kept.last().unwrap();
    let lies: [fn(&mut Vec<Leaf>); 6] = [
        |leaves| *leaves = leaves.split_off(1),
        |leaves| leaves[1].withdrawn = true,
        |leaves| leaves[1].entry.commitment = leaves[0].entry.commitment,
        |leaves| leaves[1].base_quality |= 0x80,
        |leaves| leaves.swap(0, 1),
        |leaves| leaves.push(Leaf { index: 3, withdrawn: true, ..leaves[1] }),
    ];
    for (number, lie) in lies.into_iter().enumerate() {
        let mut leaves: Vec<Leaf> = kept.iter().flat_map(|(.., row)| leaves_in(row).unwrap()).collect();
        lie(&mut leaves);
        let changed = (Table::Leaves, last.clone(), encoding::encode(&leaves));
        exchange(&owner, Table::Leaves, car.as_bytes(), &[changed]).await;
        assert_eq!(reopened(&owner, car).await, ProofState::Pending, "lie {number}");
        // With a connection all of it is read anew, and nothing is lost.
        let mut online = owner.tab();
        online.unlock().await;
        online.wire.cut(false);
        let healed = online.confirmed(car).await;
        online.wire.cut(true);
        assert_eq!((healed.timeline.total, healed.completeness.withdrawn), (3, 0), "lie {number}");
        assert_eq!(reopened(&owner, car).await, ProofState::Proved, "lie {number}, healed");
    }

    // All that was confirmed of another car, in the place of this one's.
    let proof_of = |car: StreamId| [b"proof".as_slice(), car.as_bytes()].concat();
    let proof = rows(&owner, Table::Wallet, &proof_of(car));
    let moved = |(table, _, row): Row, key: Vec<u8>| (table, key, row);
    let others = rows(&owner, Table::Leaves, other.as_bytes()).into_iter();
    let others = others.map(|row| (row.1[16..].to_vec(), row));
    let others: Vec<Row> = others.map(|(number, row)| moved(row, [car.as_bytes(), &number[..]].concat())).collect();
    let other_proof = moved(rows(&owner, Table::Wallet, &proof_of(other)).remove(0), proof_of(car));
    exchange(&owner, Table::Leaves, car.as_bytes(), &others).await;
    exchange(&owner, Table::Wallet, &proof_of(car), &[other_proof]).await;
    assert_eq!(reopened(&owner, car).await, ProofState::Pending, "another car's");
    exchange(&owner, Table::Leaves, car.as_bytes(), &kept).await;
    exchange(&owner, Table::Wallet, &proof_of(car), &proof).await;
    assert_eq!(reopened(&owner, car).await, ProofState::Proved, "as it was");

    // What its owner withdrew here may be marked before the consortium has confirmed that.
    let record = owner.passport(Subject::Own(car)).await.unwrap().timeline.entries[0].record;
    owner.ask(Command::WithdrawRecord { vehicle: car, record }).await.unwrap();
    let marked = kept.into_iter().map(|(table, key, row)| {
        let mut leaves = leaves_in(&row).unwrap();
        leaves.iter_mut().for_each(|leaf| leaf.withdrawn |= leaf.entry.record == record);
        (table, key, encoding::encode(&leaves))
    });
    exchange(&owner, Table::Leaves, car.as_bytes(), &marked.collect::<Vec<_>>()).await;
    assert_eq!(reopened(&owner, car).await, ProofState::Proved, "a record that was withdrawn here");
}

/// A car with a reading of which a relay says, before the consortium has confirmed it, what `lie` makes of its leaves.
async fn lied_about_before_its_first_proof(
    owner: &mut Person,
    lie: impl Fn(&mut Vec<Leaf>) + Send + 'static,
) -> StreamId {
    owner.wire.cut(true);
    let car = owner.add_car().await;
    owner.add_odometer(car, Day(20_000), 1_000).await;
    owner.wire.cut(false);
    // Not on the ledger yet, so the consortium says that it knows of no such car; the relay says so ever after.
    let body = Some(encoding::encode(&ProofRequest { stream: car, seen: None }));
    let ask = Request { method: Method::Post, path: path::STREAM_PROOF.into(), authorization: None, body };
    let unknown = loop {
        let response = owner.wire.send(ask.clone()).await.unwrap();
        if response.status == 200 {
            break response;
        }
    };
    owner.wire.tamper(move |request, mut response| {
        if request.path == path::STREAM_PROOF {
            return unknown.clone();
        }
        if let Ok(mut page) = encoding::decode::<LeafPage>(&response.body) {
            lie(&mut page.leaves);
            response.body = encoding::encode(&page);
        }
        response
    });
    owner.settle().await;
    owner.wire.honest();
    car
}

/// As long as there is no proof, what the relay says of withdrawals is all there is; not any longer.
#[tokio::test]
async fn a_mark_that_was_believed_before_the_first_proof_hides_nothing_after_it() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let mark = |leaves: &mut Vec<Leaf>| leaves.iter_mut().skip(1).for_each(|leaf| leaf.withdrawn = true);
    let car = lied_about_before_its_first_proof(&mut owner, mark).await;
    assert_eq!(owner.passport(Subject::Own(car)).await.unwrap().completeness.withdrawn, 1);
    let healed = owner.confirmed(car).await;
    assert_eq!((healed.timeline.total, healed.completeness.withdrawn), (2, 0));
    assert_eq!(reopened(&owner, car).await, ProofState::Proved);
}

#[tokio::test]
async fn a_leaf_that_was_made_up_as_withdrawn_before_the_first_proof_does_not_stay() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let invent = |leaves: &mut Vec<Leaf>| {
        if let Some(last) = leaves.last().cloned() {
            let entry = LeafEntry { record: RecordId([9; 16]), ..last.entry };
            leaves.push(Leaf { index: last.index + 1, entry, withdrawn: true, ..last });
        }
    };
    let car = lied_about_before_its_first_proof(&mut owner, invent).await;
    owner.add_odometer(car, Day(20_100), 2_000).await;
    // All leaves are read anew now and then, and by a browser that starts.
    let mut owner = owner.tab();
    owner.unlock().await;
    let healed = owner.confirmed(car).await;
    assert_eq!((healed.timeline.total, healed.completeness.committed, healed.completeness.withdrawn), (3, 3, 0));
    assert_eq!(reopened(&owner, car).await, ProofState::Proved);
}

#[tokio::test]
async fn a_part_of_a_passport_that_is_kept_stays_confirmed_without_a_connection() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = confirmed_car(&mut owner).await;
    let shared = owner.share(car, by_link(), all_days(&[Category::Mileage])).await;
    owner.settle().await;
    let mut buyer = world.owner().await;
    buyer.open(&shared.link.unwrap(), None).await.unwrap();
    buyer.ask(Command::ClaimLink).await.unwrap();
    let subject = Subject::Granted(shared.share.grant);
    assert_eq!(buyer.passport(subject.clone()).await.unwrap().proof.state, ProofState::Proved);
    buyer.wire.cut(true);
    let mut later = buyer.tab();
    later.unlock().await;
    let kept = later.passport(subject).await.unwrap();
    assert_eq!((kept.proof.state, kept.timeline.total), (ProofState::Proved, 2));
}

#[tokio::test]
async fn a_retry_after_a_lost_answer_is_harmless_wherever_it_is_lost() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    owner.settle().await;
    let car = owner.add_car().await;
    owner.add_odometer(car, Day(20_000), 1_000).await;
    let shared = owner.share(car, by_link(), all_days(&[Category::Mileage])).await;
    owner.ask(Command::AddBenchVehicle { records: 20 }).await.unwrap();
    let mut drained = false;
    for step in 0..40 {
        // Each time one step further on.
        owner.wire.lose_answer_after(step);
        let view = owner.sync().await;
        owner.wire.lose_answer_after(u32::MAX);
        drained = view.waiting == 0 && view.synced_at.is_some();
        if drained {
            break;
        }
    }
    assert!(drained, "the outbox does not drain");
    owner.settle().await;
    let passport = owner.passport(Subject::Own(car)).await.unwrap();
    assert_eq!((passport.completeness.committed, passport.completeness.opened), (2, 2));
    let mut buyer = world.person();
    buyer.open(&shared.link.unwrap(), None).await.unwrap();
    assert_eq!(buyer.passport(Subject::Link).await.unwrap().timeline.total, 1);
}

#[tokio::test]
async fn a_crash_between_the_relays_answer_and_its_note_only_repeats_the_request() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    owner.settle().await;
    let car = owner.add_car().await;
    owner.add_odometer(car, Day(20_000), 1_000).await;
    for passing in 0..6 {
        owner.store.fail_after(passing, StoreError::Unavailable("crash".into()));
        let result = owner.ask(Command::Sync).await;
        owner.store.mend();
        assert!(matches!(result, Ok(_) | Err(WalletError::StorageUnavailable)));
        // The process is gone; another one opens the same store.
        owner = owner.tab();
        owner.unlock().await;
    }
    owner.settle().await;
    let passport = owner.passport(Subject::Own(car)).await.unwrap();
    assert_eq!((passport.completeness.committed, passport.completeness.opened), (2, 2));
}

#[tokio::test]
async fn a_refusal_for_good_stands_and_is_shown_and_loses_nothing() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.wire.tamper(|request, mut response| {
        if request.path.ends_with("/records") {
            response.status = 403;
            response.body = br#"{"type":"urn:carnet:problem:forbidden","title":"No.","status":403,"code":"forbidden","detail":"Not you."}"#.to_vec();
        }
        response
    });
    let view = owner.sync().await;
    assert_eq!(view.refused.as_deref(), Some("Not you."));
    assert!(view.waiting > 0);
    owner.wire.honest();
    owner.settle().await;
    assert_eq!(owner.passport(Subject::Own(car)).await.unwrap().completeness.opened, 1);
}

#[tokio::test]
async fn a_busy_relay_is_asked_again_later() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    owner.add_car().await;
    owner.wire.tamper(|_, mut response| {
        (response.status, response.retry_after_s) = (503, Some(7));
        response.body = br#"{"type":"urn:carnet:problem:busy","title":"Busy.","status":503,"code":"busy"}"#.to_vec();
        response
    });
    let view = owner.sync().await;
    assert!(view.waiting > 0 && view.refused.is_none());
    let opened = owner.ask(Command::DemoRoles).await;
    assert_eq!(opened.err(), Some(WalletError::Busy { retry_after_s: 7 }));
    owner.wire.honest();
    owner.settle().await;
    assert!(matches!(owner.ask(Command::DemoRoles).await, Ok(Answer::DemoRoles(roles)) if !roles.is_empty()));
}
