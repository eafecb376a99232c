use crate::{Held, NOW, on_every_backend};
use carnet_protocol::limits::REQUEST_SKEW_MS;

on_every_backend!(a_nonce_is_kept_until_its_time_is_over);

async fn a_nonce_is_kept_until_its_time_is_over(held: Held) {
    let has = |name: u8| held.read(move |tables| tables.has_nonce([name; 16]));
    let keep = |name: u8, now| held.write(move |tables| tables.keep_nonce([name; 16], NOW.plus(10), now));
    assert!(!has(1).await);
    keep(1, NOW).await;
    keep(1, NOW).await;
    keep(2, NOW.plus(10 + REQUEST_SKEW_MS)).await;
    assert!(has(1).await && has(2).await);
    keep(3, NOW.plus(11 + REQUEST_SKEW_MS)).await;
    assert!(!has(1).await);
}
