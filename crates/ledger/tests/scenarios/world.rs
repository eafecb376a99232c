//! A ledger with its authority and a few actors, and short ways to say what they do.

use super::host::{Batch, Host};
use carnet_crypto::{sealing::SealingSecret, secret::Secret, signature::SigningKey};
use carnet_ledger::{memory::MemoryState, query, transaction_hash};
use carnet_protocol::{
    day::{Day, Timestamp},
    id::{CategoryLabel, FlagId, GrantId, Hash32, ProposalId, RecordId, StreamId, VinTag},
    ledger::{
        Action, CarStanding, GrantState, Leaf, LeafEntry, Outcome, Receipt, Rejection, StreamHead, Transaction,
        VinSighting,
    },
    member::{Member, MemberClass},
    sale::SaleState,
    signed::Signed,
};
use std::cell::Cell;

/// When the first transaction is made.
pub const START: Timestamp = Timestamp(1_800_000_000_000);

pub struct World<H> {
    pub host: H,
    pub ledger: Hash32,
    pub now: Timestamp,
    /// Makes each transaction one of its own.
    tick: Cell<u64>,
}

pub fn key(role: u8, n: u16) -> SigningKey {
    let mut seed = [role; 32];
    seed[..2].copy_from_slice(&n.to_be_bytes());
    SigningKey::from_seed(&Secret::from_slice(&seed).unwrap())
}

pub fn authority() -> SigningKey {
    key(1, 0)
}

pub fn owner(n: u16) -> SigningKey {
    key(2, n)
}

pub fn source(n: u16) -> SigningKey {
    key(3, n)
}

pub fn stranger() -> SigningKey {
    key(4, 0)
}

pub fn acceptor(n: u16) -> SigningKey {
    key(5, n)
}

pub fn stream(n: u16) -> StreamId {
    StreamId(id(6, n))
}

pub fn record(n: u16) -> RecordId {
    RecordId(id(7, n))
}

pub fn proposal(n: u16) -> ProposalId {
    ProposalId(id(10, n))
}

pub fn flag(n: u16) -> FlagId {
    FlagId(id(11, n))
}

/// The tag of car `n`.
pub fn tag(n: u16) -> VinTag {
    let mut tag = [12; 32];
    tag[..2].copy_from_slice(&n.to_be_bytes());
    VinTag(tag)
}

/// Car `n`, as its identity record `record` says.
pub fn sighting(car: u16, record: u16) -> VinSighting {
    VinSighting { tag: tag(car), record: self::record(record), odometer: None }
}

pub fn grant(n: u16) -> GrantId {
    GrantId(id(8, n))
}

fn id(kind: u8, n: u16) -> [u8; 16] {
    let mut id = [kind; 16];
    id[..2].copy_from_slice(&n.to_be_bytes());
    id
}

pub fn member(n: u16) -> Member {
    Member {
        sign: source(n).verifying_key(),
        seal: SealingSecret::derive(&Secret::from_slice(&[9; 32]).unwrap()).public(),
        name: format!("Garage {n}"),
        class: MemberClass::Garage,
        base_quality: 70,
    }
}

/// The signing key of member `n` of a class.
pub fn actor(class: MemberClass, n: u16) -> SigningKey {
    key(20 + class as u8, n)
}

/// Member `n` of a class, whose base quality at admission is 50.
pub fn member_of(class: MemberClass, n: u16) -> Member {
    let sign = actor(class, n).verifying_key();
    Member { sign, name: format!("{class:?} {n}"), class, base_quality: 50, ..member(n) }
}

/// Entry for record `n`; other `content`, other commitment.
pub fn entry(n: u16, content: u8) -> LeafEntry {
    LeafEntry {
        record: record(n),
        label: CategoryLabel([content; 8]),
        day: Day(20_000 + n),
        commitment: Hash32([content; 32]),
    }
}

/// Appends records by number.
pub fn append(stream: StreamId, records: &[u16]) -> Action {
    Action::AppendRecords { stream, entries: records.iter().map(|n| entry(*n, 0)).collect() }
}

pub fn acceptor_hash(stream: &StreamId, grant: &GrantId, key: &SigningKey) -> Hash32 {
    carnet_crypto::grant::acceptor_hash(stream, grant, &key.verifying_key())
}

/// Issues grant `n`, to be accepted by acceptor `n`, ending in a day.
pub fn issue(stream: StreamId, n: u16) -> Action {
    Action::IssueGrant {
        stream,
        grant: grant(n),
        hash: Hash32([8; 32]),
        acceptor: Some(acceptor_hash(&stream, &grant(n), &acceptor(n))),
        not_after: START.plus(Timestamp::DAY),
    }
}

pub fn genesis(at: Timestamp) -> Signed<Transaction> {
    let action = Action::Genesis { name: "Test consortium".into() };
    authority().sign(&Transaction { ledger: None, at, action })
}

impl<H: Host> World<H> {
    /// A ledger with its first transaction.
    pub fn new(mut host: H) -> Self {
        host.set_now(START);
        let genesis = genesis(START);
        let ledger = transaction_hash(&genesis);
        let receipts = host.submit(vec![genesis]);
        assert_eq!(receipts, [Receipt { transaction: ledger, outcome: Outcome::Accepted { sequence: 0 } }]);
        Self { host, ledger, now: START, tick: Cell::new(0) }
    }

    /// The same with source 1 admitted and stream 1 opened by owner 1.
    pub fn with_stream(host: H) -> Self {
        let mut world = Self::new(host);
        world.accepts(&authority(), Action::AdmitMember(member(1)));
        world.accepts(&owner(1), Action::OpenStream { stream: stream(1) });
        world
    }

    /// The same with two members of each class, and an identity record 1 in stream 1.
    pub fn with_members(host: H) -> Self {
        let mut world = Self::with_stream(host);
        for class in MemberClass::ALL {
            for n in 1..=2 {
                world.accepts(&authority(), Action::AdmitMember(member_of(class, n)));
            }
        }
        world.accepts(&owner(1), append(stream(1), &[1]));
        world
    }

    pub fn set_now(&mut self, now: Timestamp) {
        self.now = now;
        self.host.set_now(now);
    }

    pub fn sign(&self, key: &SigningKey, action: Action) -> Signed<Transaction> {
        self.tick.set(self.tick.get() + 1);
        key.sign(&Transaction { ledger: Some(self.ledger), at: self.now.plus(self.tick.get()), action })
    }

    pub fn submit_one(&mut self, signed: Signed<Transaction>) -> Receipt {
        let hash = transaction_hash(&signed);
        let receipts = self.host.submit(vec![signed]);
        assert_eq!(receipts.len(), 1);
        assert_eq!(receipts[0].transaction, hash);
        receipts.into_iter().next().unwrap()
    }

    /// The action is accepted; its sequence.
    pub fn accepts(&mut self, key: &SigningKey, action: Action) -> u64 {
        let signed = self.sign(key, action);
        match self.submit_one(signed.clone()).outcome {
            Outcome::Accepted { sequence } => {
                assert_eq!(self.host.log()[usize::try_from(sequence).unwrap()], signed);
                sequence
            }
            Outcome::Rejected(rejection) => panic!("refused: {rejection}"),
        }
    }

    /// The action is refused for this reason, and nothing changes.
    pub fn refuses(&mut self, key: &SigningKey, action: Action, rejection: Rejection) {
        let signed = self.sign(key, action);
        self.refuses_signed(signed, rejection);
    }

    pub fn refuses_signed(&mut self, signed: Signed<Transaction>, rejection: Rejection) {
        let before = (self.host.state(), self.host.log());
        assert_eq!(self.submit_one(signed).outcome, Outcome::Rejected(rejection));
        assert!(before == (self.host.state(), self.host.log()), "{rejection}: something changed");
    }

    /// The action is accepted and changes nothing but that it is on record.
    pub fn accepts_without_effect(&mut self, key: &SigningKey, action: Action) {
        let before = contents(&self.host.state());
        self.accepts(key, action);
        assert_eq!(before, contents(&self.host.state()));
    }

    pub fn head(&self, stream: &StreamId) -> StreamHead {
        query::stream_head(&self.host.state(), stream).unwrap().unwrap()
    }

    pub fn standing(&self, stream: &StreamId) -> CarStanding {
        query::standing(&self.host.state(), stream).unwrap().unwrap()
    }

    pub fn sale(&self, stream: &StreamId) -> SaleState {
        query::sale(&self.host.state(), stream).unwrap().unwrap()
    }

    pub fn leaves(&self, stream: &StreamId) -> Vec<Leaf> {
        query::leaves(&self.host.state(), stream, None, usize::MAX).unwrap().unwrap().leaves
    }

    pub fn grant_state(&self, stream: &StreamId, grant: &GrantId) -> GrantState {
        query::grant_state(&self.host.state(), stream, grant).unwrap().unwrap()
    }
}

/// The state but for the marks of accepted transactions.
fn contents(state: &MemoryState) -> Vec<(Vec<u8>, Vec<u8>)> {
    let entries = state.entries().filter(|(key, _)| !key.starts_with(b"t"));
    entries.map(|(key, value)| (key.to_vec(), value.to_vec())).collect()
}

pub fn is_accepted(receipt: &Receipt) -> bool {
    matches!(receipt.outcome, Outcome::Accepted { .. })
}

/// The state and the log agree: replaying the log gives the state.
pub fn assert_replays(host: &impl Host) {
    let replayed = carnet_ledger::memory::MemoryLedger::replay(host.log()).unwrap();
    assert!(*replayed.state() == host.state(), "the state is not what the log gives");
}

pub fn batches(transactions: Batch) -> Vec<Batch> {
    transactions.into_iter().map(|one| vec![one]).collect()
}
