//! A ledger with its prover and three cosigners, each in a file of its own.

use carnet_crypto::{note::NoteKey, sealing::SealingSecret, secret::Secret, signature::SigningKey};
use carnet_ledger::transaction_hash;
use carnet_ledger_embedded::EmbeddedLedger;
use carnet_proofs::{
    Finding, Freshness, Policy, Verifier, Witnessed,
    note::NoteSignature,
    verifier::{Leaves, Verified},
    vkey::{NoteKeyKind, NoteVerifier},
};
use carnet_protocol::{
    day::{Day, Timestamp},
    id::{CategoryLabel, GrantId, Hash32, RecordId, StreamId},
    ledger::{Action, Leaf, LeafEntry, Outcome, Transaction},
    member::{Member, MemberClass},
    proof::{CosignAnswer, ProofRequest},
    signed::Signed,
};
use carnet_transparency::{Cosigner, Prover, cosigner::Refusal};
use std::path::Path;
use tempfile::TempDir;

pub const NOW: Timestamp = Timestamp(1_800_000_000_000);
pub const ORIGIN: &str = "example.org/carnet/ledger";

pub fn key(role: u8, n: u16) -> SigningKey {
    SigningKey::from_seed(&seed(role, n))
}

fn seed(role: u8, n: u16) -> Secret<32> {
    let mut seed = [role; 32];
    seed[..2].copy_from_slice(&n.to_be_bytes());
    Secret::from_slice(&seed).unwrap()
}

pub fn log_key() -> NoteKey {
    NoteKey::from_seed(&seed(100, 0))
}

pub fn log_verifier() -> NoteVerifier {
    NoteVerifier::new(ORIGIN, NoteKeyKind::Ed25519, log_key().verifying_key()).unwrap()
}

pub fn stream(n: u16) -> StreamId {
    let mut id = [6; 16];
    id[..2].copy_from_slice(&n.to_be_bytes());
    StreamId(id)
}

pub fn record(n: u32) -> RecordId {
    let mut id = [7; 16];
    id[..4].copy_from_slice(&n.to_be_bytes());
    RecordId(id)
}

pub fn append(n: u16, records: core::ops::Range<u32>) -> Action {
    let entry = |n| LeafEntry {
        record: record(n),
        label: CategoryLabel([1; 8]),
        day: Day(20_000),
        commitment: Hash32([8; 32]),
    };
    Action::AppendRecords { stream: stream(n), entries: records.map(entry).collect() }
}

pub fn issue(n: u16) -> Action {
    let not_after = NOW.plus(Timestamp::DAY);
    Action::IssueGrant { stream: stream(n), grant: GrantId([1; 16]), hash: Hash32([2; 32]), acceptor: None, not_after }
}

pub fn cosigner(folder: &Path, n: u16) -> Cosigner {
    let path = folder.join(format!("cosigner-{n}"));
    let key = NoteKey::from_seed(&seed(101, n));
    Cosigner::open(&path, log_verifier(), &format!("example.org/cosigner/{n}"), key).unwrap()
}

pub struct World {
    pub folder: TempDir,
    pub ledger: EmbeddedLedger,
    pub genesis: Hash32,
    pub prover: Prover,
    pub cosigners: Vec<Cosigner>,
}

impl World {
    /// A ledger called `name`, with a member; two of different names are two ledgers.
    pub fn new(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ledger = EmbeddedLedger::open(folder.path().join("ledger"), || NOW).unwrap();
        let action = Action::Genesis { name: name.into() };
        let first = key(1, 0).sign(&Transaction { ledger: None, at: NOW, action });
        let genesis = transaction_hash(&first);
        ledger.submit(vec![first]).unwrap();
        let prover = Prover::open(&folder.path().join("prover"), ORIGIN, log_key(), genesis).unwrap();
        let cosigners = (1..=3).map(|n| cosigner(folder.path(), n)).collect();
        let world = Self { folder, ledger, genesis, prover, cosigners };
        world.admit(1);
        world
    }

    pub fn sign(&self, by: &SigningKey, action: Action) -> Signed<Transaction> {
        by.sign(&Transaction { ledger: Some(self.genesis), at: NOW, action })
    }

    pub fn submit(&self, by: &SigningKey, action: Action) {
        let receipts = self.ledger.submit(vec![self.sign(by, action)]).unwrap();
        assert!(matches!(receipts[0].outcome, Outcome::Accepted { .. }), "{receipts:?}");
    }

    pub fn admit(&self, n: u16) {
        self.admit_as(n, MemberClass::Garage);
    }

    pub fn admit_as(&self, n: u16, class: MemberClass) {
        let member = Member {
            sign: key(3, n).verifying_key(),
            seal: SealingSecret::derive(&seed(4, n)).public(),
            name: format!("Garage {n}"),
            class,
            base_quality: 70,
        };
        self.submit(&key(1, 0), Action::AdmitMember(member));
    }

    /// Opens stream `n` and appends so many records.
    pub fn car(&self, n: u16, records: u32) {
        self.submit(&key(2, n), Action::OpenStream { stream: stream(n) });
        if records > 0 {
            self.submit(&key(2, n), append(n, 0..records));
        }
    }

    pub fn follow(&self) {
        self.prover.follow(&self.ledger.snapshot().unwrap()).unwrap();
    }

    /// One cosigner's line for the candidate, page by page.
    pub fn line(&self, cosigner: &Cosigner) -> Result<NoteSignature, Refusal> {
        let mut from = cosigner.size().unwrap();
        loop {
            let request = self.prover.feed(from, &self.ledger.snapshot().unwrap()).unwrap().unwrap();
            match cosigner.cosign(&request, NOW)? {
                CosignAnswer::Cosigned { line } => return Ok(NoteSignature::parse(&line).unwrap()),
                CosignAnswer::More { size } | CosignAnswer::Elsewhere { size } => from = size,
            }
        }
    }

    /// Follows, has everybody cosign, publishes.
    pub fn publish(&self) {
        self.follow();
        let lines = self.cosigners.iter().map(|cosigner| self.line(cosigner).unwrap()).collect();
        self.prover.publish(lines).unwrap();
    }

    pub fn policy(&self) -> Policy {
        let mut text = format!("log {}\n", log_verifier());
        for (n, cosigner) in self.cosigners.iter().enumerate() {
            text += &format!("witness c{n} {}\n", cosigner.verifier().unwrap());
        }
        Policy::parse(&format!("{text}group all-of-us 2 c0 c1 c2\nquorum all-of-us\n")).unwrap()
    }

    pub fn witnessed(&self) -> Witnessed {
        self.policy().witness(&self.prover.published().unwrap().unwrap(), Freshness::At(NOW)).unwrap()
    }

    pub fn leaves(&self, n: u16) -> Vec<Leaf> {
        let (snapshot, mut leaves, mut after) = (self.ledger.snapshot().unwrap(), Vec::new(), None);
        while let Some(page) = snapshot.leaves(&stream(n), after, usize::MAX).unwrap() {
            leaves.extend(page.leaves);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        leaves
    }

    /// What a reader who has seen a checkpoint finds of stream `n`.
    pub fn read(&self, seen: Option<&Witnessed>, n: u16) -> Result<Verified, Finding> {
        let policy = self.policy();
        let request = ProofRequest { stream: stream(n), seen: seen.map(|seen| seen.checkpoint.log.count) };
        let proof = self.prover.stream_proof(&request).unwrap().unwrap();
        let verifier = Verifier { policy: &policy, ledger: Some(self.genesis), seen, freshness: Freshness::At(NOW) };
        let head = verifier.head(&stream(n), &proof)?.head;
        let leaves = self.leaves(n);
        verifier.stream(&stream(n), &proof, Leaves::Whole(carnet_proofs::verifier::split(&head, &leaves).0))
    }
}
