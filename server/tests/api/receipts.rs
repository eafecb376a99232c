use crate::{
    car::Car,
    client::{Answer, Sent},
    relay::{By, TestRelay},
};
use carnet_crypto::receipt::{Exchange, ReceiptError, body_hash, check_receipt};
use carnet_proofs::Policy;
use carnet_protocol::{
    api::{ProblemCode as Code, body::RecordBatch, path, receipt},
    encoding,
};

fn check(sent: &Sent, answer: &Answer) -> Result<(), ReceiptError> {
    let policy = Policy::parse(carnet_proofs::demo::POLICY).unwrap();
    let logs: Vec<_> = policy.logs().iter().map(|log| *log.key()).collect();
    let exchange = Exchange {
        method: sent.method,
        path: &sent.path,
        authorization: sent.authorization.as_deref().unwrap_or_default(),
        body: body_hash(&sent.body),
        status: answer.status,
        answer: &answer.body,
    };
    let header = answer.headers.get(receipt::HEADER).ok_or(ReceiptError::Malformed)?;
    check_receipt(header.to_str().unwrap(), &exchange, &logs).map(drop)
}

#[tokio::test]
async fn what_changes_something_is_signed_for_and_what_only_reads_is_not() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    let upload = encoding::encode(&RecordBatch { records: vec![car.upload(1, 10)] });
    let submitted = relay.sent.lock().unwrap().last().cloned().unwrap();
    assert_eq!(submitted.path, path::TRANSACTIONS);
    for (method, path, by, body) in [
        ("POST", car.path(path::RECORDS), car.by(), upload),
        ("POST", path::TRANSACTIONS.to_owned(), By::Nobody, submitted.body),
        ("DELETE", car.record_path(1), car.by(), Vec::new()),
        // What is not there can leave a list as well, so it is signed for too.
        ("DELETE", path::fill(path::GRANT, &[&car.stream]), car.by(), Vec::new()),
    ] {
        let sent = relay.prepare(method, &path, by, body);
        let answer = relay.send(sent.clone()).await;
        assert_eq!(check(&sent, &answer), Ok(()), "{method} {path} {}", answer.status);
        // The same receipt for a second sending of the same: its proof has another nonce.
        let again = relay.prepare(method, &path, car.by(), sent.body.clone());
        assert!(check(&again, &answer).is_err(), "{method} {path}");
    }
    let read = relay.get(&car.path(path::RECORDS), car.by()).await;
    assert!(!read.headers.contains_key(receipt::HEADER));
    let refused = relay.put(&car.record_path(1), By::Nobody, &car.upload(1, 10)).await;
    assert_eq!(refused.code(), Code::Unauthenticated);
    assert!(!refused.headers.contains_key(receipt::HEADER), "a stranger costs no signature");
}
