use crate::{
    car::{Car, HOUR, key},
    client::{Sent, send, send_raw},
    relay::{By, TestRelay},
};
use carnet_crypto::request::prove_request;
use carnet_protocol::{
    api::{
        ProblemCode as Code,
        body::{RecordBatch, Stored},
        path,
    },
    encoding::encode,
    id::Nonce16,
    limits::REQUEST_SKEW_MS,
};
use carnet_server::clock::Clock as _;
use http_body_util::Full;
use hyper::Request;

async fn upload(relay: &TestRelay, car: &Car<'_>) -> Sent {
    let body = encode(&RecordBatch { records: vec![car.upload(1, 10)] });
    relay.prepare("POST", &car.path(path::RECORDS), car.by(), body)
}

#[tokio::test]
async fn a_proof_is_good_for_exactly_one_request() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    let good = upload(&relay, &car).await;
    let address = relay.address();
    let changed = |change: fn(&mut Sent)| {
        let mut sent = good.clone();
        change(&mut sent);
        sent
    };
    for (what, sent) in [
        ("body", changed(|sent| sent.body[20] ^= 1)),
        ("no body", changed(|sent| sent.body.clear())),
        ("method", changed(|sent| sent.method = "GET")),
        ("path", changed(|sent| sent.path.push_str("?after=0"))),
        ("host", changed(|sent| sent.host = "localhost:1".to_owned())),
        ("foreign host", changed(|sent| sent.host = "relay.example".to_owned())),
        ("scheme", changed(|sent| sent.authorization = sent.authorization.as_ref().map(|a| a.replace("Key", "Cle")))),
        ("proof", changed(|sent| sent.authorization = Some("Carnet-Key AAAA".to_owned()))),
        ("nothing", changed(|sent| sent.authorization = None)),
    ] {
        assert_eq!(send(address, &sent).await.code(), Code::Unauthenticated, "{what}");
    }
    assert_eq!(send(address, &good).await.value::<Stored>().new, 1);
    assert_eq!(send(address, &good).await.code(), Code::Unauthenticated, "replay");
}

#[tokio::test]
async fn two_proofs_are_none() {
    let relay = TestRelay::start().await;
    let sent = relay.prepare("GET", path::INBOX, By::Key(&key(1)), Vec::new());
    let proof = sent.authorization.unwrap();
    let request = Request::get(path::INBOX).header("host", sent.host).header("authorization", &proof);
    let request = request.header("authorization", &proof).body(Full::default()).unwrap();
    assert_eq!(send_raw(relay.address(), request).await.code(), Code::Unauthenticated);
}

#[tokio::test]
async fn a_clock_too_far_off_is_told_so_with_the_relays_time() {
    let relay = TestRelay::start().await;
    let early = relay.prepare("GET", path::INBOX, By::Key(&key(1)), Vec::new());
    relay.clock.advance(REQUEST_SKEW_MS + 5_000);
    let refused = relay.send(early).await;
    assert_eq!((refused.status, refused.code()), (401, Code::ClockSkew));
    assert!(refused.headers.contains_key("date"));
    assert_eq!(relay.get(path::INBOX, By::Key(&key(1))).await.status, 200);
}

#[tokio::test]
async fn what_was_signed_before_a_restart_must_be_signed_again() {
    let mut relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    let mut captured = upload(&relay, &car).await;
    assert_eq!(send(relay.address(), &captured).await.status, 200);
    relay.clock.advance(1_000);
    relay.restart().await;
    // The port is another; a proof is bound to it. Loopback goes by name, so the captured host is still ours.
    let refused = send(relay.address(), &captured).await;
    assert_eq!(refused.code(), Code::Busy);
    assert!(refused.headers.contains_key("retry-after"));
    captured = relay.prepare(captured.method, &captured.path, By::Key(&key(1)), captured.body);
    assert_eq!(send(relay.address(), &captured).await.value::<Stored>().new, 0);
}

/// Dated ahead, it is not from before the new start by its time, and what was seen before is forgotten.
#[tokio::test]
async fn a_proof_dated_ahead_is_not_good_again_after_a_restart() {
    let mut relay = TestRelay::start().await;
    let (host, at) = (relay.address().to_string(), relay.clock.now().plus(REQUEST_SKEW_MS - 60_000));
    let dated = |n| {
        let proof = prove_request(&key(1), "GET", &host, path::INBOX, &[], at, Nonce16([n; 16]));
        Sent { authorization: Some(proof), ..relay.prepare("GET", path::INBOX, By::Nobody, Vec::new()) }
    };
    let (early, other) = (dated(1), dated(2));
    assert_eq!(send(relay.address(), &early).await.status, 200);
    relay.restart().await;
    assert_eq!(send(relay.address(), &early).await.code(), Code::Unauthenticated);
    relay.clock.advance(REQUEST_SKEW_MS);
    assert_eq!(send(relay.address(), &early).await.code(), Code::Unauthenticated);
    assert_eq!(send(relay.address(), &other).await.status, 200, "a clock that runs ahead is no harm");
}

#[tokio::test]
async fn a_full_nonce_memory_refuses_until_time_frees_it() {
    let relay = TestRelay::start_with(|config| config.limits.nonces = 2).await;
    let (one, other) = (key(1), key(2));
    for _ in 0..2 {
        assert_eq!(relay.get(path::INBOX, By::Key(&one)).await.status, 200);
    }
    assert_eq!(relay.get(path::INBOX, By::Key(&other)).await.code(), Code::Busy);
    let replay = relay.sent.lock().unwrap()[0].clone();
    assert_eq!(send(relay.address(), &replay).await.code(), Code::Unauthenticated);
    relay.clock.advance(HOUR);
    assert_eq!(relay.get(path::INBOX, By::Key(&other)).await.status, 200);
    let replay = relay.sent.lock().unwrap()[0].clone();
    assert_eq!(send(relay.address(), &replay).await.code(), Code::ClockSkew);
}

#[tokio::test]
async fn a_form_on_another_site_cannot_post() {
    let relay = TestRelay::start().await;
    let request = Request::post(path::TRANSACTIONS).header("host", relay.address().to_string());
    let request = request.header("content-type", "text/plain").body(Full::from("x")).unwrap();
    assert_eq!(send_raw(relay.address(), request).await.code(), Code::BadRequest);
    assert!(relay.clock.now().0 > 0);
}
