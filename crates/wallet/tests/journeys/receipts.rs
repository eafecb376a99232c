//! What the relay signs for, and what of it the wallet keeps.

use crate::world::*;
use carnet_crypto::receipt::verify_kept;
use carnet_protocol::{
    api::{
        body::{Receipts, Transactions},
        path,
        receipt::KeptReceipts,
    },
    day::Day,
    encoding,
    ledger::Outcome,
    limits::RECEIPTS_KEPT,
};
use carnet_wallet::{
    command::{Answer, Command},
    error::WalletError,
};

async fn kept(owner: &mut Person) -> KeptReceipts {
    let Answer::File(file) = owner.ask(Command::Receipts).await.unwrap() else { panic!("a file") };
    encoding::decode(&file.bytes).unwrap()
}

#[tokio::test]
async fn what_was_sent_is_signed_for_by_the_log_and_the_receipts_are_kept() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    assert_eq!(owner.ask(Command::Receipts).await.map(drop), Err(WalletError::NotFound));
    let car = owner.add_car().await;
    owner.settle().await;
    let receipts = kept(&mut owner).await.receipts;
    let logs: Vec<_> = policy().logs().iter().map(|log| *log.key()).collect();
    for receipt in &receipts {
        assert!(logs.contains(&receipt.log));
        assert_eq!(verify_kept(receipt), Ok(()));
        assert_eq!(receipt.claim.status, 200);
    }
    // What is signed for a submission names each transaction and its place on the ledger.
    let submitted = receipts.iter().filter(|receipt| receipt.claim.path == path::TRANSACTIONS);
    let outcomes: Vec<Outcome> = submitted
        .flat_map(|receipt| encoding::decode::<Receipts>(&receipt.answer.0).unwrap().receipts)
        .map(|receipt| receipt.outcome)
        .collect();
    assert!(outcomes.len() >= 2, "the passport and its first record");
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Accepted { .. })));
    let uploads = path::fill(path::RECORDS, &[&car]);
    assert!(receipts.iter().any(|receipt| receipt.claim.path == uploads), "the upload as well");
}

#[tokio::test]
async fn the_last_receipts_of_a_car_are_kept_and_no_more() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    for n in 0..12 {
        owner.add_odometer(car, Day(20_000 + n), 1_000 + u64::from(n)).await;
        owner.settle().await;
    }
    let receipts = kept(&mut owner).await.receipts;
    assert_eq!(receipts.len(), RECEIPTS_KEPT);
    assert!(receipts.is_sorted_by_key(|receipt| receipt.claim.at));
}

#[tokio::test]
async fn a_receipt_for_one_submission_does_not_do_for_another() {
    let world = World::new().await;
    let mut owner = world.owner().await;
    let car = owner.add_car().await;
    owner.settle().await;
    owner.add_odometer(car, Day(20_000), 1_000).await;
    // The relay throws the commitment away and answers, with a receipt of its own making, for none.
    owner.wire.tamper(|request, mut response| {
        if request.path == path::TRANSACTIONS {
            let asked: Transactions = encoding::decode(request.body.as_deref().unwrap()).unwrap();
            assert_eq!(asked.transactions.len(), 1);
            response.body = encoding::encode(&Receipts { receipts: Vec::new() });
        }
        response
    });
    assert!(owner.ask(Command::Sync).await.is_err());
    owner.wire.honest();
    assert_eq!(owner.confirmed(car).await.completeness.missing, 0);
}
