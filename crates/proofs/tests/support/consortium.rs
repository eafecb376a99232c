//! A consortium small enough to be worked out by the words of the standards: a second, plain implementation of both
//! trees, against which the real ones are compared, and proofs to tamper with.

use carnet_crypto::{note::NoteKey, secret::Secret};
use carnet_proofs::{
    Checkpoint, Policy, Verifier, Witnessed, cosign,
    finding::Finding,
    head::{directory_hash, head_hash, leaf_hash, withdrawal_hash},
    map::{self, Subject, bit},
    policy::Freshness,
    sign_checkpoint,
    tree::Peaks,
    verifier::{Leaves, Verified},
    vkey::{NoteKeyKind, NoteVerifier},
};
use carnet_protocol::{
    day::{Day, Timestamp},
    id::{CategoryLabel, Hash32, RecordId, StreamId},
    key::VerifyingKey,
    ledger::{CarStanding, Leaf, LeafEntry, MemberDirectory, StreamStatus},
    proof::{Committed, CommittedHead, MapEntry, MapProof, StreamProof},
    signed::Signed,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

pub const NOW: Timestamp = Timestamp(1_800_000_000_000);
pub const ORIGIN: &str = "example.org/carnet/test";
pub const LEDGER: Hash32 = Hash32([77; 32]);

pub fn key(n: u8) -> NoteKey {
    NoteKey::from_seed(&Secret::from_slice(&[n; 32]).unwrap())
}

pub fn cosigner_name(n: u8) -> String {
    format!("example.org/cosigner/{n}")
}

pub fn vkey(n: u8) -> NoteVerifier {
    NoteVerifier::new(&cosigner_name(n), NoteKeyKind::CosignatureV1, key(n).verifying_key()).unwrap()
}

/// One log with key 0, cosigners 1 to 3, two of them needed.
pub fn policy() -> Policy {
    let log = NoteVerifier::new(ORIGIN, NoteKeyKind::Ed25519, key(0).verifying_key()).unwrap();
    let [one, two, three] = [vkey(1), vkey(2), vkey(3)];
    let lines = format!(
        "# test\nlog {log}\nwitness one {one}\nwitness two {two}\nwitness three {three}\n\
         group all-of-us 2 one two three\nquorum all-of-us\n"
    );
    Policy::parse(&lines).unwrap()
}

/// MTH of RFC 9162, section 2.1.1, word by word.
pub fn tree_root(entries: &[Hash32]) -> Hash32 {
    match entries {
        [] => Hash32(Sha256::digest([]).into()),
        [one] => *one,
        _ => {
            let (left, right) = entries.split_at(largest_power_below(entries.len()));
            Hash32(Sha256::digest([&[1], &tree_root(left).0[..], &tree_root(right).0].concat()).into())
        }
    }
}

/// PATH of RFC 9162, section 2.1.3.1.
pub fn tree_path(index: usize, entries: &[Hash32]) -> Vec<Hash32> {
    if entries.len() <= 1 {
        return Vec::new();
    }
    let k = largest_power_below(entries.len());
    let (left, right) = entries.split_at(k);
    let (mut path, other) = if index < k {
        (tree_path(index, left), tree_root(right))
    } else {
        (tree_path(index - k, right), tree_root(left))
    };
    path.push(other);
    path
}

/// PROOF of RFC 9162, section 2.1.4.1.
pub fn tree_consistency(old: usize, entries: &[Hash32]) -> Vec<Hash32> {
    fn subproof(old: usize, entries: &[Hash32], whole: bool) -> Vec<Hash32> {
        if old == entries.len() {
            return if whole { Vec::new() } else { vec![tree_root(entries)] };
        }
        let k = largest_power_below(entries.len());
        let (left, right) = entries.split_at(k);
        let (mut proof, other) = if old <= k {
            (subproof(old, left, whole), tree_root(right))
        } else {
            (subproof(old - k, right, false), tree_root(left))
        };
        proof.push(other);
        proof
    }
    if old == 0 { Vec::new() } else { subproof(old, entries, true) }
}

fn largest_power_below(count: usize) -> usize {
    count.next_power_of_two() / 2
}

/// Root of a map over the entries that share the first `depth` bits.
pub fn map_root(entries: &[MapEntry], depth: usize) -> Hash32 {
    match entries {
        [] => map::EMPTY,
        [one] => map::entry_hash(one),
        _ => {
            let (right, left): (Vec<MapEntry>, Vec<MapEntry>) =
                entries.iter().partition(|entry| bit(&entry.key, depth));
            map::branch_hash(&map_root(&left, depth + 1), &map_root(&right, depth + 1))
        }
    }
}

pub fn map_proof(entries: &[MapEntry], key: &Hash32) -> MapProof {
    let (mut here, mut siblings) = (entries.to_vec(), Vec::new());
    while here.len() > 1 {
        let depth = siblings.len();
        let (ours, others): (Vec<MapEntry>, Vec<MapEntry>) =
            here.into_iter().partition(|entry| bit(&entry.key, depth) == bit(key, depth));
        siblings.push(map_root(&others, depth + 1));
        here = ours;
    }
    MapProof { entry: here.first().copied(), siblings }
}

pub fn stream(n: u8) -> StreamId {
    StreamId([n; 16])
}

pub fn leaves(stream: u8, count: u64) -> Vec<Leaf> {
    let leaf = |index: u64| {
        let mut record = [stream; 16];
        record[8..].copy_from_slice(&index.to_be_bytes());
        let commitment = Hash32(Sha256::digest(record).into());
        let entry = LeafEntry { record: RecordId(record), label: CategoryLabel([3; 8]), day: Day(20_000), commitment };
        Leaf {
            index,
            entry,
            source: VerifyingKey([4; 32]),
            base_quality: 70,
            at: NOW,
            quarantined: false,
            withdrawn: false,
        }
    };
    (0..count).map(leaf).collect()
}

/// The consortium's books.
#[derive(Debug, Clone)]
pub struct Consortium {
    /// Hashes of the log's entries.
    pub log: Vec<Hash32>,
    pub streams: BTreeMap<StreamId, (CommittedHead, Vec<Leaf>, Vec<u64>)>,
    pub directory: MemberDirectory,
    /// Cosigners that sign.
    pub cosigners: Vec<u8>,
    /// When they do.
    pub signed_at: Timestamp,
}

impl Consortium {
    /// `entries` in the log; streams 1 to 9 with as many leaves, and the last two of stream 5 withdrawn.
    pub fn new(entries: u8) -> Self {
        let genesis = Signed::from_parts(vec![1], VerifyingKey([1; 32]), carnet_protocol::key::Signature([0; 64]));
        let mut consortium = Self {
            log: Vec::new(),
            streams: BTreeMap::new(),
            directory: MemberDirectory { genesis, admissions: Vec::new() },
            cosigners: vec![1, 2, 3],
            signed_at: NOW,
        };
        consortium.grow(entries);
        for n in 1..10 {
            consortium.set_stream(n, u64::from(n), if n == 5 { vec![4, 3] } else { Vec::new() });
        }
        consortium
    }

    pub fn grow(&mut self, entries: u8) {
        self.log.extend((0..entries).map(|n| Hash32([n; 32])));
    }

    pub fn set_stream(&mut self, n: u8, count: u64, withdrawn: Vec<u64>) {
        let leaves = leaves(n, count);
        let hashes: Vec<_> = leaves.iter().map(leaf_hash).collect();
        let withdrawals: Vec<_> = withdrawn.iter().map(|index| withdrawal_hash(*index)).collect();
        let head = CommittedHead {
            stream: stream(n),
            owner: VerifyingKey([5; 32]),
            owner_epoch: 0,
            status: StreamStatus::Open,
            standing: CarStanding::UNKNOWN,
            opened_at: NOW,
            records: Committed { count, root: tree_root(&hashes) },
            withdrawn: Committed { count: withdrawn.len() as u64, root: tree_root(&withdrawals) },
            grants: Peaks::default().committed(),
            seal_keys: None,
        };
        self.streams.insert(stream(n), (head, leaves, withdrawn));
    }

    pub fn entries(&self) -> Vec<MapEntry> {
        let directory = MapEntry { key: Subject::Directory.key(), value: directory_hash(&self.directory) };
        let heads = self
            .streams
            .iter()
            .map(|(stream, (head, ..))| MapEntry { key: Subject::Stream(stream).key(), value: head_hash(head) });
        heads.chain([directory]).collect()
    }

    pub fn checkpoint(&self) -> Checkpoint {
        let log = Committed { count: self.log.len() as u64, root: tree_root(&self.log) };
        Checkpoint { origin: ORIGIN.into(), log, map: map_root(&self.entries(), 0), ledger: LEDGER }
    }

    pub fn note(&self) -> String {
        let mut note = sign_checkpoint(&self.checkpoint(), &key(0)).unwrap();
        for n in &self.cosigners {
            note.put(cosign(&note, &cosigner_name(*n), &key(*n), self.signed_at).unwrap());
        }
        note.to_string()
    }

    /// The honest proof of stream `n` for somebody who has seen the log at `seen`.
    pub fn proof(&self, n: u8, seen: usize) -> StreamProof {
        let found = self.streams.get(&stream(n));
        StreamProof {
            checkpoint: self.note(),
            consistency: tree_consistency(seen, &self.log),
            map: map_proof(&self.entries(), &Subject::Stream(&stream(n)).key()),
            head: found.map(|(head, ..)| head.clone()),
            withdrawn: found.map(|(.., withdrawn)| withdrawn.clone()).unwrap_or_default(),
        }
    }

    pub fn leaves(&self, n: u8) -> Vec<Leaf> {
        self.streams[&stream(n)].1.clone()
    }

    pub fn witnessed(&self) -> Witnessed {
        policy().witness(&self.note(), Freshness::Any).unwrap()
    }
}

/// What a reader who may have seen a checkpoint finds.
pub fn check(seen: Option<&Witnessed>, n: u8, proof: &StreamProof, leaves: &[Leaf]) -> Result<Verified, Finding> {
    let policy = policy();
    let verifier = Verifier { policy: &policy, ledger: Some(LEDGER), seen, freshness: Freshness::At(NOW) };
    verifier.stream(&stream(n), proof, Leaves::Whole(leaves))
}
