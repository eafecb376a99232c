//! The first screen of a car, kept for the next start: it is what opening the car would show, or it is not shown.

use crate::{
    offline::{Row, confirmed_car, exchange, rows},
    world::*,
};
use carnet_protocol::{category::Category, day::Day, encoding, id::StreamId, ledger::Leaf};
use carnet_wallet::{
    audit::leaves_in,
    command::{Command, EraseTarget, Notice, Subject},
    store::{Batch, Store as _, StoreError, Table},
    view::{PassportView, ProofState},
};
use std::time::Duration;

/// Key of the row.
fn key_of(car: StreamId) -> Vec<u8> {
    [b"shown".as_slice(), car.as_bytes()].concat()
}

/// A car of which all is confirmed and the first screen kept.
async fn kept_car(owner: &mut Person) -> StreamId {
    let car = confirmed_car(owner).await;
    owner.rest().await;
    assert!(starts(owner, car).await.1, "it is shown as it was kept");
    car
}

/// What a browser that starts now shows first, and whether it had kept that.
async fn starts(owner: &Person, car: StreamId) -> (PassportView, bool) {
    let mut tab = Person { later: owner.later, ..owner.tab() };
    tab.unlock().await;
    let passport = tab.passport(Subject::Own(car)).await.unwrap();
    let kept = !tab.wallet.is_open(car);
    // As one by one, so in the list; and both of them as what is opened.
    let cards = tab.vehicles().await;
    let mut bare = owner.bare_tab();
    bare.unlock().await;
    assert_eq!(passport, bare.passport(Subject::Own(car)).await.unwrap());
    assert!(bare.wallet.is_open(car));
    assert_eq!(cards, bare.vehicles().await);
    (passport, kept)
}

#[tokio::test]
async fn what_was_kept_is_what_opening_the_car_would_show_on_any_later_day() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = kept_car(&mut owner).await;
    owner.wire.cut(true);
    let kinds = |view: &PassportView| view.synthesis.questions.iter().map(|one| one.kind.code()).collect::<Vec<_>>();
    let (today, _) = starts(&owner, car).await;
    assert_eq!(today.proof.state, ProofState::Proved);
    owner.later = Duration::from_secs(400 * 86_400);
    let (later, kept) = starts(&owner, car).await;
    assert!(kept, "nothing changed but the day");
    assert_eq!(later.timeline, today.timeline);
    assert_eq!(kinds(&later), kinds(&today));
    assert_ne!(later.synthesis, today.synthesis, "what is old is older");
}

#[tokio::test]
async fn whatever_changes_it_is_shown_at_once() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = kept_car(&mut owner).await;

    owner.add_odometer(car, Day(20_200), 3_000).await;
    assert_eq!(starts(&owner, car).await.0.timeline.total, 4, "what was written");
    owner.rest().await;
    assert!(starts(&owner, car).await.1, "with what waits to be sent");
    owner.confirmed(car).await;
    owner.rest().await;
    assert!(starts(&owner, car).await.1);

    owner.ask(Command::RenameVehicle { vehicle: car, name: "Renamed".into() }).await.unwrap();
    assert_eq!(starts(&owner, car).await.0.name, "Renamed");
    owner.rest().await;
    assert!(starts(&owner, car).await.1);

    // Another tab that has not looked at the car since.
    let mut tab = owner.tab();
    tab.unlock().await;
    let newest = tab.passport(Subject::Own(car)).await.unwrap().timeline.entries[0].record;
    assert!(!tab.wallet.is_open(car));
    owner.ask(Command::WithdrawRecord { vehicle: car, record: newest }).await.unwrap();
    assert_eq!(tab.passport(Subject::Own(car)).await.unwrap().timeline.total, 3, "in a tab that showed the other one");
    assert_eq!(starts(&owner, car).await.0.timeline.total, 3, "what was withdrawn");
    owner.confirmed(car).await;
    owner.rest().await;
    assert!(starts(&owner, car).await.1);
}

#[tokio::test]
async fn nothing_that_was_erased_is_kept_and_a_slow_tab_brings_nothing_back() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = kept_car(&mut owner).await;
    let mut slow = owner.tab();
    slow.unlock().await;
    // It has opened the car, and comes to keep what it shows only afterwards.
    slow.ask(Command::Timeline { subject: Subject::Own(car), filter: Default::default(), offset: 0, limit: 1 })
        .await
        .unwrap();
    slow.passport(Subject::Own(car)).await.unwrap();
    assert!(slow.wallet.is_open(car));

    let before = rows(&owner, Table::Wallet, &key_of(car));
    let record = owner.passport(Subject::Own(car)).await.unwrap().timeline.entries[0].record;
    owner.erase(EraseTarget::Record { vehicle: car, record }).await.unwrap();
    let after = rows(&owner, Table::Wallet, &key_of(car));
    assert!(after[0].2.len() < before[0].2.len(), "nothing sealed is left in its place");
    let (shown, kept) = starts(&owner, car).await;
    assert_eq!((shown.timeline.total, kept), (2, false));
    slow.rest().await;
    assert_eq!(starts(&owner, car).await.0.timeline.total, 2);
    // Not even where somebody puts the row back as it was.
    exchange(&owner, Table::Wallet, &key_of(car), &before).await;
    let (shown, kept) = starts(&owner, car).await;
    assert_eq!((shown.timeline.total, kept), (2, false));

    owner.erase(EraseTarget::Vehicle { vehicle: car }).await.unwrap();
    assert!(rows(&owner, Table::Wallet, &key_of(car)).is_empty());
    slow.rest().await;
    assert!(rows(&owner, Table::Wallet, &key_of(car)).is_empty());
}

/// A page that somebody else put into the browser's storage cannot change what is shown as confirmed.
#[tokio::test]
async fn it_is_shown_only_with_the_leaves_and_the_proof_that_it_was_made_from() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = kept_car(&mut owner).await;
    let other = kept_car(&mut owner).await;
    // The keyring is another since there are two.
    assert!(!starts(&owner, car).await.1);
    owner.passport(Subject::Own(car)).await.unwrap();
    owner.rest().await;
    owner.wire.cut(true);

    let kept = rows(&owner, Table::Leaves, car.as_bytes());
    let (_, last, _) = kept.last().unwrap();
    let lies: [fn(&mut Vec<Leaf>); 5] = [
        |leaves| *leaves = leaves.split_off(1),
        |leaves| leaves[1].withdrawn = true,
        |leaves| leaves[1].entry.commitment = leaves[0].entry.commitment,
        |leaves| leaves.swap(0, 1),
        |leaves| leaves.push(Leaf { index: 3, ..leaves[1] }),
    ];
    for (number, lie) in lies.into_iter().enumerate() {
        let mut leaves: Vec<Leaf> = kept.iter().flat_map(|(.., row)| leaves_in(row).unwrap()).collect();
        lie(&mut leaves);
        let changed = (Table::Leaves, last.clone(), encoding::encode(&leaves));
        exchange(&owner, Table::Leaves, car.as_bytes(), &[changed]).await;
        let (shown, kept) = starts(&owner, car).await;
        assert_eq!((shown.proof.state, kept), (ProofState::Pending, false), "lie {number}");
    }
    exchange(&owner, Table::Leaves, car.as_bytes(), &kept).await;
    assert!(starts(&owner, car).await.1);

    let proof_of = |car: StreamId| [b"proof".as_slice(), car.as_bytes()].concat();
    let owner = &owner;
    let without = |key: Vec<u8>| async move {
        let row = rows(owner, Table::Wallet, &key);
        exchange(owner, Table::Wallet, &key, &[]).await;
        let (shown, kept) = starts(owner, car).await;
        exchange(owner, Table::Wallet, &key, &row).await;
        (shown.proof.state, kept)
    };
    assert_eq!(without(proof_of(car)).await, (ProofState::Pending, false), "without the proof");
    assert_eq!(without(key_of(car)).await, (ProofState::Proved, false), "without the row");
    let mine = rows(owner, Table::Wallet, &key_of(car));
    let moved: Vec<Row> = rows(owner, Table::Wallet, &key_of(other))
        .into_iter()
        .map(|(table, _, row)| (table, key_of(car), row))
        .collect();
    for (what, instead) in [
        ("another car's", moved),
        ("no sealed row", vec![(Table::Wallet, key_of(car), vec![7; 200])]),
        ("nothing in it", vec![(Table::Wallet, key_of(car), Vec::new())]),
    ] {
        exchange(owner, Table::Wallet, &key_of(car), &instead).await;
        assert!(!starts(owner, car).await.1, "{what}");
    }
    exchange(owner, Table::Wallet, &key_of(car), &mine).await;
    assert!(starts(owner, car).await.1);

    // What another build made counts for nothing.
    let mut updated = owner.bare_tab();
    updated.wallet = updated.wallet.with_first_screens("another build");
    updated.unlock().await;
    updated.passport(Subject::Own(car)).await.unwrap();
    assert!(updated.wallet.is_open(car));
    updated.rest().await;
    assert!(!starts(owner, car).await.1, "nor the newer one's for the older");
}

/// Records that cannot be opened show that they were not: what is kept does not need them.
#[tokio::test]
async fn it_is_there_before_a_record_is_opened() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = kept_car(&mut owner).await;
    let mut batch = Batch::default();
    for (table, key, _) in rows(&owner, Table::Index, car.as_bytes()) {
        batch.put(table, key, b"nothing that opens".to_vec());
    }
    owner.store.commit(batch).await.unwrap();
    let mut tab = owner.tab();
    tab.unlock().await;
    assert_eq!(tab.passport(Subject::Own(car)).await.unwrap().timeline.total, 3);
    assert_eq!(tab.vehicles().await[0].records, 3);
    assert!(!tab.wallet.is_open(car));
    let scopes = all_days(&[Category::Mileage]);
    tab.ask(Command::PreviewShare { vehicle: car, scopes }).await.map(drop).unwrap_err();
}

/// A second device of the owner, that withdraws a record; the consortium has confirmed that.
async fn withdrawn_elsewhere(world: &World, owner: &mut Person, car: StreamId) {
    owner.settle().await;
    let mut other = Person::restore(world, &owner.words, PASSPHRASE).await;
    let newest = other.confirmed(car).await.timeline.entries[0].record;
    other.ask(Command::WithdrawRecord { vehicle: car, record: newest }).await.unwrap();
    other.settle().await;
    let mut somewhere = owner.twin(owner.wire.clone()).await;
    somewhere.unlock().await;
    while somewhere.passport(Subject::Own(car)).await.unwrap().completeness.withdrawn == 0 {
        somewhere.settle().await;
    }
}

#[tokio::test]
async fn after_a_synchronisation_that_stopped_half_way_nothing_is_kept_that_is_not_so() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = kept_car(&mut owner).await;
    withdrawn_elsewhere(&world, &mut owner, car).await;
    for commits in 0.. {
        let mut here = owner.twin(owner.wire.clone()).await;
        here.unlock().await;
        here.ask(Command::ProofBundle { subject: Subject::Own(car) }).await.unwrap();
        here.passport(Subject::Own(car)).await.unwrap();
        here.store.fail_after(here.store.commits() + commits, StoreError::Full);
        let done = here.ask(Command::Sync).await.is_ok();
        here.store.mend();
        // The page asks for something else in between.
        here.rest().await;
        starts(&here, car).await;
        let whole = here.confirmed(car).await;
        here.rest().await;
        let (shown, kept) = starts(&here, car).await;
        assert_eq!((shown.timeline.total, kept), (2, true), "stopped after {commits} commits");
        assert_eq!(shown.timeline, whole.timeline);
        if done {
            assert!(commits > 2, "there is no half way");
            return;
        }
    }
}

#[tokio::test]
async fn a_tab_that_shows_what_was_kept_hears_of_what_another_one_took_in() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = kept_car(&mut owner).await;
    let [mut told, mut untold] = [owner.tab(), owner.tab()];
    for tab in [&mut told, &mut untold] {
        tab.unlock().await;
        assert_eq!(tab.passport(Subject::Own(car)).await.unwrap().timeline.total, 3);
        assert!(!tab.wallet.is_open(car));
    }
    withdrawn_elsewhere(&world, &mut owner, car).await;
    assert_eq!(owner.confirmed(car).await.timeline.total, 2);
    told.wallet.doubt_first_screens();
    assert_eq!(told.passport(Subject::Own(car)).await.unwrap().timeline.total, 2);
    // The other's word did not come: its own synchronisation finds that something is another now.
    untold.notices.clear();
    untold.sync().await;
    assert!(untold.notices.contains(&Notice::Changed(Some(car))));
    assert_eq!(untold.passport(Subject::Own(car)).await.unwrap().timeline.total, 2);
}
