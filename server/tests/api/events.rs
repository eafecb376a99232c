use crate::{
    car::{Car, grant_path, key},
    relay::{By, TestRelay},
};
use carnet_protocol::{
    api::{
        ProblemCode as Code,
        body::{EventTicket, EventTopics, Stored},
        path,
    },
    id::{GrantId, StreamId},
    ledger::Action,
};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// An open event stream.
pub struct Listening {
    stream: TcpStream,
    text: String,
}

impl Listening {
    pub async fn open(relay: &TestRelay, ticket: &EventTicket, last: Option<&str>) -> Self {
        let mut stream = TcpStream::connect(relay.address()).await.unwrap();
        let last = last.map(|id| format!("last-event-id: {id}\r\n")).unwrap_or_default();
        let head = format!("GET {}?ticket={} HTTP/1.1\r\nhost: localhost\r\n{last}\r\n", path::EVENTS, ticket.ticket);
        stream.write_all(head.as_bytes()).await.unwrap();
        Self { stream, text: String::new() }
    }

    /// Reads until `wanted` has come; everything up to its end is taken out.
    pub async fn until(&mut self, wanted: &str) -> String {
        loop {
            if let Some(at) = self.text.find(wanted) {
                let rest = self.text.split_off(at + wanted.len());
                return std::mem::replace(&mut self.text, rest);
            }
            let mut buffer = [0; 4096];
            let read = self.stream.read(&mut buffer).await.unwrap();
            assert_ne!(read, 0, "ended before {wanted:?}, after {:?}", self.text);
            self.text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
        }
    }

    /// The next id line, which the opening ends with.
    pub async fn id(&mut self) -> String {
        self.until("id: ").await;
        self.until("\n").await.trim().to_owned()
    }
}

pub async fn ticket(relay: &TestRelay, by: By<'_>, streams: Vec<StreamId>, inbox: bool) -> EventTicket {
    relay.post(path::EVENT_TICKETS, by, &EventTopics { streams, inbox }).await.value()
}

#[tokio::test]
async fn an_owner_hears_of_uploads_and_a_grantee_of_grants() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    let insurer = key(7);
    let of_owner = ticket(&relay, car.by(), vec![car.stream], false).await;
    let of_insurer = ticket(&relay, By::Key(&insurer), Vec::new(), true).await;
    let mut owner = Listening::open(&relay, &of_owner, None).await;
    let mut desk = Listening::open(&relay, &of_insurer, None).await;
    owner.id().await;
    desk.id().await;
    car.store(vec![car.upload(1, 10)]).await.value::<Stored>();
    owner.until(&format!("data: {{\"stream\":\"{}\"}}\n", car.stream)).await;
    car.give(1, Some(insurer.verifying_key())).await;
    let heard = desk.until(&format!("data: {{\"inbox\":\"{}\"}}\n", insurer.verifying_key())).await;
    assert!(!heard.contains("stream\":"), "{heard}");
    relay.get(&grant_path(path::GRANT_RECORDS, 1), By::Key(&insurer)).await;
    owner.until("data: {\"stream\"").await;
}

#[tokio::test]
async fn a_listener_resumes_where_it_was_or_is_reset() {
    let relay = TestRelay::start_with(|config| config.limits.event_ring = 4).await;
    let car = Car::open(&relay, 1).await;
    let ticket = ticket(&relay, car.by(), vec![car.stream], false).await;
    let mut listening = Listening::open(&relay, &ticket, None).await;
    let last = listening.id().await;
    drop(listening);
    car.store(vec![car.upload(1, 10)]).await.value::<Stored>();
    let mut again = Listening::open(&relay, &ticket, Some(&last)).await;
    let opening = again.until("data: {\"stream\"").await;
    assert!(!opening.contains("reset"), "{opening}");
    drop(again);
    for id in 2..=6 {
        car.store(vec![car.upload(id, 10)]).await.value::<Stored>();
    }
    let mut late = Listening::open(&relay, &ticket, Some(&last)).await;
    late.until("event: reset\n").await;
    let mut garbled = Listening::open(&relay, &ticket, Some("garbled")).await;
    garbled.until("event: reset\n").await;
}

#[tokio::test]
async fn silence_is_kept_alive_and_ends_with_the_relay() {
    let keep_alive = std::time::Duration::from_millis(5);
    let mut relay = TestRelay::start_with(|config| config.limits.event_keep_alive = keep_alive).await;
    let key = key(1);
    let ticket = ticket(&relay, By::Key(&key), Vec::new(), true).await;
    let mut listening = Listening::open(&relay, &ticket, None).await;
    listening.until(": still here\n").await;
    relay.stop().await;
    let mut rest = Vec::new();
    listening.stream.read_to_end(&mut rest).await.unwrap();
}

#[tokio::test]
async fn nobody_listens_to_anothers_car() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    let stranger = key(9);
    let topics = EventTopics { streams: vec![car.stream], inbox: false };
    assert_eq!(relay.post(path::EVENT_TICKETS, By::Key(&stranger), &topics).await.code(), Code::Forbidden);
    assert_eq!(relay.post(path::EVENT_TICKETS, By::Nobody, &topics).await.code(), Code::Unauthenticated);
    car.give(1, Some(stranger.verifying_key())).await;
    let as_grantee = ticket(&relay, By::Key(&stranger), vec![car.stream], false).await;
    let unknown = format!("{}?ticket={}", path::EVENTS, carnet_protocol::id::Nonce16([3; 16]));
    assert_eq!(relay.get(&unknown, By::Nobody).await.code(), Code::Unauthenticated);
    assert_eq!(relay.get(path::EVENTS, By::Nobody).await.code(), Code::BadRequest);
    relay.clock.advance(61_000);
    let late = format!("{}?ticket={}", path::EVENTS, as_grantee.ticket);
    assert_eq!(relay.get(&late, By::Nobody).await.code(), Code::Unauthenticated);
}

#[tokio::test]
async fn one_address_cannot_take_every_ticket() {
    let relay = TestRelay::start_with(|config| config.limits.event_tickets = 8).await;
    let topics = EventTopics { streams: Vec::new(), inbox: true };
    for byte in 1..=2 {
        assert_eq!(relay.post(path::EVENT_TICKETS, By::Key(&key(byte)), &topics).await.status, 200);
    }
    assert_eq!(relay.post(path::EVENT_TICKETS, By::Key(&key(3)), &topics).await.code(), Code::QuotaExceeded);
}

/// Reads until a marker that comes after whatever came before it.
async fn heard_before(
    relay: &TestRelay,
    car: &Car<'_>,
    desk: &mut Listening,
    key: &carnet_crypto::signature::SigningKey,
) -> String {
    car.give(99, Some(key.verifying_key())).await;
    desk.until("data: {\"inbox\"").await.replace(&relay.address().to_string(), "")
}

#[tokio::test]
async fn a_grantee_hears_of_a_record_when_the_ledger_has_it() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    let insurer = key(7);
    car.give(1, Some(insurer.verifying_key())).await;
    let of_insurer = ticket(&relay, By::Key(&insurer), vec![car.stream], true).await;
    let mut desk = Listening::open(&relay, &of_insurer, None).await;
    desk.id().await;
    let early = vec![car.upload(1, 10)];
    car.store(early.clone()).await.value::<Stored>();
    let heard = heard_before(&relay, &car, &mut desk, &insurer).await;
    assert!(!heard.contains("\"stream\""), "{heard}");
    car.commit(&early).await;
    desk.until("data: {\"stream\"").await;
}

/// Whose grant has ended, was declined or was taken back on the ledger alone hears nothing more.
#[tokio::test]
async fn who_may_not_read_may_not_listen() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    let topics = EventTopics { streams: vec![car.stream], inbox: false };
    let keys = [key(11), key(12), key(13), key(14)];
    let listens = async |n: usize| relay.post(path::EVENT_TICKETS, By::Key(&keys[n]), &topics).await.status == 200;
    for (id, key) in (1..).zip(&keys) {
        car.give(id, Some(key.verifying_key())).await;
    }
    for n in 0..4 {
        assert!(listens(n).await);
    }
    let decline = carnet_protocol::api::body::GrantAnswer { accept: false };
    relay.post(&grant_path(path::GRANT_ANSWER, 1), By::Key(&keys[0]), &decline).await.value::<Stored>();
    car.issue(2).await;
    car.act(Action::RevokeGrant { stream: car.stream, grant: GrantId([2; 16]) }).await;
    relay.delete(&grant_path(path::GRANT, 3), car.by()).await.done();
    for n in 0..3 {
        assert!(!listens(n).await, "{n}");
    }
    assert!(listens(3).await);
    // Another grant that stands lets in again.
    car.give(5, Some(keys[0].verifying_key())).await;
    assert!(listens(0).await);
    relay.clock.advance(crate::car::HOUR + 1);
    assert!(!listens(0).await && !listens(3).await, "the grants have ended");
}

/// The holder of a link that was taken over.
#[tokio::test]
async fn a_link_holder_whose_time_is_over_does_not_listen() {
    let relay = TestRelay::start().await;
    let car = Car::open(&relay, 1).await;
    car.share(2, None).await;
    let claimer = key(8);
    let claim = car.claim(2, &claimer);
    relay.post(&crate::car::link_path(path::LINK_CLAIM, 2), By::Nobody, &claim).await.value::<Stored>();
    let topics = EventTopics { streams: vec![car.stream], inbox: false };
    assert_eq!(relay.post(path::EVENT_TICKETS, By::Key(&claimer), &topics).await.status, 200);
    relay.clock.advance(crate::car::HOUR + 1);
    assert_eq!(relay.post(path::EVENT_TICKETS, By::Key(&claimer), &topics).await.code(), Code::Forbidden);
}

/// Whoever was shut out must not go on hearing when the car has something new.
#[tokio::test]
async fn a_ticket_does_not_outlive_the_right_to_listen_for_long() {
    let relay = TestRelay::start_with(|config| config.limits.event_keep_alive = Duration::from_millis(5)).await;
    let car = Car::open(&relay, 1).await;
    let insurer = key(9);
    car.give(1, Some(insurer.verifying_key())).await;
    let ticket = ticket(&relay, By::Key(&insurer), vec![car.stream], false).await;
    let mut listening = Listening::open(&relay, &ticket, None).await;
    listening.id().await;
    relay.delete(&grant_path(path::GRANT, 1), car.by()).await.done();
    relay.clock.advance(15 * 60_000 + 1);
    // The last chunk: the answer is over, the connection may go on.
    let ended = timeout(Duration::from_secs(4), listening.until("\r\n0\r\n\r\n")).await;
    assert!(ended.is_ok(), "the revoked grantee still listens");
    let again = format!("{}?ticket={}", path::EVENTS, ticket.ticket);
    assert_eq!(relay.get(&again, By::Nobody).await.code(), Code::Unauthenticated);
}
