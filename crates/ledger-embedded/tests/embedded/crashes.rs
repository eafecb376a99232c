//! The power goes at every sync there is.

use crate::{
    disk::{Disk, Unsynced},
    host::EmbeddedHost,
    suite::{
        host::{Batch, Host},
        world::{self, START, World},
    },
};
use carnet_ledger::transaction_hash;
use carnet_ledger_embedded::EmbeddedLedger;
use carnet_protocol::{
    ledger::{Action, Outcome, Receipt},
    limits::BATCH_MAX,
};
use std::sync::mpsc;

/// An empty ledger's disk, and batches to submit: small ones and such that make the file grow.
fn setup() -> (Vec<u8>, Vec<Batch>) {
    let disk = Disk::default();
    let world = World::with_stream(EmbeddedHost::on(disk.clone()));
    let stream = world::stream(1);
    let large: Vec<_> = (1_000..1_000 + u16::try_from(BATCH_MAX).unwrap()).collect();
    let batches = (0..8)
        .map(|n| {
            let records = if n % 4 == 3 { large.as_slice() } else { &[n] };
            vec![
                world.sign(&world::owner(1), world::append(stream, records)),
                world.sign(&world::owner(2 + n), Action::OpenStream { stream: world::stream(2 + n) }),
            ]
        })
        .collect();
    drop(world);
    (disk.image(Unsynced::Lost), batches)
}

/// Submits the batches two at a time; receipts of those that were acknowledged.
fn submit(ledger: &EmbeddedLedger, batches: &[Batch]) -> Vec<Receipt> {
    let mut acknowledged = Vec::new();
    for pair in batches.chunks(2) {
        let (answer, answers) = mpsc::channel();
        for batch in pair {
            let answer = answer.clone();
            // After the crash the queue is closed; that too is an answer.
            let _ = ledger.submit_with(batch.clone(), move |receipts| answer.send(receipts).unwrap());
        }
        drop(answer);
        acknowledged.extend(answers.into_iter().flatten().flatten());
    }
    acknowledged
}

fn check_after_crash(image: Vec<u8>, acknowledged: &[Receipt], batches: &[Batch]) {
    let mut host = EmbeddedHost::on(Disk::of(image));
    host.set_now(START);
    let log = host.log();
    for receipt in acknowledged {
        let Outcome::Accepted { sequence } = receipt.outcome else { panic!("all of them are good") };
        let stored = &log[usize::try_from(sequence).unwrap()];
        assert_eq!(transaction_hash(stored), receipt.transaction, "acknowledged, but not there");
    }
    world::assert_replays(&host);
    // Whoever got no answer tries again: everything is there once.
    for batch in batches {
        assert!(host.submit(batch.clone()).iter().all(world::is_accepted));
    }
    assert_eq!(host.log().len(), 3 + batches.iter().map(Vec::len).sum::<usize>());
    world::assert_replays(&host);
}

#[test]
fn whatever_was_acknowledged_survives_a_crash_at_any_sync() {
    let (image, batches) = setup();
    let undisturbed = Disk::of(image.clone());
    let host = EmbeddedHost::on(undisturbed.clone());
    let opening = undisturbed.syncs();
    assert_eq!(submit(&host.ledger, &batches).len(), 16);
    drop(host);
    let syncs = undisturbed.syncs() - opening;
    assert!(syncs >= 8, "two per commit, and those of closing");

    let mut lost_some = false;
    for nth in 1..=syncs {
        let disk = Disk::of(image.clone());
        let host = EmbeddedHost::on(disk.clone());
        disk.fail_at(nth);
        let acknowledged = submit(&host.ledger, &batches);
        lost_some |= acknowledged.len() < 16;
        drop(host);
        let torn = (0..3).map(|seed| Unsynced::Torn(nth * 1_000 + seed));
        for unsynced in [Unsynced::Lost, Unsynced::Kept].into_iter().chain(torn) {
            check_after_crash(disk.image(unsynced), &acknowledged, &batches);
        }
    }
    assert!(lost_some, "the power did go");
}

#[test]
fn a_crash_while_recovering_loses_nothing() {
    let (image, batches) = setup();
    let disk = Disk::of(image);
    let host = EmbeddedHost::on(disk.clone());
    disk.fail_at(5);
    let acknowledged = submit(&host.ledger, &batches);
    drop(host);
    let crashed = disk.image(Unsynced::Torn(7));
    for nth in 1.. {
        let disk = Disk::of(crashed.clone());
        disk.fail_at(nth);
        // Whether opening notices the crash or not, the disk is as the crash left it.
        let opened = EmbeddedHost::try_on(disk.clone()).is_ok();
        for unsynced in [Unsynced::Lost, Unsynced::Torn(nth)] {
            check_after_crash(disk.image(unsynced), &acknowledged, &batches);
        }
        if opened && disk.syncs() < nth {
            break;
        }
    }
}

#[test]
fn after_a_failure_nothing_more_is_taken() {
    let (image, batches) = setup();
    let disk = Disk::of(image);
    let host = EmbeddedHost::on(disk.clone());
    disk.fail_at(1);
    assert!(submit(&host.ledger, &batches[..2]).is_empty());
    for batch in batches {
        assert!(matches!(host.ledger.submit(batch), Err(carnet_ledger_embedded::SubmitError::Stopped)));
    }
}
