use crate::{Held, NOW, OTHER_STREAM, STREAM, on_every_backend};
use carnet_protocol::{api::body::ViewKind, id::GrantId};

on_every_backend!(looks_are_numbered_per_stream_and_paged, a_days_fetching_is_found);

const GRANT: GrantId = GrantId([1; 16]);

async fn looks_are_numbered_per_stream_and_paged(held: Held) {
    held.write(|tables| {
        for (stream, kind) in [
            (STREAM, ViewKind::LinkOpened),
            (OTHER_STREAM, ViewKind::Declined),
            (STREAM, ViewKind::LinkRefused),
            (STREAM, ViewKind::Fetched),
        ] {
            tables.append_view(stream, GRANT, NOW, kind)?;
        }
        Ok(())
    })
    .await;
    let views = held.read(|tables| tables.views(STREAM, 1, 10)).await;
    assert_eq!(views.iter().map(|view| view.sequence).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(views[0].kind, ViewKind::LinkRefused);
    assert_eq!((views[0].grant, views[0].at), (GRANT, NOW));
    assert_eq!(held.read(|tables| tables.views(STREAM, 0, 2)).await.len(), 2);
    assert_eq!(held.read(|tables| tables.views(OTHER_STREAM, 0, 9)).await[0].sequence, 1);
}

async fn a_days_fetching_is_found(held: Held) {
    held.write(|tables| tables.append_view(STREAM, GRANT, NOW, ViewKind::Fetched)).await;
    held.write(|tables| tables.append_view(STREAM, GRANT, NOW.plus(5), ViewKind::LinkOpened)).await;
    let since = |at| held.read(move |tables| tables.fetched_since(STREAM, GRANT, at));
    assert!(since(NOW).await);
    assert!(!since(NOW.plus(1)).await);
    assert!(!held.read(|tables| tables.fetched_since(STREAM, GrantId([2; 16]), NOW)).await);
}
