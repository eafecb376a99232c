use crate::{
    car::{Car, LABEL, record_id},
    relay::{By, TestRelay},
};
use carnet_proofs::{
    Finding, Freshness, Policy, Verifier, Witnessed, demo,
    verifier::{Leaves, Verified, compare},
};
use carnet_protocol::{
    api::{
        ProblemCode,
        body::{DemoMembers, LeafPage},
        path,
    },
    day::{Day, Timestamp},
    id::{Hash32, StreamId},
    ledger::{Action, LeafEntry},
    proof::{
        CheckpointProof, CheckpointRequest, ConsistencyProof, ConsistencyRequest, DirectoryProof, ProofRequest,
        StreamProof,
    },
};
use carnet_server::{clock::Clock as _, config::Config};
use std::net::SocketAddr;

/// A relay for readers who ask until there is what they wait for, more often than anybody may whose clock stands still.
async fn start(set: impl Fn(&mut Config)) -> TestRelay {
    TestRelay::start_with(|config| {
        (config.limits.peer_rate, config.limits.peer_burst) = (1_000_000, 1_000_000);
        set(config);
    })
    .await
}

/// A reader with the demo's policy, and what it has seen.
struct Reader<'r> {
    relay: &'r TestRelay,
    policy: Policy,
    seen: Option<Witnessed>,
}

impl<'r> Reader<'r> {
    fn new(relay: &'r TestRelay) -> Self {
        Self { relay, policy: Policy::parse(demo::POLICY).unwrap(), seen: None }
    }

    /// Asks until there is a cosigned checkpoint.
    async fn ask<T: serde::Serialize, A: serde::Serialize + serde::de::DeserializeOwned>(
        &self,
        path: &str,
        body: &T,
    ) -> A {
        loop {
            let answer = self.relay.post(path, By::Nobody, body).await;
            if answer.status != 503 {
                return answer.value();
            }
        }
    }

    fn verifier(&self) -> Verifier<'_> {
        let freshness = Freshness::At(self.relay.clock.now());
        Verifier { policy: &self.policy, ledger: None, seen: self.seen.as_ref(), freshness }
    }

    async fn look(&mut self, stream: StreamId) -> Result<Verified, Finding> {
        let seen = self.seen.as_ref().map(|seen| seen.checkpoint.log.count);
        let proof: StreamProof = self.ask(path::STREAM_PROOF, &ProofRequest { stream, seen }).await;
        let head = self.verifier().head(&stream, &proof)?.head;
        let page: LeafPage = self.relay.get(&path::fill(path::LEAVES, &[&stream]), By::Nobody).await.value();
        let (proved, _) = carnet_proofs::verifier::split(&head, &page.leaves);
        let verified = self.verifier().stream(&stream, &proof, Leaves::Whole(proved))?;
        self.seen = Some(verified.witnessed.clone());
        Ok(verified)
    }

    /// Looks until a stream has so many proved records.
    async fn look_until(&mut self, stream: StreamId, records: u64) -> Verified {
        loop {
            match self.look(stream).await {
                Ok(verified) if verified.head.records.count == records => return verified,
                Ok(_) | Err(Finding::UnknownStream) => {}
                Err(finding) => unreachable!("{finding}"),
            }
        }
    }
}

fn append(car: &Car<'_>, ids: core::ops::Range<u8>) -> Action {
    let entry = |id| LeafEntry { record: record_id(id), label: LABEL, day: Day(9), commitment: Hash32([id; 32]) };
    Action::AppendRecords { stream: car.stream, entries: ids.map(entry).collect() }
}

#[tokio::test]
async fn what_is_committed_is_soon_proved_to_a_stranger() {
    let relay = start(|_| {}).await;
    let mut reader = Reader::new(&relay);
    let car = Car::open(&relay, 7).await;
    car.act(append(&car, 0..5)).await;
    let first = reader.look_until(car.stream, 5).await;
    assert!(first.witnessed.cosigned.len() >= 2);

    car.act(append(&car, 5..9)).await;
    car.act(Action::WithdrawRecords { stream: car.stream, records: vec![record_id(3)] }).await;
    let mut second = reader.look_until(car.stream, 9).await;
    while second.withdrawn.is_empty() {
        second = reader.look(car.stream).await.unwrap();
    }
    assert_eq!(second.withdrawn, [3].into());
    assert_eq!(reader.look(StreamId([99; 16])).await, Err(Finding::UnknownStream));

    // Somebody else's checkpoint, such as came with a link, is of the same log.
    let (from, to) = (first.witnessed.checkpoint.log.count, second.witnessed.checkpoint.log.count);
    let joined: ConsistencyProof = reader.ask(path::CONSISTENCY_PROOF, &ConsistencyRequest { from, to }).await;
    compare(&first.witnessed, &second.witnessed, &joined.hashes).unwrap();
    let beyond = ConsistencyRequest { from, to: to + 100 };
    assert_eq!(relay.post(path::CONSISTENCY_PROOF, By::Nobody, &beyond).await.code(), ProblemCode::NotFound);

    let directory: DirectoryProof = reader.ask(path::DIRECTORY_PROOF, &CheckpointRequest { seen: None }).await;
    reader.seen = None;
    reader.verifier().directory(&directory).unwrap();
    let members: DemoMembers = relay.get(path::DEMO_MEMBERS, By::Nobody).await.value();
    assert_eq!(directory.directory.admissions.len(), members.members.len());
    let proof: CheckpointProof = reader.ask(path::CHECKPOINT_PROOF, &CheckpointRequest { seen: Some(from) }).await;
    reader.seen = Some(first.witnessed);
    reader.verifier().checkpoint(&proof).unwrap();
    let note = relay.get(path::CHECKPOINT, By::Nobody).await;
    assert_eq!(note.headers["content-type"], "text/plain; charset=utf-8");
    reader.policy.witness(std::str::from_utf8(&note.body).unwrap(), Freshness::At(relay.clock.now())).unwrap();
}

#[tokio::test]
async fn a_restart_goes_on_with_the_same_log() {
    let mut relay = start(|_| {}).await;
    let seen = {
        let mut reader = Reader::new(&relay);
        let car = Car::open(&relay, 7).await;
        car.act(append(&car, 0..5)).await;
        reader.look_until(car.stream, 5).await.witnessed
    };
    relay.restart().await;
    let mut reader = Reader::new(&relay);
    reader.seen = Some(seen);
    let car = Car { relay: &relay, owner: crate::car::key(7), stream: StreamId([7; 16]) };
    car.act(append(&car, 5..6)).await;
    reader.look_until(car.stream, 6).await;
}

#[tokio::test]
async fn one_silent_cosigner_holds_nothing_up_and_two_hold_back_the_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let mut nodes = Vec::new();
    for n in 1..=2 {
        let node = carnet_node::Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            books: folder.path().join(format!("node-{n}")),
            demo: Some(n),
            ..carnet_node::Config::default()
        };
        let clock = || carnet_server::clock::SystemClock.now();
        nodes.push(carnet_node::start(&node, std::sync::Arc::new(clock)).await.unwrap());
    }
    // Nobody listens on the third address: its port was free a moment ago.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let two = [nodes[0].address.to_string(), nodes[1].address.to_string(), nobody.to_string()];
    let relay = start(|config| config.cosigners = two.to_vec()).await;
    let mut reader = Reader::new(&relay);
    let car = Car::open(&relay, 7).await;
    let found = reader.look_until(car.stream, 0).await;
    assert_eq!(found.witnessed.cosigned.len(), 2);

    let one = [nodes[0].address.to_string(), nobody.to_string(), nobody.to_string()];
    let alone = start(|config| config.cosigners = one.to_vec()).await;
    Car::open(&alone, 8).await;
    let asked = CheckpointRequest { seen: None };
    assert_eq!(alone.post(path::CHECKPOINT_PROOF, By::Nobody, &asked).await.code(), ProblemCode::Busy);
    // A reader who was here before sees that nothing new was cosigned.
    relay.clock.advance(Timestamp::DAY + 1_000);
    assert!(matches!(reader.look(car.stream).await, Err(Finding::StaleCosignatures { .. })));
}
