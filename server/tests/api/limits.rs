use crate::{
    car::{Car, LABEL, key},
    client::send,
    relay::{By, TestRelay},
};
use carnet_protocol::{
    api::{
        ProblemCode as Code,
        body::{RecordBatch, Transactions},
        path,
    },
    day::Day,
    encoding::encode,
    id::{Hash32, RecordId},
    ledger::{Action, LeafEntry, Transaction},
};
use carnet_server::clock::Clock as _;
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

const SHORT: Duration = Duration::from_millis(100);

/// Sends raw bytes and reads until the relay closes.
async fn exchange(relay: &TestRelay, pieces: &[&str]) -> String {
    let mut stream = TcpStream::connect(relay.address()).await.unwrap();
    for piece in pieces {
        stream.write_all(piece.as_bytes()).await.unwrap();
    }
    let mut answer = Vec::new();
    // A reset is an end too.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_head_that_does_not_end_is_cut_off() {
    let relay = TestRelay::start_with(|config| config.limits.header_timeout = SHORT).await;
    let answer = exchange(&relay, &["GET /v1/info HTTP/1.1\r\nhost: localhost\r\nx-slow: "]).await;
    assert!(!answer.contains("200 OK"), "{answer}");
    assert_eq!(relay.get(path::INFO, By::Nobody).await.status, 200);
}

#[tokio::test]
async fn a_connection_that_says_nothing_or_nothing_more_is_closed() {
    let relay = TestRelay::start_with(|config| config.limits.header_timeout = SHORT).await;
    assert!(!exchange(&relay, &[]).await.contains("200 OK"));
    let answer = exchange(&relay, &["GET /v1/info HTTP/1.1\r\nhost: localhost\r\n\r\n"]).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"));
}

#[tokio::test]
async fn a_body_that_does_not_come_is_answered_and_cut_off() {
    let relay = TestRelay::start_with(|config| config.limits.body_timeout = SHORT).await;
    let head = "POST /v1/ledger/transactions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n";
    let answer = exchange(&relay, &[head, "0123456789"]).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
}

#[tokio::test]
async fn a_body_too_large_is_refused_unread() {
    let relay = TestRelay::start().await;
    // Announced: not a byte of it is sent.
    let head = "POST /v1/ledger/transactions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100000000\r\n\r\n";
    let answer = exchange(&relay, &[head]).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("too_large"));
    // Not announced: refused when it has passed the limit.
    let mut stream = TcpStream::connect(relay.address()).await.unwrap();
    let head = "POST /v1/inbox HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n";
    let head = head.replace("/v1/inbox", path::EVENT_TICKETS);
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let (mut reading, mut writing) = stream.into_split();
    let sending = tokio::spawn(async move {
        let mut sent = 0;
        while sent < 1_000 && writing.write_all(chunk.as_bytes()).await.is_ok() {
            sent += 1;
        }
        sent
    });
    let mut answer = vec![0; 12];
    reading.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
    drop(reading);
    assert!(sending.await.unwrap() < 1_000, "the relay read on");
}

#[tokio::test]
async fn overload_is_answered_with_503_and_passes() {
    let relay = TestRelay::start_with(|config| {
        config.limits.running = 1;
        config.limits.waiting = 1;
        config.limits.patience = Duration::from_millis(1);
    })
    .await;
    let relay = Arc::new(relay);
    let car = Car::open(&relay, 1).await;
    let path = car.path(path::RECORDS);
    let requests: Vec<_> = (0..100)
        .map(|id| {
            let body = encode(&RecordBatch { records: vec![car.upload(id, 10)] });
            let (relay, sent) = (relay.clone(), relay.prepare("POST", &path, car.by(), body));
            tokio::spawn(async move { send(relay.address(), &sent).await })
        })
        .collect();
    let (mut stored, mut busy) = (0, 0);
    for request in requests {
        let answer = request.await.unwrap();
        match answer.status {
            200 => stored += 1,
            _ => {
                assert_eq!(answer.code(), Code::Busy);
                assert!(answer.headers.contains_key("retry-after"));
                busy += 1;
            }
        }
    }
    assert!(stored > 0 && busy > 0, "{stored} stored, {busy} busy");
    let page: carnet_protocol::api::body::RecordPage = relay.get(&path, car.by()).await.value();
    assert_eq!(page.records.len(), stored, "an answer of 503 means that nothing was stored");
}

#[tokio::test]
async fn a_caller_has_a_quota_of_its_own() {
    let relay = TestRelay::start_with(|config| {
        config.limits.key_burst = 3;
        config.limits.key_rate = 1;
    })
    .await;
    let (one, other) = (key(1), key(2));
    for _ in 0..3 {
        assert_eq!(relay.get(path::INBOX, By::Key(&one)).await.status, 200);
    }
    let refused = relay.get(path::INBOX, By::Key(&one)).await;
    assert_eq!((refused.status, refused.code()), (429, Code::QuotaExceeded));
    assert!(refused.headers.contains_key("retry-after"));
    assert_eq!(relay.get(path::INBOX, By::Key(&other)).await.status, 200);
}

#[tokio::test]
async fn who_shows_no_valid_key_pays_from_the_address() {
    let relay = TestRelay::start_with(|config| {
        config.limits.peer_burst = 11;
        config.limits.peer_rate = 1;
    })
    .await;
    let victim = key(1);
    for _ in 0..2 {
        let mut forged = relay.prepare("GET", path::INBOX, By::Key(&victim), Vec::new());
        forged.path.push_str("?x");
        assert_eq!(relay.send(forged).await.code(), Code::Unauthenticated);
    }
    assert_eq!(relay.get(path::INFO, By::Nobody).await.status, 200);
    assert_eq!(relay.get(path::INFO, By::Nobody).await.code(), Code::QuotaExceeded);
}

#[tokio::test]
async fn connections_beyond_the_limit_are_closed_at_once() {
    let relay = TestRelay::start_with(|config| config.limits.connections = 1).await;
    let mut first = TcpStream::connect(relay.address()).await.unwrap();
    first.write_all(b"GET /v1/info HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut answer = [0; 12];
    first.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    assert_eq!(exchange(&relay, &[]).await, "");
    drop(first);
    while !exchange(&relay, &["GET /v1/info HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"])
        .await
        .starts_with("HTTP/1.1 200")
    {
        tokio::task::yield_now().await;
    }
}

/// Opens so many uploads of a large record each of which holds back its last byte, and waits until all of the rest is
/// taken up or refused.
async fn drip(relay: &TestRelay, car: &Car<'_>, uploads: usize) -> Vec<(TcpStream, bool)> {
    let size = carnet_protocol::limits::SEALED_RECORD_MAX;
    let mut held = Vec::new();
    for _ in 0..uploads {
        let sent = relay.prepare("PUT", &car.record_path(1), car.by(), Vec::new());
        let mut stream = TcpStream::connect(relay.address()).await.unwrap();
        let head = format!(
            "PUT {} HTTP/1.1\r\nhost: {}\r\nauthorization: {}\r\ncontent-length: {size}\r\n\r\n",
            sent.path,
            sent.host,
            sent.authorization.unwrap()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let taken = stream.write_all(&vec![0; size - 1]).await.is_ok();
        held.push((stream, taken));
    }
    held
}

/// Six times 21 MiB are all the memory there is for bodies.
#[tokio::test]
async fn six_uploads_that_do_not_end_leave_room_for_everybody_else() {
    let relay = TestRelay::start_with(|config| config.limits.body_timeout = Duration::from_secs(60)).await;
    let car = Car::open(&relay, 1).await;
    let mut held = drip(&relay, &car, 6).await;
    let mut refused = 0;
    for (stream, taken) in &mut held[1..] {
        let mut answer = [0; 12];
        // A connection that is closed with bytes unread is reset, sometimes before its answer is read.
        let answered = stream.read_exact(&mut answer).await;
        refused += usize::from(!*taken || answered.is_err() || &answer == b"HTTP/1.1 429");
    }
    assert_eq!(refused, 5, "one address holds one of this size");
    car.store((1..=9).map(|id| car.upload(id, 10)).collect()).await.value::<carnet_protocol::api::body::Stored>();
    assert_eq!(relay.get(path::INFO, By::Nobody).await.status, 200);
}

/// The signature is over the body; all else of a proof is known without it.
#[tokio::test]
async fn a_large_body_is_not_read_for_a_proof_that_cannot_be_good() {
    let relay = TestRelay::start_with(|config| {
        (config.limits.peer_burst, config.limits.peer_rate) = (22, 0);
    })
    .await;
    let path = "/v1/streams/AQEBAQEBAQEBAQEBAQEBAQ/records/AQEBAQEBAQEBAQEBAQEBAQ";
    let early = relay.prepare("PUT", path, By::Key(&key(1)), Vec::new());
    let head = |host: &str, authorization: &str| {
        format!("PUT {path} HTTP/1.1\r\nhost: {host}\r\n{authorization}content-length: 20000000\r\n\r\n")
    };
    let host = early.host.clone();
    let proof = format!("authorization: {}\r\n", early.authorization.clone().unwrap());
    let of_another = head("relay.example", &proof);
    for refused in [head(&host, ""), head(&host, "authorization: Carnet-Key AAAA\r\n"), of_another] {
        let answer = exchange(&relay, &[&refused]).await;
        assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    }
    relay.clock.advance(carnet_protocol::limits::REQUEST_SKEW_MS + 5_000);
    let answer = exchange(&relay, &[&head(&host, &proof)]).await;
    assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("clock_skew"), "{answer}");
    // Each cost five of the address's twenty-two.
    for _ in 0..2 {
        assert_eq!(relay.get(path::INFO, By::Nobody).await.status, 200);
    }
    assert_eq!(relay.get(path::INFO, By::Nobody).await.code(), Code::QuotaExceeded);
}

#[tokio::test]
async fn one_address_cannot_take_every_connection() {
    let relay = TestRelay::start_with(|config| config.limits.peer_connections = 2).await;
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(relay.address()).await.unwrap();
        stream.write_all(b"GET /v1/info HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        held.push(stream);
    }
    let mut third = TcpStream::connect(relay.address()).await.unwrap();
    assert_eq!(third.read(&mut [0; 8]).await.unwrap_or(0), 0, "closed at once");
    // Another of loopback's addresses has a share of its own.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut other = socket.connect(relay.address()).await.unwrap();
    other.write_all(b"GET /v1/info HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut answer = [0; 12];
    other.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
}

/// Between one and five tokens, each bad proof would cost the relay a signature check and the caller nothing.
#[tokio::test]
async fn a_bad_proof_is_never_free() {
    let relay = TestRelay::start_with(|config| {
        (config.limits.peer_burst, config.limits.peer_rate) = (3, 0);
    })
    .await;
    let mut forged = relay.prepare("GET", path::INBOX, By::Key(&key(1)), Vec::new());
    forged.path.push_str("?x");
    assert_eq!(relay.send(forged.clone()).await.code(), Code::Unauthenticated);
    assert_eq!(relay.send(forged).await.code(), Code::QuotaExceeded);
    assert_eq!(relay.get(path::INFO, By::Nobody).await.code(), Code::QuotaExceeded);
}

/// Each has a signature that the relay checks.
#[tokio::test]
async fn every_transaction_is_paid_for() {
    let relay = TestRelay::start_with(|config| {
        (config.limits.peer_burst, config.limits.peer_rate) = (50, 0);
    })
    .await;
    let car = Car::open(&relay, 1).await;
    let transaction =
        Transaction { ledger: None, at: relay.clock.now(), action: Action::CloseStream { stream: car.stream } };
    let signed = car.owner.sign(&transaction);
    let many = |n| Transactions { transactions: vec![signed.clone(); n] };
    assert_eq!(relay.post(path::TRANSACTIONS, By::Nobody, &many(40)).await.status, 200);
    assert_eq!(relay.post(path::TRANSACTIONS, By::Nobody, &many(20)).await.code(), Code::QuotaExceeded);
}

/// Keys are free, and one that has asked lately is not paid for again: without a bound on the address, whoever makes a
/// hundred keys has a hundred quotas.
#[tokio::test]
async fn many_keys_of_one_address_share_a_bound() {
    let relay = TestRelay::start_with(|config| {
        (config.limits.peer_burst, config.limits.peer_rate) = (20, 0);
        config.limits.key_rate = 0;
    })
    .await;
    let keys = [key(1), key(2), key(3)];
    let mut served = 0;
    for n in 0..300 {
        let answer = relay.get(path::INBOX, By::Key(&keys[n % keys.len()])).await;
        if answer.status == 200 {
            served += 1;
        } else {
            assert_eq!(answer.code(), Code::QuotaExceeded);
        }
    }
    assert_eq!(served, 200);
}

/// Anyone may open a stream and append to it, and the ledger forgets nothing.
#[tokio::test]
async fn large_transactions_cost_the_address_more_than_small_ones() {
    let relay = TestRelay::start_with(|config| {
        (config.limits.peer_burst, config.limits.peer_rate) = (20, 0);
    })
    .await;
    let car = Car::open(&relay, 1).await;
    let entry = |n: u32| LeafEntry {
        record: RecordId(core::array::from_fn(|i| if i < 4 { n.to_be_bytes()[i] } else { 0 })),
        label: LABEL,
        day: Day(10),
        commitment: Hash32([1; 32]),
    };
    let transactions = (0..15).map(|n| {
        let entries = (0..500).map(|of| entry(n * 500 + of)).collect();
        let action = Action::AppendRecords { stream: car.stream, entries };
        car.owner.sign(&Transaction { ledger: None, at: relay.clock.now(), action })
    });
    let body = Transactions { transactions: transactions.collect() };
    assert!(encode(&body).len() > 20 * 16 * 1024);
    assert_eq!(relay.post(path::TRANSACTIONS, By::Nobody, &body).await.code(), Code::QuotaExceeded);
}
