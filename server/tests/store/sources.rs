use crate::{Held, NOW, OTHER_STREAM, STREAM, on_every_backend};
use carnet_protocol::{
    Blob,
    api::body::SealedAnswer,
    day::Timestamp,
    id::{CategoryLabel, OfferId, RecordId},
    key::{EncappedKey, VerifyingKey},
    pairing::SealedOffer,
};
use carnet_server::store::{StreamUse, Tables};

on_every_backend!(
    the_newest_seal_keys_of_each_category_stand,
    offers_are_forgotten_when_they_have_expired,
    what_is_stored_without_a_pairing_is_counted_per_member_and_stream,
    the_latest_answer_stands
);

async fn the_newest_seal_keys_of_each_category_stand(held: Held) {
    let (one, two) = (CategoryLabel([1; 8]), CategoryLabel([2; 8]));
    for keys in [b"old", b"new"] {
        held.write(move |tables| tables.put_seal_keys(STREAM, one, keys)).await;
    }
    held.write(move |tables| tables.put_seal_keys(STREAM, two, b"two")).await;
    held.write(move |tables| tables.put_seal_keys(OTHER_STREAM, one, b"other")).await;
    assert_eq!(held.read(move |tables| tables.seal_keys(STREAM, one)).await, Some(b"new".to_vec()));
    assert_eq!(held.read(move |tables| tables.seal_keys(OTHER_STREAM, two)).await, None);
    assert_eq!(held.read(|tables| tables.seal_keys_of(STREAM)).await, 2);
}

async fn offers_are_forgotten_when_they_have_expired(held: Held) {
    let (early, late) = (OfferId([1; 16]), OfferId([2; 16]));
    let offer = |expires| SealedOffer { stream: STREAM, expires, sealed: Blob(vec![7]) };
    held.write(move |tables| tables.put_offer(early, &offer(NOW))).await;
    held.write(move |tables| tables.put_offer(late, &offer(NOW.plus(1)))).await;
    assert_eq!(held.read(|tables| tables.offers_of(STREAM)).await, 2);
    held.write(|tables| tables.purge_offers(NOW.plus(1))).await;
    assert_eq!(held.read(move |tables| tables.offer(early)).await, None);
    assert_eq!(held.read(move |tables| tables.offer(late)).await, Some(offer(NOW.plus(1))));
}

async fn what_is_stored_without_a_pairing_is_counted_per_member_and_stream(held: Held) {
    let (one, two) = (VerifyingKey([1; 32]), VerifyingKey([2; 32]));
    let used =
        |stream, source, since: Timestamp| move |tables: &dyn Tables| tables.unpaired_since(stream, source, since);
    for at in [NOW, NOW.plus(10)] {
        held.write(move |tables| tables.note_unpaired(STREAM, one, at, 5)).await;
    }
    held.write(move |tables| tables.note_unpaired(STREAM, two, NOW, 7)).await;
    assert_eq!(held.read(used(STREAM, one, NOW)).await, StreamUse { records: 2, bytes: 10 });
    assert_eq!(held.read(used(STREAM, one, NOW.plus(1))).await, StreamUse { records: 1, bytes: 5 });
    assert_eq!(held.read(used(OTHER_STREAM, one, NOW)).await, StreamUse::default());
}

async fn the_latest_answer_stands(held: Held) {
    let record = RecordId([1; 16]);
    let answer = |byte| SealedAnswer { enc: EncappedKey([byte; 32]), sealed: Blob(vec![byte]) };
    for byte in [1, 2] {
        held.write(move |tables| tables.put_answer(STREAM, record, &answer(byte))).await;
    }
    assert_eq!(held.read(move |tables| tables.answer(STREAM, record)).await, Some(answer(2)));
    assert_eq!(held.read(move |tables| tables.answer(OTHER_STREAM, record)).await, None);
}
