//! How fast commitments become durable: verified, ordered, two-phase committed, on a real file.
//!
//! `append_bench [seconds per figure] [commitments to fill the ledger with]`, release build. Prints one JSON object;
//! times are of this machine, so compare figures of one run. Transactions are signed before the clock starts.

#![allow(clippy::unwrap_used, missing_docs)]

use carnet_crypto::{secret::Secret, signature::SigningKey};
use carnet_ledger::transaction_hash;
use carnet_ledger_embedded::EmbeddedLedger;
use carnet_protocol::{
    day::{Day, Timestamp},
    id::{CategoryLabel, Hash32, RecordId, StreamId},
    ledger::{Action, LeafEntry, Outcome, Transaction},
    limits::BATCH_MAX,
    signed::Signed,
};
use serde_json::json;
use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// One owner with one stream, and how far its records are counted.
struct Submitter {
    key: SigningKey,
    stream: StreamId,
    ledger: Hash32,
    records: u64,
}

impl Submitter {
    fn sign(&self, action: Action) -> Signed<Transaction> {
        self.key.sign(&Transaction { ledger: Some(self.ledger), at: NOW, action })
    }

    fn append(&mut self, commitments: usize) -> Signed<Transaction> {
        let first = self.records;
        self.records += commitments as u64;
        let entries = (first..self.records).map(|n| {
            // Spread like random identifiers: the order in which keys meet the file matters.
            let id = n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
            let record = RecordId([id, n.to_be_bytes()].concat().try_into().unwrap());
            LeafEntry { record, label: CategoryLabel([1; 8]), day: Day(20_000), commitment: Hash32([7; 32]) }
        });
        self.sign(Action::AppendRecords { stream: self.stream, entries: entries.collect() })
    }
}

fn submitters(ledger: &EmbeddedLedger, count: u16, run: u8) -> Vec<Submitter> {
    let key = |role: u8, n: u16| {
        let mut seed = [role; 32];
        seed[..2].copy_from_slice(&n.to_be_bytes());
        SigningKey::from_seed(&Secret::from_slice(&seed).unwrap())
    };
    let action = Action::Genesis { name: "Bench".into() };
    let genesis = key(0, 0).sign(&Transaction { ledger: None, at: NOW, action });
    let hash = transaction_hash(&genesis);
    ledger.submit(vec![genesis]).unwrap();
    (0..count)
        .map(|n| {
            let mut stream = [run; 16];
            stream[..2].copy_from_slice(&n.to_be_bytes());
            let one = Submitter { key: key(run, n), stream: StreamId(stream), ledger: hash, records: 0 };
            let opened = ledger.submit(vec![one.sign(Action::OpenStream { stream: one.stream })]).unwrap();
            assert!(matches!(opened[0].outcome, Outcome::Accepted { .. }));
            one
        })
        .collect()
}

/// What one submitter did until the time was up.
struct Done {
    commitments: usize,
    waits: Vec<Duration>,
}

fn drive(ledger: &EmbeddedLedger, transactions: Vec<Signed<Transaction>>, batch: usize, stop: &AtomicBool) -> Done {
    let mut done = Done { commitments: 0, waits: Vec::new() };
    for transaction in transactions {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let start = Instant::now();
        let receipts = ledger.submit(vec![transaction]).unwrap();
        assert!(matches!(receipts[0].outcome, Outcome::Accepted { .. }));
        done.waits.push(start.elapsed());
        done.commitments += batch;
    }
    done
}

fn measure(ledger: &EmbeddedLedger, count: u16, batch: usize, run: u8, seconds: f64) -> serde_json::Value {
    // More than can be appended in the time: 20,000 a second in single ones, ten times that in batches.
    let rate = if batch == 1 { 20_000.0 } else { 200_000.0 / batch as f64 };
    let each = (rate * seconds / f64::from(count)).ceil() as usize;
    let signed: Vec<Vec<_>> = submitters(ledger, count, run)
        .iter_mut()
        .map(|submitter| (0..each).map(|_| submitter.append(batch)).collect())
        .collect();
    let stop = AtomicBool::new(false);
    let start = Instant::now();
    let done: Vec<Done> = thread::scope(|scope| {
        let threads: Vec<_> =
            signed.into_iter().map(|transactions| scope.spawn(|| drive(ledger, transactions, batch, &stop))).collect();
        while start.elapsed().as_secs_f64() < seconds && threads.iter().any(|thread| !thread.is_finished()) {
            thread::park_timeout(Duration::from_millis(5));
        }
        stop.store(true, Ordering::Relaxed);
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let elapsed = start.elapsed().as_secs_f64();
    let mut waits: Vec<_> = done.iter().flat_map(|done| &done.waits).collect();
    waits.sort();
    let percentile = |part: usize| waits[(waits.len() - 1) * part / 100].as_secs_f64() * 1_000.0;
    let commitments: usize = done.iter().map(|done| done.commitments).sum();
    json!({
        "submitters": count,
        "commitments_per_transaction": batch,
        "commitments_per_s": commitments as f64 / elapsed,
        "transactions_per_s": waits.len() as f64 / elapsed,
        "p50_ms": percentile(50),
        "p99_ms": percentile(99),
    })
}

/// Fills the ledger, so that figures can be had of a large one.
fn fill(ledger: &EmbeddedLedger, commitments: usize) {
    let mut submitter = submitters(ledger, 1, 9).remove(0);
    let mut left = commitments.div_ceil(BATCH_MAX);
    while left > 0 {
        let count = left.min(8);
        let receipts = ledger.submit((0..count).map(|_| submitter.append(BATCH_MAX)).collect()).unwrap();
        assert!(receipts.iter().all(|receipt| matches!(receipt.outcome, Outcome::Accepted { .. })));
        left -= count;
    }
}

fn open(path: &Path) -> EmbeddedLedger {
    EmbeddedLedger::open(path, || NOW).unwrap()
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let seconds: f64 = arguments.next().map_or(3.0, |text| text.parse().unwrap());
    let filled: usize = arguments.next().map_or(0, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    let ledger = open(&path);
    fill(&ledger, filled);
    let figures: Vec<_> = [(1, 1), (64, 1), (1, BATCH_MAX), (64, BATCH_MAX)]
        .into_iter()
        .zip(1..)
        .map(|((count, batch), run)| measure(&ledger, count, batch, run, seconds))
        .collect();
    drop(ledger);
    let bytes = std::fs::metadata(&path).unwrap().len();
    let start = Instant::now();
    drop(open(&path));
    let start_ms = start.elapsed().as_secs_f64() * 1_000.0;
    println!(
        "{}",
        json!({ "append": figures, "filled_with": filled, "file_bytes": bytes, "verified_start_ms": start_ms })
    );
}
