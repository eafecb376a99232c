use crate::{ALL, Held, OTHER_STREAM, STREAM, on_every_backend, record, wrap};
use carnet_protocol::id::RecordId;
use carnet_server::store::{PageBound, StreamUse};

on_every_backend!(
    records_come_back_in_order_with_their_bytes,
    pages_end_where_they_must,
    a_wrap_replaces_the_one_of_its_generation,
    a_deleted_record_takes_its_wraps_along_and_its_number_is_not_given_again,
    streams_do_not_see_each_other,
);

async fn fill(held: &Held, ids: std::ops::RangeInclusive<u8>, size: usize) {
    held.write(move |tables| ids.into_iter().try_for_each(|id| tables.insert_record(&record(STREAM, id, size)))).await;
}

async fn records_come_back_in_order_with_their_bytes(held: Held) {
    fill(&held, 1..=3, 40).await;
    let (rows, next) = held.read(|tables| tables.records(STREAM, 0, ALL, &|_| true)).await;
    assert_eq!(next, None);
    assert_eq!(rows.iter().map(|row| row.meta.sequence).collect::<Vec<_>>(), [1, 2, 3]);
    for (row, id) in rows.iter().zip(1..) {
        let expected = record(STREAM, id, 40);
        assert_eq!(row.meta.header, expected.header);
        assert_eq!(row.meta.commitment, expected.commitment);
        assert_eq!(row.sealed.as_ref(), Some(&expected.sealed));
    }
    let sealed = held.read(|tables| tables.sealed_record(STREAM, RecordId([2; 16]))).await;
    assert_eq!(sealed, Some(vec![2; 40]));
    let used = held.read(|tables| tables.stream_use(STREAM)).await;
    assert_eq!(used, StreamUse { records: 3, bytes: 120 });
}

async fn pages_end_where_they_must(held: Held) {
    fill(&held, 1..=5, 400).await;
    let page = |after, bound: PageBound| held.read(move |tables| tables.records(STREAM, after, bound, &|_| true));
    let (rows, next) = page(0, PageBound { records: 2, ..ALL }).await;
    assert_eq!((rows.len(), next), (2, Some(2)));
    let (rows, next) = page(3, PageBound { records: 2, ..ALL }).await;
    assert_eq!((rows.len(), next), (2, None));
    let (rows, next) = page(0, PageBound { bytes: 500, ..ALL }).await;
    assert_eq!((rows.len(), next), (1, Some(1)));
    let (rows, _) = page(0, PageBound { inline: 399, ..ALL }).await;
    assert!(rows.iter().all(|row| row.sealed.is_none() && row.meta.size == 400));
    let wanted = held
        .read(|tables| tables.records(STREAM, 0, PageBound { records: 1, ..ALL }, &|meta| meta.sequence % 2 == 0))
        .await;
    assert_eq!((wanted.0[0].meta.sequence, wanted.1), (2, Some(2)));
    // Who wants the last of many gets it page by page, an empty one first.
    let last = |after| {
        let bound = PageBound { looked_at: 4, ..ALL };
        held.read(move |tables| tables.records(STREAM, after, bound, &|meta| meta.sequence == 5))
    };
    let (rows, next) = last(0).await;
    assert_eq!((rows.len(), next), (0, Some(4)));
    let (rows, next) = last(4).await;
    assert_eq!((rows.len(), next), (1, None));
}

async fn a_wrap_replaces_the_one_of_its_generation(held: Held) {
    fill(&held, 1..=1, 10).await;
    held.write(|tables| {
        for wrap in [wrap(1, 1, 5), wrap(1, 0, 6), wrap(1, 1, 7)] {
            tables.put_wrap(STREAM, &wrap)?;
        }
        Ok(())
    })
    .await;
    let wraps = held.read(|tables| tables.wraps(STREAM, RecordId([1; 16]))).await;
    assert_eq!(wraps, [wrap(1, 0, 6), wrap(1, 1, 7)]);
}

async fn a_deleted_record_takes_its_wraps_along_and_its_number_is_not_given_again(held: Held) {
    fill(&held, 1..=2, 10).await;
    let id = RecordId([2; 16]);
    held.write(|tables| tables.put_wrap(STREAM, &wrap(2, 0, 1))).await;
    assert!(held.write(move |tables| tables.delete_record(STREAM, id)).await);
    assert!(!held.write(move |tables| tables.delete_record(STREAM, id)).await);
    assert_eq!(held.read(move |tables| tables.record(STREAM, id)).await, None);
    assert_eq!(held.read(move |tables| tables.wraps(STREAM, id)).await, []);
    assert_eq!(held.read(|tables| tables.stream_use(STREAM)).await, StreamUse { records: 1, bytes: 10 });
    fill(&held, 3..=3, 10).await;
    let meta = held.read(|tables| tables.record(STREAM, RecordId([3; 16]))).await.unwrap();
    assert_eq!(meta.sequence, 3);
}

async fn streams_do_not_see_each_other(held: Held) {
    fill(&held, 1..=2, 10).await;
    held.write(|tables| tables.insert_record(&record(OTHER_STREAM, 1, 20))).await;
    let (rows, _) = held.read(|tables| tables.records(OTHER_STREAM, 0, ALL, &|_| true)).await;
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].meta.sequence, rows[0].meta.size), (1, 20));
    assert!(held.write(|tables| tables.delete_record(OTHER_STREAM, RecordId([1; 16]))).await);
    assert!(held.read(|tables| tables.record(STREAM, RecordId([1; 16]))).await.is_some());
}
