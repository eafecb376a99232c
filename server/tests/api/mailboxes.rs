use crate::{
    car::key,
    relay::{By, TestRelay},
};
use carnet_crypto::meeting::meeting_token_hash;
use carnet_protocol::{
    Blob,
    api::{
        ProblemCode as Code,
        body::{MailboxMessage, MailboxOpen, MailboxPost, MailboxRead, Stored},
        path,
    },
    id::MailboxId,
    meeting::{MAILBOX_MS, MESSAGE_MAX, MailboxPlace},
};

const TOKEN: [u8; 32] = [7; 32];

fn post(place: MailboxPlace, fill: u8, size: usize) -> MailboxPost {
    MailboxPost { token: Blob(TOKEN.to_vec()), place, sealed: Blob(vec![fill; size]) }
}

fn read(place: MailboxPlace) -> MailboxRead {
    MailboxRead { token: Blob(TOKEN.to_vec()), place }
}

#[tokio::test]
async fn a_place_is_written_once_by_who_knows_the_token() {
    let relay = TestRelay::start().await;
    let id = MailboxId([1; 16]);
    let [mailbox, reading] = [path::MAILBOX, path::MAILBOX_READ].map(|path| path::fill(path, &[&id]));
    let open = MailboxOpen { token_hash: meeting_token_hash(&TOKEN) };
    assert_eq!(relay.put(&mailbox, By::Nobody, &open).await.code(), Code::Unauthenticated);
    assert_eq!(relay.post(&mailbox, By::Nobody, &post(MailboxPlace::Request, 1, 9)).await.code(), Code::NotFound);
    assert_eq!(relay.put(&mailbox, By::Key(&key(1)), &open).await.value::<Stored>().new, 1);
    assert_eq!(relay.put(&mailbox, By::Key(&key(1)), &open).await.value::<Stored>().new, 0);
    let others = MailboxOpen { token_hash: meeting_token_hash(b"another") };
    assert_eq!(relay.put(&mailbox, By::Key(&key(2)), &others).await.code(), Code::Conflict);

    let message: MailboxMessage = relay.post(&reading, By::Nobody, &read(MailboxPlace::Request)).await.value();
    assert_eq!(message.sealed, None);
    let large = post(MailboxPlace::Request, 1, MESSAGE_MAX + 1);
    assert_eq!(relay.post(&mailbox, By::Nobody, &large).await.code(), Code::TooLarge);
    let stranger = MailboxPost { token: Blob(vec![8; 32]), ..post(MailboxPlace::Request, 1, 9) };
    assert_eq!(relay.post(&mailbox, By::Nobody, &stranger).await.code(), Code::WrongToken);
    let peek = MailboxRead { token: Blob(vec![8; 32]), place: MailboxPlace::Request };
    assert_eq!(relay.post(&reading, By::Nobody, &peek).await.code(), Code::WrongToken);
    for (fill, new) in [(1, Some(1)), (1, Some(0)), (2, None)] {
        let answer = relay.post(&mailbox, By::Nobody, &post(MailboxPlace::Request, fill, 9)).await;
        match new {
            Some(new) => assert_eq!(answer.value::<Stored>().new, new),
            None => assert_eq!(answer.code(), Code::Conflict),
        }
    }
    relay.post(&mailbox, By::Nobody, &post(MailboxPlace::Hello, 3, 9)).await.value::<Stored>();
    for (place, fill) in [(MailboxPlace::Request, 1), (MailboxPlace::Hello, 3)] {
        let message: MailboxMessage = relay.post(&reading, By::Nobody, &read(place)).await.value();
        assert_eq!(message.sealed, Some(Blob(vec![fill; 9])));
    }
}

#[tokio::test]
async fn a_mailbox_ends_after_ten_minutes() {
    let relay = TestRelay::start().await;
    let id = MailboxId([2; 16]);
    let [mailbox, reading] = [path::MAILBOX, path::MAILBOX_READ].map(|path| path::fill(path, &[&id]));
    let open = MailboxOpen { token_hash: meeting_token_hash(&TOKEN) };
    relay.put(&mailbox, By::Key(&key(1)), &open).await.value::<Stored>();
    relay.post(&mailbox, By::Nobody, &post(MailboxPlace::Request, 1, 9)).await.value::<Stored>();
    relay.clock.advance(MAILBOX_MS);
    assert_eq!(relay.post(&reading, By::Nobody, &read(MailboxPlace::Request)).await.code(), Code::NotFound);
    assert_eq!(relay.post(&mailbox, By::Nobody, &post(MailboxPlace::Hello, 1, 9)).await.code(), Code::NotFound);
    // Its name is free again, and nothing of it is left.
    relay.put(&mailbox, By::Key(&key(1)), &open).await.value::<Stored>();
    let message: MailboxMessage = relay.post(&reading, By::Nobody, &read(MailboxPlace::Request)).await.value();
    assert_eq!(message.sealed, None);
}
