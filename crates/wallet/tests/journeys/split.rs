//! A consortium whose members sign two histories: two clients who were shown different ones find out as soon as one opens
//! the other's link.

use crate::world::*;
use carnet_proofs::{Evidence, Freshness, verifier};
use carnet_protocol::{day::Day, encoding, id::StreamId};
use carnet_wallet::{
    command::{Answer, Command, Notice},
    error::{Distrust, ProofFault, WalletError},
};
use std::path::Path;
use tempfile::TempDir;

/// A copy of a folder without folders in it.
fn copied(folder: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    std::fs::create_dir(copy.path().join("data")).unwrap();
    for entry in std::fs::read_dir(folder.join("data")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), copy.path().join("data").join(entry.file_name())).unwrap();
    }
    copy
}

/// Two relays that go on from the same ledger, each with all cosigners, and an owner at each who has written one more
/// record there.
struct Split {
    relays: [World; 2],
    owners: [Person; 2],
    car: StreamId,
}

impl Split {
    async fn new() -> Self {
        let world = World::new().await;
        let mut owner = world.owner().await;
        let car = owner.add_car().await;
        owner.confirmed(car).await;
        let folder = world.end().await;
        let relays = [World::on(copied(folder.path())).await, World::on(copied(folder.path())).await];
        let mut owners = [owner.twin(relays[0].wire()).await, owner.twin(relays[1].wire()).await];
        for (owner, km) in owners.iter_mut().zip([30_000, 10_000]) {
            owner.unlock().await;
            owner.add_odometer(car, Day(20_000), km).await;
            owner.confirmed(car).await;
        }
        Self { relays, owners, car }
    }

    /// A buyer who is shown the second history, and opens the link of who was shown the first.
    async fn meet(&mut self) -> (Person, Result<(), WalletError>) {
        let [one, two] = &self.relays;
        let link = self.owners[0].share(self.car, by_link(), all_days(&carnet_protocol::category::Category::ALL)).await;
        self.owners[0].settle().await;
        let mut buyer = one.person();
        buyer.wire.split(two.authority());
        buyer.create().await;
        buyer.settle().await;
        let opened = buyer.open(&link.link.unwrap(), None).await.map(drop);
        (buyer, opened)
    }
}

fn found(fault: ProofFault) -> Result<(), WalletError> {
    Err(WalletError::Untrusted { what: Distrust::Proof(fault) })
}

fn waiting(notice: &Notice) -> Option<u32> {
    match notice {
        Notice::Sync(view) => Some(view.waiting),
        _ => None,
    }
}

async fn evidence(person: &mut Person) -> Evidence {
    let Answer::File(file) = person.ask(Command::Evidence).await.unwrap() else { panic!("a file") };
    encoding::decode(&file.bytes).unwrap()
}

#[tokio::test]
async fn two_clients_with_different_histories_find_out_when_one_opens_the_others_link() {
    let mut split = Split::new().await;
    let (mut buyer, opened) = split.meet().await;
    assert_eq!(opened, found(ProofFault::Fork));

    // Both notes, signed by the log and a quorum: proof for whoever knows their keys.
    let evidence = evidence(&mut buyer).await;
    let witness = |note: &str| policy().witness(note, Freshness::Any).unwrap();
    let (seen, served) = (witness(&evidence.seen), witness(&evidence.served));
    assert_eq!(seen.checkpoint.log.count, served.checkpoint.log.count);
    assert!(verifier::compare(&seen, &served, &evidence.consistency).is_err());

    // Nothing is sent to such a ledger, and nothing of what waits is lost.
    buyer.add_car().await;
    buyer.wire.take_requests();
    let stopped = buyer.ask(Command::Sync).await.map(drop);
    assert_eq!(stopped, found(ProofFault::Fork));
    assert!(buyer.wire.take_requests().iter().all(|request| !request.contains("transactions")));
    assert!(buyer.notices.iter().rev().find_map(waiting).is_some_and(|waiting| waiting > 0));
    buyer.wire.honest();
    let stopped = buyer.ask(Command::Sync).await.map(drop);
    assert_eq!(stopped, found(ProofFault::Fork), "not until the owner says so");
    buyer.ask(Command::StartTrustAnew { passphrase: PASSPHRASE.into() }).await.unwrap();
    buyer.settle().await;
}

#[tokio::test]
async fn a_longer_second_history_is_found_as_well() {
    let mut split = Split::new().await;
    split.owners[1].add_odometer(split.car, Day(20_001), 11_000).await;
    let car = split.car;
    split.owners[1].confirmed(car).await;
    let (mut buyer, opened) = split.meet().await;
    assert_eq!(opened, found(ProofFault::Inconsistent));
    let evidence = evidence(&mut buyer).await;
    assert_ne!(evidence.seen, evidence.served);
}
