use crate::{Held, NOW, STREAM, grant, on_every_backend};
use carnet_protocol::{
    id::{GrantId, Hash32, LinkId},
    link::Link,
};
use carnet_server::store::{LinkState, ViewTokenRow};

on_every_backend!(
    a_link_keeps_its_counters,
    ending_a_link_or_its_grant_ends_its_view_tokens,
    old_view_tokens_are_purged,
);

const LINK: LinkId = LinkId([1; 16]);
const GRANT: GrantId = GrantId([1; 16]);

async fn put(held: &Held) {
    let (grant, envelope) = grant(1, STREAM, None);
    let link = Link {
        link: LINK,
        stream: STREAM,
        grant: GRANT,
        token_hash: Hash32([0; 32]),
        expires: NOW,
        max_opens: None,
        pin: None,
    };
    held.write(move |tables| {
        tables.insert_grant(&grant, &envelope)?;
        tables.insert_link(&link, b"signed")
    })
    .await;
}

async fn token(held: &Held, byte: u8, until: u64) {
    let row = ViewTokenRow { link: LINK, grant: GRANT, stream: STREAM, until: NOW.plus(until) };
    held.write(move |tables| tables.insert_view_token(Hash32([byte; 32]), &row)).await;
    assert_eq!(held.read(move |tables| tables.view_token(Hash32([byte; 32]))).await, Some(row));
}

async fn has(held: &Held, byte: u8) -> bool {
    held.read(move |tables| tables.view_token(Hash32([byte; 32]))).await.is_some()
}

async fn a_link_keeps_its_counters(held: Held) {
    assert_eq!(held.read(|tables| tables.link(LINK)).await, None);
    put(&held).await;
    held.write(|tables| tables.update_link(LINK, 3, 4, LinkState::Claimed)).await;
    let row = held.read(|tables| tables.link(LINK)).await.unwrap();
    assert_eq!(row.signed, b"signed");
    assert_eq!((row.opens, row.failures, row.state), (3, 4, LinkState::Claimed));
}

async fn ending_a_link_or_its_grant_ends_its_view_tokens(held: Held) {
    put(&held).await;
    token(&held, 1, 10).await;
    held.write(|tables| tables.update_link(LINK, 1, 0, LinkState::Live)).await;
    assert!(has(&held, 1).await);
    held.write(|tables| tables.revoke_grant(GRANT)).await;
    assert!(!has(&held, 1).await);
    assert_eq!(held.read(|tables| tables.link(LINK)).await.unwrap().state, LinkState::Ended);
    token(&held, 2, 10).await;
    held.write(|tables| tables.update_link(LINK, 1, 0, LinkState::Ended)).await;
    assert!(!has(&held, 2).await);
}

async fn old_view_tokens_are_purged(held: Held) {
    put(&held).await;
    token(&held, 1, 0).await;
    token(&held, 2, 1).await;
    held.write(|tables| tables.purge_view_tokens(NOW.plus(1))).await;
    assert!(!has(&held, 1).await);
    assert!(has(&held, 2).await);
}
