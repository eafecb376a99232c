use crate::{Held, NOW, OTHER_STREAM, STREAM, grant, on_every_backend};
use carnet_protocol::{api::body::GrantAnswer, day::Timestamp, id::GrantId, key::VerifyingKey};

on_every_backend!(
    a_grant_comes_back_with_what_became_of_it,
    an_inbox_shows_the_newest_first_by_address_or_claim,
    an_inbox_is_read_up_to_its_bytes,
    only_standing_grants_make_a_grantee,
    the_first_issue_of_a_name_counts_and_its_squatter_goes,
);

const ID: GrantId = GrantId([1; 16]);

async fn put(held: &Held, id: u8, grantee: Option<u8>) {
    let (grant, envelope) = grant(id, STREAM, grantee);
    held.write(move |tables| tables.insert_grant(&grant, &envelope)).await;
}

async fn a_grant_comes_back_with_what_became_of_it(held: Held) {
    assert_eq!(held.read(|tables| tables.grant(ID)).await, None);
    put(&held, 1, Some(7)).await;
    let fresh = held.read(|tables| tables.grant(ID)).await.unwrap();
    assert_eq!(fresh.envelope, grant(1, STREAM, Some(7)).1);
    assert_eq!((fresh.claimer, fresh.answer, fresh.revoked), (None, None, false));
    held.write(|tables| {
        tables.set_answer(ID, GrantAnswer { accept: false })?;
        tables.set_claimer(ID, VerifyingKey([5; 32]))?;
        tables.revoke_grant(ID)
    })
    .await;
    let row = held.read(|tables| tables.grant(ID)).await.unwrap();
    assert_eq!(row.claimer, Some(VerifyingKey([5; 32])));
    assert_eq!((row.answer, row.revoked), (Some(GrantAnswer { accept: false }), true));
    assert_eq!(held.read(|tables| tables.grants_of(STREAM)).await, 1);
    assert_eq!(held.read(|tables| tables.grants_of(OTHER_STREAM)).await, 0);
}

async fn an_inbox_shows_the_newest_first_by_address_or_claim(held: Held) {
    put(&held, 3, Some(7)).await;
    put(&held, 1, None).await;
    put(&held, 2, Some(7)).await;
    put(&held, 4, Some(8)).await;
    held.write(|tables| tables.set_claimer(ID, VerifyingKey([7; 32]))).await;
    let ids = |limit| {
        let inbox = held.read(move |tables| tables.inbox(VerifyingKey([7; 32]), limit, usize::MAX));
        async { inbox.await.into_iter().map(|row| row.envelope.sealed.sealed[0]).collect::<Vec<_>>() }
    };
    assert_eq!(ids(10).await, [2, 1, 3]);
    assert_eq!(ids(1).await, [2]);
}

/// Anyone may address grants to anyone: 2,000 of 128 KiB must not come into memory to be cut down afterwards.
async fn an_inbox_is_read_up_to_its_bytes(held: Held) {
    for id in 1..=9 {
        put(&held, id, Some(7)).await;
    }
    let size = carnet_protocol::encoding::encode(&grant(1, STREAM, Some(7)).1).len();
    let read = |bytes| held.read(move |tables| tables.inbox(VerifyingKey([7; 32]), 100, bytes));
    assert_eq!(read(3 * size).await.len(), 3);
    assert_eq!(read(3 * size - 1).await.len(), 3);
    assert_eq!(read(3 * size + 1).await.len(), 4);
}

async fn only_standing_grants_make_a_grantee(held: Held) {
    put(&held, 1, Some(7)).await;
    let at = |byte, stream, now: Timestamp| {
        held.read(move |tables| tables.standing_grants(stream, VerifyingKey([byte; 32]), now, 8))
    };
    let end = NOW.plus(1_000_000);
    assert_eq!(at(7, STREAM, end).await, [ID]);
    assert_eq!(at(7, STREAM, end.plus(1)).await, []);
    assert_eq!(at(8, STREAM, NOW).await, []);
    assert_eq!(at(7, OTHER_STREAM, NOW).await, []);
    held.write(|tables| tables.set_answer(ID, GrantAnswer { accept: false })).await;
    assert_eq!(at(7, STREAM, NOW).await, []);
    held.write(|tables| tables.set_answer(ID, GrantAnswer { accept: true })).await;
    put(&held, 2, Some(7)).await;
    assert_eq!(at(7, STREAM, NOW).await, [GrantId([2; 16]), ID]);
    held.write(|tables| tables.revoke_grant(ID)).await;
    assert_eq!(at(7, STREAM, NOW).await, [GrantId([2; 16])]);
}

async fn the_first_issue_of_a_name_counts_and_its_squatter_goes(held: Held) {
    put(&held, 1, Some(7)).await;
    assert_eq!(held.read(|tables| tables.issued_for(ID)).await, None);
    held.write(|tables| tables.note_issue(ID, OTHER_STREAM)).await;
    held.write(|tables| tables.note_issue(ID, STREAM)).await;
    assert_eq!(held.read(|tables| tables.issued_for(ID)).await, Some(OTHER_STREAM));
    held.write(|tables| tables.remove_grant(ID)).await;
    assert_eq!(held.read(|tables| tables.grant(ID)).await, None);
    held.write(|tables| tables.erase_stream(OTHER_STREAM)).await;
    assert_eq!(held.read(|tables| tables.issued_for(ID)).await, None);
}
