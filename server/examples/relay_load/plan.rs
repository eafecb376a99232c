//! Prepares the load: one passport and one owner per connection, every request signed before the clock starts.

use crate::load::{Prepared, run};
use carnet_crypto::{record::commitment, request::prove_request, secret::Secret, signature::SigningKey};
use carnet_protocol::{
    Blob,
    api::{
        body::{RecordBatch, RecordUpload, Transactions},
        path,
    },
    day::{Day, Timestamp},
    encoding::encode,
    id::{CategoryLabel, Hash32, Nonce16, RecordId, StreamId},
    ledger::{Action, LeafEntry, Transaction},
    member::GenesisHash,
    record::{RecordHeader, RecordWrap, Schema, SealedRecord, Suite, WrappedKey},
};
use carnet_server::clock::{Clock as _, SystemClock};
use std::{net::SocketAddr, time::Duration};

/// Writes prepared per second and connection: more than a relay can take.
const WRITES_PER_SECOND: u64 = 120;
/// Reads likewise.
const READS_PER_SECOND: u64 = 400;
/// Bytes of a sealed body: what a service record has.
const BODY: usize = 700;

pub struct Plan {
    /// One record commitment in a transaction each.
    pub appends: Vec<Vec<Prepared>>,
    /// One sealed record each.
    pub uploads: Vec<Vec<Prepared>>,
    /// One sealed record each.
    pub reads: Vec<Vec<Prepared>>,
    /// Uploads again, for ten times as many connections.
    pub overload: Vec<Vec<Prepared>>,
}

struct Owner {
    key: SigningKey,
    stream: StreamId,
    ledger: GenesisHash,
    number: u16,
}

pub async fn prepare(address: SocketAddr, connections: usize, time: Duration) -> Plan {
    let ledger = ledger(address).await;
    let owners: Vec<Owner> = (0..connections).map(|number| Owner::new(number as u16, ledger)).collect();
    let open: Vec<_> = owners.iter().map(|owner| vec![owner.open()]).collect();
    assert_eq!(run(address, open, Duration::from_secs(60)).await.took.len(), connections, "the passports open");
    let writes = WRITES_PER_SECOND * time.as_secs();
    let every = |count: u64, make: &dyn Fn(&Owner, u64) -> Prepared| -> Vec<Vec<Prepared>> {
        owners.iter().map(|owner| (0..count).map(|n| make(owner, n)).collect()).collect()
    };
    Plan {
        appends: every(writes, &|owner, n| owner.append(n)),
        uploads: every(writes, &|owner, n| owner.upload(n)),
        reads: every(READS_PER_SECOND * time.as_secs(), &|owner, n| owner.read(n)),
        overload: every(writes, &|owner, n| owner.upload(writes + n)),
    }
}

async fn ledger(address: SocketAddr) -> GenesisHash {
    use http_body_util::{BodyExt as _, Empty};
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let io = hyper_util::rt::TokioIo::new(stream);
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
    tokio::spawn(connection);
    let request = hyper::Request::get(path::INFO).header("host", "localhost");
    let request = request.body(Empty::<hyper::body::Bytes>::new()).unwrap();
    let body = sender.send_request(request).await.unwrap().into_body().collect().await.unwrap().to_bytes();
    carnet_protocol::encoding::decode::<carnet_protocol::api::body::RelayInfo>(&body).unwrap().ledger
}

impl Owner {
    fn new(number: u16, ledger: GenesisHash) -> Self {
        let mut seed = [0x5a; 32];
        seed[..2].copy_from_slice(&number.to_be_bytes());
        let mut stream = StreamId([0x5a; 16]);
        stream.0[..2].copy_from_slice(&number.to_be_bytes());
        Self { key: SigningKey::from_seed(&Secret::from_slice(&seed).unwrap()), stream, ledger, number }
    }

    fn transaction(&self, action: Action) -> Prepared {
        let transaction = Transaction { ledger: Some(self.ledger), at: now(), action };
        let body = encode(&Transactions { transactions: vec![self.key.sign(&transaction)] });
        Prepared { method: "POST", path: path::TRANSACTIONS.to_owned(), authorization: None, body: body.into() }
    }

    fn open(&self) -> Prepared {
        self.transaction(Action::OpenStream { stream: self.stream })
    }

    fn append(&self, n: u64) -> Prepared {
        let entry = LeafEntry { record: id(n), label: LABEL, day: Day(1), commitment: Hash32([n as u8; 32]) };
        self.transaction(Action::AppendRecords { stream: self.stream, entries: vec![entry] })
    }

    fn signed(&self, method: &'static str, path: String, body: Vec<u8>, n: u64) -> Prepared {
        let mut nonce = Nonce16([0; 16]);
        nonce.0[..2].copy_from_slice(&self.number.to_be_bytes());
        nonce.0[2..10].copy_from_slice(&n.to_be_bytes());
        nonce.0[10] = method.as_bytes()[0];
        let authorization = Some(prove_request(&self.key, method, "localhost", &path, &body, now(), nonce));
        Prepared { method, path, authorization, body: body.into() }
    }

    fn upload(&self, n: u64) -> Prepared {
        let header = RecordHeader {
            suite: Suite::Classic,
            schema: Schema::Payload,
            stream: self.stream,
            record: id(n),
            label: LABEL,
            day: Day(1),
            source: self.key.verifying_key(),
        };
        let record = encode(&SealedRecord { header, body: Blob(vec![n as u8; BODY]) });
        // The relay hashes it as well; here it only makes the bytes differ.
        let fill = commitment(&record).0[0];
        let key = WrappedKey::Day { nonce: carnet_protocol::key::AeadNonce([fill; 12]), sealed: Blob(vec![fill; 48]) };
        let wraps = vec![RecordWrap { record: id(n), generation: 0, key }];
        let body = encode(&RecordBatch { records: vec![RecordUpload { record: Blob(record), wraps }] });
        self.signed("POST", path::fill(path::RECORDS, &[&self.stream]), body, n)
    }

    fn read(&self, n: u64) -> Prepared {
        self.signed("GET", path::fill(path::RECORD, &[&self.stream, &id(n % 10)]), Vec::new(), n)
    }
}

const LABEL: CategoryLabel = CategoryLabel([1; 8]);

fn id(n: u64) -> RecordId {
    let mut id = RecordId([7; 16]);
    id.0[..8].copy_from_slice(&n.to_be_bytes());
    id
}

fn now() -> Timestamp {
    SystemClock.now()
}
