//! A cosigner signs what follows from the transactions by the rules, and nothing else; and never two histories.

use crate::world::{NOW, ORIGIN, World, append, cosigner, key, log_key, stream};
use carnet_proofs::{Checkpoint, sign_checkpoint, tree::Peaks};
use carnet_protocol::{
    day::Timestamp,
    domain::Domain,
    encoding,
    id::Hash32,
    ledger::{Action, Rejection, Transaction},
    limits::BATCH_MAX,
    proof::{CosignAnswer, CosignRequest},
    signed::Signed,
};
use carnet_transparency::{Cosigner, cosigner::Refusal};

fn feed(world: &World, from: u64) -> CosignRequest {
    world.prover.feed(from, &world.ledger.snapshot().unwrap()).unwrap().unwrap()
}

/// A request that a log with its own key makes for whatever transactions it likes, its roots in order.
fn forged(world: &World, cosigner: &Cosigner, transactions: Vec<Signed<Transaction>>) -> CosignRequest {
    let from = cosigner.size().unwrap();
    let known = world.ledger.snapshot().unwrap().transactions(0, usize::try_from(from).unwrap()).unwrap();
    let all = known.iter().chain(&transactions);
    let hash = |one| carnet_proofs::tree::entry_hash(Domain::LOG_TRANSACTION, &encoding::encode(one));
    let log = Peaks::over(all.map(hash)).committed();
    let checkpoint = Checkpoint { origin: ORIGIN.into(), log, map: Hash32([9; 32]), ledger: world.genesis };
    let checkpoint = sign_checkpoint(&checkpoint, &log_key()).unwrap().to_string();
    CosignRequest { from, transactions, checkpoint, consistency: Vec::new() }
}

#[test]
fn a_large_ledger_is_taken_in_page_by_page() {
    let world = World::new("one");
    world.submit(&key(2, 1), Action::OpenStream { stream: stream(1) });
    let batch = u32::try_from(BATCH_MAX).unwrap();
    for n in 0..45 {
        world.submit(&key(2, 1), append(1, n * batch..(n + 1) * batch));
    }
    world.follow();
    let one = &world.cosigners[0];
    let first = feed(&world, 0);
    assert!(first.transactions.len() < 45);
    let CosignAnswer::More { size } = one.cosign(&first, NOW).unwrap() else { panic!("one page was enough") };
    assert_eq!(one.signed().unwrap(), None);
    // The same page again is not taken twice.
    assert_eq!(one.cosign(&first, NOW).unwrap(), CosignAnswer::Elsewhere { size });
    world.line(one).unwrap();
    assert_eq!(one.size().unwrap(), 48);
    world.publish();
    assert_eq!(world.read(None, 1).unwrap().head.records.count, u64::from(45 * batch));
}

#[test]
fn an_idle_ledger_is_signed_again_with_a_new_time() {
    let world = World::new("one");
    world.car(1, 3);
    world.publish();
    let one = &world.cosigners[0];
    let later = NOW.plus(Timestamp::DAY);
    let answer = one.cosign(&feed(&world, one.size().unwrap()), later).unwrap();
    assert!(matches!(answer, CosignAnswer::Cosigned { .. }));
    assert!(world.prover.feed(one.size().unwrap() + 1, &world.ledger.snapshot().unwrap()).unwrap().is_none());
}

#[test]
fn what_the_rules_refuse_is_not_signed() {
    let world = World::new("one");
    world.car(1, 3);
    world.publish();
    let one = &world.cosigners[0];
    let size = one.size().unwrap();
    let refuses = |transaction: Signed<Transaction>, expected: Option<Rejection>| {
        match one.cosign(&forged(&world, one, vec![transaction]), NOW) {
            Err(Refusal::AgainstTheRules { sequence, rejection }) => {
                assert_eq!((sequence, rejection), (size, expected));
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(one.size().unwrap(), size);
    };
    refuses(world.sign(&key(4, 4), append(1, 50..51)), Some(Rejection::NotAllowed));
    refuses(world.sign(&key(2, 1), append(7, 50..51)), Some(Rejection::StreamUnknown));
    refuses(world.sign(&key(2, 1), append(1, 0..3)), None);
    let mut torn = world.sign(&key(2, 1), append(1, 50..51));
    torn.body.0[9] ^= 1;
    refuses(torn, Some(Rejection::BadSignature));
    let long_ago = Transaction { ledger: Some(world.genesis), at: Timestamp(1), action: append(1, 50..51) };
    refuses(key(2, 1).sign(&long_ago), Some(Rejection::TimeOutOfBounds));
    let elsewhere = Transaction { ledger: Some(Hash32([1; 32])), at: NOW, action: append(1, 50..51) };
    refuses(key(2, 1).sign(&elsewhere), Some(Rejection::WrongLedger));
}

/// Taken in, it would have every later transaction refused as too old, for good.
#[test]
fn a_transaction_from_the_far_future_is_not_taken_in() {
    let world = World::new("one");
    world.car(1, 3);
    world.publish();
    let one = &world.cosigners[0];
    let dated = |at| {
        let transaction = Transaction { ledger: Some(world.genesis), at, action: append(1, 50..51) };
        one.cosign(&forged(&world, one, vec![key(2, 1).sign(&transaction)]), NOW)
    };
    for at in [Timestamp(u64::MAX), NOW.plus(Timestamp::DAY + 1)] {
        let refused = dated(at);
        let expected = Some(Rejection::TimeOutOfBounds);
        assert!(
            matches!(refused, Err(Refusal::AgainstTheRules { rejection, .. }) if rejection == expected),
            "{refused:?}"
        );
    }
    // A clock that runs ahead by less is none of a cosigner's business: only the map is wrong here.
    assert!(matches!(dated(NOW.plus(Timestamp::DAY)), Err(Refusal::WrongState)));
    world.submit(&key(2, 1), append(1, 60..61));
    world.publish();
}

#[test]
fn a_map_that_does_not_follow_from_the_transactions_is_not_signed() {
    let world = World::new("one");
    world.car(1, 3);
    world.publish();
    let one = &world.cosigners[0];
    let good = world.sign(&key(2, 1), append(1, 50..51));
    let refused = one.cosign(&forged(&world, one, vec![good]), NOW);
    assert!(matches!(refused, Err(Refusal::WrongState)), "{refused:?}");
    // Nothing of it was kept.
    world.submit(&key(2, 1), append(1, 60..61));
    world.publish();
}

#[test]
fn only_the_log_is_listened_to() {
    let world = World::new("one");
    world.car(1, 3);
    world.follow();
    let one = &world.cosigners[0];
    let good = feed(&world, 0);
    let with = |checkpoint: String| CosignRequest { checkpoint, ..good.clone() };
    let other_log = good.checkpoint.replace(ORIGIN, "example.org/other");
    assert!(matches!(one.cosign(&with(other_log), NOW), Err(Refusal::UnknownLog(_))));
    let changed = good.checkpoint.replacen("map ", "map A", 1);
    assert!(matches!(one.cosign(&with(changed), NOW), Err(Refusal::Malformed)));
    let other_size = good.checkpoint.replacen("\n4\n", "\n5\n", 1);
    assert!(matches!(one.cosign(&with(other_size), NOW), Err(Refusal::NotByLog)));
    let mut too_many = good.clone();
    too_many.transactions.push(world.sign(&key(2, 1), append(1, 50..51)));
    assert!(matches!(one.cosign(&too_many, NOW), Err(Refusal::TooMany)));
    assert_eq!(one.size().unwrap(), 0);
}

#[test]
fn a_second_history_is_not_signed() {
    let (honest, forked) = (World::new("one"), World::new("one"));
    for world in [&honest, &forked] {
        world.car(1, 3);
    }
    honest.publish();
    let one = &honest.cosigners[0];
    let size = one.size().unwrap();
    // The same size, another content.
    forked.follow();
    one.cosign(&feed(&forked, size), NOW).unwrap();
    forked.submit(&key(2, 1), append(1, 90..91));
    honest.submit(&key(2, 1), append(1, 70..71));
    honest.publish();
    forked.follow();
    let refused = one.cosign(&feed(&forked, size + 1), NOW);
    assert!(matches!(refused, Err(Refusal::Fork { .. })), "{refused:?}");
    // A longer one that branches off before.
    forked.submit(&key(2, 1), append(1, 91..92));
    forked.follow();
    let refused = one.cosign(&feed(&forked, size + 1), NOW);
    assert!(matches!(refused, Err(Refusal::Fork { .. })), "{refused:?}");
    // A shorter one.
    let short = World::new("one");
    short.follow();
    assert_eq!(one.cosign(&feed(&short, 0), NOW).unwrap(), CosignAnswer::Elsewhere { size: size + 1 });
    // The readers of the honest one have lost nothing.
    honest.submit(&key(2, 1), append(1, 71..72));
    honest.publish();
    honest.read(None, 1).unwrap();
}

#[test]
fn of_two_requests_at_once_one_wins() {
    for round in 0..8 {
        let (left, right) = (World::new("one"), World::new("one"));
        for (world, n) in [(&left, 10), (&right, 20)] {
            world.car(1, 3);
            world.submit(&key(2, 1), append(1, n..n + 1));
            world.follow();
        }
        let one = &left.cosigners[0];
        let requests = [feed(&left, 0), feed(&right, 0)];
        let answers: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = requests.iter().map(|request| scope.spawn(|| one.cosign(request, NOW))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect()
        });
        let signed = answers.iter().filter(|answer| matches!(answer, CosignAnswer::Cosigned { .. })).count();
        assert_eq!(signed, 1, "round {round}: {answers:?}");
    }
}

#[test]
fn a_signature_is_durable_before_it_is_known() {
    let world = World::new("one");
    world.car(1, 3);
    world.follow();
    let one = &world.cosigners[0];
    world.line(one).unwrap();
    // What is on the disk the moment the answer is there.
    let crashed = tempfile::tempdir().unwrap();
    std::fs::copy(world.folder.path().join("cosigner-1"), crashed.path().join("cosigner-1")).unwrap();
    let again = cosigner(crashed.path(), 1);
    assert_eq!((again.size().unwrap(), again.signed().unwrap()), (one.size().unwrap(), one.signed().unwrap()));
    let forked = World::new("one");
    forked.car(1, 4);
    forked.follow();
    assert!(matches!(again.cosign(&feed(&forked, 4), NOW), Err(Refusal::Fork { .. })));
}
