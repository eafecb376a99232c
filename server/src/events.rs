//! "Something new in stream s", "something new in inbox k": who is told, how they resume, and the bytes they get.
//!
//! Events are hints without content: a client that misses one loses nothing but time. They are numbered from the
//! relay's start time, so that numbers grow across restarts, and kept in a ring; who resumes from further back than the
//! ring is told `reset` and looks at everything once.

mod body;
mod tickets;

pub use body::{EventBody, Feed};
pub use tickets::{Ticket, Tickets};

use carnet_protocol::{api::body::Event, day::Timestamp, id::StreamId, key::VerifyingKey};
use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::broadcast;

/// Ids per millisecond of the relay's life: start times stay apart, and ids stay below 2^53, as JavaScript asks.
const IDS_PER_MILLISECOND: u64 = 1_024;

/// An event, and whether grantees hear of it.
#[derive(Debug, Clone)]
pub struct News {
    /// The event.
    pub event: Event,
    owner_only: bool,
}

impl News {
    /// For whoever may hear of it.
    pub fn to_all(event: Event) -> Self {
        Self { event, owner_only: false }
    }

    /// For the owner of the stream alone.
    pub fn to_owner(event: Event) -> Self {
        Self { event, owner_only: true }
    }
}

/// News with their place in the relay's order.
#[derive(Debug, Clone)]
pub struct Numbered {
    /// The SSE id.
    pub id: u64,
    /// What is new.
    pub news: News,
}

/// What a listener may hear of.
#[derive(Debug, Clone, Default)]
pub struct Topics {
    /// Streams of which it hears all.
    pub owned: BTreeSet<StreamId>,
    /// Streams of which it hears what grantees do.
    pub streams: BTreeSet<StreamId>,
    /// An inbox.
    pub inbox: Option<VerifyingKey>,
}

impl Topics {
    /// Whether news are for this listener.
    pub fn take(&self, news: &News) -> bool {
        match &news.event {
            Event::Stream(stream) => self.owned.contains(stream) || !news.owner_only && self.streams.contains(stream),
            Event::Inbox(key) => self.inbox.as_ref() == Some(key),
        }
    }
}

struct Ring {
    latest: u64,
    /// Ids up to this one are gone, or belong to an earlier run.
    forgotten: u64,
    events: VecDeque<Numbered>,
}

/// Where a listener starts.
pub struct Start {
    /// Everything from here on.
    pub live: broadcast::Receiver<Numbered>,
    /// Its events since it last listened.
    pub backlog: Vec<Numbered>,
    /// Whether events may have been missed.
    pub reset: bool,
    /// The newest id.
    pub latest: u64,
}

/// Numbers events and hands them to listeners.
pub struct Hub {
    ring: Mutex<Ring>,
    capacity: usize,
    live: broadcast::Sender<Numbered>,
}

impl Hub {
    /// A hub that keeps `capacity` events for resuming.
    pub fn new(capacity: usize, started: Timestamp) -> Self {
        let first = started.0.saturating_mul(IDS_PER_MILLISECOND);
        let ring = Ring { latest: first, forgotten: first, events: VecDeque::new() };
        Self { ring: Mutex::new(ring), capacity, live: broadcast::channel(capacity.max(1)).0 }
    }

    /// Tells whoever listens.
    pub fn publish(&self, news: News) {
        let mut ring = self.lock();
        ring.latest += 1;
        let numbered = Numbered { id: ring.latest, news };
        ring.events.push_back(numbered.clone());
        while ring.events.len() > self.capacity {
            ring.forgotten = ring.events.pop_front().map_or(ring.latest, |oldest| oldest.id);
        }
        // Nobody listening is no error. Sent under the lock, so that no listener misses or repeats one.
        let _ = self.live.send(numbered);
    }

    /// Starts listening, from after `last_seen` where given.
    pub fn listen(&self, topics: &Topics, last_seen: Option<u64>) -> Start {
        let ring = self.lock();
        let known = last_seen.filter(|id| (ring.forgotten..=ring.latest).contains(id));
        let backlog = ring.events.iter().filter(|event| known.is_some_and(|id| event.id > id));
        Start {
            live: self.live.subscribe(),
            backlog: backlog.filter(|event| topics.take(&event.news)).cloned().collect(),
            reset: last_seen.is_some() && known.is_none(),
            latest: ring.latest,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(byte: u8) -> News {
        News::to_all(Event::Stream(StreamId([byte; 16])))
    }

    fn topics() -> Topics {
        Topics { streams: BTreeSet::from([StreamId([1; 16])]), ..Topics::default() }
    }

    #[test]
    fn what_is_for_the_owner_is_not_for_grantees() {
        let owner = Topics { owned: BTreeSet::from([StreamId([1; 16])]), ..Topics::default() };
        let news = News::to_owner(Event::Stream(StreamId([1; 16])));
        assert!(owner.take(&news) && owner.take(&stream(1)));
        assert!(!topics().take(&news) && topics().take(&stream(1)));
        assert!(!owner.take(&stream(2)));
    }

    #[test]
    fn a_listener_resumes_with_its_own_events_only() {
        let hub = Hub::new(8, Timestamp(1));
        let before = hub.listen(&topics(), None).latest;
        hub.publish(stream(1));
        hub.publish(stream(2));
        hub.publish(stream(1));
        let start = hub.listen(&topics(), Some(before));
        assert!(!start.reset);
        assert_eq!(start.backlog.iter().map(|event| event.id).collect::<Vec<_>>(), [before + 1, before + 3]);
    }

    #[test]
    fn who_comes_from_too_far_back_or_from_another_life_is_reset() {
        let hub = Hub::new(2, Timestamp(1));
        let before = hub.listen(&topics(), None).latest;
        for _ in 0..3 {
            hub.publish(stream(1));
        }
        assert!(hub.listen(&topics(), Some(before)).reset);
        assert!(!hub.listen(&topics(), Some(before + 1)).reset);
        assert!(hub.listen(&topics(), Some(before + 9)).reset);
        assert!(!hub.listen(&topics(), None).reset);
    }
}
