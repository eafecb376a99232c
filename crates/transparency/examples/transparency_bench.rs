//! What transparency costs: appending with and without a prover beside the ledger, and how the cost of a checkpoint, of
//! proofs and of a start grows with the ledger.
//!
//! `transparency_bench [seconds per figure] [commitments at the end of the curve]`, release build. Prints one JSON object;
//! times are of this machine, so compare figures of one run. Transactions are signed before the clock starts.

#![allow(clippy::unwrap_used, missing_docs)]

use carnet_crypto::{note::NoteKey, secret::Secret, signature::SigningKey};
use carnet_ledger::transaction_hash;
use carnet_ledger_embedded::EmbeddedLedger;
use carnet_protocol::{
    day::{Day, Timestamp},
    encoding,
    id::{CategoryLabel, Hash32, RecordId, StreamId},
    ledger::{Action, LeafEntry, Outcome, Transaction},
    limits::BATCH_MAX,
    proof::ProofRequest,
    signed::Signed,
};
use carnet_transparency::Prover;
use serde_json::{Value, json};
use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

const NOW: Timestamp = Timestamp(1_800_000_000_000);
/// Streams that commitments are spread over.
const STREAMS: u32 = 20_000;
/// Commitments in one transaction, where the ledger is filled.
const FILL: usize = 50;
/// How often the relay asks for a checkpoint.
const INTERVAL: Duration = Duration::from_secs(1);
/// Submissions on their way at a time.
const SUBMITTERS: usize = 32;
/// Measurements of one kind, of which the median is told.
const SAMPLES: usize = 50;

/// A ledger with one owner of many streams.
struct Bench {
    ledger: EmbeddedLedger,
    owner: SigningKey,
    genesis: Hash32,
    commitments: u64,
}

fn stream(n: u32) -> StreamId {
    let mut id = [3; 16];
    id[..4].copy_from_slice(&n.wrapping_mul(0x9e37_79b9).to_be_bytes());
    StreamId(id)
}

impl Bench {
    fn new(path: &Path) -> Self {
        let ledger = EmbeddedLedger::open(path, || NOW).unwrap();
        let owner = SigningKey::from_seed(&Secret::from_slice(&[1; 32]).unwrap());
        let action = Action::Genesis { name: "Bench".into() };
        let first = owner.sign(&Transaction { ledger: None, at: NOW, action });
        let bench = Self { genesis: transaction_hash(&first), ledger, owner, commitments: 0 };
        bench.submit(vec![first]);
        let opened: Vec<_> = (0..STREAMS).map(|n| bench.sign(Action::OpenStream { stream: stream(n) })).collect();
        opened.chunks(64).for_each(|some| bench.submit(some.to_vec()));
        bench
    }

    fn sign(&self, action: Action) -> Signed<Transaction> {
        self.owner.sign(&Transaction { ledger: Some(self.genesis), at: NOW, action })
    }

    fn submit(&self, transactions: Vec<Signed<Transaction>>) {
        let receipts = self.ledger.submit(transactions).unwrap();
        assert!(receipts.iter().all(|receipt| matches!(receipt.outcome, Outcome::Accepted { .. })));
    }

    /// The next commitments, to the stream that is due.
    fn append(&mut self, commitments: usize) -> Signed<Transaction> {
        let first = self.commitments;
        self.commitments += commitments as u64;
        let entries = (first..self.commitments).map(|n| {
            // Spread like random identifiers: the order in which keys meet the file matters.
            let id = n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
            let record = RecordId([id, n.to_be_bytes()].concat().try_into().unwrap());
            LeafEntry { record, label: CategoryLabel([1; 8]), day: Day(20_000), commitment: Hash32([7; 32]) }
        });
        let due = u32::try_from(first / commitments as u64 % u64::from(STREAMS)).unwrap();
        self.sign(Action::AppendRecords { stream: stream(due), entries: entries.collect() })
    }

    fn prover(&self, path: &Path) -> Prover {
        let key = NoteKey::from_seed(&Secret::from_slice(&[2; 32]).unwrap());
        Prover::open(path, "example.org/bench", key, self.genesis).unwrap()
    }

    fn checkpoint(&self, prover: &Prover) {
        prover.follow(&self.ledger.snapshot().unwrap()).unwrap();
        prover.publish(Vec::new()).unwrap();
    }

    fn fill(&mut self, commitments: u64) {
        while self.commitments < commitments {
            let some = (0..64).map(|_| self.append(FILL)).collect();
            self.submit(some);
        }
    }

    /// Durable appends a second, with a checkpoint each [`INTERVAL`] where there is a prover.
    fn rate(&mut self, seconds: f64, batch: usize, prover: Option<&Prover>) -> f64 {
        // More than can be appended in the time.
        let wanted = if batch == 1 { 12_000.0 } else { 120_000.0 / batch as f64 };
        let signed: Vec<_> = (0..(wanted * seconds) as usize).map(|_| self.append(batch)).collect();
        let (stop, this) = (AtomicBool::new(false), &*self);
        thread::scope(|scope| {
            let follower = scope.spawn(|| this.follow_until(&stop, prover));
            let began = Instant::now();
            let submitters: Vec<_> = signed
                .chunks(signed.len().div_ceil(SUBMITTERS))
                .map(|mine| {
                    scope.spawn(move || {
                        let in_time = mine.iter().take_while(|_| began.elapsed().as_secs_f64() < seconds);
                        in_time.map(|one| this.submit(vec![one.clone()])).count()
                    })
                })
                .collect();
            let done: usize = submitters.into_iter().map(|one| one.join().unwrap()).sum();
            let elapsed = began.elapsed().as_secs_f64();
            stop.store(true, Ordering::Relaxed);
            follower.join().unwrap();
            (done * batch) as f64 / elapsed
        })
    }

    fn follow_until(&self, stop: &AtomicBool, prover: Option<&Prover>) {
        while !stop.load(Ordering::Relaxed) {
            let began = Instant::now();
            if let Some(prover) = prover {
                self.checkpoint(prover);
            }
            while began.elapsed() < INTERVAL && !stop.load(Ordering::Relaxed) {
                thread::park_timeout(Duration::from_millis(5));
            }
        }
    }
}

fn median(mut samples: Vec<Duration>) -> f64 {
    samples.sort_unstable();
    samples[samples.len() / 2].as_secs_f64() * 1_000.0
}

fn timed(mut work: impl FnMut(u64)) -> f64 {
    let one = |n| {
        let began = Instant::now();
        work(n);
        began.elapsed()
    };
    median((0..SAMPLES as u64).map(one).collect())
}

/// What one more transaction, a proof and a start cost at this size.
fn point(bench: &mut Bench, prover: &Prover, path: &Path, folder: &Path) -> Value {
    let began = Instant::now();
    bench.checkpoint(prover);
    let caught_up = began.elapsed().as_secs_f64() * 1_000.0;
    let mut appends = Vec::new();
    for _ in 0..SAMPLES {
        let one = bench.append(1);
        bench.submit(vec![one]);
        let began = Instant::now();
        bench.checkpoint(prover);
        appends.push(began.elapsed());
    }
    let height = bench.ledger.snapshot().unwrap().height().unwrap();
    let mut largest = 0;
    let stream_ms = timed(|n| {
        let stream = stream(u32::try_from(n * 37).unwrap() % STREAMS);
        let request = ProofRequest { stream, seen: Some(height / 3) };
        let proof = prover.stream_proof(&request).unwrap().unwrap();
        assert!(proof.head.is_some());
        largest = largest.max(encoding::encode(&proof).len());
    });
    let consistency_ms = timed(|n| {
        assert!(prover.consistency_proof(1 + n * 7, height - n).unwrap().is_some());
    });
    // The files as a crash leaves them: copied while they are open. A relay opens both, works out the log's root anew from
    // the whole ledger, holds it against what was signed, and goes on.
    let (crashed, crashed_ledger) = (folder.join("crashed"), folder.join("crashed-ledger"));
    std::fs::copy(path, &crashed).unwrap();
    std::fs::copy(folder.join("ledger"), &crashed_ledger).unwrap();
    let began = Instant::now();
    let ledger = EmbeddedLedger::open(&crashed_ledger, || NOW).unwrap();
    let ledger_ms = began.elapsed().as_secs_f64() * 1_000.0;
    let again = bench.prover(&crashed);
    again.check(&ledger.snapshot().unwrap()).unwrap();
    let checked_ms = began.elapsed().as_secs_f64() * 1_000.0 - ledger_ms;
    again.follow(&ledger.snapshot().unwrap()).unwrap();
    let start_ms = began.elapsed().as_secs_f64() * 1_000.0;
    drop((again, ledger));
    std::fs::remove_file(&crashed).unwrap();
    std::fs::remove_file(&crashed_ledger).unwrap();
    json!({
        "commitments": bench.commitments,
        "transactions": height,
        "checkpoint_after_one_ms": median(appends),
        "stream_proof_ms": stream_ms,
        "stream_proof_bytes": largest,
        "consistency_proof_ms": consistency_ms,
        "start_after_crash_ms": start_ms,
        "start_ledger_ms": ledger_ms,
        "start_check_ms": checked_ms,
        "caught_up_in_ms": caught_up,
        "file_bytes": std::fs::metadata(path).unwrap().len(),
    })
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let seconds: f64 = arguments.next().map_or(3.0, |text| text.parse().unwrap());
    let last: u64 = arguments.next().map_or(1_000_000, |text| text.parse().unwrap());
    println!("{}", json!({ "append": rates(seconds), "curve": curve(last) }));
}

/// Appends with and without.
fn rates(seconds: f64) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::new(&folder.path().join("ledger"));
    let prover = bench.prover(&folder.path().join("prover"));
    let rate = |batch| {
        let without = bench.rate(seconds, batch, None);
        bench.checkpoint(&prover);
        let with = bench.rate(seconds, batch, Some(&prover));
        json!({ "commitments_per_transaction": batch, "without_per_s": without, "with_per_s": with })
    };
    [1, BATCH_MAX].into_iter().map(rate).collect()
}

/// Costs at a hundredth, a tenth and all of `last` commitments.
fn curve(last: u64) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::new(&folder.path().join("ledger"));
    let path = folder.path().join("prover");
    let prover = bench.prover(&path);
    bench.checkpoint(&prover);
    let at = |size| {
        bench.fill(size);
        point(&mut bench, &prover, &path, folder.path())
    };
    [last / 100, last / 10, last].into_iter().map(at).collect()
}
