//! Overload, groups, followers, and ends.

use crate::suite::world::{self, START};
use carnet_ledger::transaction_hash;
use carnet_ledger_embedded::{Commit, EmbeddedLedger, SubmitError};
use carnet_protocol::{
    ledger::{Action, Outcome, Rejection, Transaction},
    limits::{BODY_MAX, TRANSACTIONS_MAX},
    signed::Signed,
};
use redb::backends::InMemoryBackend;
use std::sync::{
    Mutex,
    mpsc::{self, Receiver, Sender},
};

fn ledger() -> EmbeddedLedger {
    let ledger = EmbeddedLedger::open_on(InMemoryBackend::new(), || START).unwrap();
    ledger.submit(vec![world::genesis(START)]).unwrap();
    ledger
}

fn open_stream(n: u16) -> Signed<Transaction> {
    let ledger = Some(transaction_hash(&world::genesis(START)));
    world::owner(n).sign(&Transaction { ledger, at: START, action: Action::OpenStream { stream: world::stream(n) } })
}

/// Commits come out of the first end; the writer goes on after each only when the second says so.
fn held_writer(ledger: &EmbeddedLedger) -> (Receiver<Commit>, Sender<()>) {
    let (commits, seen) = mpsc::channel();
    let (go_on, wait) = mpsc::channel();
    let wait = Mutex::new(wait);
    ledger.subscribe(move |commit| {
        commits.send(commit.clone()).unwrap();
        // A test that has seen enough drops its end.
        let _ = wait.lock().unwrap().recv();
    });
    (seen, go_on)
}

#[test]
fn what_gathers_during_a_commit_is_one_group() {
    let ledger = ledger();
    let (commits, go_on) = held_writer(&ledger);
    let (answer, answers) = mpsc::channel();
    let submit = |n| {
        let answer = answer.clone();
        ledger.submit_with(vec![open_stream(n)], move |receipts| answer.send(receipts.unwrap()).unwrap()).unwrap();
    };
    submit(1);
    assert_eq!(commits.recv().unwrap(), Commit { sequences: 1..2, streams: vec![world::stream(1)] });
    for n in 2..12 {
        submit(n);
    }
    go_on.send(()).unwrap();
    let commit = commits.recv().unwrap();
    assert_eq!(commit.sequences, 2..12);
    assert_eq!(commit.streams, (2..12).map(world::stream).collect::<Vec<_>>());
    drop(go_on);
    let places: Vec<_> = answers.iter().take(11).map(|receipts| receipts[0].outcome).collect();
    assert_eq!(places, (1..12).map(|sequence| Outcome::Accepted { sequence }).collect::<Vec<_>>());
}

#[test]
fn followers_hear_of_new_transactions_only() {
    let ledger = ledger();
    let (commits, go_on) = held_writer(&ledger);
    drop(go_on);
    ledger.submit(vec![open_stream(1), open_stream(1)]).unwrap();
    ledger.submit(vec![open_stream(1)]).unwrap();
    let refused = Signed::from_parts(vec![], open_stream(1).key, open_stream(1).signature);
    let receipts = ledger.submit(vec![refused]).unwrap();
    assert_eq!(receipts[0].outcome, Outcome::Rejected(Rejection::BadSignature));
    assert!(ledger.submit(vec![]).unwrap().is_empty());
    ledger.submit(vec![open_stream(2)]).unwrap();
    drop(ledger);
    let seen: Vec<_> = commits.iter().map(|commit| commit.sequences).collect();
    assert_eq!(seen, [1..2, 2..3]);
}

#[test]
fn a_full_queue_refuses_at_once_and_forgets_nothing() {
    let ledger = ledger();
    let (commits, go_on) = held_writer(&ledger);
    let (answer, answers) = mpsc::channel();
    let first = answer.clone();
    ledger.submit_with(vec![open_stream(1)], move |receipts| first.send(receipts).unwrap()).unwrap();
    commits.recv().unwrap();
    // The writer is held: this fills the queue. Repeats are as long as new ones, and quickly made.
    let full = vec![open_stream(2); TRANSACTIONS_MAX];
    let mut queued = 0;
    loop {
        let answer = answer.clone();
        match ledger.submit_with(full.clone(), move |receipts| answer.send(receipts).unwrap()) {
            Ok(()) => queued += 1,
            Err(error) => {
                assert!(matches!(error, SubmitError::Busy));
                break;
            }
        }
    }
    assert_eq!(queued, 64);
    assert!(matches!(ledger.submit(vec![open_stream(3)]), Err(SubmitError::Busy)));
    // Readers wait for nobody.
    assert_eq!(ledger.snapshot().unwrap().height().unwrap(), 2);
    drop(go_on);
    let answered = answers.iter().take(1 + queued).map(Result::unwrap).map(|receipts| receipts.len());
    assert_eq!(answered.sum::<usize>(), 1 + queued * TRANSACTIONS_MAX);
    assert!(world::is_accepted(&ledger.submit(vec![open_stream(3)]).unwrap()[0]), "there is room again");
}

#[test]
fn a_submission_has_limits_of_its_own() {
    let ledger = ledger();
    let many = vec![open_stream(1); TRANSACTIONS_MAX + 1];
    assert!(matches!(ledger.submit(many), Err(SubmitError::TooLarge { transactions, .. }) if transactions == 65));
    let long = Signed::from_parts(vec![0; BODY_MAX], open_stream(1).key, open_stream(1).signature);
    assert!(matches!(ledger.submit(vec![long]), Err(SubmitError::TooLarge { .. })));
}

#[test]
fn a_snapshot_does_not_move() {
    let ledger = ledger();
    let before = ledger.snapshot().unwrap();
    ledger.submit(vec![open_stream(1)]).unwrap();
    assert_eq!(before.height().unwrap(), 1);
    assert_eq!(before.stream_head(&world::stream(1)).unwrap(), None);
    assert_eq!(ledger.snapshot().unwrap().height().unwrap(), 2);
}

#[test]
fn closing_finishes_what_is_queued() {
    let ledger = ledger();
    let (answer, answers) = mpsc::channel();
    for n in 0..20 {
        let answer = answer.clone();
        ledger.submit_with(vec![open_stream(n)], move |receipts| answer.send(receipts).unwrap()).unwrap();
    }
    drop((ledger, answer));
    let receipts: Vec<_> = answers.iter().flat_map(Result::unwrap).collect();
    assert!(receipts.len() == 20 && receipts.iter().all(world::is_accepted));
}

#[test]
fn a_panic_in_a_callback_leaves_nobody_waiting() {
    let ledger = ledger();
    ledger.subscribe(|_| panic!("a follower's fault"));
    assert!(matches!(ledger.submit(vec![open_stream(1)]), Err(SubmitError::Stopped)));
    assert!(matches!(ledger.submit(vec![open_stream(2)]), Err(SubmitError::Stopped)));
    // It was durable before the callback; readers go on.
    assert_eq!(ledger.snapshot().unwrap().height().unwrap(), 2);
}
