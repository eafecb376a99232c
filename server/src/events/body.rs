//! The response body of an event stream.

use super::{Hub, Numbered, Start, Ticket};
use axum::body::Bytes;
use hyper::body::{Body, Frame};
use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    sync::{broadcast::error::RecvError, mpsc, watch},
    time::{Instant, sleep_until},
};

/// Pieces waiting for a slow listener; behind it the hub's ring is the buffer, and after that comes `reset`.
const PIECES: usize = 16;

/// Writes one listener's events until it goes away or the relay ends.
pub struct Feed {
    start: Start,
    ticket: Ticket,
    keep_alive: Duration,
    ending: watch::Receiver<bool>,
}

impl Feed {
    /// A feed for the holder of a connected ticket, from after `last_seen` where given.
    pub fn new(
        hub: &Hub,
        ticket: Ticket,
        last_seen: Option<u64>,
        keep_alive: Duration,
        ending: watch::Receiver<bool>,
    ) -> Self {
        Self { start: hub.listen(&ticket.topics, last_seen), ticket, keep_alive, ending }
    }

    /// The body that carries it; the feed runs on a task of its own.
    pub fn into_body(self) -> EventBody {
        let (pieces, received) = mpsc::channel(PIECES);
        tokio::spawn(self.run(pieces));
        EventBody(received)
    }

    async fn run(mut self, pieces: mpsc::Sender<Bytes>) {
        if pieces.send(opening(&self.start)).await.is_err() {
            return;
        }
        // Runs through others' news: a timer made anew with each of them would never fire on a busy relay.
        let mut quiet_until = Instant::now() + self.keep_alive;
        loop {
            let piece = tokio::select! {
                received = self.start.live.recv() => match received {
                    Ok(event) if self.ticket.topics.take(&event.news) => {
                        if self.ticket.is_over() {
                            return;
                        }
                        written(&event)
                    }
                    Ok(_) => continue,
                    Err(RecvError::Lagged(_)) => reset(self.start.latest),
                    Err(RecvError::Closed) => return,
                },
                () = sleep_until(quiet_until) => {
                    if self.ticket.is_over() {
                        return;
                    }
                    Bytes::from_static(b": still here\n\n")
                }
                _ = self.ending.wait_for(|ending| *ending) => return,
                () = pieces.closed() => return,
            };
            if pieces.send(piece).await.is_err() {
                return;
            }
            quiet_until = Instant::now() + self.keep_alive;
        }
    }
}

/// What a listener gets first: how soon to reconnect, where it stands, and what it missed.
fn opening(start: &Start) -> Bytes {
    let mut text = b"retry: 3000\n".to_vec();
    if start.reset {
        text.extend_from_slice(&reset(start.latest));
    }
    for event in &start.backlog {
        text.extend_from_slice(&written(event));
    }
    // An id without data sets the browser's last event id and fires nothing.
    text.extend_from_slice(format!("id: {}\n\n", start.latest).as_bytes());
    text.into()
}

fn written(event: &Numbered) -> Bytes {
    let data = serde_json::to_string(&event.news.event).unwrap_or_default();
    format!("id: {}\ndata: {data}\n\n", event.id).into()
}

fn reset(latest: u64) -> Bytes {
    format!("id: {latest}\nevent: reset\ndata: {{}}\n\n").into()
}

/// Server-sent events as they come.
pub struct EventBody(mpsc::Receiver<Bytes>);

impl Body for EventBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(cx).map(|piece| piece.map(|bytes| Ok(Frame::data(bytes))))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{
        events::{News, Tickets, Topics},
        limit::quota::Caller,
    };
    use carnet_protocol::{
        api::body::Event,
        day::Timestamp,
        id::{Nonce16, StreamId},
    };
    use std::sync::Arc;

    /// On a busy relay there is always news of others; a listener who hears none of it must still be kept alive, or its
    /// end is never noticed.
    #[tokio::test]
    async fn others_news_does_not_put_off_the_sign_of_life() {
        let (hub, tickets, id) = (Hub::new(8, Timestamp(1)), Arc::new(Tickets::new(4)), Nonce16([1; 16]));
        tickets.issue(id, Topics::default(), Caller::Rest, Timestamp(1)).unwrap();
        let ticket = tickets.connect(id, || Timestamp(1)).unwrap();
        let (_ending, ending) = watch::channel(false);
        let mut body = Feed::new(&hub, ticket, None, Duration::from_millis(20), ending).into_body();
        assert!(body.0.recv().await.unwrap().starts_with(b"retry"));
        let deadline = Instant::now() + Duration::from_secs(5);
        let piece = loop {
            assert!(Instant::now() < deadline, "nothing was sent while others had news");
            hub.publish(News::to_all(Event::Stream(StreamId([2; 16]))));
            tokio::task::yield_now().await;
            if let Ok(piece) = body.0.try_recv() {
                break piece;
            }
        };
        assert_eq!(&piece[..], b": still here\n\n");
    }
}
