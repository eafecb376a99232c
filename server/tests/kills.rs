//! The relay is killed, again and again, while many write to it: what was acknowledged is there after each start, and
//! what was not can be sent again.
//!
//! The kill comes after a random number of acknowledged answers. `CARNET_KILL_ROUNDS` sets the number of rounds and
//! `CARNET_SERVER_BIN` the program; `cargo xtask soak` runs 200 on the release build.
#![allow(clippy::unwrap_used, missing_docs)]

use carnet_crypto::{hash::digest, request::prove_request, secret::Secret, signature::SigningKey};
use carnet_proofs::{Checkpoint, Freshness, Policy};
use carnet_protocol::{
    Blob,
    api::{
        body::{LeafPage, Receipts, RecordBatch, RecordPage, RecordUpload, RelayInfo, Transactions},
        path,
    },
    day::{Day, Timestamp},
    domain::Domain,
    encoding,
    id::{CategoryLabel, Hash32, Nonce16, RecordId, StreamId},
    key::AeadNonce,
    ledger::{Action, LeafEntry, Outcome, Transaction},
    record::{RecordHeader, RecordWrap, Schema, SealedRecord, Suite, WrappedKey},
    signed::Signed,
};
use carnet_server::clock::{Clock as _, SystemClock};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

/// Rounds of an ordinary run.
const ROUNDS: u64 = 25;
/// Writers at the same time.
const WRITERS: u8 = 8;
const LABEL: CategoryLabel = CategoryLabel([1; 8]);

struct Relay {
    child: Child,
    address: String,
}

impl Relay {
    fn start(data: &Path) -> Self {
        let program = std::env::var_os("CARNET_SERVER_BIN").unwrap_or(env!("CARGO_BIN_EXE_carnet-server").into());
        let mut command = Command::new(program);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARNET_")) {
            command.env_remove(name);
        }
        let mut child = command
            .args(["--demo", "--listen", "127.0.0.1:0", "--metrics-listen", "off", "--data-dir"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let address = ready.trim().strip_prefix("listening on http://").expect("it starts after every kill").to_owned();
        Self { child, address }
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The body of a success; `None` when none came.
    fn ask(&self, by: Option<&SigningKey>, (method, path): (&str, &str), body: &[u8]) -> Option<Vec<u8>> {
        static NONCES: AtomicU64 = AtomicU64::new(0);
        let mut nonce = Nonce16([0; 16]);
        nonce.0[..8].copy_from_slice(&NONCES.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        let authorization = by.map(|key| {
            let proof = prove_request(key, method, &self.address, path, body, SystemClock.now(), nonce);
            format!("authorization: {proof}\r\n")
        });
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/cbor\r\ncontent-length: {}\r\n\
             connection: close\r\n{}\r\n",
            self.address,
            body.len(),
            authorization.unwrap_or_default()
        );
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(&[head.as_bytes(), body].concat()).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let at = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&answer[..at]).to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
        let body = answer[at + 4..].to_vec();
        // A body that was cut off is no answer.
        (head.starts_with("http/1.1 200") && length.is_none_or(|length: usize| length == body.len())).then_some(body)
    }

    fn get<A: Serialize + DeserializeOwned>(&self, by: Option<&SigningKey>, path: &str) -> A {
        encoding::decode(&self.ask(by, ("GET", path), &[]).expect("a relay that runs answers")).unwrap()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One owner with a passport, and what the relay has acknowledged of it.
struct Writer {
    key: SigningKey,
    stream: StreamId,
    records: u32,
    stored: Vec<RecordId>,
    /// Name of a transaction to its place.
    accepted: BTreeMap<Hash32, u64>,
    committed: Vec<RecordId>,
    /// What no answer came to: it is sent again.
    open: Option<(RecordUpload, LeafEntry)>,
}

impl Writer {
    fn new(number: u8) -> Self {
        let key = SigningKey::from_seed(&Secret::from_slice(&[number + 1; 32]).unwrap());
        let stream = StreamId([number + 1; 16]);
        let (records, stored, accepted, committed) = (0, Vec::new(), BTreeMap::new(), Vec::new());
        Self { key, stream, records, stored, accepted, committed, open: None }
    }

    fn next(&mut self) -> (RecordUpload, LeafEntry) {
        if let Some(open) = self.open.take() {
            return open;
        }
        self.records += 1;
        let mut record = RecordId([self.stream.0[0]; 16]);
        record.0[..4].copy_from_slice(&self.records.to_be_bytes());
        let header = RecordHeader {
            suite: Suite::Classic,
            schema: Schema::Payload,
            stream: self.stream,
            record,
            label: LABEL,
            day: Day(20_000),
            source: self.key.verifying_key(),
        };
        let sealed = encoding::encode(&SealedRecord { header, body: Blob(vec![7; 900]) });
        let commitment = digest(Domain::HASH_RECORD, &sealed);
        let key = WrappedKey::Day { nonce: AeadNonce([1; 12]), sealed: Blob(vec![1; 48]) };
        let upload = RecordUpload { record: Blob(sealed), wraps: vec![RecordWrap { record, generation: 0, key }] };
        (upload, LeafEntry { record, label: LABEL, day: Day(20_000), commitment })
    }

    fn submit(&mut self, relay: &Relay, ledger: Hash32, action: Action) -> bool {
        let transaction = self.key.sign(&Transaction { ledger: Some(ledger), at: SystemClock.now(), action });
        let name = digest(Domain::HASH_TRANSACTION, &encoding::encode::<Signed<Transaction>>(&transaction));
        let body = encoding::encode(&Transactions { transactions: vec![transaction] });
        let Some(answer) = relay.ask(None, ("POST", path::TRANSACTIONS), &body) else { return false };
        let receipts: Receipts = encoding::decode(&answer).unwrap();
        let Outcome::Accepted { sequence } = receipts.receipts[0].outcome else { panic!("{receipts:?}") };
        assert_eq!(receipts.receipts[0].transaction, name);
        self.accepted.insert(name, sequence);
        true
    }

    /// Stores a record and commits to it; whether both were acknowledged.
    fn write(&mut self, relay: &Relay, ledger: Hash32) -> bool {
        let (upload, entry) = self.next();
        let body = encoding::encode(&RecordBatch { records: vec![upload.clone()] });
        let records = path::fill(path::RECORDS, &[&self.stream]);
        let stored = relay.ask(Some(&self.key), ("POST", &records), &body).is_some();
        if stored && !self.stored.contains(&entry.record) {
            self.stored.push(entry.record);
        }
        let action = Action::AppendRecords { stream: self.stream, entries: vec![entry] };
        let done = stored && self.submit(relay, ledger, action);
        if done {
            self.committed.push(entry.record);
        } else {
            self.open = Some((upload, entry));
        }
        done
    }

    /// All that was acknowledged is there, once.
    fn check(&self, relay: &Relay) {
        let (mut stored, mut after) = (Vec::new(), None);
        let path = path::fill(path::RECORDS, &[&self.stream]);
        loop {
            let page: RecordPage = relay.get(Some(&self.key), &paged(&path, after));
            stored.extend(page.records.iter().map(|record| record.header.record));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let lost = self.stored.iter().filter(|record| !stored.contains(record)).count();
        assert_eq!(lost, 0, "stored, but not there");
        let (mut leaves, mut after) = (Vec::new(), None);
        let path = path::fill(path::LEAVES, &[&self.stream]);
        loop {
            let page: LeafPage = relay.get(None, &paged(&path, after));
            leaves.extend(page.leaves.iter().map(|leaf| leaf.entry.record));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let times = |record| leaves.iter().filter(|leaf| *leaf == record).count();
        assert!(self.committed.iter().all(|record| times(record) == 1), "committed, but not there once");
        let doubled = leaves.iter().any(|record| times(record) > 1);
        assert!(!doubled, "something is there twice");
    }
}

fn paged(path: &str, after: Option<u64>) -> String {
    after.map_or_else(|| path.to_owned(), |after| format!("{path}?after={after}"))
}

/// Repeatable: the number of answers after which a round ends.
fn answers_until_kill(round: u64) -> u64 {
    let hash = digest(Domain::HASH_BODY, &round.to_be_bytes());
    4 + u64::from(hash.as_bytes()[0]) % 60
}

/// Everybody writes until the relay is gone, which it is after so many answers.
fn round(relay: &mut Relay, writers: &mut [Writer], until: u64) {
    let ledger = relay.get::<RelayInfo>(None, path::INFO).ledger;
    let (answers, over) = (AtomicU64::new(0), AtomicBool::new(false));
    let killed = Mutex::new(false);
    let running = &*relay;
    thread::scope(|scope| {
        for writer in writers.iter_mut() {
            let (answers, over, killed) = (&answers, &over, &killed);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    if !writer.write(running, ledger) {
                        continue;
                    }
                    if answers.fetch_add(1, Ordering::Relaxed) + 1 == until {
                        // The others are in the middle of something.
                        let pid = running.child.id().to_string();
                        assert!(Command::new("kill").args(["-KILL", &pid]).status().unwrap().success());
                        *killed.lock().unwrap() = true;
                        over.store(true, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    assert!(*killed.lock().unwrap());
    relay.kill();
}

#[test]
fn what_was_acknowledged_survives_every_kill_under_load() {
    let rounds = std::env::var("CARNET_KILL_ROUNDS").map_or(ROUNDS, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut relay = Relay::start(&data);
    let ledger = relay.get::<RelayInfo>(None, path::INFO).ledger;
    let mut writers: Vec<Writer> = (0..WRITERS).map(Writer::new).collect();
    for writer in &mut writers {
        let stream = writer.stream;
        assert!(writer.submit(&relay, ledger, Action::OpenStream { stream }));
    }
    for n in 0..rounds {
        round(&mut relay, &mut writers, answers_until_kill(n));
        // Starting works out the log's root anew and holds it against what was signed.
        relay = Relay::start(&data);
        writers.iter().for_each(|writer| writer.check(&relay));
    }
    let last = writers.iter().flat_map(|writer| writer.accepted.values().copied()).max().unwrap();
    // The members confirm all of it.
    let policy = Policy::parse(carnet_proofs::demo::POLICY).unwrap();
    loop {
        let Some(note) = relay.ask(None, ("GET", path::CHECKPOINT), &[]) else { continue };
        let note = String::from_utf8(note).unwrap();
        let witnessed = policy.witness(&note, Freshness::At(Timestamp(SystemClock.now().0))).unwrap();
        let checkpoint: Checkpoint = witnessed.checkpoint;
        if checkpoint.log.count > last {
            break;
        }
    }
    relay.kill();
}
